"""A document that is not in the language a caller may prefer says so on the call form (F26)."""

import pytest

from calls.forms.call import lacks_of
from contacts.choices import Language
from tests.factories import DocumentFactory, DocumentVersionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words"), [(Language.EN, "not in French"), (Language.FR, "not in English")])
def test_a_document_in_one_language_says_which_it_lacks(language, words):
    assert words in lacks_of(DocumentFactory(language=language))


def test_a_document_in_both_says_nothing():
    english = DocumentFactory()
    french = DocumentFactory(language=Language.FR, translation_of=english)

    assert lacks_of(english) == lacks_of(french) == ""


def test_a_translation_that_was_retired_is_none():
    english = DocumentFactory()
    DocumentFactory(language=Language.FR, translation_of=english, is_active=False)

    assert "not in French" in lacks_of(english)


def test_the_call_form_says_it_at_no_cost_for_each_document(signed_in, start, django_assert_max_num_queries):
    page = f"/calls/drafts/{start().uid}/"
    signed_in.get(page)
    DocumentVersionFactory.create_batch(12)

    with django_assert_max_num_queries(24):
        html = signed_in.get(page).text

    assert html.count("not in French") == 12
    assert "Nothing is in the language this caller prefers." in html
