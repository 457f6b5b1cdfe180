"""Correcting a contact: minimisation in the form, and two people at once (R-CON-03, R-CON-04, R-CAL-11, story 9)."""

import json
from html import unescape
from itertools import cycle

import pytest

from audit.models import LogEntry
from contacts.choices import FutureContact, Purpose
from contacts.edit_form import shown_of
from contacts.models import Contact
from contacts.services import contacts
from i2a import clock
from tests.contacts.steps import HOME, answer, edit_url, opened_to_edit
from tests.contacts.typed import HOSTILE
from tests.factories import ContactFactory, TextVersionFactory, UserFactory


@pytest.fixture
def zoe(db):
    return ContactFactory(
        name="Zoë Żółkiewska-Ågren",
        organisation="Prairie Imaginary Foods Ltd.",
        category="employer",
        phone="+14035550142",
        phone_ext="204",
        phone_typed="403-555-0142 x204",
        mobile="+15875550126",
        notice_version=TextVersionFactory(kind="collection_notice"),
        agrees_to=[Purpose.SEMINAR],
    )


def test_a_correction_is_saved_and_only_that(client, specialist, zoe):
    client.force_login(specialist)

    response = client.post(edit_url(zoe), opened_to_edit(zoe, organisation="Prairie Fictional Foods Ltd."))

    assert response.status_code == 302
    assert list(LogEntry.objects.latest("pk").changes) == ["organisation"]
    zoe.refresh_from_db()
    assert (zoe.organisation, zoe.phone_typed) == ("Prairie Fictional Foods Ltd.", "403-555-0142 x204")


def test_what_the_browser_got_is_what_it_would_send_back(client, specialist, zoe):
    client.force_login(specialist)

    html = unescape(client.get(edit_url(zoe)).content.decode())

    assert f'name="seen" value="{json.dumps(shown_of(zoe))}"' in html
    assert 'value="+1 403-555-0142 x204"' in html
    assert f'name="version" value="{zoe.version}"' in html


def test_saving_without_a_change_changes_nothing(client, specialist, zoe):
    client.force_login(specialist)
    entries = LogEntry.objects.count()

    client.post(edit_url(zoe), opened_to_edit(zoe))

    assert LogEntry.objects.count() == entries


def test_errors_keep_what_was_typed(client, specialist, zoe):
    client.force_login(specialist)

    html = client.post(edit_url(zoe), opened_to_edit(zoe, phone="12345", city="Brooks")).content.decode()

    assert "Enter a full phone number including the country code." in html
    assert 'value="12345"' in html
    assert 'value="Brooks"' in html


def test_an_address_that_may_not_be_kept_is_refused(client, specialist):
    contact = ContactFactory(notice_version=TextVersionFactory(kind="collection_notice"))
    client.force_login(specialist)

    response = client.post(edit_url(contact), opened_to_edit(contact, street="14 Make-Believe Rd"))

    assert "An address may be recorded only when the client has asked to be contacted" in unescape(
        response.content.decode()
    )
    assert "14 Make-Believe Rd" not in Contact.objects.get().street


def test_materials_only_offers_and_takes_little(client, specialist):
    contact = ContactFactory(materials_only=True, notice_version=TextVersionFactory(kind="collection_notice"))
    client.force_login(specialist)

    page = client.get(edit_url(contact)).content.decode()
    refused = client.post(edit_url(contact), opened_to_edit(contact, citizenship="PH")).content.decode()

    assert 'name="organisation"' not in page
    assert "For an e-mail-only request only an e-mail address and a phone number are recorded." in refused


def test_the_notice_is_asked_for_where_it_was_never_given(client, specialist):
    contact = ContactFactory()
    client.force_login(specialist)

    html = client.post(edit_url(contact), opened_to_edit(contact, name="Rekaan")).content.decode()

    assert "Read the collection notice to the client before recording contact information." in html


SEEN = ["", "[]", "{}", "nonsense", '{"name": 3}', "[" * 5_000, "\x00"]
VERSIONS = ["1", "", "x", "-1", "9" * 400]


@pytest.mark.parametrize(("seen", "version"), [*zip(SEEN, cycle(VERSIONS)), *zip(cycle(SEEN[1:]), VERSIONS)])
def test_a_tampered_page_is_refused_without_a_stumble(client, specialist, zoe, seen, version):
    client.force_login(specialist)

    response = client.post(edit_url(zoe), opened_to_edit(zoe, name="Changed", seen=seen, version=version))

    assert response.status_code == 200
    zoe.refresh_from_db()
    assert zoe.name != "Changed"


