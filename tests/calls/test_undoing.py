"""Undo of a save: 20 seconds in which everything is taken back and nothing typed is lost."""

import pytest
from django.db.models import F

from access.models import ObjectGrant
from calls.models import Call, CallDraft
from contacts.models import ConsentEvent, Contact, ContactUserGrant
from followups.models import FollowUp
from outbox.models import Message
from tests.factories import FollowUpFactory, UserFactory, let_in


def undo(signed_in, call=None):
    return signed_in.post(f"/calls/{(call or Call.objects.get()).uid}/undo/")


def test_undo_voids_the_call_and_opens_the_draft_again(signed_in, start, save, statistics_only):
    draft = start()
    save(draft, **statistics_only, note="Asks about the fee")

    response = undo(signed_in)

    call = Call.objects.get()
    assert response.url == f"/calls/drafts/{draft.uid}/"
    assert (call.status, call.void_reason) == ("voided", "Undone right after saving")
    assert "Asks about the fee" in signed_in.get(response.url).content.decode()


def test_the_call_can_be_saved_again_after_undo(signed_in, start, save, statistics_only):
    draft = start()
    save(draft, **statistics_only)
    undo(signed_in)
    draft.refresh_from_db()

    save(draft, **statistics_only)

    assert list(Call.objects.order_by("pk").values_list("status", flat=True)) == ["voided", "active"]


def test_nothing_is_mailed_after_undo(signed_in, start, save, new_caller, document):
    save(start(), **new_caller | {"services": ["emailed"], "documents": [document.pk]})

    undo(signed_in)

    assert Message.objects.get().state == "cancelled"


def test_a_contact_the_call_had_created_is_blank_again(signed_in, start, save, new_caller, address):
    save(start(), **new_caller, **address)

    undo(signed_in)

    contact = Contact.objects.get()
    assert contact.status == "anonymised"
    assert not any([contact.name, contact.email, contact.phone, contact.organisation, contact.street])
    assert contact.future_contact == "not_asked"


def test_a_contact_the_call_had_created_keeps_nobodys_access(signed_in, start, save, new_caller):
    save(start(), **new_caller)
    let_in(UserFactory(), Contact.objects.get())

    undo(signed_in)

    assert not ObjectGrant.objects.open().exists()
    assert not ContactUserGrant.objects.exists()


def test_a_contact_the_call_had_changed_gets_its_values_back(signed_in, start, save, new_caller, address):
    save(start(), **new_caller, **address)
    contact = Contact.objects.get()
    draft = start(contact=contact.uid)
    save(draft, **new_caller | {"future_contact": "no", "purposes": [], "channels": [], "organisation": "Other Ltd."})

    undo(signed_in, Call.objects.latest("pk"))

    contact.refresh_from_db()
    assert (contact.street, contact.organisation) == ("14 Make-Believe Rd", "Prairie Imaginary Foods Ltd.")
    assert contact.future_contact == "agreed"
    corrections = ConsentEvent.objects.exclude(correction_reason="")
    assert set(corrections.values_list("status", "correction_reason")) == {("granted", "Undone right after saving")}


def test_a_promised_answer_is_cancelled(signed_in, start, save, new_caller):
    save(start(), **new_caller | {"follow_up_decision": "needed"})

    undo(signed_in)

    assert FollowUp.objects.get().status == "cancelled"


def test_an_answered_follow_up_is_owed_again(signed_in, start, save, new_caller):
    save(start(), **new_caller)
    contact = Contact.objects.get()
    owed = FollowUpFactory(contact=contact)
    save(start(contact=contact.uid), **new_caller, answers_follow_up=owed.uid)

    undo(signed_in, Call.objects.latest("pk"))

    owed.refresh_from_db()
    assert (owed.status, owed.method, owed.completed_at) == ("open", "", None)


def test_after_twenty_seconds_it_is_too_late(signed_in, start, save, statistics_only, time_machine):
    save(start(), **statistics_only)
    call = Call.objects.get()
    time_machine.move_to("2026-11-23T16:01:00Z")

    response = undo(signed_in)

    call.refresh_from_db()
    assert call.status == "active"
    assert response.url == f"/calls/{call.uid}/correct/"


@pytest.mark.parametrize("state", ["claimed", "sent"])
def test_when_the_mail_is_on_its_way_nothing_is_taken_back(signed_in, start, save, new_caller, document, state):
    save(start(), **new_caller | {"services": ["emailed"], "documents": [document.pk], "follow_up_decision": "needed"})
    leave(Message.objects.get(), state)

    undo(signed_in)

    assert Call.objects.get().status == "active"
    assert FollowUp.objects.get().status == "open"
    assert Contact.objects.get().status == "active"


def leave(message, state):
    """Take the message where a sender would, step by step: the database knows no short cut."""
    from uuid import uuid4

    from i2a import clock

    lease = {"claim_token": uuid4(), "lease_until": clock.now()}
    Message.objects.filter(pk=message.pk).update(state="claimed", **lease)
    if state == "sent":
        Message.objects.filter(pk=message.pk).update(state="sending")
        Message.objects.filter(pk=message.pk).update(state="sent", sent_at=clock.now())


def test_undo_does_not_overwrite_what_a_colleague_saved_meanwhile(signed_in, start, save, new_caller):
    save(start(), **new_caller)
    contact = Contact.objects.get()
    save(start(contact=contact.uid), **new_caller | {"organisation": "Renamed Foods Ltd."})
    Contact.objects.filter(pk=contact.pk).update(mobile="+17805550199", version=F("version") + 1)

    undo(signed_in, Call.objects.latest("pk"))

    contact.refresh_from_db()
    assert (contact.organisation, contact.mobile) == ("Renamed Foods Ltd.", "+17805550199")
    assert Call.objects.latest("pk").status == "active"


def test_undo_twice_says_it_is_too_late(signed_in, start, save, statistics_only):
    save(start(), **statistics_only)
    undo(signed_in)

    assert undo(signed_in).url.endswith("/correct/")


def test_nobody_undoes_a_colleagues_call(client, start, save, statistics_only):
    save(start(), **statistics_only)
    client.force_login(UserFactory(username="tomas"), backend="access.backends.RoleBackend")

    assert undo(client).status_code == 404


def test_the_personal_values_kept_for_undo_go_with_the_draft(signed_in, start, save, statistics_only, time_machine):
    from calls.tasks import expire_drafts

    save(start(), **statistics_only)
    time_machine.move_to("2026-11-23T16:00:30Z")

    expire_drafts()

    assert not CallDraft.objects.exists()
    assert Call.objects.get().status == "active"
