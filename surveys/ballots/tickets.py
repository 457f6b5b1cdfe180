"""The links of a survey, all written at once when it is released (INV-19, decision 0022)."""

from collections import defaultdict
from secrets import SystemRandom

from django.db import transaction
from django.db.models import Min

from calls.models import CallTopic
from surveys.ballots.tokens import hash_of, phone_token, token_of
from surveys.models import BallotBox, Invitation, Survey, Ticket
from surveys.models.ballots import FEWEST

PHONE_SPARE = 200

Group = tuple[str, int | None]  # how the call came about ("in", "out"), and its first topic
UNTOLD: Group = ("", None)


@transaction.atomic
def write_tickets(survey: Survey) -> None:
    """One for each person who is going to be written to, and spare ones for the phone, in the order of their hashes:
    neither their order nor the moment tells them apart. To be called once, when the survey is released."""
    groups = shared(groups_of(survey))
    hashes = {hash_of(phone_token(survey, number)): UNTOLD for number in range(1, PHONE_SPARE + 1)}
    for invitation in invited(survey):
        hashes[hash_of(token_of(invitation))] = groups[invitation.pk]
    Ticket.objects.bulk_create(  # no audit: all at once, and nobody is named (INV-19)
        Ticket(token_sha256=token_sha256, survey=survey, place=place, channel=channel, topic_id=topic)
        for place, (token_sha256, (channel, topic)) in enumerate(sorted(hashes.items()))
    )
    BallotBox.objects.create(survey=survey, used="0" * len(hashes))


def invited(survey: Survey) -> list[Invitation]:
    """Who gets a link by e-mail: not who is asked on the phone, nor who was found not to be written to after all."""
    found = survey.invitations.filter(by_phone=False, invited_on__isnull=False).select_related("call").order_by("pk")
    for invitation in found:
        invitation.survey = survey
    return list(found)


def groups_of(survey: Survey) -> dict[int, Group]:
    """By the key of each invitation, what its call was."""
    people = invited(survey)
    first = CallTopic.objects.filter(call__in=[one.call_id for one in people if one.call_id])
    topics = dict(
        CallTopic.objects.filter(pk__in=first.values("call").annotate(first=Min("pk")).values("first")).values_list(
            "call", "topic"
        )
    )
    return {one.pk: (one.call.direction, topics.get(one.call.pk)) if one.call else UNTOLD for one in people}


def shared(groups: dict[int, Group]) -> dict[int, Group]:
    """The same, untold where fewer than FEWEST people share it. The untold are as many themselves, always: links for
    the phone are untold, and the call tells in which week one was used. Where a group is large, it lends some."""
    members: defaultdict[Group, list[int]] = defaultdict(list)
    for key, group in groups.items():
        members[group].append(key)
    told = sorted(members.keys() - {UNTOLD}, key=lambda group: (len(members[group]), str(group)))
    untold = members[UNTOLD] + [key for group in told for key in members[group] if len(members[group]) < FEWEST]
    told = [group for group in told if len(members[group]) >= FEWEST]
    missing = FEWEST - len(untold)
    if told and missing > 0 and len(members[told[-1]]) >= FEWEST + missing:
        untold += SystemRandom().sample(members[told[-1]], missing)
    while told and len(untold) < FEWEST:
        untold += members[told.pop(0)]
    return groups | dict.fromkeys(untold, UNTOLD)
