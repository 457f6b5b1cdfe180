import pytest
from django.db import IntegrityError, connection, transaction

from calls.models import Correction, DocumentVersion
from calls.models.documents import LARGEST_PDF
from i2a import clock
from tests.factories import DocumentFactory, DocumentVersionFactory, SentDocumentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"url": "http://example.org/"}, "document_version_link_is_https"),
        ({"file_sha256": "a" * 64}, "document_version_file_has_size"),
        ({"file_size": 5}, "document_version_file_has_size"),
        ({"file_sha256": "a" * 64, "file_size": LARGEST_PDF + 1}, "document_version_file_has_size"),
        ({"wrong_because": "The fee."}, "document_version_wrong_says_why"),
        ({"wrong_at": clock.now()}, "document_version_wrong_says_why"),
    ],
)
def test_a_version_keeps_its_rules(columns, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        DocumentVersionFactory(**columns)


def test_a_title_stands_once_in_each_language():
    DocumentFactory(title="Fees")
    DocumentFactory(title="Fees", language="fr")

    with pytest.raises(IntegrityError, match="document_title_once_per_language"):
        DocumentFactory(title="Fees")


def test_there_are_two_languages():
    with pytest.raises(IntegrityError, match="document_language_known"):
        DocumentFactory(language="de")


def test_only_a_french_document_is_a_translation():
    with pytest.raises(IntegrityError, match="document_translation_is_french"):
        DocumentFactory(translation_of=DocumentFactory())


@pytest.mark.parametrize("change", [{"body": "Other words."}, {"url": "https://example.org/"}, {"number": 9}])
def test_what_a_version_says_never_changes(change):
    version = DocumentVersionFactory()

    with pytest.raises(IntegrityError, match="document_version never changes"):
        DocumentVersion.objects.filter(pk=version.pk).update(**change)


def test_a_released_version_is_never_deleted_and_a_proposal_may_be():
    version, proposal = DocumentVersionFactory(), DocumentVersionFactory(released_at=None)

    proposal.delete()
    with pytest.raises(IntegrityError, match="document_version never changes"):
        version.delete()


def test_the_ledger_is_append_only():
    row = SentDocumentFactory()

    with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic():
        row.delete()
    with connection.cursor() as cursor, pytest.raises(Exception, match=r"append-only|permission denied"):
        cursor.execute("UPDATE calls_sentdocument SET version_id = version_id")


def test_the_ledger_has_a_version_once_per_mail():
    row = SentDocumentFactory()

    with pytest.raises(IntegrityError, match="sent_document_once"):
        SentDocumentFactory(message=row.message, version=row.version)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [({"words": ""}, "correction_says_what"), ({"is_same": True}, "correction_is_of_another_version")],
)
def test_a_correction_keeps_its_rules(columns, constraint):
    wrong, right = DocumentVersionFactory(is_wrong=True), DocumentVersionFactory()
    if columns.pop("is_same", False):
        right = wrong

    with pytest.raises(IntegrityError, match=constraint):
        Correction.objects.create(
            **{"wrong": wrong, "right": right, "words": "The fee.", "at": clock.now(), "by": UserFactory(), **columns}
        )


def test_the_current_version_is_the_newest_released_one_of_an_offered_document():
    document = DocumentFactory()
    DocumentVersionFactory(document=document)
    second = DocumentVersionFactory(document=document)
    DocumentVersionFactory(document=document, released_at=None)
    DocumentVersionFactory(document__is_active=False)

    assert list(DocumentVersion.objects.current()) == [second]


def test_a_file_is_named_in_letters_that_every_mail_program_shows():
    version = DocumentVersionFactory(document__title="Étudier : les délais", is_pdf=True)

    assert version.file_name == "etudier-les-delais.pdf"
