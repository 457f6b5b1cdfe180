"""axe visits every page: what answers GET has a place in tests/browser/places.py, or stands here with the reason."""

import ast
import re
from pathlib import Path
from uuid import uuid4

from django.urls import Resolver404, resolve

from tests.url_table import PUBLIC_TABLE, TABLE

BROWSER = Path(__file__).parent / "browser"
PLACES = ast.parse("".join((BROWSER / name).read_text(encoding="utf-8") for name in ["places.py", "ways.py"]))
SHOWN_BY_CLICKS = {
    "survey_answer": "survey-answer",
    "calls:draft": "call-new",
    "contacts:note": "note-revisions",
    "contacts:note_amend": "note-amend",
    "contacts:opening": "contact-opening",
    "contacts:view_delete": "contacts-view-delete",
    "mfa_authenticate": "sign-in-code",
    "audit:review": "audit-review",
}
WITHOUT_A_PLACE = {
    "account_reauthenticate": "the form of account-password",
    "account_reset_password_from_key": "the form of account-password; needs a link from a mail",
    "kept_form": "a sentence and one button",
    "mfa_add_webauthn": "needs the password given just now",
    "mfa_deactivate_totp": "needs the password given just now",
    "mfa_generate_recovery_codes": "needs the password given just now",
    "mfa_reauthenticate": "needs a second step",
    "mfa_reauthenticate_webauthn": "needs a second step",
    "mfa_remove_webauthn": "needs a second step",
    "mfa_view_recovery_codes": "needs a second step",
    "mfa_login_webauthn": "JSON",
    "session_time_left": "JSON",
    "openid_connect_callback": "sends to another address",
    "openid_connect_login": "sends to another address",
    "contacts:confirm_address": "one question and the choices of consent-withdraw",
    "contacts:consent_correct": "the choices of consent-withdraw and one box",
    "contacts:merge_undo": "the notes and panel of contact-merge-preview",
    "contacts:representation_end": "one box, as in call-void",
    "contacts:request": "the form of contact-access",
    "contacts:view_edit": "the form of contacts-view-new",
    "audit:report_delete": "a sentence and one button",
    "audit:report_new": "one box, as in contacts-view-new",
    "followups:hand_over_of": "follow-ups-hand-over of somebody else",
    "outreach:edit": "the form of event-new",
    "campaigns:edit": "the form of campaign-new",
    "campaigns:mail": "a mail in a frame",
    "campaigns:progress": "a part of campaign-done",
    "campaigns:switch": "the notes and box of event-cancel",
    "surveys:try_frame": "the pages of the people asked",
    "surveys:question": "the form of survey-question-new",
    "surveys:words": "the form of survey-new",
    "surveys:mail": "a mail in a frame",
    "surveys:progress": "a part of survey-invitations",
    "surveys:switch": "the notes and box of event-cancel",
    "outbox:again": "one button and a sentence",
    "outbox:arrived": "one button and a sentence",
    "calls:ringing": "a band on other pages, visited by test_phone",
    "library:preview": "a mail in a frame",
    "library:mail": "a mail in a frame",
    "demo_outbox:html_part": "a mail in a frame",
    "library:file": "a PDF",
    "healthz": "JSON",
    "favicon": "an icon",
}


class Addresses(ast.NodeVisitor):
    """Every text that begins like an address, with a value for each part that varies."""

    def __init__(self):
        self.found = set()

    def visit_Constant(self, node):
        if isinstance(node.value, str) and node.value.startswith("/"):
            self.found.add(re.sub(r"{\w+}", str(uuid4()), node.value.partition("?")[0]))

    def visit_JoinedStr(self, node):
        text = "".join(part.value if isinstance(part, ast.Constant) else "{part}" for part in node.values)
        self.visit_Constant(ast.Constant(text))


def pages_visited():
    addresses = Addresses()
    addresses.visit(PLACES)
    for address in addresses.found:
        try:
            yield resolve(address).view_name
        except Resolver404:
            assert address in {"/shown/", "/calls/nowhere/"}


def answers_get(name):
    statuses = (TABLE.get(name) or PUBLIC_TABLE[name])["GET"]
    return not set(str(statuses).split()) <= {"403", "405"}


def test_every_page_has_a_place_or_a_reason():
    pages = {name for name in [*TABLE, *PUBLIC_TABLE] if answers_get(name)}

    assert pages - set(pages_visited()) == {*SHOWN_BY_CLICKS, *WITHOUT_A_PLACE}


def test_what_is_shown_by_clicks_has_its_place():
    names = {node.value for node in ast.walk(PLACES) if isinstance(node, ast.Constant)}

    assert set(SHOWN_BY_CLICKS.values()) <= names
