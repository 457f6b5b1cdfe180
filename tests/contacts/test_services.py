"""Writing a contact and its consents, and what the audit keeps of it (R-CON-03, R-CNS-01, R-CNS-02, R-CAL-11)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from audit.actor import acting_as
from audit.models import AccessEvent, LogEntry
from contacts.choices import Channel, FutureContact, Purpose
from contacts.emails import fingerprint
from contacts.models import ConsentEvent, ConsentState, Contact
from contacts.models.contact import ADDRESS_FIELDS
from contacts.services import consents, contacts
from i2a import clock
from tests.contacts.steps import HOME, STREET, answer
from tests.factories import ContactFactory, TextVersionFactory, UserFactory

pytestmark = pytest.mark.django_db


def statuses(contact):
    states = ConsentState.objects.filter(contact=contact).values_list("purpose", "channel", "status")
    return {(purpose, channel): status for purpose, channel, status in states}


# create and change


def test_a_new_contact_has_a_reference_and_its_facts(specialist):
    notice = TextVersionFactory(kind="collection_notice")
    now = clock.now()

    contact = contacts.create_contact(
        values={"email": "zoe@example.org", "category": "employer"}, team=specialist.team, by=specialist, now=now,
        notice=notice,
    )  # fmt: skip

    assert contact.ref.startswith("P-")
    assert (contact.email_state, contact.email_fingerprint) == ("ok", fingerprint("zoe@example.org"))
    assert (contact.notice_version, contact.notice_at, contact.created_by) == (notice, now, specialist)


def test_a_change_writes_what_differs_and_raises_the_version(specialist):
    contact = ContactFactory(email="old@example.org", email_state="not_working")

    changed = contacts.change_contact(
        contact=contact, values={"email": "new@example.org", "category": contact.category}, version=1, by=specialist,
        now=clock.now(),
    )  # fmt: skip

    assert (changed.version, changed.email_state, changed.updated_by) == (2, "ok", specialist)
    assert list(LogEntry.objects.latest("pk").changes) == ["email", "email_state"]


def test_a_change_of_nothing_changes_nothing(specialist):
    contact = ContactFactory()
    entries = LogEntry.objects.count()

    contacts.change_contact(contact=contact, values={"name": contact.name}, version=1, by=specialist, now=clock.now())

    contact.refresh_from_db()
    assert (contact.version, LogEntry.objects.count()) == (1, entries)


def test_a_stale_change_is_refused_and_says_who_was_faster(specialist):
    contact = ContactFactory(name="Before")
    contacts.change_contact(contact=contact, values={"name": "First"}, version=1, by=specialist, now=clock.now())

    with pytest.raises(contacts.StaleVersion) as stale:
        contacts.change_contact(
            contact=contact, values={"name": "Second"}, version=1, by=UserFactory(), now=clock.now()
        )

    assert stale.value.by == "Maya O."
    assert stale.value.current.name == "First"
    assert Contact.objects.get().name == "First"


def test_two_saves_of_one_version_cannot_both_pass(specialist):
    """The row is locked before its version is read: see the FOR UPDATE."""
    contact = ContactFactory()

    with connection.execute_wrapper(recorder := Recorder()):
        contacts.change_contact(contact=contact, values={"name": "X"}, version=1, by=specialist, now=clock.now())

    assert any("FOR UPDATE" in sql for sql in recorder.statements)


class Recorder:
    def __init__(self):
        self.statements = []

    def __call__(self, execute, sql, params, many, context):
        self.statements.append(sql)
        return execute(sql, params, many, context)


def test_a_rule_of_the_database_undoes_the_whole_change(specialist):
    contact = ContactFactory(name="Before")

    with pytest.raises(IntegrityError), transaction.atomic():
        contacts.change_contact(
            contact=contact, values={"name": "After", "street": STREET}, version=1, by=specialist, now=clock.now()
        )

    contact.refresh_from_db()
    assert (contact.name, contact.version) == ("Before", 1)


# consent


def test_yes_grants_each_purpose_by_each_channel(specialist):
    contact = ContactFactory()

    events = answer(contact, FutureContact.AGREED, specialist, purposes=[Purpose.SEMINAR, Purpose.TRADE_MISSION],
                    channels=list(Channel), minor_understands=True)  # fmt: skip

    assert len(events) == 4
    assert set(statuses(contact).values()) == {"granted"}
    assert contact.future_contact == "agreed"
    proof = events[0]
    assert (proof.basis, proof.source_ref, proof.recorded_by) == ("express", "C-2026-000123", specialist)
    assert (proof.text_version.kind, proof.email_fingerprint) == ("consent_script", contact.email_fingerprint)
    assert proof.minor_understands is True


@pytest.mark.parametrize("missing", ["purposes", "channels"])
def test_yes_to_nothing_is_refused(specialist, missing):
    with pytest.raises(consents.NothingToRecord):
        answer(ContactFactory(), FutureContact.AGREED, specialist, **{missing: []})


def test_a_first_no_refuses_every_purpose(specialist):
    contact = ContactFactory()

    answer(contact, FutureContact.DECLINED, specialist)

    assert {purpose for purpose, _ in statuses(contact)} == {"seminar", "trade_mission", "general_information"}
    assert set(statuses(contact).values()) == {"refused"}
    assert contact.future_contact == "declined"


def test_a_later_no_withdraws_what_was_live(specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR, Purpose.TRADE_MISSION])

    answer(contact, FutureContact.DECLINED, specialist)

    assert statuses(contact) == {("seminar", "email"): "withdrawn", ("trade_mission", "email"): "withdrawn"}
    assert ConsentEvent.objects.filter(contact=contact).count() == 4  # story 3: two grants and two withdrawals


def test_not_asked_leaves_the_earlier_answer(specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])

    assert answer(contact, FutureContact.NOT_ASKED, specialist) == []
    assert statuses(contact) == {("seminar", "email"): "granted"}


def test_surveys_are_another_question(specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    survey = {"text_version": TextVersionFactory(), "language": "en", "source": "call", "source_ref": "C-2026-000123",
              "by": specialist, "now": clock.now()}  # fmt: skip
    consents.record_survey_answer(contact=contact, is_agreed=True, **survey)

    answer(contact, FutureContact.DECLINED, specialist)

    assert statuses(contact)[("survey", "email")] == "granted"
    assert contact.future_contact == "declined"


def test_agreeing_to_surveys_alone_allows_no_address(specialist):
    contact = ContactFactory()
    consents.record_survey_answer(
        contact=contact, is_agreed=True, text_version=TextVersionFactory(), language="en", source="call",
        source_ref="", by=specialist, now=clock.now(),
    )  # fmt: skip

    with pytest.raises(IntegrityError, match="contact_address_needs_agreement"), transaction.atomic():
        contacts.change_contact(contact=contact, values=HOME, version=1, by=specialist, now=clock.now())


def test_a_fresh_yes_ends_do_not_contact(specialist):
    contact = ContactFactory(do_not_contact=True, do_not_contact_at=clock.now(), future_contact="declined")

    answer(contact, FutureContact.AGREED, specialist)

    contact.refresh_from_db()
    assert (contact.do_not_contact, contact.future_contact) == (False, "agreed")


def test_an_answer_about_consent_makes_an_open_form_stale(specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    opened = contact.version
    answer(contact, FutureContact.DECLINED, specialist)

    with pytest.raises(contacts.StaleVersion):
        contacts.change_contact(contact=contact, values=HOME, version=opened, by=specialist, now=clock.now())


# the address


@pytest.fixture
def at_home(specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    with acting_as(specialist):
        return contacts.change_contact(
            contact=contact, values=HOME, version=contact.version, by=specialist, now=clock.now()
        )


def test_the_address_goes_with_the_agreement(specialist, at_home):
    answer(at_home, FutureContact.DECLINED, specialist)

    at_home.refresh_from_db()
    assert not at_home.has_address
    assert AccessEvent.objects.get(kind="address_erased").object_uid == at_home.uid


def test_the_audit_never_knew_the_address(specialist, at_home):
    answer(at_home, FutureContact.DECLINED, specialist)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(entry)::text, ' ') FROM audit_logentry entry")
        log = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(to_jsonb(event)::text, ' ') FROM audit_accessevent event")
        log += cursor.fetchone()[0]

    traces = [STREET, "Make-Believe", "T1R", "Brooks", at_home.email, at_home.name]
    assert [trace for trace in traces if trace in log] == []
    assert '"street": ["***", ""]' in log


def test_an_address_can_be_erased_alone(specialist, at_home):
    nothing = dict.fromkeys(ADDRESS_FIELDS, "")
    erased = contacts.change_contact(
        contact=at_home, values=nothing, version=at_home.version, by=specialist, now=clock.now()
    )

    assert (erased.has_address, erased.future_contact) == (False, "agreed")


def test_no_address_no_record_of_erasing_one(specialist):
    answer(ContactFactory(agrees_to=[Purpose.SEMINAR]), FutureContact.DECLINED, specialist)

    assert not AccessEvent.objects.filter(kind="address_erased").exists()


# corrections


def test_undoing_a_first_answer_leaves_not_asked(specialist):
    contact = ContactFactory()
    events = answer(contact, FutureContact.AGREED, specialist)

    corrections = consents.correct(events=events, reason="Call undone", by=specialist, now=clock.now())

    contact.refresh_from_db()
    assert contact.future_contact == "not_asked"
    assert [(event.status, event.supersedes) for event in corrections] == [("cancelled", events[0])]


def test_undoing_a_no_brings_the_agreement_back_with_its_proof(specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    given = ConsentEvent.objects.get(contact=contact)
    events = answer(contact, FutureContact.DECLINED, specialist)

    (restored,) = consents.correct(events=events, reason="Call undone", by=specialist, now=clock.now())

    contact.refresh_from_db()
    assert (contact.future_contact, restored.status, restored.basis) == ("agreed", "granted", "express")
    assert (restored.text_version, restored.source_ref) == (given.text_version, given.source_ref)
    assert restored.correction_reason == "Call undone"


def test_an_answer_given_meanwhile_is_not_undone(specialist):
    contact = ContactFactory()
    events = answer(contact, FutureContact.AGREED, specialist)
    answer(contact, FutureContact.DECLINED, specialist)

    assert consents.correct(events=events, reason="Call undone", by=specialist, now=clock.now()) == []
    assert statuses(contact) == {("seminar", "email"): "withdrawn"}


def test_undoing_erases_an_address_that_only_the_undone_answer_allowed(specialist):
    contact = ContactFactory()
    events = answer(contact, FutureContact.AGREED, specialist)
    contact = contacts.change_contact(
        contact=contact, values=HOME, version=contact.version, by=specialist, now=clock.now() + timedelta(seconds=1)
    )

    consents.correct(events=events, reason="Call undone", by=specialist, now=clock.now())

    contact.refresh_from_db()
    assert [getattr(contact, name) for name in ADDRESS_FIELDS] == [""] * 6


def test_correcting_nothing_does_nothing(specialist):
    assert consents.correct(events=[], reason="Call undone", by=specialist, now=clock.now()) == []
