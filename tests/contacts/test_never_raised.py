"""Whatever happens in whatever order, nobody becomes permitted without a new agreement with its proof (N4)."""

from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from contacts.choices import Channel, FutureContact, Language, Purpose, Source
from contacts.gate import verdict, with_answers
from contacts.gate_sets import Standing, standing
from contacts.models import ConsentEvent, Contact
from contacts.services import consents, lapsing, replaying, stopping
from contacts.services.contacts import change_contact
from contacts.services.merging import merge_contacts
from contacts.services.unmerging import undo_merge, why_not
from i2a import clock
from tests.factories import ContactFactory, TextVersionFactory, UserFactory

pytestmark = pytest.mark.django_db

ADDRESSES = ["one@example.org", "two@example.org", "three@example.org", ""]
KEYS = list(product(Purpose, Channel))
PEOPLE = st.integers(0, 2)
PURPOSES = st.sets(st.sampled_from(list(Purpose)[:3]), min_size=1)


class Ledgers(RuleBasedStateMachine):
    """Three people who share addresses. `allowed` is who may be contacted for what, and by which agreement."""

    def __init__(self):
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.by, self.now = UserFactory(role="team_lead"), clock.now()
        self.text = TextVersionFactory()
        people = [ContactFactory(team=self.by.team, email=email, phone="+14035550142") for email in ADDRESSES[:3]]
        self.pks = [contact.pk for contact in people]
        self.merges, self.backup = [], None
        self.allowed = self.ask()

    def teardown(self):
        if self.backup:
            self.backup[0].__exit__(None, None, None)
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def ask(self):
        rows = with_answers(Contact.objects.filter(pk__in=self.pks))
        found = {(row.pk, *key): verdict(row, *key) for row in rows for key in KEYS}
        return {key: answer.event.pk for key, answer in found.items() if answer.is_allowed}

    def row(self, place):
        return Contact.objects.get(pk=self.pks[place])

    def is_active(self, place):
        return self.row(place).status == "active"

    def later(self):
        self.now += timedelta(minutes=1)
        return self.now

    def expect_no_more(self, than=frozenset(), new_from=None):
        """Only what was allowed before, or is in `than`, or rests on an agreement from event `new_from` on."""
        now_allowed = self.ask()
        for key, event in now_allowed.items():
            if key in self.allowed or key in than:
                continue
            proof = ConsentEvent.objects.get(pk=event)
            assert new_from is not None and event > new_from, key
            assert proof.status == "granted" and proof.basis == "express" and proof.text_version_id, key
        self.allowed = now_allowed

    def newest(self):
        return ConsentEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    # What happens to people

    @rule(place=PEOPLE, purposes=PURPOSES, channels=st.sets(st.sampled_from(list(Channel)), min_size=1))
    def agrees(self, place, purposes, channels):
        if self.is_active(place):
            mark = self.newest()
            consents.record_answers(
                contact=self.row(place), answer=FutureContact.AGREED, purposes=sorted(purposes),
                channels=sorted(channels), text_version=self.text, language=Language.EN, source=Source.CALL,
                source_ref="C-2026-000009", by=self.by, now=self.later(),
            )  # fmt: skip
            self.expect_no_more(new_from=mark)

    @rule(place=PEOPLE, purposes=PURPOSES)
    def withdraws(self, place, purposes):
        consents.withdraw(contact=self.row(place), purposes=purposes, source=Source.ONE_CLICK, now=self.later())
        self.forget(place, {(purpose, channel) for purpose in purposes for channel in Channel})
        self.expect_no_more()

    @rule(place=PEOPLE)
    def asks_not_to_be_contacted(self, place):
        if self.is_active(place):
            stopping.record_do_not_contact(
                contact=self.row(place), language=Language.EN, source=Source.CALL, source_ref="C-2026-000009",
                by=self.by, now=self.later(),
            )  # fmt: skip
            self.forget(place, set(KEYS))
            self.expect_no_more()

    @rule(place=PEOPLE, email=st.sampled_from(ADDRESSES), is_confirmed=st.booleans())
    def moves(self, place, email, is_confirmed):
        if not self.is_active(place):
            return
        row, mark = self.row(place), self.newest()
        had = row.email
        row = change_contact(contact=row, values={"email": email}, version=row.version, by=self.by, now=self.later())
        if had != email:
            self.forget(place, {(purpose, Channel.EMAIL) for purpose in Purpose})
        self.expect_no_more()
        if is_confirmed and not row.do_not_contact:
            consents.confirm_address(
                contact=row, source=Source.CALL, source_ref="C-2026-000009", by=self.by, now=self.later()
            )
            self.expect_no_more(new_from=mark)

    @rule()
    def nothing_happens_for_years(self):
        lapsing.lapse(now=self.now + timedelta(days=1000))
        self.expect_no_more()

    @rule(winner=PEOPLE, loser=PEOPLE, keeps=st.sampled_from(["winner", "loser"]))
    def is_merged(self, winner, loser, keeps):
        one, other = self.row(winner), self.row(loser)
        if winner == loser or {one.status, other.status} != {"active"}:
            return
        could = {key[1:] for key in self.allowed if key[0] in (one.pk, other.pk)}
        record = merge_contacts(
            winner=one, loser=other, choices={"email": keeps}, versions=(one.version, other.version), by=self.by,
            now=self.later(),
        )  # fmt: skip
        self.merges.append((record, {key for key in self.allowed if key[0] in (one.pk, other.pk)}))
        self.expect_no_more(than={(one.pk, *key) for key in could})

    @rule()
    def merge_is_undone(self):
        while self.merges:
            record, could = self.merges.pop()
            record.refresh_from_db()
            if why_not(record, self.now) == "":
                undo_merge(record=record, version=record.winner.version, by=self.by, now=self.later())
                self.expect_no_more(than=could)
                return

    def forget(self, place, keys):
        """What somebody ends, undoing a merge or restoring a backup must not bring back: on any record they are on."""
        row = self.row(place)
        pks = {row.pk, row.merged_into_id}
        for record, could in self.merges:
            if pks & {record.winner_id, record.loser_id}:
                could -= {(pk, *key) for pk in (record.winner_id, record.loser_id) for key in keys}
        if self.backup:
            self.backup[1].difference_update({(pk, *key) for pk in pks for key in keys})

    # The database is lost and restored

    @precondition(lambda self: self.backup is None and not self.merges)
    @rule()
    def is_backed_up(self):
        self.backup = (transaction.atomic(), set(self.allowed))
        self.backup[0].__enter__()

    @precondition(lambda self: self.backup is not None and not self.merges)
    @rule()
    def is_restored(self):
        block, could = self.backup
        transaction.set_rollback(True)
        block.__exit__(None, None, None)
        self.backup = None
        replaying.replay(now=self.later())
        self.expect_no_more(than=could)

    @precondition(lambda self: self.backup is None and not self.merges)
    @rule(place=PEOPLE, purposes=PURPOSES, ends_all=st.booleans())
    def is_lost_after_an_ending(self, place, purposes, ends_all):
        """The sequence that chance seldom makes: agreed, backed up, ended, restored."""
        self.agrees(place, purposes, set(Channel))
        self.is_backed_up()
        if ends_all:
            self.asks_not_to_be_contacted(place)
        else:
            self.withdraws(place, purposes)
        self.is_restored()

    # What the many are told

    @invariant()
    def the_set_form_says_the_same(self):
        for purpose in list(Purpose)[:3]:
            found = Contact.objects.active().filter(standing(Standing.MAY, purpose), pk__in=self.pks)
            assert set(found.values_list("pk", flat=True)) == {key[0] for key in self.allowed if key[1] == purpose}


def test_no_sequence_makes_anybody_permitted_without_a_new_agreement(settings, tmp_path):
    numbers = iter(range(10_000))

    class OnPaper(Ledgers):
        def __init__(self):
            settings.I2A_WITHDRAWALS_JOURNAL = str(Path(tmp_path) / str(next(numbers)))
            super().__init__()

    run_state_machine_as_test(OnPaper, settings=PROFILE)


PROFILE = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
