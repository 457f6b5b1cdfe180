"""The questions of the audit (R-AUD-02): one list out of two tables, references only, reading it recorded."""

import csv
import io
from datetime import datetime, timedelta
from functools import partial

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.roles import Role
from audit.models import AccessEvent, AuditExport, ReviewItem, SavedReport
from audit.reports import exporting, keeping
from audit.reports.merged import Place, page_of
from contacts.choices import Purpose
from contacts.models import Contact
from i2a import clock
from i2a.clock import EDMONTON
from tests.factories import CallFactory, ContactFactory, EventFactory, FollowUpFactory, UserFactory

pytestmark = pytest.mark.django_db
ENTRIES, EXPORT = reverse("audit:entries"), reverse("audit:export")
Kind = AccessEvent.Kind


@pytest.fixture
def manager(client):
    user = UserFactory(role=Role.MANAGER, first_name="Grant", last_name="Manager")
    client.force_login(user)
    return user


def did(user, kind, record=None, request="", at=None, **detail):
    return AccessEvent.objects.create(
        kind=kind,
        at=at or clock.now(),
        object_type=record._meta.label_lower if record else "",
        object_uid=record.uid if record else None,
        actor=user,
        actor_label=user.username,
        request_id=request,
        detail=detail,
    )


def shown(client, **asked):
    response = client.get(ENTRIES, asked)
    assert response.status_code == 200
    return response.context["rows"]


def test_who_viewed_a_contact_is_one_reference_and_one_choice(client, manager):
    maya, contact = UserFactory(first_name="Maya", last_name="Reader"), ContactFactory(name="Zoë Secret")
    did(maya, Kind.VIEWED, contact, purpose="call")
    did(maya, Kind.VIEWED, ContactFactory(), purpose="call")

    rows = shown(client, did="viewed", record=contact.ref)

    assert [(row.by, row.did, row.record.ref, row.detail) for row in rows] == [
        ("Maya Reader", "Opened a record", contact.ref, "A call with this person")
    ]
    assert rows[0].record.url == contact.get_absolute_url()


def test_an_account_elsewhere_stands_in_one_list_with_our_records(client, manager):
    SocialAccount.objects.create(user=UserFactory(), provider="department", uid="no uid of ours")
    ContactFactory()

    kinds = {row.record.kind for row in shown(client, did="changed")}

    assert kinds >= {"Person at the department's identity provider", "Contact"}


def test_a_contact_s_report_holds_what_belongs_to_it(client, manager):
    maya, contact = UserFactory(), ContactFactory(agrees_to=[Purpose.SEMINAR])
    did(maya, Kind.VIEWED, CallFactory(contact=contact))
    did(maya, Kind.VIEWED, FollowUpFactory(contact=contact))

    assert {row.record.ref for row in shown(client, record=contact.ref)} >= {contact.ref}
    assert len(shown(client, record=contact.ref, did="viewed")) == 2
    assert [row.record.ref for row in shown(client, record=contact.ref, did="consent")] == [contact.ref]


def test_no_report_shows_a_personal_value(client, manager):
    contact = ContactFactory(name="Zoë Secret", email="zoe@secret.example.com")
    contact.name, contact.category = "Zoë Hidden", "employer"
    contact.save()
    row = next(row for row in shown(client, what="contacts.contact") if "name" in row.did)

    page = client.get(ENTRIES, {"what": "contacts.contact", "open": row.place.token}).content.decode()

    assert "Hidden: personal" in page and "Employer" in page
    assert "Zoë" not in page and "secret.example" not in page


def test_each_question_finds_its_entries_and_no_others(client, manager):
    maya, contact = UserFactory(), ContactFactory()
    did(maya, Kind.SEARCHED)
    did(maya, Kind.EXPORTED, contact, count=3)
    did(maya, Kind.DENIED, contact)
    did(maya, Kind.ROLE_GRANTED)
    did(maya, Kind.VIEWED, contact, purpose="team")
    did(maya, Kind.VIEWED, contact, purpose="follow_up")
    did(maya, Kind.CONSENT_WITHDRAWN, contact)

    kinds = {code: sorted(row.did for row in shown(client, who=maya.uid, did=code)) for code in TOPICS}

    assert kinds == TOPICS


