"""What is kept of the link when promotional mail leaves."""

import pytest

from outbox import unsubscribe
from outbox.models import UnsubscribeToken
from tests.factories import MessageFactory
from tests.outbox.steps import drain, make_due, promotion

pytestmark = pytest.mark.xdist_group("workshop")


def test_the_hash_is_kept_before_the_mail_leaves_and_the_token_never(committed, smtp):
    message = promotion()
    smtp.answers["dot"] = ["451 later"]

    drain()
    make_due(message)
    drain()

    links = [received.mail["List-Unsubscribe"].strip("<>") for received in smtp.received]
    kept = set(UnsubscribeToken.objects.filter(message=message).values_list("sha256", flat=True))
    assert len(kept) == 2  # the copy that was refused may have been kept by somebody all the same
    assert {unsubscribe.hash_of(link.partition("?t=")[2]) for link in links} < kept


def test_requested_information_keeps_no_token(committed, smtp):
    message = MessageFactory()

    drain()

    assert not UnsubscribeToken.objects.filter(message=message).exists()
