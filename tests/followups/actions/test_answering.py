"""What closes a follow-up: our call, or an e-mail."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from calls.models import Call, CallDraft
from outbox.models import Message
from tests.factories import CallFactory, ContactFactory
from tests.followups.actions.pages import NOW, again, text_of, url_of
from tests.followups.pages import beside

pytestmark = pytest.mark.django_db


def test_a_call_back_starts_an_outgoing_call_that_answers_it(client, follow_up, caller):
    client.post(reverse("calls:start"), {"contact": str(caller.uid), "answers": str(follow_up.uid)})

    draft = CallDraft.objects.get()
    page = client.get(reverse("calls:draft", args=[draft.uid])).content.decode()
    assert draft.data["direction"] == ["out"]
    assert re.search(rf'name="answers_follow_up" value="{follow_up.uid}"[^>]* checked', page)


def test_a_call_that_was_logged_closes_it_and_is_linked(client, follow_up, caller, specialist):
    call = CallFactory(contact=caller, specialist=specialist, direction="out")
    page = client.get(url_of("close", follow_up))

    typed = {"version": 1, "answer": f"call:{call.uid}", "outcome": "Explained."}
    client.post(url_of("close", follow_up), typed)

    assert f"Our call {call.ref} of 10:05 am" in text_of(page)
    assert (again(follow_up).status, follow_up.method) == ("done", "phone")
    assert Call.objects.get(pk=call.pk).answers_follow_up == follow_up


@pytest.mark.parametrize("other", ["of somebody else", "before they asked", "that raised it", "voided"])
def test_other_calls_close_nothing(client, follow_up, caller, specialist, other):
    values = {
        "of somebody else": {"contact": ContactFactory()},
        "before they asked": {"started_at": NOW - timedelta(days=3)},
        "that raised it": {"follow_up_decision": "needed", "follow_up": follow_up},
        "voided": {"voided": True},
    }[other]
    call = CallFactory(**{"contact": caller, "specialist": specialist, **values})

    typed = {"version": 1, "answer": f"call:{call.uid}", "outcome": "Explained."}
    page = client.post(url_of("close", follow_up), typed)

    assert "Record how the client was answered." in text_of(page)
    assert again(follow_up).is_open


def test_without_a_call_or_mail_the_page_says_what_to_do(client, follow_up):
    page = client.get(url_of("close", follow_up))

    assert "No call and no e-mail since they asked is on record." in text_of(page)


def test_an_answer_by_email_is_a_message_and_closes_it(client, follow_up, caller, specialist):
    answer = client.post(url_of("email", follow_up), {"text": "Dear <b>Zoë</b>,\n\nyes.", "language": "en"})

    message = Message.objects.get()
    assert (answer.status_code, again(follow_up).status, follow_up.method) == (302, "done", "email")
    assert (follow_up.answer, message.contact, message.kind) == (message, caller, "information")
    assert message.content.subject == "The answer to your question"
    assert "&lt;b&gt;" in message.content.html and "<b>" not in message.content.html


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"text": ""}, "text", "Write the answer."),
        ({"text": "Your SIN 046 454 286 is fine."}, "text", "SIN"),
        ({"language": "tlh"}, "language", "Choose English or French."),
    ],
)
def test_an_answer_that_may_not_be_sent_is_refused_and_kept(client, follow_up, typed, field, message):
    page = client.post(url_of("email", follow_up), {"text": "Yes.", "language": "en"} | typed)

    assert message in beside(page, field)
    assert again(follow_up).is_open and not Message.objects.exists()


def test_without_a_working_address_nothing_is_sent(client, follow_up, caller):
    caller.email_state = "not_working"
    caller.save()

    page = client.post(url_of("email", follow_up), {"text": "Yes.", "language": "en"})

    assert "not working" in text_of(page)
    assert again(follow_up).is_open
