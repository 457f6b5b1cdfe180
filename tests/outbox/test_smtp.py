import ast
import re

import pytest

from i2a.settings import BASE_DIR
from outbox.smtp import blames_address, reply_code, wire_address

APPS = ["i2a", "audit", "access", "contacts", "outbox", "outreach", "followups", "calls", "surveys"]


def imported_by(path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_only_the_outbox_talks_smtp_and_nobody_uses_djangos_mail():
    files = [file for app in APPS for file in (BASE_DIR / app).rglob("*.py")]

    speakers = {str(file.relative_to(BASE_DIR)) for file in files if "smtplib" in imported_by(file)}
    djangos = {str(file.relative_to(BASE_DIR)) for file in files if "django.core.mail" in imported_by(file)}

    assert len(files) > 50
    assert speakers == {"outbox/smtp.py"}
    assert djangos == set()


def test_no_template_or_code_calls_djangos_mail_by_another_way():
    files = [file for app in APPS for file in (BASE_DIR / app).rglob("*.py")]

    forbidden = r"(?<!def )send_mail\(|email_user\(|mail_admins\(|mail_managers\(|EmailMultiAlternatives"
    assert [str(file) for file in files if re.search(forbidden, file.read_text())] == []


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        (250, b"2.0.0 Ok: queued as 4F1", "250 2.0.0"),
        (550, b"5.1.1 <somebody@example.org> unknown", "550 5.1.1"),
        (550, b"<somebody@example.org> 5.1.1 unknown", "550"),
        (451, b"", "451"),
        (550, b"5.7.509 Access denied", "550 5.7.509"),
    ],
)
def test_of_an_answer_only_the_numbers_are_kept(code, text, said):
    assert reply_code(code, text) == said


@pytest.mark.parametrize(
    ("code", "text", "is_blamed"),
    [
        (550, b"5.1.1 no such user", True),
        (550, b"5.1.10 null MX", True),
        (550, b"5.2.1 mailbox disabled", True),
        (550, b"User unknown", True),
        (552, b"5.2.2 mailbox full", False),
        (550, b"5.7.1 blocked", False),
        (554, b"rejected", False),
        (530, b"5.7.0 authentication required", False),
    ],
)
def test_only_what_is_about_the_address_is_blamed_on_it(code, text, is_blamed):
    assert blames_address(code, text) is is_blamed


def test_an_address_that_has_no_spelling_for_servers_is_an_error():
    assert wire_address("a@example.org") == "a@example.org"
    with pytest.raises(UnicodeError):
        wire_address("é@example.org")
