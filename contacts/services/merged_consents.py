"""What two ledgers become when two records turn out to be one person: the strictest answer wins (R-CON-07, N4).

- A "No" for a purpose on one record ends it on every channel of the result; "do not contact" ends them all.
- Of two agreements the weaker one stands. One agreement alone stands only for the address or number it was given for.

Nothing is changed or moved: what the winner lacks is appended to its ledger, with the proof of the answer it rests on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from access.models import User
from contacts.choices import FUTURE_CONTACT_PURPOSES, Basis, Channel, ConsentStatus, FutureContact, Purpose
from contacts.gate import answers_of
from contacts.models import ConsentEvent, Contact
from contacts.services.ledger_rows import COPIED_PROOF, LIVE

NO = {ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN}
Key = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """An answer that the winner's ledger gets. `proof` is what it rests on; it is a copy when both say the same."""

    key: Key
    status: ConsentStatus
    proof: ConsentEvent

    @property
    def is_copy(self) -> bool:
        return self.status == self.proof.status

    def append_to(
        self,
        contact: Contact,
        *,
        reason: str,
        by: User | None,
        now: datetime,
        supersedes: ConsentEvent | None = None,
    ) -> ConsentEvent:
        """A copy keeps the day and the person of the answer: later mails say when somebody agreed."""
        proof = {name: getattr(self.proof, name) for name in COPIED_PROOF}
        if self.status != ConsentStatus.GRANTED:
            proof["basis"] = Basis.NONE
        return ConsentEvent.objects.create(
            contact=contact,
            purpose=self.key[0],
            channel=self.key[1],
            status=self.status,
            at=self.proof.at if self.is_copy else now,
            recorded_by=self.proof.recorded_by if self.is_copy else by,
            supersedes=supersedes,
            correction_reason=reason,
            **proof,
        )


@dataclass(frozen=True)
class Side:
    """One of the two records and its answers in force."""

    contact: Contact
    answers: dict[Key, ConsentEvent]

    @classmethod
    def of(cls, contact: Contact) -> "Side":
        known = answers_of(contact)
        return cls(contact, {key: event for key, event in known.items() if event.status != ConsentStatus.CANCELLED})

    def declined(self) -> set[str]:
        """Purposes this record says No to, whatever the channel."""
        if self.contact.do_not_contact:
            return set(Purpose.values)
        live = {key[0] for key, event in self.answers.items() if event.status in LIVE}
        declined = {key[0] for key, event in self.answers.items() if event.status in NO}
        if self.contact.future_contact == FutureContact.DECLINED:
            declined |= set(FUTURE_CONTACT_PURPOSES)
        return declined - live

    def may_use(self, key: Key, values: Mapping[str, Any]) -> bool:
        """Whether this record's agreement was given for the address or the numbers that the result keeps."""
        if key[1] == Channel.EMAIL:
            return bool(values["email"]) and self.answers[key].email_fingerprint == values["email_fingerprint"]
        return {values["phone"], values["mobile"]} - {""} <= {self.contact.phone, self.contact.mobile}


def plan(winner: Contact, loser: Contact, values: Mapping[str, Any]) -> list[Step]:
    """What to append to the winner, whose columns will be `values`."""
    sides = [Side.of(winner), Side.of(loser)]
    return [step for key in product(Purpose.values, Channel.values) for step in _step(key, sides, values)]


def _step(key: Key, sides: list[Side], values: Mapping[str, Any]) -> Iterator[Step]:
    holders = [side for side in sides if key in side.answers]
    if not holders:
        return
    status, proof = _strictest(key, sides, holders, values)
    present = sides[0].answers.get(key)
    if present is None or present.status != status or (proof is not present and status == ConsentStatus.GRANTED):
        yield Step(key, status, proof)


def _strictest(
    key: Key, sides: list[Side], holders: list[Side], values: Mapping[str, Any]
) -> tuple[ConsentStatus, ConsentEvent]:
    events = [side.answers[key] for side in holders]
    for event in events:
        if event.status in NO:
            return ConsentStatus(event.status), event
    for side in sides:
        if key[0] in side.declined():
            return ConsentStatus.WITHDRAWN, _refusal_in(side, key[0]) or events[0]
    for event in events:
        if event.status != ConsentStatus.GRANTED:
            return ConsentStatus(event.status), event
    for side in holders:
        if side.may_use(key, values):
            return ConsentStatus.GRANTED, side.answers[key]
    return ConsentStatus.UNCONFIRMED, events[0]


def _refusal_in(side: Side, purpose: str) -> ConsentEvent | None:
    refusals = [event for event in side.answers.values() if event.status in NO]
    return next((event for event in refusals if event.purpose == purpose), refusals[0] if refusals else None)
