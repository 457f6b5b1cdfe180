"""French is of equal rank (R-NFR-04): no sentence lacks its French, and the compiled catalogue is up to date.

xgettext and msgfmt are not on every machine, so polib reads the catalogue, and the sentences of the public pages are
found by a regular expression and by Python's own parser.
"""

import ast
import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import dates
from django.utils.translation import gettext, override, pgettext

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale/fr/LC_MESSAGES/django.po"
PUBLIC_TEMPLATES = [
    "base_document.html", "base_public.html", "base_signin.html", "error_page.html", "[45][0-9][0-9]*.html",
    "registration/**/*.html", "public/**/*.html", "surveys/_step*.html",
    "outbox/mail*.html", "outbox/mail*.txt", "components/**/*.html",
    "bootstrap5/**/*.html",
]  # fmt: skip
PUBLIC_CODE = [
    "access/views/sign_in.py", "access/forms/sign_in.py", "calls/services/corrections.py",
    "calls/services/information.py",
    "i2a/views.py", "outbox/public.py", "outbox/why.py", "outreach/public_fields.py", "outreach/public_views.py",
    "surveys/ballots/sheet.py",
]  # fmt: skip

QUOTED = r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')"""
IN_TAG = re.compile(r"{%-?\s*trans(?:late)?\s+" + QUOTED + r'(?P<rest>[^%]*)%}|\b_\("(?P<call>[^"]*)"\)')
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b(?P<options>[^%]*)%}(?P<body>.*?){%\s*endblocktrans", re.DOTALL)
CONTEXT = re.compile(r"""\bcontext\s+["']([^"']*)["']""")
PLACEHOLDER = re.compile(r"%\(\w+\)[0-9.]*[a-z]|%%")
PLAIN = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}


@cache
def catalogue():
    return polib.pofile(str(CATALOGUE))


def entries():
    return [entry for entry in catalogue() if not entry.obsolete]


@cache
def known():
    return {(entry.msgctxt, entry.msgid) for entry in entries() if entry.translated()}


def in_template(text):
    """The sentences of a template, each as (context or None, msgid), written as makemessages writes them."""
    for match in IN_TAG.finditer(text):
        context = CONTEXT.search(match["rest"] or "")
        words = match["double"] or match["single"] or match["call"] or ""
        yield context and context[1], words.replace("%", "%%")
    for match in BLOCK.finditer(text):
        context = CONTEXT.search(match["options"])
        singular = re.split(r"{%\s*plural\s*%}", match["body"])[0].replace("%", "%%")
        if re.search(r"\btrimmed\b", match["options"]):
            singular = " ".join(line.strip() for line in singular.strip().splitlines())
        yield context and context[1], re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", singular)


def in_code(text):
    for node in ast.walk(ast.parse(text)):
        function = getattr(node, "func", None)
        name = getattr(function, "id", "") or getattr(function, "attr", "")
        if name in PLAIN | WITH_CONTEXT:
            words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            yield (words[0], words[1]) if name in WITH_CONTEXT else (None, words[0])


def public_templates():
    return [path for pattern in PUBLIC_TEMPLATES for path in sorted((ROOT / "templates").glob(pattern))]


def missing(sentences):
    return sorted(words for context, words in sentences if (context, words) not in known())


def test_every_sentence_has_its_french():
    assert [entry.msgid for entry in entries() if entry.fuzzy or not entry.translated()] == []


def test_the_compiled_catalogue_is_the_written_one():
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    assert CATALOGUE.with_suffix(".mo").read_bytes() == catalogue().to_binary()
    assert len(compiled) == len(entries())


@pytest.mark.parametrize("path", public_templates(), ids=lambda path: path.name)
def test_public_pages_and_mails_speak_french(path):
    assert missing(in_template(path.read_text())) == []


@pytest.mark.parametrize("path", PUBLIC_CODE)
def test_what_public_views_say_is_in_french(path):
    assert missing(in_code((ROOT / path).read_text())) == []


def test_placeholders_survive_translation():
    def kinds(words):
        return sorted(set(PLACEHOLDER.findall(words)))

    pairs = [(entry.msgid, entry.msgstr) for entry in entries() if not entry.msgid_plural]
    for entry in entries():
        if entry.msgid_plural:
            pairs += [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]

    assert [pair for pair in pairs if kinds(pair[0]) != kinds(pair[1])] == []


def test_tags_survive_translation():
    tag = re.compile(r"<[^>]+>")

    assert [entry.msgid for entry in entries() if tag.findall(entry.msgid) != tag.findall(entry.msgstr)] == []


def test_french_of_canada_reads_this_catalogue():
    """The pages speak "fr-ca"; words of Django's own French must not come before ours."""
    with override("fr-ca"):
        said = [
            (pgettext(entry.msgctxt, entry.msgid) if entry.msgctxt else gettext(entry.msgid), entry.msgstr)
            for entry in entries()
            if not entry.msgid_plural
        ]

    assert [pair for pair in said if pair[0] != pair[1]] == []


def test_days_and_months_stay_django_s():
    """A word of ours spelled like one, "May", would stand in every date."""
    with override("en-ca"):
        names = {str(name) for name in (*dates.WEEKDAYS.values(), *dates.MONTHS.values())}

    assert [entry.msgid for entry in entries() if entry.msgid in names and not entry.msgctxt] == []


def test_canadian_punctuation():
    """A no-break space before a colon and inside « », none before ; ? and !, and the curved apostrophe."""
    said = [words for entry in entries() for words in (entry.msgstr, *entry.msgstr_plural.values())]

    assert [words for words in said if re.search(r"[ ]:|« | »|\w [;?!](?!\))|'", words)] == []


def test_the_finder_of_sentences():
    template = (
        '{% translate "One" %}{% translate "Two" context "verb" as two %}{% panel _("Three") %}{% translate "50%" %}'
        "{% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}"
    )
    code = 'a = _("One " "sentence"), pgettext("verb", "Two"), ngettext("%(n)s row", "%(n)s rows", n)'

    assert list(in_template(template)) == [
        (None, "One"), ("verb", "Two"), (None, "Three"), (None, "50%%"), (None, "%(n)s row")
    ]  # fmt: skip
    assert sorted(in_code(code), key=str) == [("verb", "Two"), (None, "%(n)s row"), (None, "One sentence")]
