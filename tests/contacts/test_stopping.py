""" "Do not contact" in one action (R-CNS-03); withdrawing, confirming and correcting on the contact's pages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.html import strip_tags

from audit.models import AccessEvent
from contacts.choices import Channel, ConsentStatus, Language, Purpose, Source
from contacts.gate import verdict
from contacts.models import ConsentEvent, ConsentState, Contact, Suppression
from contacts.services import consents, stopping
from contacts.services.contacts import change_contact
from contacts.services.merging import merge_contacts
from followups.models import FollowUp
from i2a import clock
from outbox.models import Message
from tests.factories import ContactFactory, FollowUpFactory, MessageFactory, TextVersionFactory, UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = {"street": "14 Make-Believe Rd", "city": "Brooks"}


def path(name, contact, *args):
    return reverse(f"contacts:{name}", args=[contact.uid, *args])


def stop(contact, by, dropped=(), now=None):
    return stopping.record_do_not_contact(
        contact=contact, dropped=dropped, language=Language.EN, source=Source.CALL, source_ref="C-2026-000009", by=by,
        now=now or clock.now(),
    )  # fmt: skip


def fresh(contact):
    return Contact.objects.get(pk=contact.pk)


def invitation_to(contact):
    return MessageFactory(kind="seminar", contact=contact, consent_event=contact.consent_events.get(purpose="seminar"))


@pytest.fixture
def ngozi(specialist):
    notice = TextVersionFactory(kind="collection_notice")
    contact = ContactFactory(
        team=specialist.team, name="Ngozi Parable-Eze", agrees_to=[Purpose.SEMINAR], notice_version=notice
    )
    change_contact(contact=contact, values=ADDRESS, version=contact.version, by=None, now=clock.now())
    return fresh(contact)


@pytest.fixture
def signed_in(client, specialist):
    client.force_login(specialist)
    return client


# --- the service


def test_it_withdraws_suppresses_erases_and_says_since_when_and_by_whom(ngozi, specialist):
    now = clock.now()

    stop(ngozi, specialist, now=now)

    row = fresh(ngozi)
    assert (row.do_not_contact, row.do_not_contact_at, row.do_not_contact_by) == (True, now, specialist)
    assert (row.has_address, row.future_contact) == (False, "declined")
    assert set(ConsentState.objects.filter(contact=row).values_list("status", flat=True)) == {"withdrawn"}
    assert set(Suppression.objects.values_list("fingerprint", "purpose")) == {
        (row.email_fingerprint, ""), (row.email_fingerprint, "seminar"),
    }  # fmt: skip
    assert verdict(row, Purpose.SEMINAR, Channel.EMAIL).reason == "do not contact"


def test_whoever_was_never_asked_has_declined_then(specialist):
    contact = ContactFactory(team=specialist.team)

    stop(contact, specialist)

    assert fresh(contact).future_contact == "declined"
    assert set(contact.consent_events.values_list("status", flat=True)) == {"refused"}


def test_the_address_is_kept_from_every_purpose_on_other_records(ngozi, specialist):
    other = ContactFactory(email=ngozi.email, agrees_to=[Purpose.TRADE_MISSION])

    stop(ngozi, specialist)

    assert verdict(other, Purpose.TRADE_MISSION, Channel.EMAIL).reason == "address suppressed"


def test_pending_work_ends_but_what_the_client_still_expects(ngozi, specialist):
    kept, dropped = (FollowUpFactory(contact=ngozi, assigned_to=specialist) for _ in range(2))
    requested = MessageFactory(contact=ngozi)
    invitation = invitation_to(ngozi)

    stop(ngozi, specialist, dropped={f"followup:{dropped.uid}"})

    statuses = {row.pk: row.status for row in FollowUp.objects.all()}
    assert statuses == {kept.pk: "open", dropped.pk: "cancelled"}
    assert FollowUp.objects.get(pk=dropped.pk).cancel_reason == "The client asked not to be contacted"
    states = {row.pk: (row.state, row.reason) for row in Message.objects.all()}
    assert states == {requested.pk: ("queued", ""), invitation.pk: ("cancelled", "do not contact")}


def test_recording_it_twice_keeps_the_first_day(ngozi, specialist):
    first = clock.now()
    stop(ngozi, specialist, now=first)

    stop(ngozi, UserFactory(), now=first + timedelta(days=1))

    assert (fresh(ngozi).do_not_contact_at, fresh(ngozi).do_not_contact_by) == (first, specialist)


def test_it_is_recorded_in_the_audit(ngozi, specialist):
    stop(ngozi, specialist)

    event = AccessEvent.objects.get(kind="consent_withdrawn")
    assert event.detail == {"how": "call", "purposes": ["seminar"], "do_not_contact": True}
    assert AccessEvent.objects.filter(kind="address_erased", object_uid=ngozi.uid).exists()


def test_a_merge_ends_what_is_planned_for_who_asked_not_to_be_contacted(ngozi, team_lead):
    asked = ContactFactory(team=ngozi.team)
    stop(asked, team_lead)
    reply = FollowUpFactory(contact=ngozi, assigned_to=team_lead)
    invitation = invitation_to(ngozi)

    merge_contacts(
        winner=fresh(ngozi), loser=fresh(asked), choices={}, versions=(fresh(ngozi).version, fresh(asked).version),
        by=team_lead, now=clock.now(),
    )  # fmt: skip

    assert Message.objects.get(pk=invitation.pk).state == "cancelled"
    assert FollowUp.objects.get(pk=reply.pk).status == "open"


# --- the page


def test_the_page_says_what_happens_before_it_happens(signed_in, ngozi, specialist):
    FollowUpFactory(contact=ngozi, assigned_to=specialist, asked="Which form?")
    invitation_to(ngozi)

    html = signed_in.get(path("do_not_contact", ngozi)).content.decode()

    for words in ["Withdrawn at once: Seminars and workshops.", "The stored address will be erased.", "Which form?",
                  "client still expects this answer", "Seminar invitation"]:  # fmt: skip
        assert words in html
    assert not fresh(ngozi).do_not_contact
    assert "checked" not in html.split("<form")[-1]


def test_one_click_records_it(signed_in, ngozi, specialist):
    kept, dropped = (FollowUpFactory(contact=ngozi, assigned_to=specialist) for _ in range(2))
    keys = {row.pk: f"followup:{row.uid}" for row in (kept, dropped)}

    response = signed_in.post(
        path("do_not_contact", ngozi),
        {"source": "call", "work_shown": list(keys.values()), "still_expected": [keys[kept.pk]]},
        follow=True,
    )

    assert "Recorded. Nobody contacts this client any more." in response.content.decode()
    assert fresh(ngozi).do_not_contact
    assert {row.pk: row.status for row in FollowUp.objects.all()} == {kept.pk: "open", dropped.pk: "cancelled"}


def test_work_that_the_page_did_not_show_stays(signed_in, ngozi, specialist):
    new = FollowUpFactory(contact=ngozi, assigned_to=specialist)

    signed_in.post(path("do_not_contact", ngozi), {"source": "call"})

    assert FollowUp.objects.get(pk=new.pk).status == "open"


def test_how_the_client_told_us_is_asked(signed_in, ngozi):
    response = signed_in.post(path("do_not_contact", ngozi), {})

    assert "Choose how the client told us." in response.content.decode()
    assert not fresh(ngozi).do_not_contact


@pytest.mark.parametrize("name", ["detail", "edit", "notes", "consent", "print_record"])
def test_the_banner_is_on_every_page_of_the_contact(signed_in, ngozi, specialist, name):
    stop(ngozi, specialist, now=datetime(2026, 11, 20, 17, 12, tzinfo=UTC))

    words = " ".join(strip_tags(signed_in.get(path(name, ngozi)).content.decode()).split())

    assert "Do not contact – recorded 20 Nov 2026 11:12 am by Maya O." in words


def test_the_button_goes_once_it_is_recorded(signed_in, ngozi, specialist):
    assert path("do_not_contact", ngozi) in signed_in.get(path("detail", ngozi)).content.decode()

    stop(ngozi, specialist)

    assert path("do_not_contact", ngozi) not in signed_in.get(path("detail", ngozi)).content.decode()
    assert signed_in.get(path("do_not_contact", ngozi)).status_code == 302


# --- withdrawing


def test_one_purpose_is_withdrawn_on_the_page(signed_in, ngozi):
    signed_in.post(path("withdraw", ngozi), {"source": "fax", "purposes": ["seminar"]})

    event = ngozi.consent_events.latest("pk")
    assert (event.status, event.source, event.source_ref) == ("withdrawn", "fax", ngozi.ref)
    assert not fresh(ngozi).has_address
    assert AccessEvent.objects.get(kind="consent_withdrawn").detail == {"how": "fax", "purposes": ["seminar"]}


def test_the_page_warns_that_the_address_goes(signed_in, ngozi):
    assert "The stored address will be erased." in signed_in.get(path("withdraw", ngozi)).content.decode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"source": "call"}, "Choose what the client no longer wants."),
        ({"purposes": ["seminar"]}, "Choose how the client told us."),
        ({"source": "call", "purposes": ["survey"]}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_withdrawn(signed_in, ngozi, data, message):
    assert message in signed_in.post(path("withdraw", ngozi), data).content.decode()
    assert fresh(ngozi).future_contact == "agreed"


# --- the new address


def edit(client, contact, **changes):
    page = client.get(path("edit", contact))
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    return client.post(path("edit", contact), shown | changes, follow=True)


def test_a_new_address_asks_whether_the_client_confirmed_it(signed_in, ngozi):
    html = edit(signed_in, ngozi, email="new@example.org").content.decode()

    assert "Did the client confirm this consent for the new address?" in html
    assert fresh(ngozi).email == ngozi.email


@pytest.mark.parametrize(("answer", "reason"), [("no", "consent unconfirmed"), ("call", ""), ("email", "")])
def test_the_answer_decides_what_may_be_sent_to_the_new_address(signed_in, ngozi, answer, reason):
    edit(signed_in, ngozi, email="new@example.org", email_confirmed=answer)

    row = fresh(ngozi)
    assert row.email == "new@example.org"
    assert verdict(row, Purpose.SEMINAR, Channel.EMAIL).reason == reason
    assert row.has_address


def test_a_confirmation_has_its_own_proof(signed_in, ngozi, specialist):
    given = ngozi.consent_events.get()
    edit(signed_in, ngozi, email="new@example.org", email_confirmed="call")

    event = ngozi.consent_events.latest("pk")
    assert (event.status, event.basis, event.text_version) == ("granted", "express", given.text_version)
    assert event.email_fingerprint == fresh(ngozi).email_fingerprint
    assert (event.recorded_by, event.source, event.source_ref) == (specialist, "call", ngozi.ref)


def test_nothing_is_asked_of_who_agreed_to_nothing(signed_in, specialist):
    contact = ContactFactory(team=specialist.team, notice_version=TextVersionFactory(kind="collection_notice"))

    edit(signed_in, contact, email="new@example.org")

    assert fresh(contact).email == "new@example.org"


def test_it_can_be_confirmed_later(signed_in, ngozi):
    edit(signed_in, ngozi, email="new@example.org", email_confirmed="no")
    assert path("confirm_address", ngozi) in signed_in.get(path("detail", ngozi)).content.decode()

    signed_in.post(path("confirm_address", ngozi), {"source": "call"})

    assert verdict(fresh(ngozi), Purpose.SEMINAR, Channel.EMAIL).is_allowed


# --- the history and its corrections


def stop_purposes(contact, by):
    return consents.withdraw(
        contact=contact, purposes=[Purpose.SEMINAR], source=Source.CALL, source_ref=contact.ref, by=by, now=clock.now()
    )


def test_a_wrong_entry_is_corrected_by_a_new_one_with_the_reason(signed_in, ngozi, specialist):
    (wrong,) = stop_purposes(ngozi, specialist)

    signed_in.post(path("consent_correct", ngozi, wrong.uid), {"entries": [str(wrong.uid)], "reason": "Wrong Ngozi"})

    newest = ngozi.consent_events.latest("pk")
    assert (newest.supersedes, newest.correction_reason, newest.status) == (wrong, "Wrong Ngozi", "granted")
    assert verdict(fresh(ngozi), Purpose.SEMINAR, Channel.EMAIL).is_allowed
    assert ConsentEvent.objects.filter(pk=wrong.pk).exists()
    assert "Wrong Ngozi" in signed_in.get(path("consent", ngozi)).content.decode()


def test_a_correction_says_why(signed_in, ngozi, specialist):
    (wrong,) = stop_purposes(ngozi, specialist)

    html = signed_in.post(path("consent_correct", ngozi, wrong.uid), {"entries": [str(wrong.uid)]}).content.decode()

    assert "Say what was wrong." in html
    assert ngozi.consent_events.latest("pk") == wrong


def test_what_the_client_clicked_themselves_is_no_wrong_entry(signed_in, ngozi):
    (own,) = consents.withdraw(contact=ngozi, source=Source.ONE_CLICK, now=clock.now())

    assert path("consent_correct", ngozi, own.uid) not in signed_in.get(path("consent", ngozi)).content.decode()
    assert signed_in.get(path("consent_correct", ngozi, own.uid)).status_code == 302


def test_a_correction_gives_nothing_back_to_who_asked_never_to_be_contacted(ngozi, specialist):
    events = stop(ngozi, specialist)

    consents.correct(events=events, reason="Wrong Ngozi", by=specialist, now=clock.now())

    assert set(ConsentState.objects.filter(contact=ngozi).values_list("status", flat=True)) == {"withdrawn"}


def test_a_correction_gives_back_nothing_for_another_address(ngozi, specialist):
    events = stop_purposes(ngozi, specialist)
    row = fresh(ngozi)
    change_contact(contact=row, values={"email": "new@example.org"}, version=row.version, by=None, now=clock.now())

    consents.correct(events=events, reason="Wrong Ngozi", by=specialist, now=clock.now())

    assert ConsentState.objects.get(contact=ngozi).status == ConsentStatus.UNCONFIRMED


# --- what the database keeps


def by_sql(sql, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("summary", ["not_asked", "declined"])
def test_the_summary_cannot_say_less_than_the_ledger(ngozi, summary):
    with pytest.raises(IntegrityError, match="future contact is agreed exactly while the ledger says so"):
        by_sql("UPDATE contacts_contact SET future_contact=%s, street='', city='' WHERE id=%s", summary, ngozi.pk)


def test_the_summary_cannot_say_more_than_the_ledger():
    contact = ContactFactory()

    with pytest.raises(IntegrityError, match="future contact is agreed exactly while the ledger says so"):
        by_sql("UPDATE contacts_contact SET future_contact = 'agreed' WHERE id = %s", contact.pk)


def test_an_address_cannot_be_moved_under_an_agreement(ngozi):
    with pytest.raises(IntegrityError, match="is for the address it was given for"):
        by_sql("UPDATE contacts_contact SET email_fingerprint = 'x' WHERE id = %s", ngozi.pk)
