"""Under every record: its history in sentences and, for privacy officers, who looked at it and for which work."""

from datetime import date, timedelta

import pytest

from access.roles import Role
from audit.history import steps_of
from audit.models import AccessEvent
from audit.readers import SHOWN, readers_of
from audit.reports import naming
from audit.services import record_access
from calls.library_history import history_of as history_of_document
from contacts.models import Contact, OpeningReason
from i2a import clock
from tests.factories import ContactFactory, DocumentVersionFactory, EventFactory, FollowUpFactory
from tests.world import make_world

pytestmark = pytest.mark.django_db
Kind = AccessEvent.Kind


def test_every_record_with_a_page_tells_its_history_and_the_privacy_officer_who_looked(client):
    world = make_world()
    ingrid = world.users[Role.PRIVACY_OFFICER]
    records = {type(record): record for record in world.objects.values() if hasattr(type(record), "get_absolute_url")}
    for contact in Contact.objects.all():
        OpeningReason.objects.create(contact=contact, by=ingrid, at=clock.now(), purpose="review")
    client.force_login(ingrid)

    for model in naming.pages():
        if model is Contact:  # it has its timeline
            continue
        page = client.get(records[model].get_absolute_url()).content.decode()
        assert "History of this record" in page, model
        assert "Who looked at it" in page, model
        all_looks = client.get(readers_of(records[model], ingrid).url).context
        assert not all_looks["form"].errors, model
        assert "Opened a record" in [row.did for row in all_looks["rows"]], model


def test_a_sentence_says_from_what_to_what_in_words_and_never_a_personal_value():
    event = EventFactory(countries=[], kind="seminar", zone="America/Edmonton")
    event.countries, event.kind, event.zone = ["PH", "PL"], "trade_mission", "Asia/Manila"
    event.save()
    follow_up = FollowUpFactory(asked="Call Zoë")
    follow_up.asked = "Call Zoë soon"
    follow_up.save()

    assert set(steps_of(event)[0].sentences) == {
        "Area: nothing → Philippines, Poland",
        "Kind: Seminar or workshop → Trade mission",
        "Time zone of the place: Edmonton time → Manila time",
    }
    [said] = [text for text in steps_of(follow_up)[0].sentences if "Zoë" in text or "personal" in text]
    assert "changed (personal" in said
    assert "Zoë" not in said


def test_the_history_of_a_document_has_that_of_its_versions():
    version = DocumentVersionFactory(number=1)
    version.review_on = date(2027, 6, 20)
    version.save()

    newest = history_of_document(version.document, [version])[0]

    [sentence] = newest.sentences
    assert sentence.startswith("Version 1: Review by: ")
    assert sentence.endswith("→ Sunday 20 June 2027")


def test_who_looked_is_for_those_who_may_know_it_and_one_look_is_told_once(specialist, privacy_officer):
    contact = ContactFactory()
    for _n in range(3):
        record_access(
            kind=Kind.VIEWED, object_type="contacts.contact", object_uid=contact.uid, detail={"purpose": "call"}
        )
    record_access(kind=Kind.VIEWED, object_type="contacts.notes", object_uid=contact.uid, detail={"purpose": "call"})

    readers = readers_of(contact, privacy_officer)

    assert readers_of(contact, specialist) is None
    assert [why for _by, _event, why in readers.looks] == ["Notes: A call with this person", "A call with this person"]


def test_of_many_looks_the_newest_are_told(privacy_officer, time_machine):
    contact, now = ContactFactory(), clock.now()
    for minutes in range(SHOWN + 2, 0, -1):
        time_machine.move_to(now - timedelta(minutes=minutes), tick=False)
        record_access(kind=Kind.VIEWED, object_type="contacts.contact", object_uid=contact.uid)

    looks = readers_of(contact, privacy_officer).looks

    assert [event.at for _by, event, _why in looks] == [now - timedelta(minutes=n) for n in range(1, SHOWN + 1)]
