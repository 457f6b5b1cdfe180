"""Views of the list that people keep, share, open by default and delete."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import LogEntry
from audit.registry import auditlog
from contacts.models import Contact, SavedView
from tests.factories import ContactFactory, TeamFactory, UserFactory

NEW = "/contacts/views/new/"


def view_of(user, **values):
    return SavedView.objects.create(owner=user, **{"name": "Employers", "query": "category=employer", **values})


def save(client, query="category=employer&sort=name", **values):
    return client.post(f"{NEW}?{query}", {"name": "Employers by name", "position": 1, **values})


def tabs(response):
    return [(view.name, is_current) for view, is_current in response.context["views"]]


def test_filters_and_order_are_kept_under_a_name(client, specialist):
    ContactFactory(name="Em", category="employer")
    ContactFactory(name="Else")
    client.force_login(specialist)

    response = save(client)

    assert response.url == "/contacts/?category=employer&sort=name"
    opened = client.get(response.url)
    assert tabs(opened) == [("Employers by name", True)]
    assert [row.contact.name for row in opened.context["listed"].rows] == ["Em"]


def test_only_filters_that_the_list_knows_are_kept(client, specialist):
    client.force_login(specialist)

    save(client, query="category=employer&country=XYZ&name=Olena&after=abc&team=1")

    assert SavedView.objects.get().query == "category=employer"


def test_a_view_needs_a_name_and_keeps_what_was_chosen(client, specialist):
    client.force_login(specialist)

    response = save(client, name=" ", is_default="on")

    assert "Give the view a name." in response.text
    assert response.context["form"]["is_default"].value() is True


def test_a_name_is_used_once_per_person(client, specialist):
    view_of(UserFactory(), name="Mine")
    view_of(specialist, name="Mine")
    client.force_login(specialist)

    response = save(client, name="Mine")

    assert "You have a view with this name already. Choose another name." in response.text
    with pytest.raises(IntegrityError, match="saved_view_name_once"), transaction.atomic():
        view_of(specialist, name="Mine")


def test_a_view_is_private_until_it_is_shared_with_the_team(client, specialist, team_lead):
    view_of(specialist, name="Private")
    view_of(specialist, name="Shared", team=specialist.team)
    view_of(
        UserFactory(team=TeamFactory(name="Trade Missions")), name="Foreign", team=TeamFactory(name="Trade Missions")
    )

    client.force_login(team_lead)

    assert tabs(client.get("/contacts/?view=all")) == [("Shared", False)]


def test_sharing_and_taking_it_back(client, specialist):
    view = view_of(specialist)
    client.force_login(specialist)
    url = reverse("contacts:view_edit", args=[view.uid])

    client.post(url, {"name": "Employers", "position": 1, "is_shared": "on", "version": 1})
    view.refresh_from_db()
    assert view.team == specialist.team

    client.post(url, {"name": "Employers", "position": 1, "version": 2})
    view.refresh_from_db()
    assert view.team is None


def test_who_has_no_team_has_nobody_to_share_with(client, manager):
    client.force_login(manager)

    assert "Share it with my team" not in client.get(NEW).text
    save(client, is_shared="on")
    assert SavedView.objects.get().team is None


def test_contacts_open_with_the_default_view_and_all_is_one_click_away(client, specialist):
    view_of(specialist, is_default=True)
    client.force_login(specialist)

    response = client.get("/contacts/")
    assert response.url == "/contacts/?category=employer"

    assert 'href="/contacts/?view=all"' in client.get(response.url).text
    assert client.get("/contacts/?view=all").status_code == 200


def test_a_new_default_takes_the_place_of_the_old_one(client, specialist):
    old = view_of(specialist, is_default=True)
    client.force_login(specialist)

    save(client, is_default="on")

    old.refresh_from_db()
    assert not old.is_default
    with pytest.raises(IntegrityError, match="one_default"), transaction.atomic():
        view_of(specialist, name="Third", is_default=True)


def test_a_colleagues_default_is_not_mine(client, specialist, team_lead):
    view_of(team_lead, is_default=True, team=team_lead.team)
    client.force_login(specialist)

    assert client.get("/contacts/").status_code == 200


def test_a_view_changed_in_another_tab_is_not_overwritten(client, specialist):
    view = view_of(specialist, version=3)
    client.force_login(specialist)

    response = client.post(
        reverse("contacts:view_edit", args=[view.uid]), {"name": "Typed", "position": 1, "version": 2}
    )

    assert "This view was changed in another tab." in response.text
    assert 'value="Typed"' in response.text
    view.refresh_from_db()
    assert view.name == "Employers"


@pytest.mark.parametrize("name", ["view_edit", "view_delete"])
def test_only_who_made_a_view_changes_or_deletes_it(client, specialist, team_lead, name):
    view = view_of(team_lead, team=team_lead.team)
    client.force_login(specialist)

    assert client.post(reverse(f"contacts:{name}", args=[view.uid]), {"name": "Taken"}).status_code == 404
    assert SavedView.objects.get().name == "Employers"


def test_deleting_asks_first_and_leaves_the_contacts(client, specialist):
    ContactFactory()
    view = view_of(specialist)
    client.force_login(specialist)
    url = reverse("contacts:view_delete", args=[view.uid])

    assert "Delete this view?" in client.get(url).text
    assert SavedView.objects.exists()
    client.post(url)

    assert not SavedView.objects.exists()
    assert Contact.objects.exists()


def test_the_history_of_a_view_does_not_tell_its_name(client, specialist):
    client.force_login(specialist)

    save(client, name="Calls of Olena")

    (entry,) = LogEntry.objects.get_for_model(SavedView)
    assert auditlog.contains(SavedView)
    assert entry.actor == specialist
    assert "Olena" not in str(entry.changes)


@pytest.mark.parametrize("query", ["", "%00", "a=1&b=2", "category=employer" * 100])
def test_whatever_is_saved_the_page_answers(client, specialist, query):
    client.force_login(specialist)

    assert save(client, query=query).status_code in {200, 302}
    assert client.get("/contacts/views/").status_code == 200
