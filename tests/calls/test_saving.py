"""Saving a call: what one Save writes, and what it refuses (R-CAL-01 to R-CAL-07, R-CNS-01, R-FUP-01, R-SRV-01)."""

import json
from datetime import timedelta

import pytest
from auditlog.registry import auditlog
from django.db import IntegrityError, transaction

from audit.models import LogEntry
from calls.models import Call, CallDraft, Document, DocumentVersion
from contacts.gate import badge_of
from contacts.models import ConsentEvent, Contact, DuplicateDecision
from followups.models import FollowUp
from outbox.models import Message
from tests.factories import ContactFactory, FollowUpFactory, TextVersionFactory


def errors_of(response):
    assert response.status_code == 200
    forms = response.context["caller"], response.context["form"]
    return {name: list(errors) for form in forms for name, errors in form.errors.items()}


def test_a_plain_call_is_saved_without_any_contact(start, save, statistics_only, specialist):
    response = save(start(), **statistics_only)

    call = Call.objects.get()
    assert response.url == "/calls/desk/"
    assert (call.contact, call.stat_origin, call.specialist) == (None, "PH", specialist)
    assert not Contact.objects.exists()
    assert call.ref.startswith("C-20")


def test_the_call_starts_when_it_was_answered(start, save, statistics_only, time_machine):
    time_machine.move_to("2026-11-23T17:00:00Z", tick=False)
    draft = start()
    time_machine.move_to("2026-11-23T17:07:30Z", tick=False)

    save(draft, **statistics_only)

    assert Call.objects.get().duration_seconds == 450


def test_a_call_outside_service_hours_says_so(start, save, statistics_only, time_machine):
    time_machine.move_to("2026-11-23T23:00:00Z")  # 5 pm in Edmonton

    save(start(), **statistics_only)

    assert Call.objects.get().is_outside_hours


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("category", "Select the client category."),
        ("topics", "Select at least one topic."),
        ("services", "Select at least one service."),
        (
            "follow_up_decision",
            "Choose whether follow-up is needed. If none, select 'No follow-up action is to be taken'.",
        ),
        ("calling_for", "Choose who the caller calls for."),
    ],
)
def test_what_must_be_answered_is_asked_for(start, save, statistics_only, missing, message):
    del statistics_only[missing]

    response = save(start(), **statistics_only)

    assert errors_of(response)[missing] == [message]
    assert not Call.objects.exists()


def test_a_refused_save_loses_nothing(start, save, statistics_only):
    draft = start()

    save(draft, **statistics_only | {"services": [], "note": "Asks about the nominee program"})

    draft.refresh_from_db()
    assert draft.data["note"] == ["Asks about the nominee program"]


def test_nothing_about_consent_or_follow_up_is_preselected(start, signed_in):
    page = signed_in.get(f"/calls/drafts/{start().uid}/").content.decode()

    for name in ["future_contact", "purposes", "channels", "survey_notice", "survey_consent", "follow_up_decision"]:
        inputs = [tag for tag in page.split("<input")[1:] if f'name="{name}"' in tag.split(">")[0]]
        assert inputs, name
        assert not [tag for tag in inputs if " checked" in tag.split(">")[0]], name


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

    save(start(contact=contact.uid), **again)

    contact.refresh_from_db()
    assert (contact.street, contact.future_contact) == ("", "declined")
    statuses = ConsentEvent.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["granted", "granted", "withdrawn", "withdrawn"]


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


def test_a_caller_for_a_client_keeps_citizenship_on_the_call_only(start, save, new_caller):
    save(start(), **new_caller | {"calling_for": "client"})

    assert Contact.objects.get().citizenship == ""
    assert Call.objects.get().stat_citizenship == "PH"


def test_a_follow_up_is_owed_one_business_day_later(start, save, new_caller, time_machine):
    time_machine.move_to("2026-11-20T23:45:00Z")  # Friday 4:45 pm

    boxes = new_caller | {"follow_up_decision": "needed", "follow_up_asked": "LMIA steps"}
    save(start(), **boxes)

    follow_up = FollowUp.objects.get()
    assert follow_up.due_at.isoformat() == "2026-11-23T22:30:00+00:00"
    assert Call.objects.get().follow_up == follow_up


def test_nobody_can_be_owed_an_answer_without_a_way_to_reach_them(start, save, statistics_only):
    response = save(start(), **statistics_only | {"follow_up_decision": "needed"})

    assert "Record at least one way to reach the client" in str(errors_of(response)["follow_up_decision"])


