from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from audit.models import LogEntry
from calls.models import Call, CallTopic
from calls.seed.volume import add_volume
from contacts.models import ConsentState, Contact
from contacts.search import search
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def test_adds_contacts_with_calls_and_consents_that_obey_every_rule():
    heard = []

    add_volume(200, now=NOW, tell=heard.append)

    assert heard == [200]
    assert Contact.objects.count() == 200
    assert 400 < Call.objects.count() < 800
    assert CallTopic.objects.count() == Call.objects.count()
    assert ConsentState.objects.count() == Contact.objects.filter(future_contact="agreed").count() > 40
    assert not Call.objects.filter(team=F("contact__team")).exclude(started_at__lt=NOW).exists()


def test_what_was_added_is_found():
    add_volume(50, now=NOW, tell=lambda done: None)
    contact = Contact.objects.filter(name_latin="", team__name="Phone").first()

    found = search(contact.email, UserFactory())

    assert [match.contact for match in found.matches] == [contact]


def test_a_second_run_adds_other_people():
    add_volume(30, now=NOW, tell=lambda done: None)
    add_volume(30, now=NOW, tell=lambda done: None)

    assert Contact.objects.values("email").distinct().count() > 55


def test_no_audit_entry_is_written_for_scenery():
    add_volume(10, now=NOW, tell=lambda done: None)

    assert not LogEntry.objects.filter(content_type__model__in=["contact", "call"]).exists()


def test_only_a_demonstration_and_only_a_sensible_number(settings):
    with pytest.raises(CommandError, match="at least one"):
        call_command("seed_volume", "0")
    settings.I2A_DEMO = False
    with pytest.raises(CommandError, match="I2A_DEMO=1"):
        call_command("seed_volume")
