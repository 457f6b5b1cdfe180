"""Every way in which something is written leaves its record, signed by whoever did it (reliability goal T1).

A page that takes a form, a task or a command that is new here fails until it has a row in tests/trail.
"""

from pathlib import Path

import pytest
from django.conf import settings

from audit.actor import acting_as_system
from tests.trail import clients, elsewhere, office
from tests.trail.scene import Scene, faults
from tests.trail.witness import Witness
from tests.url_table import NEVER, PUBLIC_TABLE, TABLE

pytestmark = pytest.mark.django_db
# Forms that leave nothing to be recorded, and why.
WITHOUT_RECORD = {
    "calls:ringing": "begins a draft, as the next ones do",
    "calls:start": "a draft is nobody's record yet; erased within a day",
    "calls:draft_keep": "a draft",
    "calls:draft_discard": "a draft",
    "calls:draft_set_caller": "a draft",
    "calls:add_follow_up": "always refuses, and leads to correcting the call",
    "surveys:ask_by_phone": "would lead from an answer to a person (INV-19)",
    "surveys:try_frame": "nothing is kept of a trial",
    "surveys:screening": "would lead from an answer to a person (INV-19); that comments were opened is recorded",
    "account_reauthenticate": "confirms who is there; a wrong password is recorded",
    "mfa_reauthenticate": "as above",
    "mfa_reauthenticate_webauthn": "as above",
    "kept_form": "leads back to a form",
    "mfa_add_webauthn": "needs a key in somebody's hand: tests/browser",
    "mfa_remove_webauthn": "as above",
    "mfa_deactivate_totp": "tests/access/test_second_step.py",
    "session_end": "tests/access/test_sessions.py",
    "session_stay": "notes that somebody is there",
    "demo_phone:phone": "plays the phone system, which is a step of its own",
    "demo:clock": "a demonstration only",
    "demo:clock_reset": "a demonstration only",
    "demo:jobs_run": "a demonstration only; each job is a step of its own",
    "account_reset_password_from_key": "tests/access/test_passwords.py",
    "openid_connect_login": "tests/access/test_single_sign_on.py",
    "survey_answer": "would lead from an answer to a person (INV-19)",
    "set_language": "is a cookie",
}
COMMANDS_WITHOUT_RECORD = {
    "audit_verify": "reads",
    "auditlogflush": "refuses",
    "seed_demo": "every entry of the demonstration is signed: tests/i2a/test_demo.py",
    "seed_volume": "makes rows to measure on, in a demonstration only",
    "withdrawals": "tests/contacts: what it replays are entries of its own",
}
# They commit: tests/audit/test_seal.py and test_reconciliation.py.
TASKS_THAT_COMMIT = {"audit.tasks.seal", "audit.tasks.check_audit"}
ROOT = Path(settings.BASE_DIR)
STEPS = [*clients.STEPS, *office.STEPS, *elsewhere.ACTS]


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_what_is_done_is_recorded_with_who_did_it(client, world_of_the_module, step):
    with acting_as_system("scene"):
        scene = Scene(world_of_the_module.users)
        go = step.prepare(client, scene)
    witness = Witness.now()

    response = go()

    assert faults(step, scene, witness, response) == []


def test_every_form_is_a_step():
    forms = {name for name, row in TABLE.items() if row["POST"].replace("403", "405") != NEVER}
    forms |= {name for name, row in PUBLIC_TABLE.items() if row["POST"] != 405 or name == "openid_connect_login"}
    steps = {getattr(step, "page", str(step)) for step in STEPS}

    assert forms - steps == set(WITHOUT_RECORD) & forms
    assert set(WITHOUT_RECORD) <= forms


def test_every_command_is_a_step():
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")} - {"__init__"}
    steps = [str(step) for step in [*elsewhere.COMMANDS, *elsewhere.COMMITTING]]

    recorded = {name.removeprefix("manage.py ") for name in steps if name.startswith("manage.py ")}
    assert commands == recorded | set(COMMANDS_WITHOUT_RECORD)


def test_whatever_a_scheduled_task_writes_is_signed_by_the_system(world_of_the_module):
    tasks = {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    witness = Witness.now()

    for path in sorted(tasks - TASKS_THAT_COMMIT):
        elsewhere.run_task(path)

    signed = {row.actor_label for row in [*witness.changes(), *witness.entries(), *witness.events()]}
    assert {label.partition(":")[0] for label in signed} <= {"system"}
