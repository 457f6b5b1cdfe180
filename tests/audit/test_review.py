"""The queue of reading that somebody looks into (R-AUD-03, N40), and story 16's last part."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from access.roles import Role
from audit.models import AccessEvent, ReviewItem
from audit.review import picking
from audit.review.rules import rules
from contacts.emails import keyed_digest
from i2a import clock
from i2a.clock import EDMONTON
from outbox import unusual_use
from outbox.models import StaffAlert
from tests.factories import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db
Kind = AccessEvent.Kind
MONDAY = datetime(2026, 5, 4, 10, 0, tzinfo=EDMONTON)
NIGHT = MONDAY + timedelta(hours=20)


def event(user, at, kind=Kind.VIEWED, contact=None, **detail):
    return AccessEvent(
        kind=kind,
        at=at,
        actor=user,
        actor_label=user.username,
        object_type="contacts.contact",
        object_uid=contact.uid if contact else None,
        detail=detail or {"purpose": "call"},
    )


def recorded(*events):
    return AccessEvent.objects.bulk_create(events)


def burst(user, contacts, start, **detail):
    return recorded(
        *(event(user, start + timedelta(seconds=30 * n), contact=one, **detail) for n, one in enumerate(contacts))
    )


def picked(rule=None):
    found = ReviewItem.objects.order_by("pk")
    return [(item.rule, item.reader, item.count) for item in found if rule is None or item.rule == rule]


@pytest.fixture
def few(settings):
    settings.I2A_READS_PER_HOUR = 6
    settings.I2A_READS_WITHOUT_WORK = 6
    settings.I2A_REVIEW_SAMPLE = 3


def test_seventy_contacts_in_an_hour_alert_the_privacy_officer_and_stand_in_the_manager_s_report(client):
    tomas, ingrid, grant = UserFactory(), UserFactory(role=Role.PRIVACY_OFFICER), UserFactory(role=Role.MANAGER)
    contacts = ContactFactory.create_batch(70)
    burst(tomas, contacts, MONDAY)
    now = MONDAY + timedelta(minutes=36)

    picking.pick_urgent(now=now)
    picking.pick_urgent(now=now)
    unusual_use.tell_of_unusual_use(now=clock.now())
    unusual_use.tell_of_unusual_use(now=clock.now())

    item = ReviewItem.objects.get()
    assert (item.rule, item.reader, item.count, item.is_urgent) == ("many", tomas, 70, True)
    alert = StaffAlert.objects.get()
    assert alert.to == ingrid
    assert tomas.last_name not in alert.text and contacts[0].ref not in alert.text
    assert reverse("audit:review", args=[item.uid]) in alert.text
    client.force_login(grant)
    page = client.get(
        reverse("audit:entries"), {"who": tomas.uid, "did": "viewed", "since": "2026-05-04", "until": "2026-05-04"}
    )
    assert page.context["count"] == 70


def test_sixty_contacts_in_an_hour_are_work(few):
    tomas, contacts = UserFactory(), ContactFactory.create_batch(6)
    burst(tomas, [*contacts, *contacts], MONDAY)

    assert picking.pick_urgent(now=MONDAY + timedelta(minutes=30)) == 0


def test_what_goes_on_grows_in_the_queue_until_somebody_looked_into_it(few):
    tomas, contacts = UserFactory(), ContactFactory.create_batch(9)
    burst(tomas, contacts[:7], MONDAY)
    picking.pick_urgent(now=MONDAY + timedelta(minutes=5))
    recorded(event(tomas, MONDAY + timedelta(minutes=6), contact=contacts[7]))
    picking.pick_urgent(now=MONDAY + timedelta(minutes=7))
    assert picked() == [("many", tomas, 8)]


def test_a_lookup_of_a_colleague_is_found_by_its_fingerprint():
    tomas, maya = UserFactory(), UserFactory(first_name="Maya", last_name="Okafor-Lindqvist")
    for text in ["maya okafor-lindqvist", "okafor-lindqvist", "somebody else"]:
        recorded(event(tomas, MONDAY, Kind.SEARCHED, query=keyed_digest(text)))

    picking.pick_urgent(now=MONDAY + timedelta(minutes=1))

    assert picked() == [("colleague", tomas, 2)]
    assert maya.pk != tomas.pk


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        ("own_name", lambda user: event(user, MONDAY, contact=ContactFactory(name="Wolfe, Tomas"))),
        ("surname", lambda user: event(user, MONDAY, contact=ContactFactory(name="Ada Wolfe"))),
        ("export", lambda user: event(user, MONDAY, Kind.EXPORTED)),
        ("hours", lambda user: event(user, NIGHT - timedelta(hours=8), contact=ContactFactory(name="Ada Li"))),
    ],
)
def test_each_rule_says_why_and_finds_the_same_once(rule, make, settings):
    settings.I2A_REVIEW_SAMPLE = 0
    tomas = UserFactory(first_name="Tomas", last_name="Wolfe")
    recorded(make(tomas), event(tomas, MONDAY, contact=ContactFactory(name="Ada Li")))

    for _night in range(2):
        picking.pick_of_yesterday(now=MONDAY + timedelta(days=1))

    assert picked() == [(rule, tomas, 1)]


def test_one_bad_reader_among_many_reads_is_in_the_queue_within_a_day_and_the_sample_has_its_size(few):
    good, bad = UserFactory.create_batch(4), UserFactory(first_name="Bad", last_name="Reader")
    contacts = ContactFactory.create_batch(8)
    recorded(*(event(good[n % 4], MONDAY + timedelta(minutes=n), contact=contacts[n % 3]) for n in range(300)))
    burst(bad, contacts, MONDAY, purpose="team")

    picking.pick_of_yesterday(now=MONDAY + timedelta(days=1))
    picking.pick_of_yesterday(now=MONDAY + timedelta(days=1))

    assert {(rule, reader) for rule, reader, _count in picked() if rule in {"many", "no_work"}} == {
        ("many", bad),
        ("no_work", bad),
    }
    assert len(picked("sample")) == 3


def item_about(user, **facts):
    at = clock.now()
    values = {"key": f"export:{user.pk}", "rule": "export", "since": at, "until": at, "count": 1, "reads": [1]}
    return ReviewItem.objects.create(reader=user, **values | facts)


def test_a_finding_is_stated_signed_off_and_then_closed(client):
    ingrid, tomas = UserFactory(role=Role.PRIVACY_OFFICER), UserFactory()
    item = item_about(tomas)
    client.force_login(ingrid)
    sign = reverse("audit:review_sign", args=[item.uid])

    early = client.post(sign, follow=True)
    client.post(item.get_absolute_url(), {"finding": "explained", "explanation": "A recall of all letters."})
    client.post(sign)
    late = client.post(item.get_absolute_url(), {"finding": "none"}, follow=True)

    item.refresh_from_db()
    assert "State a finding first." in early.content.decode()
    assert (item.finding, item.found_by, item.signed_by) == ("explained", ingrid, ingrid)
    assert "Somebody signed this off meanwhile." in late.content.decode()


def test_who_looks_into_a_reading_sees_in_one_click_what_else_they_did_that_day(client):
    tomas = UserFactory()
    contacts = ContactFactory.create_batch(61)
    burst(tomas, contacts, MONDAY)
    recorded(event(tomas, MONDAY + timedelta(hours=3), kind=Kind.EXPORTED, contact=contacts[0]))
    picking.pick_urgent(now=MONDAY + timedelta(minutes=36))
    client.force_login(UserFactory(role=Role.PRIVACY_OFFICER))

    page = client.get(ReviewItem.objects.get().get_absolute_url())

    assert client.get(page.context["day_url"]).context["count"] == 62


def test_too_long_an_explanation_is_refused_beside_its_box_and_kept(client):
    item = item_about(UserFactory())
    client.force_login(UserFactory(role=Role.PRIVACY_OFFICER))

    page = client.post(item.get_absolute_url(), {"finding": "explained", "explanation": "x" * 501})

    assert "Shorten the explanation to 500 characters." in page.text
    assert "Say what explains it" not in page.text
    assert "x" * 501 in page.text
    assert 'maxlength="500"' not in page.text, "pasted text would be cut off without a word"
    item.refresh_from_db()
    assert item.finding == ""


def test_a_suspicion_needs_words(client):
    item = item_about(UserFactory())
    client.force_login(UserFactory(role=Role.MANAGER))

    page = client.post(item.get_absolute_url(), {"finding": "breach", "explanation": " "})

    assert "Say what explains it, or what you suspect." in page.content.decode()
    item.refresh_from_db()
    assert item.finding == ""


def test_nobody_sees_nor_decides_what_is_about_themselves(client):
    grant = UserFactory(role=Role.MANAGER)
    item = item_about(grant)
    client.force_login(grant)

    assert client.get(reverse("audit:reviews")).context["rows"] == []
    assert client.get(item.get_absolute_url()).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewItem.objects.filter(pk=item.pk).update(finding="none", found_by=grant, found_at=clock.now())


def test_no_report_tells_people_that_their_own_reading_is_looked_into(client):
    grant, ingrid = UserFactory(role=Role.MANAGER), UserFactory(role=Role.PRIVACY_OFFICER)
    item = item_about(grant)
    client.force_login(ingrid)
    client.get(item.get_absolute_url())
    asked = {"what": "audit.reviewitem"}

    def found():
        return [row.did for row in client.get(reverse("audit:entries"), asked).context["rows"]]

    assert sorted(found()) == ["Created", "Opened a record"]
    client.force_login(grant)
    assert found() == []


def test_an_alert_about_the_privacy_officer_goes_to_the_managers():
    ingrid, grant = UserFactory(role=Role.PRIVACY_OFFICER), UserFactory(role=Role.MANAGER)
    item_about(ingrid, is_urgent=True)

    unusual_use.tell_of_unusual_use(now=clock.now())

    assert [alert.to for alert in StaffAlert.objects.all()] == [grant]


def test_every_rule_has_words():
    assert all(rule.label and rule.explained for rule in rules())
    assert {rule.code for rule in rules()} == {"many", "no_work", "hours", "export", "own_name", "surname", "colleague"}


def test_a_privacy_officer_sees_on_a_contact_who_looked_at_it_and_why(client):
    contact, maya = ContactFactory(), UserFactory(first_name="Maya", last_name="Reader")
    recorded(event(maya, clock.now(), contact=contact, purpose="follow_up"))
    ingrid = UserFactory(role=Role.PRIVACY_OFFICER, team=contact.team)
    client.force_login(ingrid)

    page = client.get(contact.get_absolute_url()).content.decode()

    assert "Who looked at it" in page and "Maya Reader" in page and "A follow-up they owe" in page
    client.force_login(UserFactory(role=Role.MANAGER, team=contact.team))
    assert "Who looked at it" not in client.get(contact.get_absolute_url()).content.decode()


def test_the_queue_opens_with_what_is_urgent_as_long_as_there_is_any(client):
    client.force_login(UserFactory(role=Role.PRIVACY_OFFICER))
    sample, urgent = item_about(UserFactory()), item_about(UserFactory(), is_urgent=True)

    def shown(query=""):
        return [item for item, _rule, _tone in client.get(reverse("audit:reviews") + query).context["rows"]]

    assert shown() == [urgent]
    assert set(shown("?show=open")) == {sample, urgent}
    ReviewItem.objects.filter(pk=urgent.pk).delete()
    assert shown() == [sample]
