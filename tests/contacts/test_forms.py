"""The caller's part of a form: what it accepts from the whole world, and what it refuses in which words."""

import pytest
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.forms import CallerForm
from contacts.models.contact import ADDRESS_FIELDS
from contacts.phones import read_number
from tests.contacts.typed import ALL_NUMBERS, HOSTILE
from tests.factories import ContactFactory, TextVersionFactory

DOUBTFUL = "+971 10 555 0147"


def posted(**fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({"category": "employer", "notice_given": "on", "phone_country": "CA"} | fields)
    return data


@pytest.mark.parametrize(("typed", "country", "e164"), ALL_NUMBERS)
def test_numbers_of_the_world_are_kept_as_e164_and_as_typed(typed, country, e164):
    form = CallerForm(posted(phone=typed, phone_country=country))

    assert form.is_valid(), form.errors
    assert form.contact_values()["phone"] == e164
    assert form.contact_values()["phone_typed"] == typed


def test_an_extension_stands_beside_the_number():
    form = CallerForm(posted(phone="403-555-0142 poste 204"))

    assert form.is_valid()
    assert form.contact_values()["phone_ext"] == "204"


def test_five_digits_are_no_phone_number():
    form = CallerForm(posted(phone="12345"))

    assert form.errors == {"phone": ["Enter a full phone number including the country code."]}


def test_a_doubtful_number_is_asked_about_and_saved_when_confirmed():
    asked = CallerForm(posted(phone=DOUBTFUL))

    assert asked.errors["phone"] == ["This number does not look valid for United Arab Emirates. Save anyway?"]
    (tick,) = asked.confirmations
    assert 'value="+971105550147"' in str(tick)
    assert "checked" not in str(tick)

    confirmed = CallerForm(posted(phone=DOUBTFUL, phone_confirmed="+971105550147"))

    assert confirmed.is_valid(), confirmed.errors
    assert confirmed.contact_values()["phone"] == "+971105550147"


def test_a_tick_confirms_only_the_number_it_was_given_for():
    form = CallerForm(posted(phone="+971 10 555 0148", phone_confirmed="+971105550147"))

    assert "phone" in form.errors
    assert "checked" not in str(form.confirmations[0])


@pytest.mark.django_db
def test_a_doubtful_number_that_is_stored_already_is_not_asked_about_again():
    contact = ContactFactory(phone=read_number(DOUBTFUL).e164, phone_typed="as they said it")

    form = CallerForm(posted(phone=DOUBTFUL), contact=contact)

    assert form.is_valid(), form.errors
    assert form.contact_values()["phone_typed"] == "as they said it"


def test_only_the_phone_has_an_extension():
    form = CallerForm(posted(email="a@example.org", fax="403-555-0142 x204"))

    assert form.errors == {"fax": ["Leave out the extension; only the phone has one."]}


def test_somebody_described_needs_a_way_to_reach_them():
    form = CallerForm(posted(name="Rekaan"))

    assert form.errors == {"email": ["Record at least one way to reach the client (e-mail, phone, mobile or fax)."]}


def test_somebody_described_has_heard_the_notice():
    form = CallerForm(posted(email="rekaan@example.org", notice_given=""))

    assert form.errors == {
        "notice_given": ["Read the collection notice to the client before recording contact information."]
    }


@pytest.mark.django_db
def test_who_heard_the_notice_is_not_asked_again():
    contact = ContactFactory(notice_version=TextVersionFactory(kind="collection_notice"))

    assert "notice_given" not in CallerForm(contact=contact).fields


def test_a_caller_without_contact_has_a_category_and_statistics_only():
    form = CallerForm(posted(notice_given="", citizenship="PH", origin_country="XX"))

    assert form.is_valid(), form.errors
    assert not form.describes_somebody()
    assert (form.cleaned_data["citizenship"], form.cleaned_data["origin_country"]) == ("PH", "XX")


def test_the_category_is_asked_for():
    assert CallerForm(posted(category="")).errors["category"] == ["Select the client category."]


@pytest.mark.parametrize(
    ("fields", "name", "message"),
    [
        ({"category": "other"}, "category_other", "Describe the category in a few words."),
        ({"category": "third_party"}, "third_party_kind", "Select the kind of third party."),
        ({"organisation_type": "other"}, "organisation_other", "Describe the kind of organisation in a few words."),
        ({"citizenship": "Ruritania"}, "citizenship", "Choose a country from the list."),
    ],
)
def test_what_a_choice_asks_for_must_be_there(fields, name, message):
    assert CallerForm(posted(**fields)).errors == {name: [message]}


def test_what_a_choice_does_not_ask_for_is_dropped():
    form = CallerForm(posted(category="employer", third_party_kind="lawyer", category_other="x", email="a@example.org"))

    assert form.is_valid()
    values = form.contact_values()
    assert (values["third_party_kind"], values["category_other"]) == ("", "")


def test_the_address_group_is_not_there_without_agreement():
    assert not set(ADDRESS_FIELDS) & set(CallerForm().fields)
    assert set(ADDRESS_FIELDS) <= set(CallerForm(may_have_address=True).fields)


def test_an_address_that_was_not_offered_is_refused():
    form = CallerForm(posted(email="a@example.org", street="9 Nowhere Lane"))

    assert form.non_field_errors() == [
        "An address may be recorded only when the client has asked to be contacted in the future. "
        "Remove the address or record the client's agreement."
    ]
    assert "street" not in form.contact_values()


def test_materials_only_shows_email_phone_and_name():
    form = CallerForm(materials_only=True)

    assert set(form.fields) == {
        "name", "category", "third_party_kind", "category_other", "email", "phone", "phone_country", "phone_confirmed",
        "notice_given",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["street", "organisation", "fax", "citizenship", "origin_country", "mobile", "language"]
)
def test_materials_only_refuses_everything_else(name):
    form = CallerForm(posted(email="a@example.org", **{name: "CA"}), materials_only=True, may_have_address=True)

    assert form.non_field_errors() == [
        "For an e-mail-only request only an e-mail address and a phone number are recorded."
    ]


def test_nothing_is_preselected():
    assert " checked" not in CallerForm().as_div()


def test_countries_are_listed_in_the_language_of_the_page():
    with override("fr"):
        html = str(CallerForm(initial={"citizenship": "DE"})["citizenship"])

    assert '<option value="DE" selected>Allemagne</option>' in html
    assert html.count("selected") == 1


@pytest.mark.parametrize("name", [name for name in CallerForm.base_fields if not name.endswith("_confirmed")])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_field_stumbles_over_hostile_text(name, text):
    form = CallerForm(posted(**{name: text}), may_have_address=True)

    form.is_valid()
    str(form.as_div())


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(alphabet=st.characters(codec=None), max_size=60), name=st.sampled_from(list(CallerForm.base_fields))
)
def test_no_text_at_all_raises(text, name):
    form = CallerForm(posted(**{name: text}), may_have_address=True)

    if form.is_valid():
        form.contact_values()


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789+-() xX.#٠٥۰/extposte", max_size=40), st.sampled_from(["CA", "AE", "UA", "XX", ""]))
def test_whatever_number_is_accepted_can_be_stored(typed, country):
    form = CallerForm(posted(phone=typed, phone_country=country, phone_confirmed=""))

    if form.is_valid() and form.contact_values()["phone"]:
        assert read_number(form.contact_values()["phone"]).e164 == form.contact_values()["phone"]
        assert len(form.contact_values()["phone_typed"]) <= 40