FIELDS = ["name", "organisation", "email", "phone", "citizenship", "category", "street", "language"]
SENT = [text for text in HOSTILE if "\ud800" not in text]


@pytest.mark.parametrize(("text", "name"), [*zip(SENT, cycle(FIELDS))])
def test_hostile_text_is_answered_with_the_page_and_kept(client, specialist, zoe, text, name):
    client.force_login(specialist)

    for fields in [{name: text}, dict.fromkeys(FIELDS, text)]:
        response = client.post(edit_url(zoe), opened_to_edit(zoe, **fields))

        assert response.status_code in (200, 302, 409)
        assert "<script>alert(1)" not in response.content.decode()


def test_who_agreed_is_told_what_a_new_address_means(client, specialist, zoe):
    client.force_login(specialist)

    assert "gets no invitations until the client confirms" in client.get(edit_url(zoe)).content.decode()


# two people at once


@pytest.fixture
def tomas(zoe):
    return UserFactory(username="tomas", first_name="Tomas", last_name="Bergeron-Wolfe", team=zoe.team)


def test_the_slower_one_sees_both_values_and_loses_nothing(client, specialist, tomas, zoe):
    page_of_tomas = opened_to_edit(zoe, organisation="Prairie Fictional Foods Ltd.")
    client.force_login(specialist)
    client.post(edit_url(zoe), opened_to_edit(zoe, mobile="587-555-0199"))
    entries = LogEntry.objects.count()
    client.force_login(tomas)

    response = client.post(edit_url(zoe), page_of_tomas)

    html = unescape(response.content.decode())
    assert response.status_code == 409
    assert "This record was changed by Maya O. at " in html
    assert "while you were editing. Your entries are shown below; nothing has been saved." in html
    assert "Prairie Imaginary Foods Ltd." in html
    assert 'value="Prairie Fictional Foods Ltd."' in html
    assert "+1 587-555-0199" in html
    assert LogEntry.objects.count() == entries


def test_saving_again_keeps_both_peoples_changes(client, specialist, tomas, zoe):
    page_of_tomas = opened_to_edit(zoe, organisation="Prairie Fictional Foods Ltd.")
    client.force_login(specialist)
    client.post(edit_url(zoe), opened_to_edit(zoe, mobile="587-555-0199"))
    client.force_login(tomas)
    conflict = client.post(edit_url(zoe), page_of_tomas)

    again = client.post(edit_url(zoe), conflict.context["form"].data.dict())

    zoe.refresh_from_db()
    assert again.status_code == 302
    assert (zoe.organisation, zoe.mobile) == ("Prairie Fictional Foods Ltd.", "+15875550199")


def test_a_withdrawal_meanwhile_wins_over_an_address(client, specialist, tomas, zoe):
    page_of_maya = opened_to_edit(zoe, street="14 Make-Believe Rd", city="Brooks")
    answer(zoe, FutureContact.DECLINED, tomas)
    client.force_login(specialist)

    conflict = client.post(edit_url(zoe), page_of_maya)
    client.post(edit_url(zoe), conflict.context["form"].data.dict())

    assert conflict.status_code == 409
    zoe.refresh_from_db()
    assert not zoe.has_address


def test_pressing_save_twice_is_no_conflict(client, specialist, zoe):
    client.force_login(specialist)
    page = opened_to_edit(zoe, organisation="Prairie Fictional Foods Ltd.")

    responses = [client.post(edit_url(zoe), page) for _press in range(2)]

    assert [response.status_code for response in responses] == [302, 302]


def test_a_save_that_slips_in_between_is_a_conflict_too(client, specialist, tomas, zoe, monkeypatch):
    """The version is checked again under the lock."""
    from contacts.views import editing

    def save_late(*arguments):
        contacts.change_contact(
            contact=zoe, values={"mobile": "+15875550199"}, version=zoe.version, by=tomas, now=clock.now()
        )
        return save(*arguments)

    save = editing.save
    monkeypatch.setattr(editing, "save", save_late)
    client.force_login(specialist)

    response = client.post(edit_url(zoe), opened_to_edit(zoe, organisation="Prairie Fictional Foods Ltd."))

    assert response.status_code == 409


def test_an_address_stored_before_is_shown_for_correction(client, specialist, zoe):
    zoe = contacts.change_contact(contact=zoe, values=HOME, version=zoe.version, by=specialist, now=clock.now())
    client.force_login(specialist)

    html = client.get(edit_url(zoe)).content.decode()

    assert 'value="14 Make-Believe Rd"' in html
