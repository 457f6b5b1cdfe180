"""Sending what somebody asked for from their page (R-INF-01)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models import AccessEvent
from calls.models import CallDraft, SentDocument
from contacts.models import Contact
from i2a import clock
from outbox.models import Message
from tests.factories import ContactFactory, DocumentVersionFactory, SentDocumentFactory, UserFactory

pytestmark = pytest.mark.django_db
NO_EMAIL = "This client has no e-mail address. Offer phone or fax."
OWN_ADDRESS = "Information can be sent only to the client&#x27;s own e-mail address."


@pytest.fixture(autouse=True)
def maya(client, specialist):
    client.force_login(specialist)
    return specialist


def choose(contact):
    return reverse("library:choose", args=[contact.uid])


def check(contact):
    return reverse("library:check", args=[contact.uid])


def boxes(*versions, **more):
    return {"documents": [version.pk for version in versions], "language": "en", "form_uuid": str(uuid4()), **more}


def test_chosen_documents_are_shown_and_then_sent_to_the_clients_own_address(client, maya):
    contact = ContactFactory(name="Rosalind Quillfeather-Osei")
    guide, fees = DocumentVersionFactory(document__title="Guide"), DocumentVersionFactory(document__title="Fees")

    page = client.get(check(contact), {"documents": [guide.pk, fees.pk], "language": "en"})
    sent = client.post(check(contact), boxes(guide, fees, to=contact.email))

    message = Message.objects.get()
    assert page.status_code == 200
    assert "Hello Rosalind Quillfeather-Osei," in page.text
    assert '<input type="hidden" name="language" value="en">' in page.text
    assert sent.url == contact.get_absolute_url()
    assert (message.to_email, message.state, message.created_by) == (contact.email, "queued", maya)
    assert message.not_before == message.created_at + timedelta(seconds=20)
    assert message.reference == contact.ref
    assert message.content.holds == ["Fees (English, version 1)", "Guide (English, version 1)"]
    assert "Rosalind" not in message.content.subject + message.content.text
    assert set(message.documents.values_list("version", flat=True)) == {guide.pk, fees.pk}


def test_the_preview_is_served_for_a_sandbox(client):
    contact, version = ContactFactory(), DocumentVersionFactory(body="Read <this>.")

    answer = client.get(reverse("library:preview", args=[contact.uid]), {"documents": version.pk})

    assert "Read &lt;this&gt;." in answer.text
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_same_form_sent_twice_is_one_mail(client):
    contact, version = ContactFactory(), DocumentVersionFactory()
    form = boxes(version)

    for _click in range(2):
        client.post(check(contact), form)

    assert Message.objects.count() == SentDocument.objects.count() == 1


@pytest.mark.parametrize(("preferred", "asked", "sent"), [("fr", "", "fr"), ("uk", "", "en"), ("fr", "en", "en")])
def test_the_language_is_the_clients_unless_said_otherwise(client, preferred, asked, sent):
    contact, version = ContactFactory(language=preferred), DocumentVersionFactory()

    client.post(check(contact), boxes(version, language=asked))

    assert Message.objects.get().content.language == sent


def test_documents_in_the_clients_language_come_first(client):
    contact = ContactFactory(language="fr")
    for title, language in [("Aaa", "en"), ("Zzz", "fr")]:
        DocumentVersionFactory(document__title=title, document__language=language)

    rows = client.get(choose(contact)).context["rows"]

    assert [version.document.title for version, *_rest in rows] == ["Zzz", "Aaa"]


def test_the_list_is_narrowed_and_what_was_chosen_stays(client):
    contact, chosen, other = ContactFactory(), DocumentVersionFactory(), DocumentVersionFactory()
    third = DocumentVersionFactory(document__title="Welding")

    rows = client.get(choose(contact), {"q": "weld", "documents": chosen.pk}).context["rows"]

    assert {version.pk: is_chosen for version, is_chosen, *_rest in rows} == {chosen.pk: True, third.pk: False}
    assert other.pk not in {version.pk for version, *_rest in rows}


def test_a_client_without_an_address_is_offered_phone_or_fax(client):
    contact, version = ContactFactory(email="", phone="+17805550142"), DocumentVersionFactory()

    page, sent = client.get(choose(contact)), client.post(check(contact), boxes(version))

    assert NO_EMAIL in page.text
    assert NO_EMAIL in sent.text
    assert not Message.objects.exists()


def test_an_address_that_does_not_work_is_corrected_first(client):
    contact = ContactFactory(email_state="not_working")

    assert "This client&#x27;s e-mail address is not working." in client.get(choose(contact)).text


@pytest.mark.parametrize("extra", [{"to": "friend@example.org"}, {"cc": "x@example.org"}, {"bcc": "x@example.org"}])
def test_information_goes_to_nobody_else(client, extra):
    contact, version = ContactFactory(), DocumentVersionFactory()

    answer = client.post(check(contact), boxes(version, **extra))

    assert OWN_ADDRESS in answer.text
    assert not Message.objects.exists()


def test_upper_case_makes_no_other_address(client):
    contact, version = ContactFactory(), DocumentVersionFactory()

    client.post(check(contact), boxes(version, to=contact.email.upper()))

    assert Message.objects.get().to_email == contact.email


def test_at_least_one_and_at_most_ten_documents(client):
    contact, versions = ContactFactory(), [DocumentVersionFactory() for _number in range(11)]

    none, many = client.post(check(contact), boxes()), client.post(check(contact), boxes(*versions))
    client.post(check(contact), boxes(*versions[:10]))

    assert "Choose at least one document." in none.text
    assert "Choose at most 10 documents." in many.text
    assert Message.objects.get().documents.count() == 10


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"review_on": clock.today() - timedelta(days=1)}, "This document is due for review and cannot be sent."),
        ({"is_wrong": True}, "This document was found to be wrong and cannot be sent before there is a new version."),
        ({"document__is_active": False}, "One of these documents was replaced or withdrawn meanwhile. Choose again."),
        ({"released_at": None}, "One of these documents was replaced or withdrawn meanwhile. Choose again."),
    ],
)
def test_what_may_not_be_used_is_not_sent(client, columns, message):
    contact, version = ContactFactory(), DocumentVersionFactory(**columns)

    answer = client.post(check(contact), boxes(version))

    assert message in answer.text
    assert not Message.objects.exists()


def test_large_pdfs_go_in_two_mails(client):
    size = 6 * 1024 * 1024
    large = [DocumentVersionFactory(file_sha256=letter * 64, file_size=size) for letter in "ab"]

    answer = client.post(check(ContactFactory()), boxes(*large))

    assert "These PDFs have more than 10 MB together. Send them in two e-mails." in answer.text


@pytest.mark.parametrize("documents", ["nonsense", "-1", "9" * 30, "' OR 1"])
def test_nonsense_in_the_address_is_answered_in_words(client, documents):
    answer = client.get(check(ContactFactory()), {"documents": documents})

    assert answer.status_code == 200
    assert "Choose again." in answer.text


def test_who_asked_not_to_be_contacted_gets_what_they_ask_for_in_todays_call_only(client, maya):
    contact, version = ContactFactory(do_not_contact=True, do_not_contact_at=clock.now()), DocumentVersionFactory()

    refused = client.post(check(contact), boxes(version))
    CallDraft.objects.create(user=maya, contact=contact, expires_at=clock.now() + timedelta(days=1))
    client.post(check(contact), boxes(version))

    assert "This client asked not to be contacted. No outbound contact can be planned." in refused.text
    assert Message.objects.get().contact == contact


def test_it_can_be_taken_back_for_20_seconds_and_the_choice_is_there_again(client):
    contact, version = ContactFactory(), DocumentVersionFactory()
    client.post(check(contact), boxes(version))
    message = Message.objects.get()
    undo = reverse("library:undo", args=[message.uid])

    page = client.get(contact.get_absolute_url())
    back = client.post(undo)

    message.refresh_from_db()
    assert undo in page.text
    assert (message.state, message.to_email) == ("cancelled", "")
    assert back.url == f"{choose(contact)}?documents={version.pk}&language=en"
    assert undo not in client.get(contact.get_absolute_url()).text


def test_after_20_seconds_it_is_too_late(client, maya, time_machine):
    time_machine.move_to("2026-11-23T16:00:00Z", tick=False)
    client.force_login(maya)
    contact, version = ContactFactory(), DocumentVersionFactory()
    client.post(check(contact), boxes(version))
    undo = reverse("library:undo", args=[Message.objects.get().uid])

    time_machine.move_to("2026-11-23T16:00:20Z", tick=False)

    assert undo not in client.get(contact.get_absolute_url()).text
    assert "It is too late to undo this." in client.post(undo, follow=True).text
    assert Message.objects.get().state == "queued"


def test_nobody_undoes_what_a_colleague_sent(client):
    contact, version = ContactFactory(), DocumentVersionFactory()
    client.post(check(contact), boxes(version))
    client.force_login(UserFactory())

    assert client.post(reverse("library:undo", args=[Message.objects.get().uid])).status_code == 404


def test_a_mail_of_a_call_is_undone_with_the_call(client, maya):
    message = SentDocumentFactory(
        message__state="queued",
        message__sent_at=None,
        message__created_by=maya,
        message__not_before=clock.now() + timedelta(seconds=9),
    ).message

    answer = client.post(reverse("library:undo", args=[message.uid]), follow=True)

    message.refresh_from_db()
    assert "It is too late to undo this." in answer.text
    assert message.state == "queued"


def test_the_contacts_page_offers_to_send_what_was_sent_again_as_it_is_now(client):
    contact, first = ContactFactory(), DocumentVersionFactory()
    SentDocumentFactory(message__contact=contact, version=first)
    second = DocumentVersionFactory(document=first.document)

    text = client.get(contact.get_absolute_url()).text

    assert "Information sent" in text
    assert f"{choose(contact)}?documents={second.pk}" in text


def test_a_merged_record_is_no_receiver(client):
    contact = ContactFactory(status="merged")

    assert client.get(choose(contact)).status_code == 404


def test_looking_is_recorded(client):
    contact = ContactFactory()

    client.get(choose(contact))

    event = AccessEvent.objects.latest("pk")
    assert (event.kind, event.object_uid) == ("viewed", contact.uid)


def test_choosing_costs_the_same_for_twenty_documents(client, django_assert_max_num_queries):
    contact = ContactFactory()
    for _number in range(20):
        DocumentVersionFactory()
    client.get(choose(contact))

    with django_assert_max_num_queries(12):  # one asks whether a follow-up is why the page is opened
        client.get(choose(contact))


def test_the_form_fits_what_a_person_sees_of_others(client):
    other = ContactFactory(team__name="Trade Missions")

    assert client.get(choose(other)).status_code == 403
    assert Contact.objects.filter(pk=other.pk).exists()


def test_each_document_says_which_language_it_lacks(client):
    DocumentVersionFactory(document__title="Guide")

    assert "not in French" in client.get(choose(ContactFactory())).text


@pytest.mark.parametrize(("language", "is_said"), [("uk", True), ("fr", False), ("", False)])
def test_a_client_of_another_language_is_asked_which_helps(client, language, is_said):
    page = client.get(choose(ContactFactory(language=language)))

    assert ("Nothing is in the language this caller prefers." in page.text) is is_said
