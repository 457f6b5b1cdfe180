"""Saving a call that sends something: documents by e-mail, materials only (R-INF-01, R-CON-04)."""

from datetime import timedelta

import pytest

from calls.models import Call, Document, DocumentVersion
from contacts.models import Contact
from outbox.models import Message
from tests.calls.records import errors_of
from tests.factories import ContactFactory, TextVersionFactory


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

    def test_of_a_wrong_address_only_that_is_said(self, start, save, new_caller, document):
        boxes = new_caller | {"email": "not an address", "services": ["emailed"], "documents": [document.pk]}

        errors = errors_of(save(start(), **boxes))

        assert errors["email"] == ["Enter one e-mail address."]
        assert "services" not in errors

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
