"""The lookup page of contacts."""

import pytest
from django.urls import reverse

from tests.factories import ContactFactory

URL = "/contacts/"


def test_the_page_works_without_javascript(client, specialist):
    contact = ContactFactory(name="Ama Storybrook")
    client.force_login(specialist)

    html = client.post(URL, {"q": "storybrook"}).content.decode()

    assert "<html" in html
    assert reverse("contacts:detail", args=[contact.uid]) in html
    assert "Name starts <mark>storybrook</mark>" in html


def test_htmx_gets_the_matches_only(client, specialist):
    ContactFactory(name="Ama Storybrook")
    client.force_login(specialist)

    html = client.post(URL, {"q": "storybrook"}, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html
    assert "1 contact matches." in html


def test_what_one_may_not_see_is_only_counted(client, specialist):
    ContactFactory(name="Baron Fogwhistle", email="baron@example.org", restricted=True)
    client.force_login(specialist)

    html = client.post(URL, {"q": "baron@example.org"}).content.decode()

    assert "1 further match you cannot view" in html
    assert "Fogwhistle" not in html


def test_a_hidden_match_by_name_offers_no_button_that_could_not_act(client, specialist):
    ContactFactory(name="Baron Fogwhistle", restricted=True)
    client.force_login(specialist)

    html = client.post(URL, {"q": "baron fogwhistle"}).content.decode()

    assert "1 further match you cannot view" in html
    assert "Look up the whole number or e-mail address to reach the owner team." in html
    assert "Notify owner team" not in html


@pytest.mark.parametrize(
    ("q", "words"), [("a", "Type at least two letters"), ("nobody at all", "Nobody matches"), ("", "Find a contact")]
)
def test_no_match_says_what_to_try(client, specialist, q, words):
    client.force_login(specialist)

    assert words in client.post(URL, {"q": q}).content.decode()


def test_what_was_typed_is_escaped(client, specialist):
    client.force_login(specialist)

    html = client.post(URL, {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert(1)" not in html


@pytest.mark.parametrize(
    ("person", "status"),
    [("specialist", 200), ("team_lead", 200), ("manager", 200), ("privacy_officer", 200), ("access_admin", 403)],
)
def test_who_may_look_up(client, request, person, status):
    client.force_login(request.getfixturevalue(person))

    assert client.get(URL).status_code == status
