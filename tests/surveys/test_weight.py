"""What a phone loads for the page of a survey: at most 60 kB in all, the page itself uncompressed."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.surveys.to_answer import survey_to_answer, unused_link

LARGEST = 60_000
STATIC = Path(settings.BASE_DIR) / "static"
LOADED = re.compile(r'<(?:script|link|img)[^>]*(?:src|href)="/static/([^"]+)"')
IMPORTED = re.compile(r'@import url\("([^"]+)"\)')
OWN_LETTERS = re.compile(r"\.own-letters \{([^}]+)\}")
WEB_FONT = re.compile(r'@font-face \{ font-family: "([^"]+)"')


def loaded(page):
    """The files that the page names, and the style sheets these name; fonts are loaded only where letters want them."""
    files = {(STATIC / name).resolve() for name in LOADED.findall(page)}
    sheets = {file for file in files if file.suffix == ".css"}
    return files | {(sheet.parent / name).resolve() for sheet in sheets for name in IMPORTED.findall(sheet.read_text())}


@pytest.mark.django_db
def test_the_page_of_a_survey_weighs_60_kb_with_all_it_loads(client):
    page = client.get(unused_link(survey_to_answer()))

    files = loaded(page.text)

    assert {"app.css", "bootstrap-5.3.9.min.css", "theme.js"} <= {file.name for file in files}
    assert not [file for file in files if file.suffix == ".woff2"]
    assert len(page.content) + sum(len(gzip.compress(file.read_bytes())) for file in files) < LARGEST


@pytest.mark.django_db
def test_the_page_of_a_survey_is_in_the_letters_of_the_phone(client):
    page = client.get(unused_link(survey_to_answer()))
    sheet = (STATIC / "css" / "app.css").read_text()

    assert '<body class="public own-letters">' in page.text
    assert not [family for family in WEB_FONT.findall(sheet) if family in OWN_LETTERS.search(sheet)[1]]
