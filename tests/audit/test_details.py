"""What stands beside an access event, in words. That every recorded one has words, tests/conftest.py sees to."""

import re
from pathlib import Path

import pytest

from access.models import AccessGrant
from audit.models import AccessEvent
from audit.reports.details import say_criteria, told, unsaid
from i2a import clock
from tests.factories import EventFactory, UserFactory

pytestmark = pytest.mark.django_db
Kind = AccessEvent.Kind


def said(kind, **detail):
    return dict(told(AccessEvent(kind=kind, at=clock.now(), detail=detail)))


def test_codes_are_said_in_words_and_what_only_programs_need_is_not_said():
    assert said(Kind.SIGN_IN_FAILED, reason="mismatch") == {"Why not": "name and password do not belong together"}
    assert said(Kind.SIGNED_IN, by=["password", "totp"]) == {"With": "password, authenticator app"}
    assert said(Kind.ROLE_GRANTED, role="team_lead", grant=str(AccessGrant().uid)) == {"Role": "Team lead"}
    assert said(Kind.EMAIL_WITHHELD, reason="no proof", address="abc") == {
        "Why not": "The database found no live agreement for it"
    }


def test_filters_are_said_one_by_one():
    maya, event = UserFactory(first_name="Maya", last_name="Reader"), EventFactory()

    words = say_criteria(f"who={maya.uid}&did=viewed&record={event.uid}&since=2026-11-23&category=employer")

    assert words == (
        "Person: Maya Reader · What they did: Opened a record · Record: Event · From: Monday 23 November 2026 · "
        "Category: Employer"
    )


def test_a_key_or_a_code_without_words_is_found():
    assert unsaid(Kind.VIEWED, {"purpose": "call", "colour": "red"}) == ["colour"]
    assert unsaid(Kind.SIGNED_IN, {"by": ["password", "carrier pigeon"]}) == ["by: carrier pigeon"]


def test_what_senders_record_in_their_own_statement_has_words():
    """They write no model (`outbox.states`), so the guard of the tests does not see them."""
    sources = [Path(f"outbox/{name}.py").read_text() for name in ["engine", "outcomes", "bounces"]]
    written = [re.search(r"(?:detail|proof) = \{(.*?)\}", source, re.DOTALL)[1] for source in sources]

    assert len(written) == 3
    for keys in written:
        assert not unsaid(Kind.EMAIL_WITHHELD, dict.fromkeys(re.findall(r'"(\w+)":', keys), "")), keys
