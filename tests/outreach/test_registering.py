"""Registering for an event: seats, the wait list, attendance, and who sees whose name (F75, F76, R-CAL-10)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from calls.models import CallEvent
from contacts.models import ConsentEvent, Contact
from contacts.services.merging import merge_contacts
from contacts.timeline import page_of
from i2a import clock
from outreach import registering, services
from outreach.models import Registration
from tests.factories import CallFactory, ContactFactory, EventFactory, RegistrationFactory, TeamFactory

pytestmark = pytest.mark.django_db
State = Registration.State


def ask(event, by, contact=None):
    return registering.register(event=event, contact=contact or ContactFactory(), by=by, now=clock.now())


def states(event):
    return list(event.registrations.order_by("pk").values_list("state", flat=True))


def begun(event):
    event.starts_at = clock.now() - timedelta(hours=1)
    event.save()
    return event


def send(client, event, reference):
    return client.post(reverse("outreach:register", args=[event.uid]), {"reference": reference})


def mark(client, registration, do):
    return client.post(reverse("outreach:registration", args=[registration.uid]), {"do": do}, follow=True)


def test_who_finds_no_seat_waits_and_moves_up_in_turn(specialist):
    event = EventFactory(seats=2)
    first, *_rest = [ask(event, specialist) for _person in range(4)]
    assert states(event) == ["seat", "seat", "waiting", "waiting"]

    moved_up = registering.cancel(registration=first, now=clock.now())

    assert moved_up == 1
    assert states(event) == ["cancelled", "seat", "seat", "waiting"]


def test_more_seats_go_to_those_who_wait_and_fewer_than_taken_are_refused(client, team_lead):
    event = EventFactory(seats=1)
    for _person in range(2):
        ask(event, team_lead)
    event.seats = 2

    services.change_event(event=event, seen_version=1, now=clock.now())

    assert states(event) == ["seat", "seat"]
    event.seats = 1
    with pytest.raises(services.SeatsTaken):
        services.change_event(event=event, seen_version=2, now=clock.now())


def test_registering_by_reference_gives_no_consent(client, specialist):
    event, contact = EventFactory(), ContactFactory()
    client.force_login(specialist)

    response = send(client, event, contact.ref.lower())

    assert response.url == event.get_absolute_url()
    assert contact.registrations.get().state == State.SEAT
    assert not ConsentEvent.objects.filter(contact=contact).exists()
    assert contact.ref in client.get(event.get_absolute_url()).text


def test_nobody_is_registered_twice_but_again_after_cancelling(client, specialist):
    event, contact = EventFactory(), ContactFactory()
    client.force_login(specialist)
    send(client, event, contact.ref)

    assert "This person is registered already." in send(client, event, contact.ref).text

    mark(client, contact.registrations.get(), "cancel")
    assert send(client, event, contact.ref).status_code == 302


def test_a_reference_that_is_out_of_reach_is_like_none(client, specialist):
    event, hidden = EventFactory(), ContactFactory(team=TeamFactory(name="Trade Missions"))
    client.force_login(specialist)

    for reference in [hidden.ref, "P-1999-000001"]:
        assert "There is no contact with this reference that you may see." in send(client, event, reference).text
    assert not event.registrations.exists()


def test_attendance_is_recorded_once_it_has_begun(client, specialist):
    registration = RegistrationFactory()
    client.force_login(specialist)
    assert "Nothing was changed." in mark(client, registration, "attended").text

    begun(registration.event)
    page = mark(client, registration, "attended").text

    registration.refresh_from_db()
    assert registration.attendance == "attended"
    assert "1 attended" in page


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "waiting", "attendance": "attended", "attendance_at": clock.now()},
        {"attendance": "attended"},
        {"state": "cancelled"},
        {"state": "maybe"},
        {"attendance": "asleep", "attendance_at": clock.now()},
    ],
)
def test_the_database_refuses_what_cannot_be(columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(**columns)


def test_the_database_keeps_one_registration_per_person():
    first = RegistrationFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(event=first.event, contact=first.contact)


def test_names_of_other_teams_are_only_counted(client, specialist):
    event = EventFactory()
    hidden = ContactFactory(team=TeamFactory(name="Trade Missions"), name="Baron Zhidden")
    RegistrationFactory(event=event, contact=hidden)
    CallEvent.objects.create(call=CallFactory(contact=hidden), event=event, interest="interested")
    client.force_login(specialist)

    page = client.get(event.get_absolute_url()).text

    assert "Zhidden" not in page
    assert page.count("And 1 client whom you may not see.") == 2


def test_who_showed_interest_on_calls_is_listed_with_the_last_word(client, specialist):
    event, contact = EventFactory(), ContactFactory(name="Olena Kovalenko")
    for days, interest in [(3, "registered"), (1, "interested")]:
        call = CallFactory(contact=contact, started_at=clock.now() - timedelta(days=days))
        CallEvent.objects.create(call=call, event=event, interest=interest)
    told = ContactFactory(name="Only Told")
    CallEvent.objects.create(call=CallFactory(contact=told), event=event, interest="informed")
    client.force_login(specialist)

    response = client.get(event.get_absolute_url())

    assert [(person.contact, person.words) for person in response.context["interest"].people] == [
        (contact, "Interested")
    ]
    assert "Only Told" not in response.text


def test_the_page_costs_the_same_for_many(client, specialist, django_assert_num_queries):
    event = EventFactory()
    for _person in range(6):
        RegistrationFactory(event=event, registered_by=specialist)
    client.force_login(specialist)
    client.get(event.get_absolute_url())

    with django_assert_num_queries(14):
        client.get(event.get_absolute_url())


def test_the_timeline_tells_of_registering_and_attending(specialist):
    registration = RegistrationFactory(event=begun(EventFactory(title="Newcomers' evening")))
    registering.record_attendance(registration=registration, attendance="attended", now=clock.now())

    entries = page_of(registration.contact, specialist, show="events").entries

    assert [entry.title for entry in entries] == ["Attended an event", "Registered for an event"]
    assert entries[0].text == "Newcomers' evening"


def test_registrations_go_with_the_person_when_contacts_are_merged(team_lead):
    winner, loser = ContactFactory(), ContactFactory()
    both = EventFactory()
    RegistrationFactory(event=both, contact=winner)
    RegistrationFactory(event=both, contact=loser)
    alone = RegistrationFactory(contact=loser)

    merge_contacts(winner=winner, loser=loser, choices={}, versions=(1, 1), by=team_lead, now=clock.now())

    alone.refresh_from_db()
    assert alone.contact == Contact.objects.get(pk=winner.pk)
    assert winner.registrations.count() == 2
