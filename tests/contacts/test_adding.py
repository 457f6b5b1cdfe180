"""Entering a contact without a call: notice, consent, minimisation, names and numbers of the world (stories 3, 11)."""

import uuid
from functools import partial

import pytest
from django.urls import reverse

from audit.models import LogEntry
from contacts.choices import FutureContact, Purpose
from contacts.forms import ADDRESS_REFUSED, MATERIALS_REFUSED, NO_CHANNEL, NOTICE_MISSING
from contacts.models import ConsentEvent, Contact, DuplicateDecision
from contacts.models.contact import ContactQuerySet
from contacts.services.entering import enter_contact
from i2a import clock
from tests.contacts.typed import ALL_NUMBERS, HOSTILE
from tests.factories import ContactFactory, TeamFactory, TextVersionFactory, UserFactory

NEW, MATERIALS = reverse("contacts:new"), reverse("contacts:materials_only")
NAMES = [  # story 11
    "أحمد النجّار الخيالي",
    "王虚构",
    "Nguyễn Thị Ánh Tưởng Tượng",
    "Łukasz Zmyślony",
    "D'Arcy O'Fictional-Smythe",
    "Rekaan",
    "Ana" + "-Maria" * 19 + " Do",
]
SENDABLE = [text for text in HOSTILE if "\ud800" not in text]
ADDRESS = {"street": "14 Make-Believe Rd", "city": "Brooks", "region": "AB", "postal_code": "T1R 0Z9"}
AGREED = {"future_contact": "yes", "purposes": ["seminar"], "channels": ["email"], "source": "email"}


@pytest.fixture(autouse=True)
def texts(db):
    TextVersionFactory(kind="collection_notice")
    TextVersionFactory()


@pytest.fixture
def maya(client, specialist):
    client.force_login(specialist)
    return client


def page(**changes):
    """What the browser sends from the full form when everything that must be answered is."""
    answers = {"future_contact": "not_asked", "future_contact_reason": "Wrote a letter"}
    known = {"name": "Ada Invented", "category": "employer", "email": "ada@example.org", "phone_country": "CA"}
    return {"form_uuid": str(uuid.uuid4()), "notice_given": "on"} | known | answers | changes


def materials(**changes):
    known = {"category": "employer", "email": "rosalind.q@example.org", "phone": "780-555-0117", "phone_country": "CA"}
    return {"form_uuid": str(uuid.uuid4()), "notice_given": "on"} | known | changes


def said(response):
    forms = [response.context["caller"], response.context["consent"]]
    return " ".join(str(message) for form in forms if form for errors in form.errors.values() for message in errors)


def test_a_contact_is_entered_with_notice_team_and_author(maya, specialist):
    response = maya.post(NEW, page())

    contact = Contact.objects.get()
    assert response.status_code == 302
    assert (contact.name, contact.team, contact.created_by) == ("Ada Invented", specialist.team, specialist)
    assert contact.notice_version.kind == "collection_notice"
    assert contact.notice_at is not None


@pytest.mark.parametrize(("ticked", "kept"), [({"minor_understands": "on"}, True), ({}, False)])
def test_of_a_student_it_is_kept_whether_they_clearly_understood(maya, ticked, kept):
    maya.post(NEW, page(category="international_student", **AGREED | ticked))

    assert ConsentEvent.objects.get().minor_understands is kept
    assert (
        "nobody ticked" in maya.get(reverse("contacts:consent", args=[Contact.objects.get().uid])).content.decode()
    ) is not kept


def test_why_nobody_was_asked_about_future_contact_is_kept(maya):
    maya.post(NEW, page())

    contact = Contact.objects.get()
    assert (contact.future_contact, contact.not_asked_reason) == (FutureContact.NOT_ASKED, "Wrote a letter")
    assert not ConsentEvent.objects.exists()


def test_the_answer_is_recorded_in_the_words_that_were_shown_and_how_it_came(maya, specialist):
    maya.post(NEW, page(**AGREED))

    event = ConsentEvent.objects.get()
    assert (event.purpose, event.channel, event.source) == (Purpose.SEMINAR, "email", "email")
    assert (event.source_ref, event.recorded_by) == (event.contact.ref, specialist)
    assert event.text_version.kind == "consent_script"
    assert event.contact.future_contact == FutureContact.AGREED


