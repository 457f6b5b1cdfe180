"""Who needs the correction, and sending it (N30)."""

import pytest
from django.urls import reverse

from calls.models import Correction
from calls.services import corrections
from calls.services.corrections import Standing, receivers_of, send_correction
from i2a import clock
from outbox.models import Message
from tests.factories import (
    LONG_AGO,
    CallFactory,
    ContactFactory,
    DocumentFactory,
    DocumentVersionFactory,
    SentDocumentFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrong():
    return DocumentVersionFactory(is_wrong=True)


@pytest.fixture
def right(wrong):
    return DocumentVersionFactory(document=wrong.document, body="The right fee.")


def got(version, **message):
    return SentDocumentFactory(version=version, **{f"message__{name}": value for name, value in message.items()})


def send(wrong, *, others_because=""):
    return send_correction(
        wrong=wrong, words="The fee was raised.", others_because=others_because, by=UserFactory(), now=clock.now()
    )


def standing_of(wrong):
    (receiver,) = receivers_of(wrong)
    return receiver.standing, receiver.reason


def test_the_list_is_exactly_those_who_got_the_wrong_version(wrong, right):
    twice = got(wrong).message.contact
    got(wrong, contact=twice)
    queued = got(wrong, state="queued", sent_at=None).message.contact
    got(right)
    got(DocumentVersionFactory())
    for state in ["failed", "withheld", "cancelled"]:
        got(wrong, state=state, sent_at=None)

    assert {receiver.contact for receiver in receivers_of(wrong)} == {twice, queued}


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"do_not_contact": True, "do_not_contact_at": LONG_AGO}, "Do not contact"),
        ({"email_state": "not_working"}, "E-mail address not working"),
    ],
)
def test_whom_the_rules_do_not_allow_to_write_to_is_said_with_the_reason(wrong, right, columns, reason):
    got(wrong, contact=ContactFactory(**columns))

    assert standing_of(wrong) == (Standing.CANNOT, reason)
    with pytest.raises(corrections.NobodyNeedsIt):
        send(wrong, others_because="They must know.")


def test_who_asked_again_and_got_the_right_version_needs_no_correction(wrong, right):
    contact = got(wrong).message.contact
    got(right, contact=contact)

    assert standing_of(wrong) == (Standing.HAS_NEWER, "")


def test_with_whom_nothing_more_was_to_be_done_is_written_to_only_with_a_reason(wrong, right):
    row = got(wrong)
    CallFactory(contact=row.message.contact, message=row.message, follow_up_decision="none")

    assert standing_of(wrong) == (Standing.ASKS_REASON, "")
    with pytest.raises(corrections.NobodyNeedsIt):
        send(wrong)
    assert send(wrong, others_because="The old fee is refused.") == 1
    assert Correction.objects.get().for_others_because == "The old fee is refused."


def test_the_correction_is_a_service_mail_with_the_right_version_and_stands_in_the_ledger(wrong, right):
    contact = got(wrong).message.contact

    count = send(wrong)

    mail = Message.objects.latest("pk")
    assert count == 1
    assert (mail.kind, mail.contact, mail.to_email, mail.state) == ("information", contact, contact.email, "queued")
    assert mail.content.subject == "A correction to the information we sent you"
    assert "What was wrong: The fee was raised." in mail.content.text
    assert "The right fee." in mail.content.text
    assert mail.documents.get().version == right
    assert standing_of(wrong) == (Standing.WAS_SENT, "")


def test_each_gets_it_in_the_language_of_the_first_mail(wrong, right):
    for language in ["en", "fr"]:
        got(wrong, content__language=language)

    send(wrong)

    made = Message.objects.filter(purpose_key__startswith="correction:")
    assert {mail.content.language for mail in made} == {"en", "fr"}


def test_sent_again_it_adds_nobody_twice_and_reaches_those_who_did_not_get_it(wrong, right):
    for _number in range(2):
        got(wrong)
    assert send(wrong) == 2
    with pytest.raises(corrections.NobodyNeedsIt):
        send(wrong)

    Message.objects.filter(pk=Message.objects.latest("pk").pk).update(state="cancelled", to_email="")

    assert send(wrong) == 1


@pytest.mark.parametrize("newer", ["none", "proposed", "also wrong"])
def test_without_a_right_version_nothing_is_sent(wrong, newer):
    got(wrong)
    if newer != "none":
        DocumentVersionFactory(
            document=wrong.document,
            **({"released_at": None} if newer == "proposed" else {"is_wrong": True}),
        )

    with pytest.raises(corrections.NothingToCorrect):
        send(wrong)


def test_a_version_that_is_right_has_nothing_to_correct():
    document = DocumentFactory()
    first, _second = DocumentVersionFactory(document=document), DocumentVersionFactory(document=document)

    with pytest.raises(corrections.NothingToCorrect):
        send(first)


class TestPage:
    @pytest.fixture(autouse=True)
    def grant(self, client, manager):
        client.force_login(manager)

    def address(self, version):
        return reverse("library:correction", args=[version.document.uid, version.number])

    def test_it_counts_names_whom_one_may_see_and_sends(self, client, wrong, right):
        shown = got(wrong).message.contact
        hidden = got(wrong, contact__restricted=True).message.contact

        page = client.get(self.address(wrong))
        done = client.post(self.address(wrong), {"words": "The fee was raised."}, follow=True)

        assert "2 clients got version 1." in page.text
        assert shown.ref in page.text
        assert hidden.ref not in page.text
        assert "and 1 more, not shown or not yours to see" in page.text
        assert "2 corrections are queued." in done.text
        assert "Version 2 to 2 clients" in done.text

    def test_a_reason_is_asked_for(self, client, wrong, right):
        row = got(wrong)
        CallFactory(contact=row.message.contact, message=row.message)

        answer = client.post(self.address(wrong), {"words": "The fee.", "includes_others": "on"})

        assert "Say why they are written to, although no follow-up was to be taken." in answer.text
        assert not Correction.objects.exists()

    def test_words_are_asked_for_and_read_by_the_guard(self, client, wrong, right):
        got(wrong)

        assert "Say what is wrong." in client.post(self.address(wrong), {"words": ""}).text
        assert "must not be recorded" in client.post(self.address(wrong), {"words": "SIN 046 454 286"}).text

    def test_nobody_left_is_said(self, client, wrong, right):
        answer = client.post(self.address(wrong), {"words": "The fee."})

        assert "Nobody is left who needs it." in answer.text
        assert "Nobody got this version" in answer.text

    def test_first_the_right_version_is_written(self, client, wrong):
        got(wrong)

        assert "Write the corrected version first" in client.get(self.address(wrong)).text

    def test_a_right_version_has_no_such_page(self, client):
        assert client.get(self.address(DocumentVersionFactory())).status_code == 404

    def test_it_costs_the_same_for_twenty_receivers(self, client, wrong, right, django_assert_max_num_queries):
        for _number in range(20):
            got(wrong)
        client.get(self.address(wrong))

        with django_assert_max_num_queries(16):
            client.get(self.address(wrong))
