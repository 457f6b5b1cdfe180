"""The second person (R-CMP-02, N25): who asks for approval writes the list, who approves it approves its hash."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, Count, F, QuerySet, Value, When

from access.models import User
from contacts.models import Contact
from outbox import models as outbox
from outbox.services import digest
from outreach.campaigns import schedule, words
from outreach.campaigns.audience import ORDER, judged, judged_sql
from outreach.campaigns.drafting import back_to_draft, lock, saved
from outreach.campaigns.refusals import AlreadyScheduled, ListChanged, NobodyWouldGetIt, NotASecondPerson, StaleCampaign
from outreach.models import Campaign, Recipient

State = Campaign.State
FREEZE = """
INSERT INTO outreach_recipient (campaign_id, contact_id, email_fingerprint, consent_event_id, reason)
SELECT %s, id, email_fingerprint, agreement, '' FROM (
    SELECT DISTINCT ON (email_fingerprint) id, email_fingerprint, agreement FROM ({judged}) AS judged
    WHERE refusal = '' ORDER BY email_fingerprint, id
) AS kept
"""
LIST = """
SELECT encode(sha256(convert_to(coalesce(string_agg(
    contact_id || ':' || email_fingerprint || ':' || consent_event_id, ' ' ORDER BY contact_id
), ''), 'UTF8')), 'hex') FROM outreach_recipient WHERE id IN ({rows})
"""


@dataclass(frozen=True)
class ListNow:
    """The list as it stands: `sha256` is what somebody approves, `fell_out` how many would get nothing, by reason."""

    sha256: str
    listed: int
    fell_out: list[tuple[str, int]]


@transaction.atomic
def ask_for_approval(*, campaign: Campaign, seen_version: int, by: User, now: datetime) -> Campaign:
    """Write the list, in one statement. From now on nobody is added.

    :raises CampaignRefused: nobody is on it, or it could not leave like this; the subclass says why.
    """
    campaign = lock(campaign, [State.DRAFT], seen_version)
    schedule.check(campaign, now)
    listed = freeze(campaign)
    if not listed:
        raise NobodyWouldGetIt
    french = campaign.recipients.filter(contact__language__startswith="fr").count()
    words.check(campaign, french, now)
    campaign.state, campaign.listed = State.ASKED, listed
    campaign.list_sha256 = sha256_of(campaign, campaign.recipients.all())
    campaign.asked_at, campaign.asked_by, campaign.sent_back_because = now, by, ""
    return saved(campaign)


def freeze(campaign: Campaign) -> int:
    sql, parameters = judged_sql(campaign)
    with connection.cursor() as cursor:
        cursor.execute(FREEZE.format(judged=sql), [campaign.pk, *parameters])
        return int(cursor.rowcount)


@transaction.atomic
def send_back(*, campaign: Campaign, because: str, seen_version: int, by: User, now: datetime) -> Campaign:
    """To those who prepared it, with a reason. The list is forgotten."""
    campaign = lock(campaign, [State.ASKED], seen_version)
    campaign.sent_back_because = because
    return back_to_draft(campaign)


@transaction.atomic
def approve(*, campaign: Campaign, seen_sha256: str, seen_version: int, by: User, now: datetime) -> Campaign:
    """It leaves when its time comes. `seen_sha256` is `changed_since_freeze(...).sha256` as the page showed it.

    :raises NotASecondPerson: `by` has prepared it, or asked for the approval.
    :raises AlreadyScheduled: it is approved; nothing happens twice.
    :raises ListChanged: the list is not the one that was shown.
    :raises CampaignRefused: it could not leave any more.
    """
    campaign = lock(campaign, [State.ASKED, State.APPROVED])
    if campaign.state == State.APPROVED:
        raise AlreadyScheduled(campaign)
    if campaign.version != seen_version:
        raise StaleCampaign(campaign)
    if by.pk in {campaign.created_by_id, campaign.changed_by_id, campaign.asked_by_id}:
        raise NotASecondPerson
    found = changed_since_freeze(campaign)
    if found.sha256 != seen_sha256:
        raise ListChanged(found.fell_out)
    if not found.listed - sum(people for _reason, people in found.fell_out):
        raise NobodyWouldGetIt
    schedule.check(campaign, now)
    words.check(campaign, 0, now)
    campaign.state, campaign.list_sha256 = State.APPROVED, found.sha256
    campaign.approved_at, campaign.approved_by = now, by
    return saved(campaign)


def changed_since_freeze(campaign: Campaign) -> ListNow:
    """The list as it stands now, counted by reason in the order of R-CNS-08."""
    fell = fallen(campaign, Contact.objects.all()).values("why").annotate(people=Count("pk")).order_by()
    counted = [(row["why"], row["people"]) for row in fell]
    return ListNow(
        sha256=sha256_of(campaign, standing(campaign)),
        listed=campaign.listed,
        fell_out=sorted(counted, key=lambda one: ORDER.index(one[0])),
    )


def fell_out(campaign: Campaign, user: User) -> QuerySet[Any]:
    """Those whom `user` may see and who would get nothing although they are on the list; `why` says the reason."""
    return fallen(campaign, Contact.objects.visible_to(user))


def standing(campaign: Campaign) -> QuerySet[Recipient]:
    """Who is still allowed to get it, by the agreement and the address they were put on the list with."""
    listed = Contact.objects.filter(campaign_recipients__campaign=campaign)
    return campaign.recipients.standing().filter(contact__in=judged(campaign, listed).filter(refusal="").values("pk"))


def fallen(campaign: Campaign, people: QuerySet[Contact]) -> QuerySet[Any]:
    listed = with_reason(campaign, people.filter(campaign_recipients__campaign=campaign))
    return listed.exclude(refusal="", pk__in=campaign.recipients.standing().values("contact"))


def with_reason(campaign: Campaign, people: QuerySet[Contact]) -> QuerySet[Any]:
    """`why` each of `people` would get nothing. Who may get mail again, may by another agreement."""
    why = Case(When(refusal="", then=Value(outbox.Reason.OTHER_CONSENT)), default=F("refusal"))
    return judged(campaign, people).annotate(why=why)


def sha256_of(campaign: Campaign, rows: QuerySet[Recipient]) -> str:
    """Over who is on it, by which address and which agreement, and over the words."""
    sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(LIST.format(rows=sql), parameters)
        (people,) = cursor.fetchone()
    return digest(people, words.sha256_of(campaign))
