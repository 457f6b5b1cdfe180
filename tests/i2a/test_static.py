"""What browsers load: hashed names hold together, nothing comes from elsewhere, the CSP needs no exception."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import override_settings

ROOT = Path(settings.BASE_DIR)
MAILS = ("outbox/mail.html",)  # read by mail programs, which know no style sheets of ours
TEMPLATES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if not str(path).endswith(MAILS)]
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=str(folder), STORAGES=storages):
        call_command("collectstatic", "--noinput", "--verbosity=0")
    return folder


def test_the_style_sheet_keeps_its_layers_when_names_are_hashed(collected):
    sheet = next(collected.glob("css/app.????????????.css")).read_text()

    assert re.search(r'@import url\("\.\./vendor/bootstrap-5.3.9.min.[0-9a-f]{12}.css"\) layer\(bootstrap\);', sheet)
    assert re.search(r'@import url\("goa-tokens\.[0-9a-f]{12}\.css"\) layer\(tokens\);', sheet)
    assert sheet.index("@layer bootstrap, tokens, base, components, pages;") < sheet.index("@import")


def test_every_script_that_a_page_names_exists(collected):
    named = {
        name
        for path in TEMPLATES
        for names in re.findall(r'{% behaviours "([^"]+)" %}', path.read_text())
        for name in names.split()
    }

    assert named
    assert {name for name in named if not (collected / "js" / f"{name}.js").exists()} == set()


def test_no_rule_of_the_style_sheet_is_for_a_class_that_nothing_has():
    """A name that is put together counts by what stands before the brace: "clock-{}", "f{{ span }}"."""
    sheet = re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", (ROOT / "static/css/app.css").read_text(), flags=re.DOTALL)
    ours = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == ROOT]
    code = [path for app in ours for path in app.rglob("*.py")]
    words = "\n".join(path.read_text() for path in [*TEMPLATES, *SCRIPTS, *code])
    used, begun = set(re.findall(r"[\w-]+", words)), set(re.findall(r"[\w-]+(?=\{)", words))
    named = set(re.findall(r"\.([a-z][\w-]*)", sheet))

    assert len(named) > 300
    assert {name for name in named - used if re.sub(r"\d$|[a-z]+$", "", name) not in begun} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_needs_no_exception_in_the_policy(path):
    source = path.read_text()

    assert not re.search(r"\sstyle=", source)
    assert not re.search(r"\son[a-z]+=\"", source)
    # A block of data is never run: the policy does not concern it.
    assert not re.search(r"""<script(?!\stype="application/json")(?![^>]*\ssrc=)""", source)
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", source)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_imports_no_other_and_evaluates_no_text(path):
    source = path.read_text()

    assert not re.search(r"^\s*import\b|\bimport\(|\beval\(|new Function|innerHTML|https?://", source, re.MULTILINE)


def test_the_pages_of_last_resort_need_neither_request_nor_context():
    assert "Something broke on our side" in render_to_string("500.html")
    assert "We could not read that request" in render_to_string("400.html")
    assert "{%" not in re.sub(r"{#.*?#}", "", (ROOT / "templates" / "500.html").read_text())
