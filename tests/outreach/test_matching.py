"""Whom a registration from the public form is of, what is erased, and who must be told (F75)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from access.roles import Role
from audit.models import AccessEvent
from contacts.models import ConsentEvent, Contact
from contacts.timeline import page_of
from i2a import clock
from outreach import matching, public_form, registering, tasks
from outreach.models import FormEntry, Registration
from tests.factories import (
    ContactFactory,
    EventFactory,
    FormEntryFactory,
    RegistrationFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return FormEntryFactory(email="ines@example.org", phone="+17805550163", phone_typed="780 555 0163")


@pytest.fixture
def desk(client, specialist):
    client.force_login(specialist)
    return client


def act(client, entry, **posted):
    return client.post(entry.get_absolute_url(), posted, follow=True)


def registration_of(entry):
    return Registration.objects.get(pk=entry.registration_id)


def test_an_entry_waits_on_the_page_of_the_event_and_in_the_list(desk, entry):
    event = entry.registration.event

    page = desk.get(event.get_absolute_url()).text

    assert "1 person came by the public form: say who it is." in page
    assert entry.ref in page
    assert "1 to match" in desk.get(reverse("outreach:list")).text


def test_the_reference_that_they_say_on_the_phone_opens_it(desk, entry):
    found = desk.get(reverse("outreach:list"), {"q": entry.ref.lower()})
    assert found.url == entry.get_absolute_url()
    found = desk.get(reverse("outreach:list"), {"q": entry.ref}, headers={"HX-Request": "true"})
    assert found.headers["HX-Redirect"] == entry.get_absolute_url()
    assert desk.get(reverse("outreach:list"), {"q": "R-2026-999999"}).status_code == 200


def test_a_reference_out_of_reach_opens_nothing(client, entry):
    matching.match(entry=entry, contact=ContactFactory(team=TeamFactory(name="Trade Missions")))
    client.force_login(UserFactory())

    assert client.get(reverse("outreach:list"), {"q": entry.ref}).status_code == 200


def test_a_privacy_officer_reads_an_entry_and_who_looked_at_it_and_decides_nothing(client, desk, entry):
    """Somebody asks what we hold about them, or who read what they typed; whom it is of, others say."""
    ContactFactory(email="ines@example.org")
    desk.get(entry.get_absolute_url())
    client.force_login(UserFactory(role=Role.PRIVACY_OFFICER))

    page = client.get(entry.get_absolute_url()).text

    assert entry.name in page and "Who looked at it" in page
    assert "It is this person" not in page and "Dismiss" not in page and "Somebody we know" not in page
    assert act(client, entry, do="dismiss").status_code == 403
    assert "say who it is" not in client.get(entry.registration.event.get_absolute_url()).text


def test_attendance_is_recorded_of_who_is_not_matched_yet(desk, entry):
    end(entry.registration.event, timedelta(hours=1))

    desk.post(reverse("outreach:registration", args=[entry.registration.uid]), {"do": "attended"})

    assert registration_of(entry).attendance == "attended"


def test_candidates_have_exactly_this_address_or_number(desk, entry):
    by_mail = ContactFactory(email="ines@example.org")
    by_phone = ContactFactory(mobile="+17805550163")
    ContactFactory(name=entry.name, email="ines@example.com")
    ContactFactory(email="INES@example.org", team=TeamFactory(name="Trade Missions"))

    page = desk.get(entry.get_absolute_url()).text

    assert by_mail.ref in page
    assert by_phone.ref in page
    assert page.count("It is this person") == 2
    assert AccessEvent.objects.get(object_uid=by_mail.uid).detail == {"purpose": "form_entry"}
    assert "1 further match you cannot view" in page


def test_matching_registers_the_contact_and_changes_nothing_else(desk, entry):
    contact = ContactFactory(email="other@example.org", name="Somebody Else", language="")
    before = Contact.objects.filter(pk=contact.pk).values().get()

    page = act(desk, entry, reference=contact.ref).text

    assert registration_of(entry).contact == contact
    assert Contact.objects.filter(pk=contact.pk).values().get() == before
    assert not ConsentEvent.objects.exists()
    assert f"Matched with {contact.ref}." in page
    assert "say who it is" not in page


def test_who_is_registered_already_is_not_matched_a_second_time(desk, entry):
    contact = ContactFactory()
    RegistrationFactory(event=entry.registration.event, contact=contact)

    assert "This person is registered already." in act(desk, entry, reference=contact.ref).text
    assert registration_of(entry).contact is None


def test_a_contact_out_of_reach_is_like_none(desk, entry):
    hidden = ContactFactory(team=TeamFactory(name="Trade Missions"))

    assert "There is no contact with this reference that you may see." in act(desk, entry, reference=hidden.ref).text


def test_once_matched_only_who_may_see_the_contact_sees_what_was_typed(desk, entry):
    matching.match(entry=entry, contact=ContactFactory(team=TeamFactory(name="Trade Missions")))

    assert desk.get(entry.get_absolute_url()).status_code == 404
    assert entry.name not in desk.get(entry.registration.event.get_absolute_url()).text


def test_a_match_can_be_taken_back(desk, entry):
    matching.match(entry=entry, contact=ContactFactory())

    act(desk, entry, do="take_back")

    assert registration_of(entry).contact is None


def test_dismissing_gives_the_seat_back_and_can_be_taken_back(desk):
    event = EventFactory(seats=1)
    entry = FormEntryFactory(registration__event=event)
    waiting = RegistrationFactory(event=event, state="waiting")

    assert "the next on the wait list moved up: tell them." in act(desk, entry, do="dismiss").text
    waiting.refresh_from_db()
    assert waiting.state == "seat"

    assert "All seats are taken: on the wait list." in act(desk, entry, do="take_back").text
    assert registration_of(entry).state == "waiting"


@pytest.mark.parametrize("do", ["dismiss", "take_back"])
def test_who_comes_second_changes_nothing(desk, entry, do):
    if do == "dismiss":
        matching.match(entry=entry, contact=ContactFactory())
    before = registration_of(entry).state

    assert "Nothing was changed." in act(desk, entry, do=do).text
    assert registration_of(entry).state == before


def test_a_new_contact_is_entered_from_what_was_typed_and_matched(desk, entry):
    fields = desk.get(entry.get_absolute_url()).context["prefill"]
    page = desk.post(reverse("contacts:new"), {**fields, "more": "form_entry"})
    assert page.status_code == 200
    for shown in ["Ines Fabricated", "ines@example.org", str(entry.uid)]:
        assert shown in page.text

    answer = desk.post(reverse("contacts:new"), {**fields, "category": "foreign_national"}, follow=True)

    contact = registration_of(entry).contact
    assert contact is not None, answer.text
    assert (contact.name, contact.email, contact.phone) == ("Ines Fabricated", "ines@example.org", "+17805550163")
    assert contact.future_contact == "not_asked"
    assert answer.redirect_chain[-1][0] == entry.registration.event.get_absolute_url()


@pytest.mark.parametrize("key", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_contact_entered_for_no_entry_is_an_ordinary_one(desk, entry, key):
    fields = desk.get(entry.get_absolute_url()).context["prefill"] | {"form_entry": key}

    answer = desk.post(reverse("contacts:new"), {**fields, "category": "foreign_national"})

    assert answer.url == Contact.objects.get().get_absolute_url()
    assert registration_of(entry).contact is None


def test_the_timeline_says_that_they_came_by_the_form(entry, specialist):
    contact = ContactFactory()
    matching.match(entry=entry, contact=contact)

    (told,) = page_of(contact, specialist, show="events").entries

    assert (told.title, told.by) == ("Registered for an event", "public form")


# Until when


def end(event, ago):
    event.starts_at = clock.now() - ago
    event.save()


def test_what_was_typed_is_erased_a_month_after_the_event_and_the_seat_stays_counted(entry, client, specialist):
    event = entry.registration.event
    end(event, timedelta(days=29))
    tasks.forget_form_entries()
    assert FormEntry.objects.exists()

    end(event, timedelta(days=31))
    tasks.forget_form_entries()

    assert not FormEntry.objects.exists()
    assert event.registrations.count() == 1
    client.force_login(specialist)
    page = client.get(event.get_absolute_url()).text
    assert "And 1 who came by the public form; what they typed is erased." in page
    assert "say who it is" not in page


def test_what_was_dismissed_is_erased_a_month_later(entry):
    matching.dismiss(entry=entry, now=clock.now() - timedelta(days=31))
    kept = FormEntryFactory()

    assert matching.forget_entries(clock.now()) == 1
    assert FormEntry.objects.get() == kept


def test_a_confirmation_is_gone_with_what_was_typed(client, entry):
    address = f"{public_form.PATH}?r={entry.uid}"
    assert client.get(address).status_code == 200

    entry.delete()

    assert client.get(address).status_code == 404


# Who must be told


def test_who_moved_up_is_named_until_somebody_told_them(desk):
    event = EventFactory(seats=1)
    first = RegistrationFactory(event=event)
    waiting = RegistrationFactory(event=event, state="waiting")
    registering.cancel(registration=first, now=clock.now())
    assert (
        "1 person moved up from the wait list and does not know yet: tell them."
        in desk.get(event.get_absolute_url()).text
    )

    page = desk.post(reverse("outreach:registration", args=[waiting.uid]), {"do": "told"}, follow=True).text

    assert "does not know yet" not in page
    assert "told today" in page
    again = desk.post(reverse("outreach:registration", args=[waiting.uid]), {"do": "told"}, follow=True).text
    assert "Nothing was changed." in again


def test_the_list_counts_seats_and_who_waits_in_one_query(desk, django_assert_max_num_queries):
    event = EventFactory(seats=40)
    RegistrationFactory.create_batch(2, event=event)
    RegistrationFactory(event=event, state="waiting")
    RegistrationFactory(event=event, state="cancelled", cancelled_at=clock.now())
    Contact.objects.visible_to(UserFactory())
    desk.get(reverse("outreach:list"))
    EventFactory.create_batch(10)

    with django_assert_max_num_queries(14):
        page = desk.get(reverse("outreach:list")).text

    assert "2 of 40, 1 waiting" in " ".join(page.split())


def test_registering_from_the_contacts_page_comes_back_to_it(desk):
    contact, event = ContactFactory(agrees_to=["seminar"]), EventFactory()
    assert "from_contact" in desk.get(contact.get_absolute_url()).text

    posted = {"reference": contact.ref, "from_contact": "1"}
    answer = desk.post(reverse("outreach:register", args=[event.uid]), posted)

    assert answer.url == contact.get_absolute_url()
    assert "from_contact" not in desk.get(contact.get_absolute_url()).text


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (Registration, {"from_form": False}),
        (Registration, {"told_at": clock.now()}),
        (FormEntry, {"email": "", "phone": ""}),
        (FormEntry, {"name": ""}),
        (FormEntry, {"language": "de"}),
    ],
)
def test_the_database_refuses_what_contradicts_itself(entry, model, columns):
    pk = entry.pk if model is FormEntry else entry.registration_id
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=pk).update(**columns)  # no audit: refused