def test_a_call_can_close_what_we_owed(start, save, new_caller):
    save(start(), **new_caller)
    contact = Contact.objects.get()
    owed = FollowUpFactory(contact=contact)

    save(start(contact=contact.uid), **new_caller, answers_follow_up=owed.uid)

    owed.refresh_from_db()
    assert (owed.status, owed.method) == ("done", "phone")


def test_a_note_is_kept_as_its_first_revision(start, save, statistics_only, specialist):
    save(start(), **statistics_only, note="  Asks about the fee.  ")

    revision = Call.objects.get().note.revisions.get()
    assert (revision.body, revision.author, revision.number) == ("Asks about the fee.", specialist, 1)


def test_information_from_another_agency_names_it(start, save, statistics_only):
    response = save(start(), **statistics_only | {"topic_source": "agency"})

    assert "Choose the government or agency the information came from." in str(errors_of(response)["agency"])


def test_recorded_without_announcement_is_refused(start, save, statistics_only):
    response = save(start(), **statistics_only | {"announcement_heard": "no", "is_recorded": "on"})

    assert errors_of(response)["is_recorded"] == [
        "A call may be marked as recorded only if the caller heard the recording announcement and did not object."
    ]


def test_a_recording_is_kept_ninety_days(start, save, statistics_only, time_machine):
    time_machine.move_to("2026-11-23T17:00:00Z")

    save(start(), **statistics_only, is_recorded="on", recording_ref="REC-1")

    assert str(Call.objects.get().recording_purge_on) == "2027-02-21"


class TestInformation:
    def test_documents_are_queued_to_the_callers_own_address_after_the_undo_time(
        self, start, save, new_caller, document
    ):
        save(start(), **new_caller | {"services": ["emailed"], "documents": [document.pk]})

        message, call = Message.objects.get(), Call.objects.get()
        assert (message.to_email, message.state) == ("zoe@prairie-imaginary.example.com", "queued")
        assert message.not_before == call.created_at + timedelta(seconds=20)
        assert call.message == message
        assert call.message.documents.get().version == document
        assert "Zoë" not in message.content.subject + message.content.text + message.content.html
        assert "Then &lt;that&gt;." in message.content.html

    @pytest.mark.parametrize(
        ("stored", "entered", "mailed"), [("en", "fr", "fr"), ("fr", "en", "en"), ("", "fr", "fr")]
    )
    def test_the_mail_is_in_the_language_just_entered(self, start, save, new_caller, document, stored, entered, mailed):
        guide = Document.objects.create(
            title="Permis de travail", language="fr", topic=document.document.topic, source="Alberta"
        )
        french = DocumentVersion.objects.create(document=guide, number=1, body="Ceci.", review_on=document.review_on)
        draft = start(contact=ContactFactory(language=stored).uid) if stored else start()
        sent = {"services": ["emailed"], "documents": [document.pk, french.pk], "language": entered}

        save(draft, **new_caller | sent)

        assert Message.objects.get().content.language == mailed

    def test_the_mail_is_shown_before_the_call_is_saved(self, start, save, signed_in, new_caller, document):
        wording = TextVersionFactory(kind="sender_identification")
        boxes = new_caller | {"services": ["emailed"], "documents": [document.pk], "follow_up_decision": ""}

        page = signed_in.get(save(start(), **boxes, more="mail").url)

        mail = page.context["mail"]
        assert mail.message.to_email == new_caller["email"]
        assert mail.text.startswith("Hello Zoë Żółkiewska-Ågren,")
        assert "Then &lt;that&gt;." in page.text
        assert wording.body in mail.text
        assert not Message.objects.exists()

    def test_without_a_document_there_is_no_mail_to_show(self, start, save, signed_in, new_caller):
        page = signed_in.get(save(start(), **new_caller, more="mail").url)

        assert "Choose what to send first." in page.text

    def test_emailed_without_a_document_is_refused(self, start, save, new_caller):
        response = save(start(), **new_caller | {"services": ["emailed"]})

        assert errors_of(response)["documents"] == ["Choose what was e-mailed, or remove 'E-mailed'."]

    def test_without_an_address_nothing_can_be_mailed(self, start, save, new_caller, document):
        boxes = new_caller | {"email": "", "services": ["emailed"], "documents": [document.pk]}

        response = save(start(), **boxes)

        assert errors_of(response)["services"] == ["This client has no e-mail address. Offer phone or fax."]

    def test_a_document_due_for_review_cannot_be_sent(self, start, save, new_caller, document):
        type(document).objects.filter(pk=document.pk).update(review_on="2020-01-01")

        response = save(start(), **new_caller | {"services": ["emailed"], "documents": [document.pk]})

        assert errors_of(response)["documents"] == ["This document is due for review and cannot be sent."]