TOPICS = {
    "searched": ["Looked up callers"],
    "exports": ["Exported a list"],
    "refused": ["Was refused"],
    "access": ["Gave a role"],
    "viewed": ["Opened a record", "Opened a record"],
    "no_work": ["Opened a record"],
    "consent": ["Withdrew an agreement"],
}


def test_outside_hours_is_what_the_business_calendar_says(client, manager):
    maya = UserFactory()
    for hour in [11, 21]:
        did(maya, Kind.SEARCHED, at=datetime(2026, 5, 6, hour, tzinfo=EDMONTON))

    rows = shown(client, did="hours", since="2026-05-04", until="2026-05-08", who=maya.uid)

    assert [row.at.astimezone(EDMONTON).hour for row in rows] == [21]


def test_older_entries_are_found_by_the_last_one_and_none_twice(client, manager, monkeypatch):
    monkeypatch.setattr("audit.reports.views.page_of", partial(page_of, size=7))
    maya, now = UserFactory(), clock.now()
    for number in range(12):
        did(maya, Kind.SEARCHED, at=now - timedelta(seconds=number // 3))
    ContactFactory.create_batch(3)

    seen, url = [], f"{ENTRIES}?since=2026-01-01"
    while url:
        context = client.get(url).context
        seen += [row.place for row in context["rows"]]
        url = context["older_url"] and ENTRIES + context["older_url"]

    assert seen == sorted(set(seen), reverse=True)
    assert len([place for place in seen if place.table == 1]) >= 12
    assert len([place for place in seen if place.table == 0]) >= 3


def test_a_step_of_several_entries_is_shown_together(client, manager):
    maya, contact = UserFactory(), ContactFactory()
    did(maya, Kind.VIEWED, contact, request="abc123", purpose="call")
    other = did(maya, Kind.SEARCHED, request="abc123")

    page = client.get(ENTRIES, {"who": maya.uid, "open": Place(other.at, 1, other.pk).token})

    assert [row.did for row in page.context["opened"].same_step] == ["Opened a record"]
    assert [row.goes_on for row in page.context["rows"]] == [False, True]


def test_what_makes_no_sense_is_said_and_kept(client, manager):
    page = client.get(ENTRIES, {"record": "P-1999-000001", "since": "2026-05-02", "until": "2026-05-01"})

    assert "No record has this reference." in page.content.decode()
    assert "The last day is before the first." in page.content.decode()
    assert 'value="P-1999-000001"' in page.content.decode()


def test_reading_printing_and_exporting_are_entries_too(client, manager):
    contact = ContactFactory()
    did(UserFactory(), Kind.VIEWED, contact)
    client.get(ENTRIES, {"record": contact.ref})
    client.get(reverse("audit:print"), {"record": contact.ref})
    client.post(f"{reverse('audit:export')}?record={contact.ref}", {"reason": "Request of the commissioner"})

    events = AccessEvent.objects.filter(actor=manager, object_type="audit.report").order_by("pk")

    assert [event.kind for event in events] == ["report_viewed", "printed", "exported"]
    assert {event.object_uid for event in events} == {contact.uid}
    assert {event.detail["criteria"] for event in events} == {f"record={contact.ref}"}


def test_who_asks_for_too_large_a_file_is_told_how_much_it_is_and_which_days_fit(client, manager, monkeypatch):
    for module in [exporting, keeping]:
        monkeypatch.setattr(module, "MAX_EXPORT", 5)
    now = clock.now()
    for days, entries in [(0, 1), (1, 3), (2, 4)]:
        for _ in range(entries):
            did(manager, Kind.SEARCHED, at=now - timedelta(days=days))
    last_day_that_fits = clock.today() - timedelta(days=1)

    page = client.get(EXPORT, {"did": "searched"})

    assert "Too many for one file" in page.text and "8 entries" in page.text and "5 entries at most" in page.text
    assert 'name="reason"' not in page.text, "nobody writes a reason for nothing"
    assert page.context["fits"] == exporting.Fitting(last_day_that_fits, 4)
    fitting = client.get(EXPORT + "?" + page.context["fits_query"])
    assert 'name="reason"' in fitting.text and "4 entries" in fitting.text


def test_a_day_that_is_too_much_alone_is_not_offered_and_a_reason_makes_no_file(client, manager, monkeypatch):
    for module in [exporting, keeping]:
        monkeypatch.setattr(module, "MAX_EXPORT", 2)
    for _ in range(3):
        did(manager, Kind.SEARCHED)

    page = client.post(EXPORT + "?did=searched", {"reason": "Yearly check"})

    assert (page.context["fits"], page.context["fits_query"]) == (None, "")
    assert "Too many for one file" in page.text and not AuditExport.objects.exists()


def test_an_export_needs_a_reason(client, manager):
    page = client.post(reverse("audit:export"), {"reason": " "})

    assert "State why this export is necessary." in page.content.decode()
    assert not AuditExport.objects.exists()


def test_an_export_is_recorded_with_what_was_asked_how_much_and_its_hash(client, manager):
    maya = UserFactory(first_name="=cmd", last_name="Reader")
    did(maya, Kind.SEARCHED)

    response = client.post(f"{reverse('audit:export')}?did=searched&who={maya.uid}", {"reason": "Yearly check"})
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    export, event = AuditExport.objects.get(), AccessEvent.objects.filter(kind=Kind.EXPORTED).get()

    assert lines[0][0].startswith(f"Export {export.ref} by Grant Manager")
    assert [line[2:4] for line in lines[2:]] == [["'=cmd Reader", "Looked up callers"]]
    assert (export.row_count, export.query, export.by) == (1, f"who={maya.uid}&did=searched", manager)
    assert event.detail == {"ref": export.ref, "criteria": export.query, "count": 1, "sha256": export.sha256}


def test_an_access_administrator_sees_access_changes_and_nothing_else(client):
    maya = UserFactory()
    did(maya, Kind.VIEWED, ContactFactory())
    did(maya, Kind.ROLE_GRANTED, maya)
    client.force_login(UserFactory(role=Role.ACCESS_ADMIN))

    for asked in [{}, {"did": "viewed"}, {"did": "searched"}]:
        assert [row.did for row in shown(client, who=maya.uid, **asked)] == ["Gave a role"]


def test_an_access_administrator_sees_of_a_step_only_the_access_changes(client):
    maya = UserFactory()
    did(maya, Kind.VIEWED, ContactFactory(), request="abc123")
    did(maya, Kind.ROLE_REVOKED, maya, request="abc123")
    granted = did(maya, Kind.ROLE_GRANTED, maya, request="abc123")
    client.force_login(UserFactory(role=Role.ACCESS_ADMIN))

    page = client.get(ENTRIES, {"who": maya.uid, "open": Place(granted.at, 1, granted.pk).token})

    assert [row.did for row in page.context["opened"].same_step] == ["Ended a role"]


def test_a_privacy_officer_sees_what_a_manager_did(client):
    manager = UserFactory(role=Role.MANAGER)
    did(manager, Kind.REPORT_VIEWED)
    client.force_login(UserFactory(role=Role.PRIVACY_OFFICER))

    assert [row.did for row in shown(client, who=manager.uid)] == ["Read an audit report"]


def test_a_record_that_one_may_not_open_has_no_link(client, manager):
    contact = ContactFactory(sensitivity="restricted")
    did(UserFactory(), Kind.VIEWED, contact)

    (row,) = shown(client, did="viewed", record=contact.ref)

    assert (row.record.ref, row.record.url) == (contact.ref, "")


def test_the_list_asks_the_database_as_often_for_one_entry_as_for_many(client, manager):
    Contact.objects.visible_to(manager).first()
    maya = UserFactory()
    did(maya, Kind.VIEWED, ContactFactory(), purpose="call")
    client.get(ENTRIES, {"who": maya.uid})
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(ENTRIES, {"who": maya.uid})
        counts.append(len(queries))
        for _n in range(5):
            did(maya, Kind.VIEWED, ContactFactory(), purpose="call")
            did(maya, Kind.SEARCHED)
    assert counts[0] == counts[1]
    sql = " ".join(query["sql"] for query in queries)
    assert "OFFSET" not in sql


def test_top_viewers_stand_against_the_median(client, manager):
    readers = [UserFactory() for _n in range(3)]
    contact = ContactFactory()
    for reader, opened in zip(readers, [1, 2, 6], strict=True):
        for _n in range(opened):
            did(reader, Kind.VIEWED, contact)

    context = client.get(reverse("audit:viewers")).context

    assert [(viewer.person, viewer.opened, viewer.people, viewer.times) for viewer in context["viewers"]] == [
        (readers[2], 6, 1, 3.0),
        (readers[1], 2, 1, 1.0),
        (readers[0], 1, 1, 0.5),
    ]


def test_the_first_page_counts_each_question(client, manager):
    did(UserFactory(), Kind.SEARCHED)
    figures = {topic.code: figure for topic, _url, figure in client.get(reverse("audit:start")).context["topics"]}

    assert (figures["searched"].total, figures["searched"].today) == (1, 1)
    assert len(figures["searched"].bars) == 14


def test_a_figure_of_the_first_page_leads_to_as_many_entries(client, manager):
    did(manager, Kind.VIEWED, ContactFactory(), at=clock.now() - timedelta(days=13), purpose="call")
    did(manager, Kind.VIEWED, ContactFactory(), at=clock.now() - timedelta(days=14), purpose="call")

    page = client.get(reverse("audit:start"))

    [(address, figure)] = [
        (address, figure) for topic, address, figure in page.context["topics"] if topic.code == "viewed"
    ]
    assert figure.total == 1
    assert client.get(address).context["count"] == 1
    assert f"did=viewed&amp;since={clock.today()}" in page.text, "and what is said of today leads to today"


def test_a_report_of_one_s_own_is_saved_and_deleted(client, manager):
    new = f"{reverse('audit:report_new')}?did=searched"
    client.post(new, {"name": "Lookups"})
    report = SavedReport.objects.get(owner=manager)
    again = client.post(new, {"name": "Lookups"})

    assert report.query == "did=searched"
    assert "You have a report with this name already." in again.content.decode()
    assert "Lookups" in client.get(reverse("audit:start")).content.decode()

    client.post(reverse("audit:report_delete", args=[report.uid]))
    assert not SavedReport.objects.exists()


def test_the_first_page_tells_at_a_glance_what_needs_a_look(client):
    ingrid, tomas = UserFactory(role=Role.PRIVACY_OFFICER), UserFactory()
    for _n in range(2):
        did(tomas, Kind.VIEWED, ContactFactory(), purpose="team")
    did(tomas, Kind.DENIED)
    at = clock.now()
    ReviewItem.objects.create(
        key="many:1", rule="many", reader=tomas, since=at, until=at, count=2, reads=[1, 2], is_urgent=True
    )
    client.force_login(ingrid)

    page = client.get(reverse("audit:start"))

    assert (page.context["opened"].today, page.context["refused"].today) == (2, 1)
    assert page.context["review"] == {"waiting": 1, "urgent": 1, "found": 0}
    assert (page.context["viewers"].most, page.context["viewers"].median) == (2, 2)
    assert "1 urgent" in page.content.decode()


def test_a_record_without_a_reference_is_asked_for_by_its_uid_and_called_by_its_title(client, manager):
    maya, event = UserFactory(), EventFactory(title="Newcomers' evening")
    did(maya, Kind.VIEWED, event)

    page = client.get(ENTRIES, {"did": "viewed", "record": str(event.uid)})

    assert [(row.record.kind, row.record.ref) for row in page.context["rows"]] == [("Event", "Newcomers' evening")]
    assert page.context["active_filters"][1][0] == "Event Newcomers' evening"


@pytest.mark.parametrize("asked", [{"until": "9999-12-31"}, {"since": "0001-01-01"}])
def test_days_that_no_calendar_of_ours_has_are_refused_in_words(client, manager, asked):
    page = client.get(ENTRIES, asked)

    assert "Choose a day between 2000 and 2100." in page.content.decode()
