"""Other people of an organisation: on a contact's page, and in forms where it is chosen; what the edit page says."""

from html import unescape

import pytest
from django.urls import reverse

from audit.data_dictionary import dictionary
from audit.models import AccessEvent
from calls.services.drafts import start_draft
from contacts.models import Contact
from i2a import clock
from tests.factories import ContactFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_of(client, specialist):
    client.force_login(specialist, backend="access.backends.RoleBackend")
    return lambda url: unescape(client.get(url).content.decode())


@pytest.fixture
def zoe(specialist):
    return ContactFactory(team=specialist.team, name="Zoe Beispiel", organisation="Prairie Imaginary Foods Ltd.")


@pytest.fixture
def hidden(zoe):
    return ContactFactory(team=TeamFactory(name="Elsewhere"), organisation=zoe.organisation, name="Hidden Beispiel")


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


# in a form, after the organisation was chosen


def test_whom_one_may_see_of_the_organisation_can_be_used_instead(client, specialist, zoe, hidden):
    client.force_login(specialist)

    html = client.post(reverse("contacts:colleagues"), {"organisation": "prairie IMAGINARY foods, ltd"}).text

    assert f'name="use_contact" value="{zoe.uid}"' in html
    assert "Hidden Beispiel" not in html
    assert AccessEvent.objects.get(kind="listed").detail == {"count": 1, "of": "organisation"}


def test_beside_a_record_the_others_are_links_and_it_is_not_one_of_them(client, specialist, zoe):
    colleague = ContactFactory(team=specialist.team, organisation=zoe.organisation)
    client.force_login(specialist)

    html = client.post(reverse("contacts:colleagues_of", args=[zoe.uid]), {"organisation": zoe.organisation}).text

    assert f'href="{colleague.get_absolute_url()}"' in html
    assert zoe.ref not in html
    assert "use_contact" not in html


@pytest.mark.parametrize("typed", ["", "x", "\x00", "Prairie", "Nobody's Ltd."])
def test_an_organisation_nobody_has_shows_and_records_nothing(client, specialist, zoe, typed):
    client.force_login(specialist)

    assert "Other people" not in client.post(reverse("contacts:colleagues"), {"organisation": typed}).text
    assert not AccessEvent.objects.filter(kind="listed").exists()


def test_without_script_a_button_of_the_new_form_shows_them_and_saves_nothing(client, specialist, zoe):
    client.force_login(specialist)
    typed = {"more": "colleagues", "organisation": zoe.organisation, "name": "Ada Invented", "future_contact": "no"}

    page = client.post(reverse("contacts:new"), typed).text

    assert f'name="use_contact" value="{zoe.uid}"' in page
    assert 'value="Ada Invented"' in page
    assert 'name="street"' not in page
    assert Contact.objects.count() == 1


def test_without_script_a_button_of_the_edit_page_shows_them_and_saves_nothing(client, specialist, zoe):
    contact = ContactFactory(team=specialist.team, name="Before")
    client.force_login(specialist)
    typed = {"more": "colleagues", "organisation": zoe.organisation, "name": "After", "version": contact.version}

    page = client.post(reverse("contacts:edit", args=[contact.uid]), typed | {"seen": '{"name": "Before"}'}).text

    assert f'href="{zoe.get_absolute_url()}"' in page
    assert 'value="After"' in page
    assert "{&quot;name&quot;: &quot;Before&quot;}" in page
    contact.refresh_from_db()
    assert contact.name == "Before"


def test_without_script_a_button_of_the_call_form_shows_them_and_keeps_the_draft(client, specialist, zoe):
    client.force_login(specialist)
    draft = start_draft(user=specialist, now=clock.now())
    typed = {"more": "colleagues", "organisation": zoe.organisation, "note": "Asks about fees"}

    page = client.post(reverse("calls:draft", args=[draft.uid]), typed, follow=True).text

    assert f'name="use_contact" value="{zoe.uid}"' in page
    assert "Asks about fees" in page


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