class TestMaterialsOnly:
    BOXES = ["topics", "services", "documents", "category", "calling_for", "follow_up_decision", "name"]
    REFUSED = "For an e-mail-only request only an e-mail address and a phone number are recorded."

    @pytest.fixture
    def boxes(self, statistics_only, document):
        kept = {name: value for name, value in statistics_only.items() if name not in {"citizenship", "origin_country"}}
        return kept | {
            "name": "Rosalind Quillfeather-Osei",
            "email": "rosalind.q@example.org",
            "phone": "780-555-0117",
            "notice_given": "on",
            "survey_notice": "given",
            "services": ["emailed"],
            "documents": [document.pk],
        }

    def test_it_keeps_e_mail_and_phone_and_sends(self, start, save, boxes):
        save(start(materials_only="1"), **boxes)

        contact = Contact.objects.get()
        assert contact.materials_only
        assert (contact.email, contact.phone) == ("rosalind.q@example.org", "+17805550117")
        assert Message.objects.get().contact == contact

    @pytest.mark.parametrize("extra", ["street", "organisation", "fax", "citizenship"])
    def test_more_than_that_is_refused_even_when_it_is_posted(self, start, save, boxes, extra):
        value = {"street": "9 Nowhere Lane", "citizenship": "PH", "fax": "780-555-0118"}.get(extra, "Somewhere Ltd.")

        response = save(start(materials_only="1"), **boxes | {extra: value})

        assert errors_of(response)["__all__"] == [self.REFUSED]
        assert not Contact.objects.exists()

    def test_the_page_shows_no_box_for_more(self, start, signed_in):
        page = signed_in.get(f"/calls/drafts/{start(materials_only='1').uid}/").content.decode()

        for name in ["organisation", "street", "citizenship", "fax", "future_contact"]:
            assert f'name="{name}"' not in page


class TestTwice:
    def test_the_same_form_sent_twice_makes_one_call(self, start, save, statistics_only):
        draft = start()

        first, second = save(draft, **statistics_only), save(draft, **statistics_only)

        assert Call.objects.count() == 1
        assert first.url == second.url == "/calls/desk/"

    def test_the_database_refuses_a_second_call_of_one_form(self, start, save, statistics_only):
        save(start(), **statistics_only)
        call = Call.objects.get()
        copy = {"follow_up_decision": "none", "team": call.team, "specialist": call.specialist, "direction": "in"}

        with pytest.raises(IntegrityError, match="call_once_per_form"), transaction.atomic():
            Call.objects.create(
                **copy, form_uuid=call.form_uuid, ref="C-1", started_at=call.started_at, ended_at=call.ended_at,
                calling_for="self", category="investor",
            )  # fmt: skip

    def test_a_draft_thrown_away_in_another_tab_is_not_saved(self, start, save, statistics_only):
        draft = start()
        CallDraft.objects.all().delete()

        assert save(draft, **statistics_only).status_code == 404


class TestConflict:
    def test_a_contact_changed_meanwhile_answers_409_with_both_values(self, start, save, new_caller, specialist):
        save(start(), **new_caller)
        contact = Contact.objects.get()
        draft = start(contact=contact.uid)
        contact.mobile, contact.version, contact.updated_by = "+17805550199", contact.version + 1, specialist
        contact.organisation = "Somebody Else Ltd."
        contact.save()

        response = save(draft, **new_caller | {"organisation": "Renamed Foods Ltd."})

        page = response.content.decode()
        assert response.status_code == 409
        assert "This record was changed by Maya O. at" in page
        assert "nothing has been saved" in page
        assert "Somebody Else Ltd." in page
        assert "Renamed Foods Ltd." in page
        assert Call.objects.count() == 1

    def test_somebody_elses_change_of_another_box_stays(self, start, save, new_caller):
        save(start(), **new_caller)
        contact = Contact.objects.get()
        draft = start(contact=contact.uid)
        Contact.objects.filter(pk=contact.pk).update(mobile="+17805550199", version=contact.version + 1)
        boxes = new_caller | {"organisation": "Renamed Foods Ltd."}
        assert save(draft, **boxes).status_code == 409

        save(draft, **boxes)

        contact.refresh_from_db()
        assert (contact.organisation, contact.mobile) == ("Renamed Foods Ltd.", "+17805550199")

    def test_a_call_that_changes_nothing_about_the_caller_meets_no_conflict(self, start, save, new_caller):
        save(start(), **new_caller)
        contact = Contact.objects.get()
        draft = start(contact=contact.uid)
        Contact.objects.filter(pk=contact.pk).update(mobile="+17805550199", version=contact.version + 1)

        response = save(draft, **new_caller)

        contact.refresh_from_db()
        assert response.status_code == 302
        assert contact.mobile == "+17805550199"

    def test_saving_again_keeps_ones_own(self, start, save, new_caller):
        save(start(), **new_caller)
        contact = Contact.objects.get()
        draft = start(contact=contact.uid)
        Contact.objects.filter(pk=contact.pk).update(organisation="Somebody Else Ltd.", version=contact.version + 1)
        boxes = new_caller | {"organisation": "Renamed Foods Ltd."}
        save(draft, **boxes)

        response = save(draft, **boxes)

        contact.refresh_from_db()
        assert response.status_code == 302
        assert contact.organisation == "Renamed Foods Ltd."


