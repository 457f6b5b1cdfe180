"""Who is calling? The lookup and the specialist's plate."""

import pytest
from django.urls import reverse

from audit.models import AccessEvent
from tests.factories import CallFactory, ContactFactory, FollowUpFactory

DESK = "/calls/desk/"


def look_up(client, q, **headers):
    return client.post(DESK, {"q": q}, headers=headers)


@pytest.mark.parametrize("typed", ["0142", "koval", "КОВАЛ", "olena@", "prairie", "(780) 555-0142"])
def test_a_caller_is_found_by_whatever_is_typed(signed_in, typed):
    ContactFactory(
        name="Олена Коваленко", name_latin="Olena Kovalenko", phone="+17805550142", email="olena@example.org",
        organisation="Prairie Imaginary Foods",
    )  # fmt: skip

    page = look_up(signed_in, typed).content.decode()

    assert "Olena Kovalenko" in page
    assert "<mark>" in page or "Same" in page


def test_the_last_line_starts_a_new_caller_with_what_was_typed(signed_in):
    assert "new caller “koval”" in look_up(signed_in, "koval").content.decode()


def test_htmx_gets_the_matches_only(signed_in):
    page = look_up(signed_in, "koval", HX_Request="true").content.decode()

    assert "<html" not in page
    assert "data-i2a-results" in page


def test_what_is_typed_never_stands_in_a_url(signed_in):
    ContactFactory(name="Olena Kovalenko")

    page = signed_in.get(DESK, {"q": "koval"}).content.decode()

    assert "Olena" not in page
    assert 'method="post" action="/calls/desk/"' in page


def test_a_lookup_is_recorded_without_its_text(signed_in, specialist):
    look_up(signed_in, "Kovalenko")

    event = AccessEvent.objects.get(kind="searched")
    assert event.actor == specialist
    assert "koval" not in str(event.detail).lower()


def test_the_desk_costs_the_same_for_many_rows(signed_in, specialist, django_assert_max_num_queries):
    for _ in range(8):
        CallFactory(specialist=specialist, contact=ContactFactory())
        FollowUpFactory(assigned_to=specialist, contact=ContactFactory())

    with django_assert_max_num_queries(15):  # 13, and the savepoint's two of a test
        page = signed_in.get(DESK).content.decode()

    assert page.count("Correct") >= 6


def test_a_lookup_costs_the_same_for_many_matches(signed_in, django_assert_max_num_queries):
    ContactFactory.create_batch(20, name="Olena Kovalenko")

    with django_assert_max_num_queries(14):
        look_up(signed_in, "koval", HX_Request="true")


def test_ones_own_last_calls_can_be_corrected_from_here(signed_in, specialist):
    call = CallFactory(specialist=specialist)
    CallFactory(ref="C-2026-777777")

    page = signed_in.get(DESK).content.decode()

    assert reverse("calls:correct", args=[call.uid]) in page
    assert "C-2026-777777" not in page


def test_ones_own_last_calls_name_their_topics_in_the_language_of_the_page(signed_in, specialist):
    CallFactory(specialist=specialist)  # about work permits
    signed_in.cookies["django_language"] = "fr-ca"

    page = signed_in.get(DESK).content.decode()

    assert "Permis de travail" in page
    assert "Work permits" not in page


def test_an_empty_desk_says_what_will_be_here(signed_in):
    page = signed_in.get(DESK).content.decode()

    assert "No calls yet" in page
    assert "Nobody is waiting for you." in page


def test_a_manager_starts_at_figures_without_names(client, manager):
    client.force_login(manager, backend="access.backends.RoleBackend")
    ContactFactory(name="Olena Kovalenko")

    page = client.get("/").content.decode()

    assert "The line today" in page
    assert "Olena" not in page


def test_a_specialist_starts_at_the_desk(signed_in):
    assert signed_in.get("/").url == DESK


def test_those_who_take_no_calls_may_not_open_the_desk(client, manager):
    client.force_login(manager, backend="access.backends.RoleBackend")

    assert client.get(DESK).status_code == 403
