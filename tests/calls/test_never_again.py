""" "Never contact me again", said during a call (R-CNS-03, story 14); a new address and a lapsed agreement on it."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, models

from contacts.choices import Channel, Purpose
from contacts.gate import verdict
from contacts.models import Contact
from contacts.services.lapsing import lapse
from contacts.services.stopping import record_do_not_contact
from followups.models import FollowUp
from i2a import clock
from outbox.models import Message
from tests.factories import FollowUpFactory, MessageFactory

AGAIN = {"future_contact": "", "purposes": [], "channels": [], "survey_notice": ""}


@pytest.fixture
def zoe(start, save, new_caller, address):
    save(start(), **new_caller, **address)
    return Contact.objects.get()


@pytest.fixture
def again(new_caller):
    return new_caller | AGAIN


def reason(contact):
    return verdict(Contact.objects.get(pk=contact.pk), Purpose.SEMINAR, Channel.EMAIL).reason


def invitation_to(contact):
    return MessageFactory(
        kind="seminar", contact=contact, consent_event=contact.consent_events.filter(purpose="seminar").get()
    )


def stop(contact, by):
    record_do_not_contact(
        contact=contact, language="en", source="call", source_ref="C-2026-000009", by=by, now=clock.now()
    )


def test_a_call_stops_all_contact_but_the_answer_the_client_expects(start, save, zoe, again, specialist):
    kept, dropped = (FollowUpFactory(contact=zoe, assigned_to=specialist) for _ in range(2))
    keys = [f"followup:{row.uid}" for row in (kept, dropped)]
    invitation = invitation_to(zoe)

    response = save(start(contact=zoe.uid), **again, do_not_contact="on", work_shown=keys, still_expected=keys[:1])

    assert response.status_code == 302
    row = Contact.objects.get()
    assert (row.do_not_contact, row.do_not_contact_by, row.has_address) == (True, specialist, False)
    assert {row.pk: row.status for row in FollowUp.objects.all()} == {kept.pk: "open", dropped.pk: "cancelled"}
    assert Message.objects.get(pk=invitation.pk).state == "cancelled"
    assert zoe.consent_events.latest("pk").source_ref == zoe.calls.latest("pk").ref


def test_what_this_call_itself_owes_stays_owed(start, save, zoe, again):
    save(start(contact=zoe.uid), **again | {"follow_up_decision": "needed"}, do_not_contact="on")

    assert FollowUp.objects.get().status == "open"


def test_what_happens_stands_on_the_call_before_it_happens(start, signed_in, zoe, specialist):
    FollowUpFactory(contact=zoe, assigned_to=specialist, asked="Which form?")
    invitation_to(zoe)
    draft = start(contact=zoe.uid)

    html = signed_in.get(f"/calls/drafts/{draft.uid}/").content.decode()

    for words in ["Never contact me again", "client still expects this answer", "Which form?", "Seminar invitation"]:
        assert words in html


def test_nobody_agrees_and_asks_never_to_be_contacted(start, save, zoe, again):
    response = save(start(contact=zoe.uid), **again | {"future_contact": "yes"}, do_not_contact="on")

    assert "A client cannot agree and ask never to be contacted." in response.content.decode()
    assert not Contact.objects.get().do_not_contact


def test_a_new_caller_who_never_wants_contact_is_kept_as_such(start, save, new_caller):
    save(start(), **new_caller | AGAIN | {"survey_notice": "given"}, do_not_contact="on")

    row = Contact.objects.get()
    assert (row.do_not_contact, row.future_contact) == (True, "declined")


def test_nobody_unknown_can_be_left_alone(start, save, statistics_only):
    response = save(start(), **statistics_only, do_not_contact="on")

    assert "Record who this is first" in response.content.decode()


def test_undo_takes_it_back_with_what_it_ended(start, save, signed_in, zoe, again, specialist):
    owed = FollowUpFactory(contact=zoe, assigned_to=specialist)
    save(start(contact=zoe.uid), **again, do_not_contact="on", work_shown=[f"followup:{owed.uid}"])

    signed_in.post(f"/calls/{zoe.calls.latest('pk').uid}/undo/")

    row = Contact.objects.get()
    assert (row.do_not_contact, row.future_contact, row.has_address) == (False, "agreed", True)
    assert reason(row) == ""
    assert FollowUp.objects.get().status == "open"


def test_what_is_asked_for_on_a_later_call_is_sent_and_the_banner_stays(
    start, save, signed_in, zoe, again, document, specialist
):
    stop(zoe, specialist)

    save(start(contact=zoe.uid), **again | {"services": ["emailed"], "documents": [document.pk]})

    assert Message.objects.get().state == "queued"
    assert "Do not contact" in signed_in.get(zoe.get_absolute_url()).content.decode()


def test_only_a_call_of_theirs_with_a_fresh_yes_ends_it(start, save, zoe, new_caller, specialist):
    stop(zoe, specialist)
    yes = new_caller | {"survey_notice": ""}

    refused = save(start(contact=zoe.uid), **yes | {"direction": "out"})
    assert "This client asked not to be contacted. No outbound contact can be planned." in refused.content.decode()
    assert Contact.objects.get().do_not_contact

    save(start(contact=zoe.uid), **yes)
    assert not Contact.objects.get().do_not_contact
    assert reason(zoe) == ""


# --- the new address (R-CNS-06)


def test_a_new_address_on_the_call_asks_whether_it_was_confirmed(start, save, zoe, again):
    response = save(start(contact=zoe.uid), **again | {"email": "new@example.org"})

    assert "Did the client confirm this consent for the new address?" in response.content.decode()
    assert Contact.objects.get().email == zoe.email


@pytest.mark.parametrize(("answer", "expected"), [("yes", ""), ("no", "consent unconfirmed")])
def test_the_answer_decides_about_the_new_address(start, save, zoe, again, answer, expected):
    save(start(contact=zoe.uid), **again | {"email": "new@example.org"}, email_confirmed=answer)

    assert Contact.objects.get().email == "new@example.org"
    assert reason(zoe) == expected


def test_undo_gives_the_old_address_its_agreement_back(start, save, signed_in, zoe, again):
    save(start(contact=zoe.uid), **again | {"email": "new@example.org"}, email_confirmed="no")

    signed_in.post(f"/calls/{zoe.calls.latest('pk').uid}/undo/")

    assert Contact.objects.get().email == zoe.email
    assert reason(zoe) == ""


# --- lapsed (N3)


def test_the_next_call_asks_again_and_a_plain_yes_renews(start, save, signed_in, zoe, again):
    Contact.objects.filter(pk=zoe.pk).update(last_call_at=None)
    lapse(now=clock.now() + timedelta(days=900))
    assert reason(zoe) == "consent lapsed"
    draft = start(contact=zoe.uid)

    assert "Agreed once, too long ago" in signed_in.get(f"/calls/drafts/{draft.uid}/").content.decode()
    save(draft, **again | {"future_contact": "yes", "street": ""})

    assert reason(zoe) == ""


# --- the audit (story 3)


def test_after_erasure_no_text_anywhere_in_the_database_holds_the_address(start, save, zoe, again):
    save(start(contact=zoe.uid), **again | {"future_contact": "no"})

    found = []
    kinds = (models.CharField, models.TextField, models.JSONField)
    for model in apps.get_models(include_auto_created=True):
        columns = [field.column for field in model._meta.concrete_fields if isinstance(field, kinds)]
        if not columns or model._meta.label == "calls.CallDraft":  # what the undo holds is erased after 20 seconds
            continue
        text = " || ' ' || ".join(f"coalesce({connection.ops.quote_name(column)}::text, '')" for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {text} FROM {connection.ops.quote_name(model._meta.db_table)}")
            rows = json.dumps(cursor.fetchall(), ensure_ascii=False)
        found += [model._meta.label for word in ("Make-Believe", "T1R") if word in rows]
    assert found == []
