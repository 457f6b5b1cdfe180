"""Withdrawals and calls at once, on connections of their own: records that share an address never wait in a circle."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from calls.models import Topic
from contacts.choices import Purpose, Source
from contacts.models import ConsentState, Contact
from contacts.services import consents
from i2a import clock
from tests.factories import ContactFactory, TeamFactory, UserFactory

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("workshop")]


@pytest.fixture
def pair(workshop):
    """Two records with one address, both of which agreed to seminars."""
    with workshop.database():
        team, email = TeamFactory(name=f"Shared {uuid4().hex[:8]}"), f"shared-{uuid4().hex[:8]}@example.org"
        yield [ContactFactory(team=team, email=email, agrees_to=[Purpose.SEMINAR]) for _number in range(2)]


def statuses_of(pair):
    return set(ConsentState.objects.filter(contact__in=pair).values_list("status", flat=True))


def in_thread(work):
    def run():
        work()
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_both_records_of_one_address_withdraw_at_the_same_moment(pair):
    together = threading.Barrier(2, timeout=60)

    def withdraw(contact):
        together.wait()
        consents.withdraw(contact=contact, source=Source.ONE_CLICK, now=clock.now())

    for thread in [in_thread(lambda contact=contact: withdraw(contact)) for contact in pair]:
        thread.join(timeout=60)

    assert statuses_of(pair) == {"withdrawn"}


def test_a_call_locks_everybody_with_the_address_in_the_order_of_a_withdrawal(workshop, pair):
    first, second = pair
    lead = UserFactory(username=f"lead-{uuid4().hex[:8]}", role="team_lead", team=second.team)
    client = Client()
    client.force_login(lead, backend="access.backends.RoleBackend")
    url = client.post(reverse("calls:start"), {"contact": second.uid}).url
    form = {
        "category": second.category,
        "name": second.name,
        "email": second.email,
        "phone": second.phone,
        "notice_given": "on",
        "calling_for": "self",
        "topics": [Topic.objects.get(name="Work permits").pk],
        "services": ["answered"],
        "follow_up_decision": "none",
        "future_contact": "no",
    }
    answers = []

    with transaction.atomic():
        Contact.objects.select_for_update().get(pk=first.pk)  # as a withdrawal of the address begins
        saving = in_thread(lambda: answers.append(client.post(url, form)))
        workshop.wait_until(somebody_waits, what="the call to wait for the lock")
        Contact.objects.select_for_update(nowait=True).get(pk=second.pk)  # the call holds nothing of it yet
    saving.join(timeout=60)

    assert [answer.status_code for answer in answers] == [302]
    assert ConsentState.objects.get(contact=second).status == "withdrawn"


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE NOT granted")
        return cursor.fetchall()
