"""Agreements lapse after a time without contact; the next call asks again (N3, F41)."""

from datetime import timedelta

import pytest

from contacts.choices import Channel, ConsentStatus, FutureContact, Language, Purpose, Source
from contacts.entries import TITLES
from contacts.gate import badge_of, verdict
from contacts.gate_sets import Standing, standing
from contacts.models import ConsentEvent, Contact
from contacts.services import consents
from contacts.services.contacts import change_contact
from contacts.services.lapsing import lapse
from i2a import clock
from tests.factories import ContactFactory, TextVersionFactory

pytestmark = pytest.mark.django_db

LONG = timedelta(days=800)


def agreed(at, **columns):
    contact = ContactFactory(**columns)
    consents.record_answers(
        contact=contact, answer=FutureContact.AGREED, purposes=[Purpose.SEMINAR], channels=[Channel.EMAIL],
        text_version=TextVersionFactory(), language=Language.EN, source=Source.CALL, source_ref="C-2026-000009",
        by=None, now=at,
    )  # fmt: skip
    return Contact.objects.get(pk=contact.pk)


def reason(contact):
    return verdict(Contact.objects.get(pk=contact.pk), Purpose.SEMINAR, Channel.EMAIL).reason


def test_an_agreement_lapses_after_a_long_silence_and_the_address_goes():
    now = clock.now()
    contact = agreed(now - LONG)
    contact = change_contact(contact=contact, values={"city": "Brooks"}, version=contact.version, by=None, now=now)

    assert lapse(now=now) == 1

    row = Contact.objects.get(pk=contact.pk)
    assert reason(row) == "consent lapsed"
    assert (row.future_contact, row.has_address) == ("not_asked", False)
    assert badge_of(row).label == "Agreement lapsed"
    assert Contact.objects.filter(standing(Standing.NOT_ASKED), pk=row.pk).exists()


def test_the_contact_s_page_tells_that_it_lapsed(client, specialist):
    contact = agreed(clock.now() - LONG, team=specialist.team)
    lapse(now=clock.now())
    client.force_login(specialist, backend="access.backends.RoleBackend")

    page = client.get(contact.get_absolute_url())

    assert "Agreement lapsed" in page.text


def test_every_status_of_the_ledger_has_its_words_on_the_timeline():
    assert set(TITLES) == set(ConsentStatus)


def test_a_call_meanwhile_or_a_younger_agreement_keeps_it():
    now = clock.now()
    called, young = agreed(now - LONG), agreed(now - timedelta(days=700))
    Contact.objects.filter(pk=called.pk).update(last_call_at=now - timedelta(days=10))

    assert lapse(now=now) == 0
    assert [reason(called), reason(young)] == ["", ""]


def test_the_time_can_be_set(settings):
    settings.I2A_CONSENT_MONTHS = 6
    contact = agreed(clock.now() - timedelta(days=200))

    lapse(now=clock.now())

    assert reason(contact) == "consent lapsed"


def test_an_agreement_of_the_old_system_lapses_after_a_year_whoever_called():
    now = clock.now()
    contact = ContactFactory(future_contact="agreed", last_call_at=now)
    ConsentEvent.objects.create(
        contact=contact, purpose=Purpose.SEMINAR, channel=Channel.EMAIL, status="legacy", basis="implied",
        source="import", language="en", at=now - timedelta(days=366), email_fingerprint=contact.email_fingerprint,
    )  # fmt: skip

    lapse(now=now)

    assert reason(contact) == "consent lapsed"


def test_lapsing_twice_appends_nothing():
    now = clock.now()
    contact = agreed(now - LONG)
    lapse(now=now)

    assert lapse(now=now) == 0
    assert contact.consent_events.count() == 2


def test_a_new_yes_renews_it():
    now = clock.now()
    contact = agreed(now - LONG)
    lapse(now=now)

    consents.record_answers(
        contact=contact, answer=FutureContact.AGREED, purposes=[Purpose.SEMINAR], channels=[Channel.EMAIL],
        text_version=TextVersionFactory(), language=Language.EN, source=Source.CALL, source_ref="C-2026-000010",
        by=None, now=now,
    )  # fmt: skip

    assert reason(contact) == ""


def test_who_withdraws_after_it_lapsed_has_withdrawn():
    now = clock.now()
    contact = agreed(now - LONG)
    lapse(now=now)

    consents.withdraw(contact=contact, source=Source.EMAIL, now=now)

    assert reason(contact) == "consent withdrawn"
