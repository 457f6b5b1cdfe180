"""The lookup by every kind of thing a specialist types, and by whom (R-CAL-09, R-CON-11)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import AccessEvent
from contacts.choices import Purpose
from contacts.models import Contact
from contacts.search import LIMIT, matching, named, prefill, search
from contacts.shapes import shape_of
from i2a import clock
from tests.contacts.crowd import crowd, plan_as_if_large
from tests.factories import LONG_AGO, ContactFactory, TeamFactory, let_in


@pytest.fixture
def olena(specialist):
    return ContactFactory(
        name="Олена Коваленко",
        name_latin="Olena Kovalenko",
        organisation="Prairie Imaginary Foods Ltd.",
        email="olena@prairie-imaginary.example.com",
        phone="+14035550142",
        mobile="+971505550147",
    )


def found_by(query, user):
    return [match.contact for match in search(query, user).matches]


def why(found):
    return [(reason.label, reason.term) for match in found.matches for reason in match.reasons]


@pytest.mark.parametrize(
    ("typed", "reasons"),
    [
        ("0142", [("Phone ends", "0142")]),
        ("٠١٤٢", [("Phone ends", "0142")]),
        ("555 01", [("Phone contains", "55501")]),
        ("403-555-0142", [("Same phone number", "")]),
        ("(403) 555 0142 x204", [("Same phone number", "")]),
        ("+1 403 555 0142", [("Same phone number", "")]),
        ("011 971 50 555 0147", [("Same phone number", "")]),
        ("00971505550147", [("Same phone number", "")]),
        ("٠٥٠٥٥٥٠١٤٧", [("Phone ends", "505550147")]),
        ("koval", [("Name starts", "koval")]),
        ("KOVAL olena", [("Name starts", "KOVAL olena")]),
        ("коваленко", [("Name starts", "коваленко")]),
        ("koval 0142", [("Phone ends", "0142"), ("Name starts", "koval")]),
        ("imaginary koval", [("Name starts", "koval"), ("Organisation starts", "imaginary")]),
        ("olena@prairie", [("E-mail starts", "olena@prairie")]),
        ("OLENA@Prairie-Imaginary.example.COM", [("Same e-mail", "")]),
        ("@imaginary", [("Organisation starts", "@imaginary")]),
    ],
)
def test_a_caller_is_found_and_the_match_says_why(specialist, olena, typed, reasons):
    ContactFactory(name="Somebody Else", email="else@example.net", phone="+17805550999")

    found = search(typed, specialist)

    assert [match.contact for match in found.matches] == [olena]
    assert why(found) == reasons


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Nguyễn Thị Ánh Tưởng Tượng", "Nguyen thi anh"),
        ("Łukasz Zmyślony", "LUKASZ zmyslony"),
        ("王虚构", "王虚"),
        ("王虚构", "王"),
        ("أحمد النجّار الخيالي", "النجار"),
        ("Zoë Żółkiewska-Ågren", "Zoe\u0308 agren"),
        ("D'Arcy O'Fictional-Smythe", "o'fictional"),
        ("Rekaan", "rek"),
    ],
)
def test_names_are_found_without_their_accents_and_in_their_script(specialist, name, typed):
    contact = ContactFactory(name=name)

    assert found_by(typed, specialist) == [contact]


@pytest.mark.parametrize(
    "spelling",
    ["+63 917 555 0143", "0063 917 555 0143", "011 63 917 555 0143", "0917 555 0143", "639175550143", "917-555-0143"],
)
def test_any_spelling_of_a_number_finds_it(specialist, spelling):
    contact = ContactFactory(phone="+639175550143")

    assert found_by(spelling, specialist) == [contact]


def test_a_numbered_company_is_found_by_its_number(specialist):
    contact = ContactFactory(organisation="1234567 Alberta Ltd.")

    assert found_by("1234567 alb", specialist) == [contact]


def test_a_reference_read_aloud_finds_its_record(specialist):
    contact = ContactFactory(ref="P-2026-000045")

    assert found_by("p-2026-000045", specialist) == [contact]


def test_number_endings_come_first_then_the_latest(specialist):
    early, late = LONG_AGO, LONG_AGO + timedelta(days=1)
    inside = ContactFactory(phone="+3403555014299", last_activity_at=late)
    older = ContactFactory(phone="+234035550142", last_activity_at=early)
    newer = ContactFactory(phone="+334035550142", last_activity_at=late)

    assert found_by("5550142", specialist) == [newer, older, inside]


def test_who_has_the_whole_number_leaves_out_whose_only_ends_with_it(specialist):
    ContactFactory(phone="+234035550142")
    same, family = ContactFactory(phone="+14035550142"), ContactFactory(mobile="+14035550142")

    assert set(found_by("4035550142", specialist)) == {same, family}


def test_a_whole_number_nobody_has_finds_those_that_end_with_it(specialist):
    contact = ContactFactory(phone="+234035550142")

    found = search("4035550142", specialist)

    assert ([match.contact for match in found.possible], found.certain) == ([contact], [])


@pytest.mark.parametrize(
    ("query", "is_certain"),
    [
        ("403 555 0142", True),
        ("olena@prairie-imaginary.example.com", True),
        ("P-2026-000045", True),
        ("0142", False),
        ("olena@prairie", False),
        ("Olena Kovalenko", False),
    ],
)
def test_only_a_whole_number_address_or_reference_is_certain(specialist, olena, query, is_certain):
    olena.ref = "P-2026-000045"
    olena.save()

    found = search(query, specialist)

    assert (len(found.certain), len(found.possible)) == ((1, 0) if is_certain else (0, 1))


def test_at_most_eight_are_shown_and_more_are_announced(specialist):
    ContactFactory.create_batch(LIMIT + 1, name="Ama Storybrook")

    found = search("storybrook", specialist)

    assert (len(found.matches), found.has_more) == (LIMIT, True)


@pytest.mark.parametrize("query", ["", " ", "a", "!!", "@", "12", "%", "_", "\\", "'", "&|!():*<->"])
def test_too_little_finds_nobody(specialist, query):
    ContactFactory(name="Ama Storybrook")

    assert found_by(query, specialist) == []


def test_wildcards_are_letters(specialist):
    ContactFactory(email="someone@example.org")

    assert found_by("some%@", specialist) == []


def test_merged_records_are_not_found(specialist):
    ContactFactory(name="Ama Storybrook", status="merged")

    assert found_by("storybrook", specialist) == []


# who may find whom


@pytest.fixture
def restricted(specialist):
    return ContactFactory(name="Baron Fogwhistle", phone="+14035550142", email="baron@example.org", restricted=True)


@pytest.mark.parametrize("query", ["fogwhistle", "0142", "baron@"])
def test_a_restricted_record_is_found_by_nobody(specialist, restricted, query):
    found = search(query, specialist)

    assert (found.matches, found.hidden_count) == ([], 0)


@pytest.mark.parametrize("query", ["403 555 0142", "baron@example.org"])
def test_only_who_knows_the_whole_number_or_address_learns_that_there_is_somebody(specialist, restricted, query):
    found = search(query, specialist)

    assert (found.matches, found.hidden_count) == ([], 1)


@pytest.mark.parametrize("query", ["baron fogwhistle", "Fogwhistle, BARON", "BARON@example.org", "+1 403 555 0142"])
def test_whoever_names_a_hidden_person_in_full_learns_that_there_is_one(specialist, query):
    """Story 10."""
    ContactFactory(name="Baron Thaddeus Fogwhistle", phone="+14035550142", email="baron@example.org", restricted=True)

    found = search(query, specialist)

    assert (found.matches, found.hidden_count) == ([], 1)


def test_another_teams_record_is_not_found(specialist):
    ContactFactory(name="Ama Storybrook", team=TeamFactory(name="Trade Missions"))

    assert found_by("storybrook", specialist) == []


def test_managers_and_privacy_officers_find_every_team(manager, privacy_officer):
    contact = ContactFactory(name="Ama Storybrook", team=TeamFactory(name="Trade Missions"))

    assert found_by("storybrook", manager) == found_by("storybrook", privacy_officer) == [contact]


def test_a_grant_on_the_record_makes_it_findable(specialist, restricted):
    let_in(specialist, restricted)

    assert found_by("fogwhistle", specialist) == [restricted]


def test_the_access_administrator_finds_nobody(access_admin):
    ContactFactory(name="Ama Storybrook")

    assert found_by("storybrook", access_admin) == []


# what it costs and leaves behind


def test_a_lookup_is_recorded_without_its_text(specialist, olena):
    search("koval 0142", specialist)

    event = AccessEvent.objects.get(kind="searched")
    assert event.detail["count"] == 1
    assert len(event.detail["query"]) == 64
    assert "koval" not in str(event.detail)


def test_the_same_query_leaves_the_same_fingerprint(specialist):
    search("Koval", specialist)
    search("koval ", specialist)

    assert len({event.detail["query"] for event in AccessEvent.objects.filter(kind="searched")}) == 1


@pytest.mark.parametrize("people", [3, 8])
def test_a_lookup_costs_one_query_and_its_record(specialist, people, django_assert_num_queries):
    ContactFactory.create_batch(people, name="Ama Storybrook", agrees_to=[Purpose.SEMINAR])
    Contact.objects.visible_to(specialist)  # roles and grants are known from now on

    with django_assert_num_queries(2):
        assert len(search("storybrook", specialist).matches) == people


@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ("0142", 2),
        ("403 555 0142", 3),  # who else has it
        ("olena@prairie-imaginary.example.com", 3),
        ("koval", 4),  # is it misspelt
        ("olena koval", 5),  # both
    ],
)
def test_a_lookup_costs_at_most_four_queries_and_its_record(
    specialist, olena, query, queries, django_assert_num_queries
):
    Contact.objects.visible_to(specialist)  # roles and grants are known from now on

    with django_assert_num_queries(queries):
        assert [match.contact for match in search(query, specialist).matches] == [olena]


def test_only_where_all_are_hidden_it_asks_for_them_and_for_dropped_numbers(
    specialist, restricted, django_assert_num_queries
):
    Contact.objects.visible_to(specialist)  # roles and grants are known from now on

    with django_assert_num_queries(6):
        assert search("403 555 0142", specialist).hidden_count == 1


@pytest.fixture
def thousands(specialist):
    ContactFactory(name="Olena Kovalenko", phone="+14035550142", email="olena@example.com")
    crowd(specialist.team)
    plan_as_if_large()


def test_every_shape_is_answered_by_its_index(thousands):
    expected = {
        "kovalenko": "contact_words",
        "5550142": "contact_numbers",
        "olena@exam": "contact_email",
        "olena@example.com": "contact_email",
    }
    contacts = Contact.objects.all()  # all are active and of one team here, and 4000 are read faster by that

    plans = {typed: matching(contacts, shape_of(typed)).explain() for typed in expected}
    exact = {typed: named(shape_of(typed)).explain() for typed in ["olena@example.com", "403-555-0142"]}

    assert {typed: index for typed, index in expected.items() if index not in plans[typed]} == {}
    assert "contact_email" in exact["olena@example.com"]
    assert all(f"contact_{column}" in exact["403-555-0142"] for column in ["phone", "mobile", "fax"])


def test_the_newest_of_a_common_name_are_found_among_thousands(specialist, thousands, monkeypatch):
    monkeypatch.setattr("contacts.search.CANDIDATES", 50)
    newest = ContactFactory(name="Invented Newest", last_activity_at=clock.now() + timedelta(minutes=1))

    assert found_by("invented", specialist)[0] == newest


# bad input


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(codec=None), max_size=120))
def test_nothing_typed_makes_the_lookup_fall_over(specialist, query):
    search(query, specialist)


@pytest.mark.parametrize("query", ["\x00", "\ud800ab", "9" * 10_000, "x" * 10_000, "\u202eabc", "a\r\nb", "'; DROP"])
def test_hostile_text_finds_nobody(specialist, query):
    assert found_by(query, specialist) == []


# a new caller


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("0142", {"phone": "0142"}),
        ("Ama Storybrook 403 555 0142", {"name": "Ama Storybrook", "phone": "403 555 0142"}),
        ("ama@example.org", {"email": "ama@example.org"}),
        ("王虚构", {"name": "王虚构"}),
    ],
)
def test_what_was_typed_begins_the_record_of_a_new_caller(typed, values):
    assert prefill(typed) == values
