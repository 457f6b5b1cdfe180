"""What a merge will make, said before it happens."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts import merging
from contacts.choices import FUTURE_CONTACT_PURPOSES, Channel, ConsentStatus, Purpose
from contacts.comparing import PARTS, words_of
from contacts.gate import answers_of
from contacts.ledger import SHORT
from contacts.models import Contact
from contacts.services import merged_consents
from contacts.services.consents import LIVE
from contacts.services.merging import result_of


@dataclass(frozen=True)
class Answer:
    """One purpose and channel: what each record says, and what will stand."""

    purpose: str
    channel: str
    here: str | Promise
    there: str | Promise
    result: str | Promise
    is_lower: bool


@dataclass(frozen=True)
class Preview:
    details: list[tuple[str | Promise, str]]
    moves: list[tuple[str | Promise, int]]
    answers: list[Answer]
    do_not_contact: bool
    is_restricted: bool
    loses_address: bool
    loses_team: bool


def preview_of(winner: Contact, loser: Contact, choices: Mapping[str, str]) -> Preview:
    values = result_of(winner, loser, choices)
    answers, is_agreed = answers_after(winner, loser, values)
    keeps_address = is_agreed and not values["do_not_contact"]
    details = [
        (part.label, words)
        for part in PARTS
        if (words := words_of(part, values)) and (part.name != "address" or keeps_address)
    ]
    return Preview(
        details=details,
        moves=merging.counts(loser, winner),
        answers=answers,
        do_not_contact=values["do_not_contact"],
        is_restricted=values["sensitivity"] == "restricted",
        loses_address=(winner.has_address or loser.has_address) and not keeps_address,
        loses_team=winner.team_id != loser.team_id,
    )


def answers_after(winner: Contact, loser: Contact, values: Mapping[str, object]) -> tuple[list[Answer], bool]:
    """In words; and whether future contact is agreed to afterwards."""
    here, there = answers_of(winner), answers_of(loser)
    after = {key: event.status for key, event in here.items()}
    after |= {step.key: step.status for step in merged_consents.plan(winner, loser, values)}
    answers = [
        Answer(
            purpose=str(purpose.label),
            channel=str(channel.label),
            here=say(here[key].status) if key in here else _("No answer"),
            there=say(there[key].status) if key in there else _("No answer"),
            result=say(after[key]),
            is_lower=after[key] != ConsentStatus.GRANTED
            and ConsentStatus.GRANTED in {side[key].status for side in (here, there) if key in side},
        )
        for purpose in Purpose
        for channel in Channel
        if (key := (purpose.value, channel.value)) in after
    ]
    is_agreed = any(status in LIVE for key, status in after.items() if key[0] in FUTURE_CONTACT_PURPOSES)
    return answers, is_agreed


def say(status: str) -> str | Promise:
    return SHORT[ConsentStatus(status)]
