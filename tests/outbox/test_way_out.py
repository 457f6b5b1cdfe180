"""The link in promotional mail: RFC 8058's pair, a token per mail of which only the hash is kept."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from django.db import IntegrityError

from outbox.models import Message, UnsubscribeToken
from outbox.rendering import render, wordings_in_force
from tests.factories import MessageFactory
from tests.outbox.steps import promotion

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def mail_of(content: bytes):
    return message_from_bytes(content, policy=default)


@pytest.mark.parametrize("kind", Message.PROMOTIONAL)
def test_promotion_carries_the_pair_of_rfc_8058(kind, settings):
    settings.I2A_SITE_URL = "https://desk.example.org/"
    mail = mail_of(render(promotion(kind), wordings_in_force(NOW), NOW).content)

    assert re.fullmatch(r"<https://desk\.example\.org/unsubscribe/\?t=[\w-]{22}>", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_person_finds_the_same_link_in_both_parts():
    mail = mail_of(render(promotion(), wordings_in_force(NOW), NOW).content)

    link = mail["List-Unsubscribe"].strip("<>")
    assert link in mail.get_body(["plain"]).get_content()
    assert f'href="{link}"' in mail.get_body(["html"]).get_content()


def test_the_link_says_nothing_of_the_receiver():
    message = promotion()
    link = mail_of(render(message, wordings_in_force(NOW), NOW).content)["List-Unsubscribe"]

    for personal in [message.to_email, str(message.contact.uid), message.contact.ref, str(message.uid)]:
        assert personal not in link


def test_each_writing_has_a_token_of_its_own_and_the_digest_leaves_it_out():
    message, wordings = promotion(), wordings_in_force(NOW)

    first, second = render(message, wordings, NOW), render(message, wordings, NOW)

    assert first.way_out != second.way_out
    assert first.sha256 == second.sha256


def test_requested_information_has_no_way_out():
    rendered = render(MessageFactory(), wordings_in_force(NOW), NOW)

    assert rendered.way_out == ""
    assert b"List-Unsubscribe" not in rendered.content


def test_no_two_tokens_are_alike():
    message = promotion()
    UnsubscribeToken.objects.create(message=message, sha256="a" * 64)

    with pytest.raises(IntegrityError):
        UnsubscribeToken.objects.create(message=message, sha256="a" * 64)
