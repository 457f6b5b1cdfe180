"""Other people of a contact's organisation, on the contact's page; and what its edit page says."""

from html import unescape

import pytest
from django.urls import reverse

from i2a.personal_data import dictionary
from tests.factories import ContactFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_of(client, specialist):
    client.force_login(specialist, backend="access.backends.RoleBackend")
    return lambda url: unescape(client.get(url).content.decode())


def test_the_page_names_others_of_the_organisation_whom_one_may_see(page_of, specialist):
    zoe = ContactFactory(team=specialist.team, organisation="Prairie Imaginary Foods Ltd.")
    ContactFactory(team=specialist.team, organisation="PRAIRIE imaginary foods ltd.", name="Colleague Beispiel")
    ContactFactory(team=TeamFactory(name="Elsewhere"), organisation=zoe.organisation, name="Hidden Beispiel")

    page = page_of(zoe.get_absolute_url())

    assert "Colleague Beispiel" in page
    assert "Hidden Beispiel" not in page


def test_the_page_stops_after_five_and_says_how_many_more(page_of, specialist):
    people = ContactFactory.create_batch(8, team=specialist.team, organisation="Prairie Imaginary Foods Ltd.")

    assert "and 2 more" in page_of(people[0].get_absolute_url())


def test_somebody_alone_in_the_organisation_has_no_such_panel(page_of, specialist):
    zoe = ContactFactory(team=specialist.team, organisation="Prairie Imaginary Foods Ltd.")

    assert "Other people of this organisation" not in page_of(zoe.get_absolute_url())


def test_the_edit_page_keeps_the_reason_beside_the_warning_about_a_new_address(page_of, specialist):
    contact = ContactFactory(team=specialist.team, agrees_to=["seminar"])

    page = page_of(reverse("contacts:edit", args=[contact.uid]))

    assert "To send what they ask for. A new address gets no invitations" in page


def test_the_edit_page_says_what_do_not_contact_means(page_of, specialist):
    contact = ContactFactory(
        team=specialist.team, do_not_contact=True, do_not_contact_at="2026-01-01T00:00Z", do_not_contact_by=specialist
    )

    assert "They asked not to be contacted." in page_of(reverse("contacts:edit", args=[contact.uid]))


def test_the_data_dictionary_begins_with_the_contact():
    records = [record.title for record, _lines in dictionary()]

    assert str(records[0]) == "Contact"
