"""Taking the list out as a file (R-SEC-01): who, why, how many, what is in it, what is recorded."""

import csv
import hashlib
import io

import pytest
from django.db import IntegrityError, transaction

from access.roles import PERMISSIONS, Role
from audit.models import AccessEvent
from contacts.models import ContactExport
from contacts.services import exports
from i2a.spreadsheets import safe
from tests.factories import LONG_AGO, ContactFactory, TeamFactory

URL = "/contacts/export/"
WHY = "Invitation list for the minister's office"


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


def export(client, query="", **values):
    return client.post(f"{URL}?{query}", {"reason": WHY, **values})


def body(response):
    return b"".join(response.streaming_content)


def rows(response):
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))


def test_only_manager_and_privacy_officer_may_export():
    assert {role for role in Role if "contacts.export_contact" in PERMISSIONS[role]} == {"manager", "privacy_officer"}


def test_the_list_offers_the_export_to_who_may(client, specialist, manager):
    ContactFactory()
    for user, is_offered in [(specialist, False), (manager, True)]:
        client.force_login(user)
        assert (URL in client.get("/contacts/").text) is is_offered


def test_without_a_reason_nothing_leaves(as_manager):
    ContactFactory()

    response = export(as_manager, reason="  ")

    assert "State why this export is necessary." in response.text
    assert not ContactExport.objects.exists()
    assert not AccessEvent.objects.filter(kind="exported").exists()


def test_the_file_holds_what_the_list_shows(as_manager):
    ContactFactory(name="Zoë", category="employer", origin_country="UA", language="uk", email="zoe@example.org")
    ContactFactory(name="Else")

    response = export(as_manager, "category=employer")

    _mark, heads, row = rows(response)
    found = dict(zip(heads, row, strict=True))
    assert found["Name"] == "Zoë"
    assert (found["Category"], found["Country of origin"]) == ("Employer", "Ukraine")
    assert (found["E-mail"], found["Consent"]) == ("zoe@example.org", "Not asked yet")
    assert "Street" not in heads


def test_the_first_line_says_who_when_and_under_which_reference(as_manager):
    ContactFactory()

    (mark,) = rows(export(as_manager))[0]

    record = ContactExport.objects.get()
    assert record.ref in mark
    assert "Contacts: 1." in mark
    assert str(record.by) in mark
    assert WHY not in mark


def test_spreadsheets_recognise_the_encoding_and_browsers_the_file(as_manager):
    response = export(as_manager)

    assert body(response).startswith(b"\xef\xbb\xbf")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f'attachment; filename="contacts-{ContactExport.objects.get().ref}.csv"' == response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_no_cell_is_a_formula(start):
    assert safe([f"{start}1"]) == [f"'{start}1"]


def test_a_formula_as_an_organisation_is_text_in_the_file(as_manager):
    ContactFactory(organisation='=HYPERLINK("http://x")', phone="+14035550142")

    row = rows(export(as_manager))[2]

    assert '\'=HYPERLINK("http://x")' in row
    assert "'+14035550142" in row
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_what_left_is_recorded_with_criteria_count_and_hash(as_manager, manager):
    ContactFactory(category="employer")

    response = export(as_manager, "category=employer&nonsense=1")

    sha256 = hashlib.sha256(body(response)).hexdigest()
    record = ContactExport.objects.get()
    assert (record.by, record.reason, record.query) == (manager, WHY, "category=employer")
    assert (record.row_count, record.sha256) == (1, sha256)
    (event,) = AccessEvent.objects.filter(kind="exported")
    assert event.actor == manager
    assert event.detail == {"ref": record.ref, "criteria": "category=employer", "count": 1, "sha256": sha256}


def test_more_than_the_limit_is_refused_before_anything_is_written(as_manager, monkeypatch):
    monkeypatch.setattr(exports, "MAX_EXPORT", 1)
    ContactFactory.create_batch(2)

    response = export(as_manager)

    assert "An export may have at most 5,000 contacts. Use more filters." in response.text
    assert not ContactExport.objects.exists()


def test_the_file_never_holds_what_the_person_may_not_see(as_manager):
    ContactFactory(name="Seen", team=TeamFactory(name="Trade Missions"))
    ContactFactory(name="Hidden", restricted=True)

    found = {row[1] for row in rows(export(as_manager))[2:]}

    assert found == {"Seen"}


def test_the_cost_does_not_grow_with_the_rows(as_manager, django_assert_max_num_queries):
    ContactFactory.create_batch(12)

    with django_assert_max_num_queries(20):
        body(export(as_manager))


def test_the_record_cannot_be_changed_or_removed(as_manager):
    ContactFactory()
    export(as_manager)

    for change in [
        lambda: ContactExport.objects.update(row_count=0),
        lambda: ContactExport.objects.all().delete(),
    ]:
        with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [({"reason": ""}, "contact_export_says_why"), ({"row_count": 5001}, "contact_export_not_too_long")],
)
def test_the_database_keeps_the_rules(manager, wrong, constraint):
    values = {"ref": "E-1", "by": manager, "at": LONG_AGO, "reason": "x", "row_count": 1, "sha256": "0" * 64, **wrong}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ContactExport.objects.create(**values)