class TestDuplicates:
    def test_the_same_number_is_a_question_and_not_a_refusal(self, start, save, new_caller):
        ContactFactory(name="Petro Kovalenko", phone="+14035550142")

        response = save(start(), **new_caller)

        assert "Petro Kovalenko" in response.content.decode()
        assert "Possible duplicate" in response.content.decode()
        assert not Call.objects.exists()

    def test_a_second_record_needs_a_reason(self, start, save, new_caller):
        ContactFactory(name="Petro Kovalenko", phone="+14035550142")
        draft = start()
        seen = save(draft, **new_caller).context["question"].found.seen

        refused = save(draft, **new_caller, duplicates_seen=seen, create_anyway="1")

        assert "Say why a second record is needed." in refused.content.decode()
        assert not Call.objects.exists()

    def test_with_a_reason_both_are_kept_and_the_reason_too(self, start, save, new_caller, specialist):
        petro = ContactFactory(name="Petro Kovalenko", phone="+14035550142")
        draft = start()
        seen = save(draft, **new_caller).context["question"].found.seen

        save(draft, **new_caller, duplicates_seen=seen, duplicate_reason="His sister, same phone")

        decision = DuplicateDecision.objects.get()
        assert decision.contact == Call.objects.get().contact
        assert (list(decision.others.all()), decision.reason, decision.by) == (
            [petro],
            "His sister, same phone",
            specialist,
        )
        assert "sister" not in str(list(LogEntry.objects.values_list("changes", flat=True)))

    def test_somebody_who_turns_up_after_the_question_is_asked_about(self, start, save, new_caller):
        ContactFactory(name="Petro Kovalenko", phone="+14035550142")
        draft = start()
        seen = save(draft, **new_caller).context["question"].found.seen
        ContactFactory(name="Olena Kovalenko", phone="+14035550142")

        again = save(draft, **new_caller, duplicates_seen=seen, duplicate_reason="His sister").content.decode()

        assert "Olena Kovalenko" in again
        assert 'value="His sister"' in again
        assert not Call.objects.exists()

    def test_somebody_one_may_not_see_is_only_counted(self, start, save, new_caller):
        ContactFactory(name="Baron Fogwhistle-Lee", phone="+14035550142", restricted=True)

        page = save(start(), **new_caller).content.decode()

        assert "1 further match you cannot view" in page
        assert "Fogwhistle" not in page

    def test_the_known_contact_can_be_used_instead(self, start, signed_in, new_caller):
        known = ContactFactory(name="Petro Kovalenko", phone="+14035550142")
        draft = start()

        signed_in.post(f"/calls/drafts/{draft.uid}/", new_caller | {"use_contact": known.uid, "note": "LMIA"})

        draft.refresh_from_db()
        assert draft.contact == known
        assert draft.data["note"] == ["LMIA"]
        assert "name" not in draft.data


def test_every_row_of_a_call_is_in_the_audit_history_signed_by_the_specialist(start, save, new_caller, document):
    save(start(), **new_caller | {"services": ["emailed"], "documents": [document.pk], "note": "LMIA"})

    entries = LogEntry.objects.exclude(content_type__model="accessgrant")
    made = set(
        entries.filter(action=LogEntry.Action.CREATE, actor_label="maya").values_list("content_type__model", flat=True)
    )
    assert {
        "call", "calltopic", "callservice", "sentdocument", "contact", "consentevent", "note", "noterevision",
        "message",
    } <= made  # fmt: skip
    assert auditlog.contains(Call)


def test_the_database_refuses_a_follow_up_on_a_call_that_needs_none(start, save, statistics_only):
    save(start(), **statistics_only)

    with pytest.raises(IntegrityError, match="call_follow_up_iff_needed"), transaction.atomic():
        Call.objects.update(follow_up_decision="needed")


def test_the_database_refuses_a_recording_without_announcement(start, save, statistics_only):
    save(start(), **statistics_only | {"announcement_heard": "no"})

    with pytest.raises(IntegrityError, match="call_recorded_only_with_notice"), transaction.atomic():
        Call.objects.update(is_recorded=True)
