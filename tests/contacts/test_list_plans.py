"""Which index leads to a page of the list (performance notes §7: EXPLAIN names it), on the first page and deep down."""

import json

import pytest
from django.db import connection
from django.http import QueryDict

from contacts.list_form import ContactFilterForm
from contacts.listing import ORDERS, list_contacts, order_of
from contacts.models import Contact, UnusableAgreement
from i2a import clock
from i2a.keyset import Key
from tests.contacts.crowd import crowd

pytestmark = pytest.mark.django_db

SPREAD = """
UPDATE contacts_contact SET
    last_activity_at = now() - id * interval '1 minute', created_at = now() - id * interval '1 minute',
    last_call_at = now() - id * interval '1 hour',
    category = CASE WHEN id % 50 = 0 THEN 'investor' ELSE 'employer' END,
    origin_country = CASE WHEN id % 50 = 1 THEN 'UA' ELSE 'PH' END,
    language = CASE WHEN id % 50 = 2 THEN 'uk' ELSE 'en' END,
    organisation_type = CASE WHEN id % 50 = 3 THEN 'law_firm' ELSE '' END,
    future_contact = CASE WHEN id % 50 = 4 THEN 'declined' ELSE 'not_asked' END
"""


@pytest.fixture
def people(specialist):
    crowd(specialist.team, size=3_000)
    with connection.cursor() as cursor:
        cursor.execute(SPREAD)
        cursor.execute("ANALYZE contacts_contact")
        # A few thousand rows are read and sorted sooner than an index is asked, a million are not.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    return specialist


def plan(user, query, *, key=None):
    form = ContactFilterForm(QueryDict(query), sees_all_teams=False)
    order, rows = order_of(form.cleaned_data), list_contacts(user, form.cleaned_data, clock.today())
    rows = order.sorted(order.beyond(rows, key) if key else rows)[:26]
    return json.loads(rows.explain(format="json", analyze=True))[0]["Plan"]


def nodes(node):
    yield node
    for child in node.get("Plans", []):
        yield from nodes(child)


def scan_of(tree):
    return next(node for node in nodes(tree) if node.get("Relation Name") == "contacts_contact")


INDEXES = {
    "": {"contact_recent", "contact_team_recent"},
    "sort=activity": {"contact_recent", "contact_team_recent"},
    "sort=name": {"contact_by_name"},
    "sort=-name": {"contact_by_name"},
    "sort=created": {"contact_by_created"},
    "category=investor": {"contact_by_category"},
    "country=UA": {"contact_by_origin_country"},
    "language=uk": {"contact_by_language"},
    "organisation_type=law_firm": {"contact_by_organisation_type"},
    "consent=declined": {"contact_by_future_contact"},
    "last_call=30days": {"contact_by_call"},
    "last_call=before30days": {"contact_by_call"},
}


def test_an_index_gives_the_rows_in_their_order(people):
    for query, index in INDEXES.items():
        tree = plan(people, query)

        assert scan_of(tree).get("Index Name") in index, query
        assert not [node for node in nodes(tree) if node["Node Type"] == "Sort"], query


def test_a_deep_page_reads_no_more_rows_than_the_first(people):
    for sort, order in ORDERS.items():
        deep = order.sorted(list_contacts(people, {}, clock.today()))[2_000]

        scan = scan_of(plan(people, f"sort={sort}", key=Key(getattr(deep, order.column), deep.pk)))

        assert "Index Cond" in scan, sort
        assert scan["Actual Rows"] <= 26
        assert scan.get("Rows Removed by Filter", 0) == 0


def test_who_agreed_in_vain_is_found_without_looking_at_all_who_agreed(people):
    few = Contact.objects.order_by("pk")[:5]
    UnusableAgreement.objects.bulk_create(  # no audit: kept by triggers otherwise
        [UnusableAgreement(contact=contact) for contact in few]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_unusableagreement; SET LOCAL enable_sort = on")

    scan = scan_of(plan(people, "consent=agreed"))

    assert scan["Actual Rows"] * scan["Actual Loops"] == 5
    assert scan.get("Rows Removed by Filter", 0) == 0