def test_a_no_is_recorded_for_every_purpose(maya):
    maya.post(NEW, page(future_contact="no", source="fax"))

    assert Contact.objects.get().future_contact == FutureContact.DECLINED
    assert set(ConsentEvent.objects.values_list("status", flat=True)) == {"refused"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"future_contact": ""}, "Record whether the client agrees to future contact."),
        ({"future_contact_reason": ""}, "Say why the client was not asked."),
        ({"future_contact": "yes", "source": "call"}, "Choose at least one purpose."),
        ({"future_contact": "no"}, "Choose how the client told us."),
        ({"notice_given": ""}, str(NOTICE_MISSING)),
        ({"email": ""}, str(NO_CHANNEL)),
        ({"category": ""}, "Select the client category."),
        ({"category": "other"}, "Describe the category in a few words."),
        ({"email": "Ada <ada@example.org>"}, "Enter one e-mail address."),
        ({"phone": "12345"}, "Enter a full phone number including the country code."),
        ({"name": "Ada \u202egnp"}, "The name contains characters that are not allowed."),
        (ADDRESS, str(ADDRESS_REFUSED)),
        (ADDRESS | {"future_contact": "no", "source": "call"}, str(ADDRESS_REFUSED)),
        ({"form_uuid": "x"}, "This page is out of date. Open it again."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_kept(maya, changes, message):
    response = maya.post(NEW, page(**changes))

    assert response.status_code == 200
    assert message in said(response)
    assert not Contact.objects.exists()


def test_a_refused_form_keeps_what_was_typed(maya):
    html = maya.post(NEW, page(email="", organisation="Prairie Imaginary Foods Ltd.")).content.decode()

    assert 'value="Prairie Imaginary Foods Ltd."' in html
    assert 'value="Wrote a letter"' in html


def test_nothing_is_preselected_about_future_contact(maya):
    html = maya.get(NEW).content.decode()

    assert 'name="future_contact"' in html
    assert "checked" not in html.split('name="future_contact"', 1)[1].split("</fieldset>", 1)[0]


def test_the_address_is_not_on_the_page_before_a_yes(maya):
    html = maya.get(NEW).content.decode()

    assert 'name="street"' not in html
    assert "Locked" in html


def test_asking_for_the_address_draws_it_with_the_yes_and_what_was_typed(maya):
    html = maya.post(NEW, page(more="address", email="")).content.decode()

    assert 'name="street"' in html
    assert 'value="Ada Invented"' in html
    assert 'class="invalid-feedback"' not in html
    assert not Contact.objects.exists()


def test_after_a_yes_the_address_is_kept_in_the_same_save(maya):
    maya.post(NEW, page(**AGREED, **ADDRESS))

    contact = Contact.objects.get()
    assert (contact.street, contact.future_contact) == ("14 Make-Believe Rd", FutureContact.AGREED)


def test_the_address_never_stands_in_the_audit(maya):
    maya.post(NEW, page(**AGREED, **ADDRESS))

    assert not LogEntry.objects.filter(changes__icontains="Make-Believe").exists()


def test_each_field_says_why_it_is_asked(maya):
    html = maya.get(NEW).content.decode()

    assert "To send what they ask for." in html
    assert "They need not answer." in html


def test_somebody_alike_is_asked_about_before_the_save(maya, specialist):
    known = ContactFactory(team=specialist.team, email="ada@example.org")

    response = maya.post(NEW, page())
    used = maya.post(NEW, page(use_contact=str(known.uid)))

    assert "Same e-mail" in response.content.decode()
    assert Contact.objects.get() == known
    assert used.url == known.get_absolute_url()


def test_a_second_record_is_made_with_a_reason(maya, specialist):
    ContactFactory(team=specialist.team, email="ada@example.org")
    sent = page()
    question = maya.post(NEW, sent).context["question"]

    maya.post(NEW, sent | {"duplicates_seen": question.found.seen, "duplicate_reason": "Shares the mailbox"})

    assert Contact.objects.count() == 2
    assert DuplicateDecision.objects.get().reason == "Shares the mailbox"


@pytest.mark.parametrize("name", NAMES)
def test_names_in_any_script_are_kept(maya, name):
    maya.post(NEW, page(name=name))

    assert Contact.objects.get().name == name


@pytest.mark.parametrize(("typed", "country", "e164"), ALL_NUMBERS)
def test_phones_of_the_world_are_kept_as_typed_and_as_e164(maya, typed, country, e164):
    maya.post(NEW, page(phone=typed, phone_country=country))

    contact = Contact.objects.get()
    assert (contact.phone, contact.phone_typed) == (e164, typed)


def test_a_doubtful_number_is_saved_after_the_tick(maya):
    first = maya.post(NEW, page(phone="+971 10 555 0147"))
    maya.post(NEW, page(phone="+971 10 555 0147", phone_confirmed="+971105550147"))

    assert "This number does not look valid for United Arab Emirates. Save anyway?" in said(first)
    assert Contact.objects.get().phone == "+971105550147"


@pytest.mark.parametrize("text", SENDABLE)
@pytest.mark.parametrize("field", ["name", "organisation", "email", "phone", "future_contact", "source", "form_uuid"])
def test_hostile_text_never_breaks_the_page(maya, field, text):
    assert maya.post(NEW, page(**{field: text})).status_code in {200, 302}


def test_the_materials_form_asks_for_nothing_else(maya):
    html = maya.get(MATERIALS).content.decode()

    assert 'name="email"' in html
    for name in ["organisation", "fax", "mobile", "street", "citizenship", "origin_country", "future_contact"]:
        assert f'name="{name}"' not in html


def test_materials_only_is_saved(maya):
    response = maya.post(MATERIALS, materials())

    contact = Contact.objects.get()
    assert response.status_code == 302
    assert (contact.materials_only, contact.email) == (True, "rosalind.q@example.org")


@pytest.mark.parametrize(
    "extra",
    [{"street": "9 Nowhere Lane"}, {"fax": "780 555 0118"}, {"organisation": "X"}, {"citizenship": "PH"}, AGREED],
)
def test_more_than_e_mail_and_phone_is_refused_for_materials(maya, extra):
    response = maya.post(MATERIALS, materials(**extra))

    assert str(MATERIALS_REFUSED) in said(response)
    assert not Contact.objects.exists()


def test_materials_need_an_e_mail_address(maya):
    response = maya.post(MATERIALS, materials(email=""))

    assert "Type the e-mail address the materials go to." in said(response)


def test_somebody_without_a_team_is_told_so(client):
    client.force_login(UserFactory(team=None))

    response = client.post(NEW, page())

    assert "You belong to no team yet" in said(response)


def test_the_same_form_sent_twice_makes_one_contact(maya):
    sent = page()

    answers = [maya.post(NEW, sent) for _time in range(3)]

    assert Contact.objects.count() == 1
    assert {answer.url for answer in answers} == {Contact.objects.get().get_absolute_url()}


def test_another_persons_form_number_gives_nobody_away(maya, client):
    sent = page()
    maya.post(NEW, sent)
    client.force_login(UserFactory(team=TeamFactory(name="Trade Missions")))

    response = client.post(NEW, sent)

    assert response.status_code == 200
    assert Contact.objects.count() == 1


def test_of_two_clicks_at_once_the_slower_gets_the_contact_of_the_faster(specialist, monkeypatch):
    """The slower one did not see it yet when it asked; the unique constraint decides."""
    values = {"form_uuid": uuid.uuid4(), "category": "employer", "email": "ada@example.org"}
    click = partial(enter_contact, values=values, answer=None, team=specialist.team, by=specialist, now=clock.now())
    faster = click()
    look = ContactQuerySet.first
    answers = iter([lambda contacts: None, look])
    monkeypatch.setattr(ContactQuerySet, "first", lambda contacts: next(answers)(contacts))

    assert click() == faster
    assert Contact.objects.count() == 1
