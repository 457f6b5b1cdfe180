"""Saving what was saved before: the same form again, a contact changed meanwhile, a duplicate (R-CAL-11, R-CON-07)."""

import pytest
from django.db import IntegrityError, transaction

from audit.models import LogEntry
from calls.models import Call, CallDraft
from contacts.models import Contact, DuplicateDecision
from tests.factories import ContactFactory


class TestTwice:
    def test_the_same_form_sent_twice_makes_one_call(self, start, save, statistics_only):
        draft = start()

        first, second = save(draft, **statistics_only), save(draft, **statistics_only)

        assert Call.objects.count() == 1
        assert first.url == second.url == "/calls/desk/"

    def test_the_database_refuses_a_second_call_of_one_form(self, start, save, statistics_only):
        save(start(), **statistics_only)
        call = Call.objects.get()
        copy = {"follow_up_decision": "none", "team": call.team, "specialist": call.specialist, "direction": "in"}

        with pytest.raises(IntegrityError, match="call_once_per_form"), transaction.atomic():
            Call.objects.create(
                **copy, form_uuid=call.form_uuid, ref="C-1", started_at=call.started_at, ended_at=call.ended_at,
                calling_for="self", category="investor",
            )  # fmt: skip

    def test_a_draft_thrown_away_in_another_tab_is_not_saved(self, start, save, statistics_only):
        draft = start()
        CallDraft.objects.all().delete()

        assert save(draft, **statistics_only).status_code == 404


class TestConflict:
    def test_a_contact_changed_meanwhile_answers_409_with_both_values(self, start, save, new_caller, specialist):
        save(start(), **new_caller)
        contact = Contact.objects.get()
        draft = start(contact=contact.uid)
        contact.mobile, contact.version, contact.updated_by = "+17805550199", contact.version + 1, specialist
        contact.organisation = "Somebody Else Ltd."
        contact.save()

        response = save(draft, **new_caller | {"organisation": "Renamed Foods Ltd."})

        page = response.content.decode()
        assert response.status_code == 409
        assert "This record was changed by Maya O. at" in page
        assert "nothing has been saved" in page
        assert "Somebody Else Ltd." in page
        assert "Renamed Foods Ltd." in page
        assert Call.objects.count() == 1

    def test_somebody_elses_change_of_another_box_stays(self, start, save, new_caller):
        save(start(), **new_caller)
        contact = Contact.objects.get()
        draft = start(contact=contact.uid)
        Contact.objects.filter(pk=contact.pk).update(mobile="+17805550199", version=contact.version + 1)
        boxes = new_caller | {"organisation": "Renamed Foods Ltd."}
        assert save(draft, **boxes).status_code == 409

        save(draft, **boxes)

        contact.refresh_from_db()
        assert (contact.organisation, contact.mobile) == ("Renamed Foods Ltd.", "+17805550199")

    def test_a_call_that_changes_nothing_about_the_caller_meets_no_conflict(self, start, save, new_caller):
        save(start(), **new_caller)
        contact = Contact.objects.get()
        draft = start(contact=contact.uid)
        Contact.objects.filter(pk=contact.pk).update(mobile="+17805550199", version=contact.version + 1)

        response = save(draft, **new_caller)

        contact.refresh_from_db()
        assert response.status_code == 302
        assert contact.mobile == "+17805550199"

    def test_saving_again_keeps_ones_own(self, start, save, new_caller):
        save(start(), **new_caller)
        contact = Contact.objects.get()
        draft = start(contact=contact.uid)
        Contact.objects.filter(pk=contact.pk).update(organisation="Somebody Else Ltd.", version=contact.version + 1)
        boxes = new_caller | {"organisation": "Renamed Foods Ltd."}
        save(draft, **boxes)

        response = save(draft, **boxes)

        contact.refresh_from_db()
        assert response.status_code == 302
        assert contact.organisation == "Renamed Foods Ltd."


class TestDuplicates:
    def test_the_same_number_is_a_question_and_not_a_refusal(self, start, save, new_caller):
        ContactFactory(name="Petro Kovalenko", phone="+14035550142")

        response = save(start(), **new_caller)

        assert "Petro Kovalenko" in response.content.decode()
        assert "Possible duplicate" in response.content.decode()
        assert not Call.objects.exists()

    def test_a_second_record_needs_a_reason(self, start, save, new_caller):
        ContactFactory(name="Petro Kovalenko", phone="+14035550142")
        draft = start()
        seen = save(draft, **new_caller).context["question"].found.seen

        refused = save(draft, **new_caller, duplicates_seen=seen, create_anyway="1")

        assert "Say why a second record is needed." in refused.content.decode()
        assert not Call.objects.exists()

    def test_with_a_reason_both_are_kept_and_the_reason_too(self, start, save, new_caller, specialist):
        petro = ContactFactory(name="Petro Kovalenko", phone="+14035550142")
        draft = start()
        seen = save(draft, **new_caller).context["question"].found.seen

        save(draft, **new_caller, duplicates_seen=seen, duplicate_reason="His sister, same phone")

        decision = DuplicateDecision.objects.get()
        assert decision.contact == Call.objects.get().contact
        assert (list(decision.others.all()), decision.reason, decision.by) == (
            [petro],
            "His sister, same phone",
            specialist,
        )
        assert "sister" not in str(list(LogEntry.objects.values_list("changes", flat=True)))

    def test_somebody_who_turns_up_after_the_question_is_asked_about(self, start, save, new_caller):
        ContactFactory(name="Petro Kovalenko", phone="+14035550142")
        draft = start()
        seen = save(draft, **new_caller).context["question"].found.seen
        ContactFactory(name="Olena Kovalenko", phone="+14035550142")

        again = save(draft, **new_caller, duplicates_seen=seen, duplicate_reason="His sister").content.decode()

        assert "Olena Kovalenko" in again
        assert 'value="His sister"' in again
        assert not Call.objects.exists()

    def test_somebody_one_may_not_see_is_only_counted(self, start, save, new_caller):
        ContactFactory(name="Baron Fogwhistle-Lee", phone="+14035550142", restricted=True)

        page = save(start(), **new_caller).content.decode()

        assert "1 further match you cannot view" in page
        assert "Fogwhistle" not in page

    def test_the_known_contact_can_be_used_instead(self, start, signed_in, new_caller):
        known = ContactFactory(name="Petro Kovalenko", phone="+14035550142")
        draft = start()

        signed_in.post(f"/calls/drafts/{draft.uid}/", new_caller | {"use_contact": known.uid, "note": "LMIA"})

        draft.refresh_from_db()
        assert draft.contact == known
        assert draft.data["note"] == ["LMIA"]
        assert "name" not in draft.data
