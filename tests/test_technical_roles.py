"""Who keeps the system and sees no caller: not one personal value in any answer to any address (N17)."""

import pytest
from django.db import transaction
from django.test import override_settings

from access.models import ObjectGrant
from access.roles import Role
from calls.models import CallDraft
from contacts.models import RecordRequest
from tests.factories import ContactFactory, FollowUpFactory, NoteFactory, UserFactory, let_in
from tests.url_table import NAMES, PUBLIC

pytestmark = pytest.mark.django_db

PERSON = {
    "name": "Zhidden Personne",
    "name_latin": "Zlatin Person",
    "email": "zmail@example.org",
    "phone": "+17805550199",
    "organisation": "Zworks Limited",
}
SAID = "Zfree text"
VALUES = [*PERSON.values(), SAID, "780 555 0199", "7805550199", "Zhidden", "zmail"]
MAIL = b"X-Envelope-To: zmail@example.org\nSubject: Zfree text\n\nDear Zhidden Personne\n"


@pytest.fixture
def full_world(world, tmp_path):
    """The same records, but each says something about somebody."""
    contact, owner = world.objects["contact"], world.users[Role.SPECIALIST]
    for column, value in PERSON.items():
        setattr(contact, column, value)
    contact.save()
    for role, draft in world.objects["drafts"].items():
        CallDraft.objects.filter(pk=draft.pk).update(contact=contact, data={"name": PERSON["name"], "role": role})
    NoteFactory(contact=contact, created_by=owner, says=[SAID])
    FollowUpFactory(contact=contact, assigned_to=owner, asked=SAID)
    shared = let_in(owner, ContactFactory(**PERSON | {"email": "zmail2@example.org"}))
    ObjectGrant.objects.filter(pk=shared.pk).update(reason=SAID)  # no audit: a test's row
    RecordRequest.objects.update(reason=SAID)
    (tmp_path / "20261122T120000-1.eml").write_bytes(MAIL)
    with override_settings(I2A_MAIL_SINK_DIR=str(tmp_path)):
        yield world


def answers_to(client, world, name):
    """To a look, and to an empty form. Then everything as it was."""
    path = world.path(name, Role.SPECIALIST)
    for method in ("get", "post"):
        with transaction.atomic():
            response = getattr(client, method)(path, follow=False)
            text = b"".join(response).decode() if response.streaming else response.text
            transaction.set_rollback(True)
        yield method, text + str(response.headers)


def found_by(client, world, names):
    return {
        (name, method, value)
        for name in names
        for method, text in answers_to(client, world, name)
        for value in VALUES
        if value in text
    }


@pytest.mark.parametrize("role", [Role.ACCESS_ADMIN, None])
def test_who_sees_no_callers_finds_no_personal_value_anywhere(client, full_world, role):
    user = full_world.users[role] if role else UserFactory(role=None)
    client.force_login(user)

    assert found_by(client, full_world, sorted(set(NAMES) - PUBLIC)) == set()


def test_the_walk_would_find_them(client, full_world):
    """So that the test above cannot pass for having looked at nothing."""
    client.force_login(full_world.users[Role.SPECIALIST])
    names = {"contacts:detail", "calls:draft", "followups:list", "demo_outbox:outbox"}

    found = found_by(client, full_world, names)

    assert {name for name, _method, _value in found} == names
    assert {value for _name, _method, value in found} >= {PERSON["name"], PERSON["email"], SAID}
