"""A contact for materials only becomes a full one on a new call, with a new notice (R-CON-04)."""

from datetime import UTC, datetime
from html import unescape

import pytest
from django.urls import reverse

from contacts.models import Contact
from tests.factories import ContactFactory, TextVersionFactory

NOTICE = "Read the collection notice to the client before recording contact information."
JUNE = datetime(2026, 6, 1, 16, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, 16, tzinfo=UTC)


@pytest.fixture
def rosalind(specialist):
    TextVersionFactory(kind="collection_notice", number=901, valid_from=NOVEMBER)
    return ContactFactory(
        team=specialist.team,
        materials_only=True,
        name="Rosalind Quillfeather-Osei",
        email="rosalind.q@example.org",
        notice_version=TextVersionFactory(kind="collection_notice", number=900, valid_from=JUNE),
        notice_at=JUNE,
    )


@pytest.fixture
def boxes(statistics_only):
    """What the page of this contact sends back when only the call was filled in."""
    kept = {name: value for name, value in statistics_only.items() if name not in {"citizenship", "origin_country"}}
    return kept | {"name": "Rosalind Quillfeather-Osei", "email": "rosalind.q@example.org"}


def errors_of(response, form):
    return {name: list(errors) for name, errors in response.context[form].errors.items()}


def stored(contact):
    return Contact.objects.get(pk=contact.pk)


def test_the_page_offers_the_notice_and_the_boxes_for_more(start, signed_in, rosalind):
    page = signed_in.get(f"/calls/drafts/{start(contact=rosalind.uid).uid}/").content.decode()

    assert 'name="notice_given"' in page
    assert 'name="organisation"' in page
    assert "Recorded for materials by e-mail only." in page


def test_the_notice_and_more_details_make_a_full_contact(start, save, rosalind, boxes):
    save(start(contact=rosalind.uid), **boxes, notice_given="on", organisation="Make-Believe Mills", citizenship="PH")

    contact = stored(rosalind)
    assert (contact.materials_only, contact.organisation, contact.citizenship) == (
        False,
        "Make-Believe Mills",
        "PH",
    )
    assert contact.notice_version != rosalind.notice_version
    assert contact.notice_at > JUNE


@pytest.mark.parametrize(
    "more",
    [{"organisation": "Make-Believe Mills"}, {"fax": "780-555-0118"}, {"mobile": "780-555-0119"}, {"language": "fr"}],
)
def test_more_details_without_the_notice_are_refused(start, save, rosalind, boxes, more):
    response = save(start(contact=rosalind.uid), **boxes, **more)

    assert errors_of(response, "caller")["notice_given"] == [NOTICE]
    assert stored(rosalind).version == rosalind.version


def test_a_yes_without_the_notice_is_refused(start, save, rosalind, boxes):
    yes = {"future_contact": "yes", "purposes": ["seminar"], "channels": ["email"]}

    response = save(start(contact=rosalind.uid), **boxes, **yes)

    assert errors_of(response, "caller")["notice_given"] == [NOTICE]


def test_a_yes_with_the_notice_may_bring_an_address(start, save, rosalind, boxes, address):
    yes = {"future_contact": "yes", "purposes": ["seminar"], "channels": ["email"], "notice_given": "on"}

    save(start(contact=rosalind.uid), **boxes, **yes, **address)

    contact = stored(rosalind)
    assert (contact.materials_only, contact.future_contact, contact.city) == (False, "agreed", "Brooks")


def test_without_more_details_it_stays_for_materials(start, save, rosalind, boxes):
    save(start(contact=rosalind.uid), **boxes, notice_given="on")

    contact = stored(rosalind)
    assert contact.materials_only
    assert contact.notice_at == JUNE


def test_statistics_of_the_call_need_no_notice_and_stay_on_the_call(start, save, rosalind, boxes):
    draft = start(contact=rosalind.uid)
    save(draft, **boxes, citizenship="PH", origin_country="PH")

    draft.refresh_from_db()
    assert (draft.call.stat_citizenship, stored(rosalind).citizenship) == ("PH", "")
    assert stored(rosalind).materials_only


def test_undo_makes_it_a_contact_for_materials_again(start, save, signed_in, rosalind, boxes):
    draft = start(contact=rosalind.uid)
    save(draft, **boxes, notice_given="on", organisation="Make-Believe Mills")
    draft.refresh_from_db()

    signed_in.post(reverse("calls:undo", args=[draft.call.uid]))

    contact = stored(rosalind)
    assert (contact.materials_only, contact.organisation) == (True, "")
    assert (contact.notice_version, contact.notice_at) == (rosalind.notice_version, JUNE)


def test_the_edit_page_starts_the_call(signed_in, rosalind):
    page = unescape(signed_in.get(reverse("contacts:edit", args=[rosalind.uid])).content.decode())

    assert f'action="{reverse("calls:start")}"' in page
    assert "Start a call" in page


def test_the_edit_page_of_a_full_contact_does_not(signed_in, specialist):
    contact = ContactFactory(team=specialist.team)

    page = signed_in.get(reverse("contacts:edit", args=[contact.uid])).content.decode()

    assert "Start a call" not in page


def test_a_call_keeps_what_it_does_not_ask(start, signed_in, specialist):
    """Every box that the form reads is drawn: one that is not would come back empty and be erased."""
    contact = ContactFactory(team=specialist.team)

    response = signed_in.get(f"/calls/drafts/{start(contact=contact.uid).uid}/")

    page, caller = response.content.decode(), response.context["caller"]
    drawn_when_needed = {"phone_confirmed", "mobile_confirmed", "fax_confirmed"}
    assert [name for name in caller.fields if f'name="{name}"' not in page and name not in drawn_when_needed] == []
