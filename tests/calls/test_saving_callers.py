"""Saving a call with a new caller: contact, consent, address, notice and survey (R-CON-03, R-CNS-01, R-SRV-01)."""

import json

import pytest

from audit.models import LogEntry
from calls.models import Call
from contacts.forms import ADDRESS_REFUSED
from contacts.gate import badge_of
from contacts.models import ConsentEvent, Contact
from tests.calls.records import errors_of


def test_a_new_caller_is_kept_with_consent_address_and_notice(start, save, new_caller, address):
    save(start(), **new_caller, **address)

    contact = Contact.objects.get()
    assert (contact.phone, contact.phone_ext, contact.street) == ("+14035550142", "204", "14 Make-Believe Rd")
    assert contact.future_contact == "agreed"
    assert contact.notice_version.kind == "collection_notice"
    events = ConsentEvent.objects.filter(contact=contact).values_list("purpose", "channel", "status")
    assert set(events) == {("seminar", "email", "granted"), ("trade_mission", "email", "granted")}


def test_each_consent_names_the_words_the_call_and_the_specialist(start, save, new_caller, specialist):
    save(start(), **new_caller, consent_language="fr")

    event, call = ConsentEvent.objects.first(), Call.objects.get()
    assert (event.text_version.kind, event.text_version.language) == ("consent_script", "fr")
    assert (event.source, event.source_ref, event.recorded_by) == ("call", call.ref, specialist)


@pytest.mark.parametrize(
    ("missing", "field", "message"),
    [
        (
            "notice_given",
            "notice_given",
            "Read the collection notice to the client before recording contact information.",
        ),
        ("future_contact", "future_contact", "Record whether the client agrees to future contact."),
        ("purposes", "purposes", "Choose at least one purpose."),
        ("channels", "channels", "Choose at least one way: e-mail or phone."),
        ("survey_notice", "survey_notice", "Record whether the client was told about follow-up surveys."),
    ],
)
def test_a_new_contact_needs_each_answer(start, save, new_caller, missing, field, message):
    del new_caller[missing]

    response = save(start(), **new_caller)

    assert message in errors_of(response)[field]
    assert not Contact.objects.exists()


def test_a_contact_without_any_channel_is_refused(start, save, new_caller):
    response = save(start(), **new_caller | {"email": "", "phone": ""})

    assert "Record at least one way to reach the client (e-mail, phone, mobile or fax)." in str(errors_of(response))


def test_not_asked_needs_a_reason(start, save, new_caller):
    boxes = new_caller | {"future_contact": "not_asked", "purposes": [], "channels": []}

    assert "Say why the client was not asked." in str(errors_of(save(start(), **boxes)))

    save(start(), **boxes, future_contact_reason="Caller in a hurry")
    assert Call.objects.get().future_contact_reason == "Caller in a hurry"
    assert not ConsentEvent.objects.exists()


def test_an_address_without_agreement_is_refused(start, save, new_caller, address):
    boxes = new_caller | address | {"future_contact": "no", "purposes": [], "channels": []}

    response = save(start(), **boxes)

    assert (
        "An address may be recorded only when the client has asked to be contacted in the future. "
        "Remove the address or record the client's agreement."
    ) in errors_of(response)["__all__"]


def test_agreeing_to_surveys_alone_does_not_open_the_address(start, save, new_caller, address):
    boxes = new_caller | address | {"future_contact": "no", "purposes": [], "channels": [], "survey_consent": "yes"}

    assert "__all__" in errors_of(save(start(), **boxes))


def test_a_no_on_a_later_call_erases_the_address_in_the_same_transaction(start, save, new_caller, address):
    save(start(), **new_caller, **address)
    contact = Contact.objects.get()
    again = new_caller | {"future_contact": "no", "purposes": [], "channels": [], "survey_notice": ""}

    save(start(contact=contact.uid), **again, **address)  # the browser sends back what the page had shown

    contact.refresh_from_db()
    assert (contact.street, contact.future_contact) == ("", "declined")
    statuses = ConsentEvent.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["granted", "granted", "withdrawn", "withdrawn"]


def test_another_address_typed_with_a_no_is_refused(start, save, new_caller, address):
    save(start(), **new_caller, **address)
    again = new_caller | {"future_contact": "no", "purposes": [], "channels": [], "survey_notice": ""}

    response = save(start(contact=Contact.objects.get().uid), **again, **address | {"street": "9 Nowhere Lane"})

    assert response.context["caller"].non_field_errors() == [ADDRESS_REFUSED]


def test_no_part_of_the_address_ever_reaches_the_audit(start, save, new_caller, address):
    save(start(), **new_caller, **address)

    trail = json.dumps(list(LogEntry.objects.values("changes", "object_repr", "additional_data")), default=str)
    assert "Make-Believe" not in trail
    assert "prairie-imaginary" not in trail
    assert "Żółkiewska" not in trail


def test_a_plain_yes_confirms_what_was_agreed_before(start, save, new_caller):
    save(start(), **new_caller)
    contact = Contact.objects.get()

    save(start(contact=contact.uid), **new_caller | {"purposes": [], "channels": []})

    newest = ConsentEvent.objects.order_by("-pk")[:2]
    assert {event.purpose for event in newest} == {"seminar", "trade_mission"}
    assert {event.text_version.kind for event in newest} == {"consent_renewal"}


@pytest.mark.parametrize(
    ("category", "ticked", "kept", "badge"),
    [
        ("international_student", {"minor_understands": "on"}, True, "May be contacted"),
        ("international_student", {}, False, "May be under 18, not confirmed"),
        ("employer", {"minor_understands": "on"}, None, "May be contacted"),
    ],
)
def test_a_student_agrees_only_when_they_clearly_understand(start, save, new_caller, category, ticked, kept, badge):
    save(start(), **new_caller | ticked | {"category": category})

    assert set(ConsentEvent.objects.filter(status="granted").values_list("minor_understands", flat=True)) == {kept}
    assert badge_of(Contact.objects.get()).label == badge


def test_an_unanswered_question_leaves_an_earlier_agreement(start, save, new_caller):
    save(start(), **new_caller)
    contact = Contact.objects.get()

    save(start(contact=contact.uid), **new_caller | {"future_contact": "", "purposes": [], "channels": []})

    contact.refresh_from_db()
    assert contact.future_contact == "agreed"
    assert ConsentEvent.objects.count() == 2
