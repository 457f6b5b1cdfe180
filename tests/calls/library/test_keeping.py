"""Keeping the library: add, change, release, review, withdraw, mark wrong (R-INF-03)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import AccessEvent
from calls.models import Document, Topic
from calls.models.documents import LARGEST_PDF
from i2a import clock, files
from tests.factories import PDF, DocumentFactory, DocumentVersionFactory, SentDocumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant(client, manager):
    client.force_login(manager)
    return manager


@pytest.fixture
def boxes():
    return {
        "title": "Hiring from abroad",
        "language": "en",
        "topic": Topic.objects.get(name="Work permits").pk,
        "source": "Alberta",
        "body": "First this.\r\n\r\nThen that.",
        "url": "https://example.org/hiring",
        "review_on": (clock.today() + timedelta(days=90)).isoformat(),
    }


def address(name, version):
    return reverse(f"library:{name}", args=[version.document.uid, version.number])


def errors_of(response):
    forms = [response.context[name] for name in ("form", "version_form") if name in response.context]
    return {name: list(errors) for form in forms for name, errors in form.errors.items()}


def test_what_a_manager_adds_can_be_sent_at_once(client, grant, boxes):
    pdf = SimpleUploadedFile("Guide.PDF", PDF, content_type="text/plain")

    response = client.post(reverse("library:new"), boxes | {"pdf": pdf})

    document = Document.objects.get()
    version = document.versions.get()
    assert response.url == document.get_absolute_url()
    assert (version.number, version.body, version.released_by) == (1, "First this.\n\nThen that.", grant)
    assert files.read(version.file_sha256) == PDF


def test_what_a_team_lead_adds_waits_for_a_manager(client, team_lead, boxes):
    client.force_login(team_lead)

    client.post(reverse("library:new"), boxes)

    assert Document.objects.get().versions.get().released_at is None


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"title": ""}, "title", "Give the document a title."),
        ({"topic": ""}, "topic", "Choose a topic."),
        ({"source": " "}, "source", "Say who wrote it."),
        ({"body": ""}, "body", "Say in the e-mail itself what it is."),
        ({"body": "x" * 20_001}, "body", "Shorten this text."),
        ({"url": "http://example.org"}, "url", "A link begins with https://."),
        ({"url": "javascript:alert(1)"}, "url", "This is no address of a web page."),
        ({"review_on": ""}, "review_on", "Choose when it is looked at again."),
        ({"review_on": "2020-01-01"}, "review_on", "Choose a day after today."),
        ({"review_on": "31.12.2026"}, "review_on", "Choose a day between 2000 and 2100."),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(client, grant, boxes, changes, field, message):
    response = client.post(reverse("library:new"), boxes | changes)

    assert response.status_code == 200
    assert message in errors_of(response)[field]
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GIF89a not a document", "This file is not a PDF."),
        (b"<html>%PDF- %%EOF</html>", "This file is not a PDF."),
        (b"%PDF-1.4 cut off", "This file is not a PDF."),
        (b"%PDF-" + b"x" * LARGEST_PDF + b"%%EOF", "A PDF may have at most 10 MB."),
        (b"", "This file is empty."),
    ],
)
def test_only_a_pdf_of_at_most_10_mb_is_taken_whatever_it_is_called(client, grant, boxes, data, message):
    upload = SimpleUploadedFile("guide.pdf", data, content_type="application/pdf")

    response = client.post(reverse("library:new"), boxes | {"pdf": upload})

    assert errors_of(response)["pdf"] == [message]


def test_a_title_that_is_there_already_is_said_so(client, grant, boxes):
    DocumentFactory(title=boxes["title"])

    response = client.post(reverse("library:new"), boxes)

    assert "The library has a document with this title in this language." in str(errors_of(response))


def test_only_a_french_document_translates_an_english_one(client, grant, boxes):
    english = DocumentFactory()

    refused = client.post(reverse("library:new"), boxes | {"translation_of": english.pk})
    client.post(reverse("library:new"), boxes | {"translation_of": english.pk, "language": "fr"})

    assert "Only a French document is the translation of an English one." in str(errors_of(refused))
    assert english.translation.language == "fr"


def test_a_new_version_keeps_the_old_one_and_its_pdf_goes_on_unless_told_otherwise(client, grant, boxes):
    first = DocumentVersionFactory(is_pdf=True)
    said = {name: boxes[name] for name in ["body", "url", "review_on"]}

    client.post(reverse("library:version_new", args=[first.document.uid]), said | {"seen": 1, "keeps_pdf": "on"})
    client.post(reverse("library:version_new", args=[first.document.uid]), said | {"seen": 2})

    numbers = [(version.number, bool(version.file_sha256)) for version in first.document.versions.order_by("number")]
    assert numbers == [(1, True), (2, True), (3, False)]


def test_the_second_click_or_a_colleague_makes_no_second_version(client, grant, boxes):
    first = DocumentVersionFactory()
    said = {name: boxes[name] for name in ["body", "url", "review_on"]} | {"seen": 1}

    client.post(reverse("library:version_new", args=[first.document.uid]), said)
    again = client.post(reverse("library:version_new", args=[first.document.uid]), said)

    assert again.status_code == 409
    assert "Somebody else changed this document meanwhile." in again.text
    assert boxes["url"] in again.text
    assert first.document.versions.count() == 2


def test_two_people_who_edit_see_both_values(client, grant, boxes):
    document = DocumentVersionFactory(document__title="Before").document
    edit = reverse("library:edit", args=[document.uid])
    client.post(edit, boxes | {"title": "Theirs", "version": 1})

    conflict = client.post(edit, boxes | {"title": "Mine", "version": 1})

    assert conflict.status_code == 409
    assert "Theirs" in conflict.text
    assert "Mine" in conflict.text
    client.post(edit, boxes | {"title": "Mine", "version": conflict.context["form"]["version"].value()})
    document.refresh_from_db()
    assert (document.title, document.version) == ("Mine", 3)


def test_a_proposal_is_released_or_turned_down_once(client, grant):
    proposal = DocumentVersionFactory(released_at=None)
    alone = DocumentVersionFactory(released_at=None)

    client.post(address("release", proposal), {"answer": "release"})
    again = client.post(address("release", proposal), {"answer": "turn_down"}, follow=True)
    gone = client.post(address("release", alone), {"answer": "turn_down"})

    proposal.refresh_from_db()
    assert proposal.released_by == grant
    assert "Somebody else was faster. Nothing was changed." in again.text
    assert gone.url == reverse("library:list")
    assert not Document.objects.filter(pk=alone.document_id).exists()


def test_a_review_moves_the_date_and_nothing_else(client, grant):
    version = DocumentVersionFactory(review_on=clock.today() - timedelta(days=3))
    next_time = clock.today() + timedelta(days=30)

    refused = client.post(address("review", version), {"review_on": clock.today().isoformat()}, follow=True)
    client.post(address("review", version), {"review_on": next_time.isoformat()})

    version.refresh_from_db()
    assert "Choose a day after today." in refused.text
    assert version.review_on == next_time


def test_a_withdrawn_document_can_be_offered_again(client, grant):
    document = DocumentVersionFactory().document

    for to, is_active in [("withdraw", False), ("offer", True)]:
        client.post(reverse("library:offer", args=[document.uid]), {"to": to})
        document.refresh_from_db()
        assert document.is_active is is_active


def test_what_is_wrong_is_said_once_and_read_by_the_guard(client, grant):
    version = DocumentVersionFactory()

    empty = client.post(address("wrong", version), {"because": ""})
    number = client.post(address("wrong", version), {"because": "SIN 046 454 286"})
    client.post(address("wrong", version), {"because": "The fee was raised."})
    again = client.post(address("wrong", version), {"because": "Something else."}, follow=True)

    version.refresh_from_db()
    assert errors_of(empty)["because"] == ["Say what is wrong."]
    assert errors_of(number)["because"] == ["This looks like a Social Insurance Number. It must not be recorded."]
    assert version.wrong_because == "The fee was raised."
    assert "Somebody else was faster." in again.text


def test_a_pdf_is_served_to_be_saved_and_never_shown_by_the_browser(client, specialist):
    client.force_login(specialist)
    version = DocumentVersionFactory(is_pdf=True, document__title="Fees & times")

    answer = client.get(address("file", version))

    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="fees-times.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("columns", [{}, {"file_sha256": "0" * 64, "file_size": 9}])
def test_a_version_without_a_file_or_whose_file_is_lost_is_not_found(client, specialist, columns):
    client.force_login(specialist)

    assert client.get(address("file", DocumentVersionFactory(**columns))).status_code == 404


@pytest.mark.parametrize(
    ("show", "titles"),
    [
        ("offered", ["Due", "Fine", "Wrong"]),
        ("due", ["Due"]),
        ("wrong", ["Wrong"]),
        ("proposed", ["Proposed"]),
        ("withdrawn", ["Withdrawn"]),
        ("all", ["Due", "Fine", "Proposed", "Withdrawn", "Wrong"]),
        ("nonsense", ["Due", "Fine", "Wrong"]),
    ],
)
def test_the_list_shows_each_state(client, grant, show, titles):
    DocumentVersionFactory(document__title="Fine")
    DocumentVersionFactory(document__title="Due", review_on=clock.today() - timedelta(days=1))
    DocumentVersionFactory(document__title="Wrong", is_wrong=True)
    DocumentVersionFactory(document__title="Proposed", released_at=None)
    DocumentVersionFactory(document__title="Withdrawn", document__is_active=False)

    response = client.get(reverse("library:list"), {"show": show})

    assert [document.title for document in response.context["documents"]] == titles


def test_the_list_is_narrowed_by_words_topic_and_language(client, grant):
    french = DocumentFactory(title="Permis de travail", language="fr")
    DocumentFactory(title="Work permits in Alberta")
    DocumentFactory(title="Studying", topic=Topic.objects.get(name="Study"))
    asked = [{"q": "permi"}, {"q": "alberta work"}, {"topic": Topic.objects.get(name="Study").pk}, {"language": "fr"}]

    found = [
        [d.title for d in client.get(reverse("library:list"), {"show": "all", **a}).context["documents"]] for a in asked
    ]

    assert found == [
        ["Permis de travail", "Work permits in Alberta"], ["Work permits in Alberta"], ["Studying"], [french.title],
    ]  # fmt: skip


def test_who_keeps_the_library_is_told_what_is_due(client, grant):
    DocumentVersionFactory(review_on=clock.today() - timedelta(days=1))
    DocumentVersionFactory(review_on=clock.today() + timedelta(days=7))
    DocumentVersionFactory(is_wrong=True)
    DocumentVersionFactory(released_at=None)

    text = client.get(reverse("library:list")).text

    assert "1 document is due for review and cannot be sent." in text
    assert "1 more within 14 days." in text
    assert "1 document was found wrong and has no corrected version." in text
    assert "1 proposal waits for a manager." in text


def test_a_specialist_reads_and_keeps_nothing(client, specialist):
    client.force_login(specialist)
    version = DocumentVersionFactory(review_on=clock.today() - timedelta(days=1))

    listed = client.get(reverse("library:list")).text
    page = client.get(version.document.get_absolute_url()).text

    assert "Add a document" not in listed
    assert "are due for review" not in listed
    assert "Still right" not in page
    assert "Withdraw" not in page


def test_the_list_costs_the_same_for_twenty_documents(client, grant, django_assert_max_num_queries):
    for _number in range(20):
        SentDocumentFactory(version=DocumentVersionFactory())
    client.get(reverse("library:list"))

    with django_assert_max_num_queries(14):
        client.get(reverse("library:list"))


def test_the_ledger_costs_the_same_for_twenty_mails_and_names_nobody_one_may_not_see(
    client, specialist, django_assert_max_num_queries
):
    client.force_login(specialist)
    version = DocumentVersionFactory()
    for _number in range(20):
        SentDocumentFactory(version=version)
    hidden = SentDocumentFactory(version=version, message__contact__restricted=True).message.contact
    receivers = reverse("library:receivers", args=[version.document.uid])
    client.get(receivers)

    with django_assert_max_num_queries(11):
        text = client.get(receivers).text

    assert hidden.ref not in text
    assert text.count("P-2026-") >= 20
    event = AccessEvent.objects.filter(object_type="calls.sentdocument").latest("pk")
    assert (event.kind, event.detail) == ("listed", {"count": 20})
