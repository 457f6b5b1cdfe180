"""What happens on no page of a colleague: tasks, commands, links of mails, public forms, machines, sign-ins, SQL."""

from datetime import timedelta
from importlib import import_module
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from access.forms.second_factor import PasskeyLoginForm
from access.models import Team
from access.roles import Role
from access.services.grants import owner_at
from audit.actor import acting_as
from audit.bulk import create_audited
from i2a import clock
from outbox import unsubscribe
from outbox.models import UnsubscribeToken
from outbox.return_path import return_path
from outbox.simulated import report
from outreach import public_form
from tests.access.test_second_step import give_code, give_password
from tests.calls.phone_events import event as phone_event
from tests.calls.phone_events import post as post_phone_event
from tests.factories import (
    LONG_AGO,
    PASSWORD,
    AccessGrantFactory,
    ContactFactory,
    EventFactory,
    FormEntryFactory,
    MessageFactory,
    TeamFactory,
    UserFactory,
    let_in,
)
from tests.outbox.smtp_double import MailServerDouble
from tests.outbox.steps import in_state, promotion
from tests.outbox.test_bounces import post as post_returned
from tests.outreach import steps as campaigns
from tests.surveys import steps as surveys
from tests.trail.scene import Act


def run_task(path: str) -> Any:
    module, name = path.rsplit(".", 1)
    return getattr(import_module(module), name)()


def task(path: str, by: str, needs: Any) -> Act:
    return Act(path, lambda client, made: run_task(path), f"system:{by}", needs)


def days_ago(days: int) -> Any:
    """What is made meanwhile is made then."""
    now = clock.now() - timedelta(days=days)
    return patch("i2a.clock._demo_now", lambda: now)


def with_mail_server(work: Any) -> Any:
    def do(client: Any, made: Any) -> None:
        server = MailServerDouble()
        with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.port):
            work()
        server.stop()

    return do


def send_once() -> None:
    with patch("outbox.management.commands.send_loop.close_old_connections"):
        call_command("send_loop", once=True)


def lapsed_look(scene: Any) -> None:
    grant = let_in(UserFactory(), ContactFactory(), days=1)
    past = clock.now() - timedelta(days=2)
    type(grant).objects.filter(pk=grant.pk).update(starts_at=past, until=past + timedelta(days=1))


def approved_campaign(scene: Any) -> None:
    with days_ago(3):
        ContactFactory(agrees_to=["seminar"])
        campaigns.approved(created_by=scene.users[Role.TEAM_LEAD])


def approved_survey(scene: Any) -> None:
    with days_ago(3):
        surveys.caller()
        surveys.approved(created_by=scene.users[Role.TEAM_LEAD])


TASKS = [
    task("outbox.tasks.tick", "tick", lambda scene: in_state(MessageFactory(), "claimed")),
    task("followups.tasks.open_verifications", "followups", lambda scene: returned_mail(scene)),
    task("contacts.tasks.expire_grants", "expire_grants", lapsed_look),
    task("contacts.tasks.lapse_consents", "lapse_consents", lambda scene: ContactFactory(agrees_to=["seminar"])),
    task(
        "access.tasks.lapse_grants",
        "lapse_grants",
        lambda scene: AccessGrantFactory(
            user=UserFactory(), role="team_lead", ends_at=clock.now() - timedelta(hours=1)
        ),
    ),
    task("outreach.tasks.look_after_campaigns", "campaign", approved_campaign),
    task(
        "outreach.tasks.forget_form_entries",
        "forget_form_entries",
        lambda scene: FormEntryFactory(registration__event__starts_at=LONG_AGO),
    ),
    task("surveys.tasks.look_after_surveys", "survey", approved_survey),
]


# --- commands


def reset_second_step(client: Any, made: Any) -> None:
    call_command(
        "reset_second_step", made.whose.username, authorised_by=made.owner.username, by=made.by.username,
        stdout=StringIO(),
    )  # fmt: skip


def bounce_from_a_pipe(client: Any, message: Any) -> None:
    mail = report(returned_to=return_path(message.pk), receiver=message.to_email, status="5.1.1")
    stream = SimpleNamespace(buffer=BytesIO(mail))
    with patch("sys.stdin", stream):
        call_command("receive_bounce", to=return_path(message.pk), stdout=StringIO())


COMMANDS = [
    Act(
        "manage.py create_team",
        lambda client, name: call_command("create_team", name, stdout=StringIO()),
        "system:create_team",
        lambda scene: f"Team {uuid4().hex[:12]}",
    ),
    Act(
        "manage.py create_owner",
        lambda client, name: call_command("create_owner", name, stdout=StringIO()),
        "system:create_owner",
        lambda scene: UserFactory(role=Role.MANAGER, team=None).username,
    ),
    Act(
        "manage.py reset_second_step",
        reset_second_step,
        lambda made: made.by.username,
        lambda scene: SimpleNamespace(
            whose=UserFactory(role=Role.PRIVACY_OFFICER, team=None),
            owner=owner_at(clock.now()),
            by=scene.users[Role.ACCESS_ADMIN],
        ),
    ),
    Act(
        "manage.py receive_bounce",
        bounce_from_a_pipe,
        "system:bounces",
        lambda scene: MessageFactory(state="sent", sent_at=clock.now()),
    ),
]


