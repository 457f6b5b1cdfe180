"""A call with somebody whose record one may read and not change (R-CON-11): the call is logged, the record stays."""

import pytest
from django.urls import reverse

from calls.models import Call
from calls.services.saving import change_known_caller
from contacts.choices import Purpose
from contacts.models import ConsentEvent, Contact, Note
from contacts.services.contacts import NotChangeable
from i2a import clock
from tests.factories import ContactFactory, TeamFactory, let_in

pytestmark = pytest.mark.django_db
EMAIL = "baron@fogwhistle.example.com"


@pytest.fixture
def baron(monday_morning):
    missions = TeamFactory(name="Trade Missions")
    return ContactFactory(name="Baron Fogwhistle-Lee", email=EMAIL, team=missions, agrees_to=[Purpose.SEMINAR])


@pytest.fixture
def draft(start, specialist, baron):
    let_in(specialist, baron)
    return start(contact=baron.uid)


@pytest.fixture
def unchanged(draft, baron):
    """What stands on the record, to compare with later. A call moves its activity, and nothing else."""

    def row():
        moves = {"last_call_at", "last_activity_at"}
        return {name: value for name, value in Contact.objects.values().get(pk=baron.pk).items() if name not in moves}

    before, answers = row(), ConsentEvent.objects.count()
    return lambda: row() == before and ConsentEvent.objects.count() == answers


def test_the_details_are_shown_and_not_offered(signed_in, draft):
    page = signed_in.get(reverse("calls:draft", args=[draft.uid])).text

    assert EMAIL in page
    assert "You may read this record, not change it." in page
    for name in ("name", "email", "phone", "mobile", "fax", "street", "purposes", "channels", "survey_consent"):
        assert f'name="{name}"' not in page


def test_the_call_is_logged(draft, save, statistics_only, baron, specialist, unchanged):
    save(draft, **statistics_only, note="Asked for the dates.")

    call = Call.objects.get()
    assert (call.contact, call.specialist, call.category) == (baron, specialist, "foreign_national")
    assert unchanged()


@pytest.mark.parametrize(
    "posted",
    [
        {"name": "Somebody Else"},
        {"organisation": "Elsewhere Ltd."},
        {"email": "else@example.org"},
        {"phone": "403 555 0199"},
        {"mobile": "403 555 0199"},
        {"fax": "403 555 0199"},
        {"street": "9 Nowhere Lane"},
    ],
)
def test_posted_details_are_refused_in_words(draft, save, statistics_only, posted, unchanged):
    response = save(draft, **statistics_only, **posted)

    assert "You may read this record, not change it. Its details stay as they are" in response.text
    assert unchanged()
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    "posted",
    [
        {"future_contact": "yes", "purposes": ["seminar"], "channels": ["email"]},
        {"future_contact": "not_asked", "future_contact_reason": "In a hurry"},
        {"survey_notice": "given", "survey_consent": "yes"},
    ],
)
def test_a_posted_agreement_is_refused_in_words(draft, save, statistics_only, posted, unchanged):
    response = save(draft, **statistics_only, **posted)

    assert "You cannot record an agreement on a record you may not change." in response.text
    assert unchanged()


def test_a_withdrawal_counts_at_once(draft, save, statistics_only, baron, specialist):
    save(draft, **statistics_only, future_contact="no")

    baron.refresh_from_db()
    event = ConsentEvent.objects.latest("pk")
    assert baron.future_contact == "declined"
    assert (event.status, event.recorded_by, event.source_ref) == ("withdrawn", specialist, Call.objects.get().ref)


def test_category_and_citizenship_belong_to_the_call_only(draft, save, statistics_only, unchanged):
    save(draft, **statistics_only | {"category": "investor", "citizenship": "CH"})

    call = Call.objects.get()
    assert (call.category, call.stat_citizenship) == ("investor", "CH")
    assert unchanged()


def test_the_stored_address_may_be_used_to_send_what_was_asked(draft, save, statistics_only, document, unchanged):
    save(draft, **statistics_only | {"services": ["emailed"], "documents": [document.pk]})

    assert Call.objects.get().message.to_email == EMAIL
    assert unchanged()


def test_a_right_lost_while_typing_refuses_the_save(signed_in, start, save, statistics_only, specialist, monkeypatch):
    """Between the form's question and the transaction the record went to another team."""
    contact = ContactFactory(name="Baron Fogwhistle-Lee", email=EMAIL, team=specialist.team)
    draft = start(contact=contact.uid)

    def refused(**kwargs):
        raise NotChangeable

    monkeypatch.setattr("calls.views.drafts.enter_call", refused)
    response = save(draft, **statistics_only, name="Somebody Else", email=EMAIL, notice_given="on")

    assert response.url == reverse("calls:draft", args=[draft.uid])
    assert not Call.objects.exists()


def test_the_service_asks_for_itself(draft, specialist, statistics_only, unchanged):
    with pytest.raises(NotChangeable):
        change_known_caller(draft, draft.contact, {"name": "Else"}, notice=None, by=specialist, now=clock.now())
    assert unchanged()


def test_notes_editing_and_merging_ask_too(signed_in, draft, baron, unchanged):
    other = ContactFactory(team=TeamFactory(name="Phone"))
    posts = {
        reverse("contacts:notes", args=[baron.uid]): {"body": "Mine"},
        reverse("contacts:edit", args=[baron.uid]): {"name": "Mine"},
        reverse("contacts:merge", args=[other.uid, baron.uid]): {"stage": "preview"},
        reverse("contacts:access", args=[baron.uid]): {"reason": "Mine"},
    }
    for url, data in posts.items():
        assert signed_in.post(url, data).status_code == 403, url
    assert unchanged()
    assert not Note.objects.exists()


def test_undo_takes_back_the_withdrawal(draft, save, signed_in, statistics_only, baron):
    save(draft, **statistics_only, future_contact="no")

    signed_in.post(reverse("calls:undo", args=[Call.objects.get().uid]))

    baron.refresh_from_db()
    assert (baron.future_contact, baron.name) == ("agreed", "Baron Fogwhistle-Lee")