# --- links, forms, machines


def returned_mail(scene: Any) -> Any:
    message = MessageFactory(state="sent", sent_at=clock.now())
    from outbox import bounces

    mail = report(returned_to=return_path(message.pk), receiver=message.to_email, status="5.1.1")
    bounces.receive(bytes(mail), now=clock.now(), envelope_to=return_path(message.pk))
    return message


def link_of(message: Any) -> str:
    token = unsubscribe.new_token()
    UnsubscribeToken.objects.create(message=message, sha256=unsubscribe.hash_of(token))
    return f"{unsubscribe.PATH}?t={token}"


def signed_report(client: Any, message: Any) -> Any:
    mail = report(returned_to=return_path(message.pk), receiver=message.to_email, status="5.1.1")
    with override_settings(I2A_BOUNCE_SECRET="shared"):
        return post_returned(client, bytes(mail))


def missed_call(client: Any, made: Any) -> Any:
    with override_settings(I2A_PHONE_SECRET="shared"):
        return post_phone_event(client, phone_event(id=uuid4().hex))


def register(client: Any, event: Any) -> Any:
    typed = {"name": "Ines Fabricated", "email": "ines@example.org", "phone": "", "language": "en"}
    return client.post(f"{public_form.PATH}?t={event.link_token}", {"form_uuid": uuid4(), **typed})


PUBLIC = [
    Act(
        "unsubscribe",
        lambda client, link: client.post(link, {"stop": "seminar"}),
        "recipient",
        lambda scene: link_of(promotion()),
    ),
    Act("register", register, "visitor", lambda scene: EventFactory(public_form="link")),
    Act(
        "outbox:returned",
        signed_report,
        "system:bounces",
        lambda scene: MessageFactory(state="sent", sent_at=clock.now()),
    ),
    Act("phone_events", missed_call, "system:phone"),
]


# --- sign-ins: no change, but an access event


def sign_in(client: Any, user: Any) -> Any:
    return client.post(reverse("account_login"), {"username": user.username, "password": PASSWORD})


def second_step(client: Any, user: Any) -> Any:
    from tests.access.test_second_step import next_code

    give_password(client, user)
    return give_code(client, next_code(user))


def their_passkey(client: Any, passkey: Any) -> Any:
    """As if its signature were right, which needs a key in somebody's hand (tests/browser)."""
    with patch.object(PasskeyLoginForm, "clean_credential", lambda form: passkey):
        return client.post(reverse("mfa_login_webauthn"), {"credential": '{"id": "x"}'})


def somebody_in(scene: Any) -> Any:
    scene.client.force_login(user := UserFactory(), backend="access.backends.RoleBackend")
    return user


def by_name(user: Any) -> str:
    return str(user.username)


SIGN_INS = [
    Act("account_login", sign_in, by_name, lambda scene: UserFactory(), reads="signed_in"),
    Act("mfa_authenticate", second_step, by_name, lambda scene: UserFactory(role=Role.MANAGER), reads="signed_in"),
    Act(
        "mfa_login_webauthn",
        their_passkey,
        lambda passkey: by_name(passkey.user),
        lambda scene: Authenticator.objects.create(user=UserFactory(), type="webauthn", data={"name": "Key"}),
        reads="signed_in",
    ),
    Act(
        "account_logout",
        lambda client, user: client.post(reverse("account_logout")),
        by_name,
        somebody_in,
        reads="signed_out",
    ),
    Act(
        "account_reset_password",
        lambda client, user: client.post(reverse("account_reset_password"), {"email": user.email}),
        by_name,
        lambda scene: UserFactory(),
        reads="password_reset",
    ),
]


# --- code and SQL


def in_bulk(client: Any, user: Any) -> None:
    with acting_as(user):
        create_audited([Team(name=f"Bulk {uuid4().hex}"), Team(name=f"Bulk {uuid4().hex}")])


def many_to_many(client: Any, user: Any) -> None:
    with acting_as(user):
        user.groups.create(name=f"Group {uuid4().hex}")


def deletion(client: Any, made: Any) -> None:
    user, team = made
    with acting_as(user):
        team.delete()


CODE = [
    Act("create_audited", in_bulk, by_name, lambda scene: scene["specialist"]),
    Act("many to many", many_to_many, by_name, lambda scene: scene["specialist"]),
    Act(
        "delete",
        deletion,
        lambda made: made[0].username,
        lambda scene: (scene["specialist"], TeamFactory(name=uuid4().hex)),
    ),
]
# With connections of their own: they see only what is committed.
COMMITTING = [
    Act(
        "outbox.tasks.drain",
        with_mail_server(lambda: run_task("outbox.tasks.drain")),
        "system:drain",
        lambda scene: MessageFactory(),
    ),
    Act(
        "manage.py send_loop",
        with_mail_server(send_once),
        "system:drain",
        lambda scene: MessageFactory(),
        then="system:campaign",
    ),
]
ACTS = [*TASKS, *COMMANDS, *PUBLIC, *SIGN_INS, *CODE]
