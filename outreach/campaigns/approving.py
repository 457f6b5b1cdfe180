"""The second person (R-CMP-02, N25): who asks for approval writes the list, who approves it approves its hash."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from access.models import User
from contacts.models import Contact
from outreach.campaigns import schedule
from outreach.campaigns.audience import ORDER, judged
from outreach.campaigns.drafting import back_to_draft, lock, saved
from outreach.campaigns.refusals import AlreadyScheduled, ListChanged, NobodyWouldGetIt, NotASecondPerson, StaleCampaign
from outreach.mailings import lists, words
from outreach.mailings.lists import ListNow
from outreach.models import Campaign, Recipient

State = Campaign.State


@transaction.atomic
def ask_for_approval(*, campaign: Campaign, seen_version: int, by: User, now: datetime) -> Campaign:
    """Write the list, in one statement. From now on nobody is added.

    :raises MailingRefused: nobody is on it, or it could not leave like this; the subclass says why.
    """
    campaign = lock(campaign, [State.DRAFT], seen_version)
    schedule.check(campaign, now)
    left_out = freeze(campaign)
    listed = campaign.recipients.count()
    if not listed:
        raise NobodyWouldGetIt
    french = campaign.recipients.filter(contact__language__startswith="fr").count()
    words.check(campaign, french, now)
    campaign.state, campaign.listed, campaign.left_out = State.ASKED, listed, left_out
    campaign.list_sha256 = sha256_of(campaign, campaign.recipients.all())
    campaign.asked_at, campaign.asked_by, campaign.sent_back_because = now, by, ""
    return saved(campaign)


def freeze(campaign: Campaign) -> list[tuple[str, int]]:
    return lists.freeze(campaign, Recipient, "campaign", judged(campaign), ORDER)


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
    :raises MailingRefused: it could not leave any more.
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
    if not found.remaining:
        raise NobodyWouldGetIt
    schedule.check(campaign, now)
    words.check(campaign, 0, now)
    campaign.state, campaign.list_sha256 = State.APPROVED, found.sha256
    campaign.approved_at, campaign.approved_by = now, by
    return saved(campaign)


def changed_since_freeze(campaign: Campaign) -> ListNow:
    """The list as it stands now, counted by reason in the order of R-CNS-08."""
    return ListNow(
        sha256=sha256_of(campaign, standing(campaign)),
        listed=campaign.listed,
        fell_out=lists.counted(fallen(campaign, Contact.objects.all()), ORDER),
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
    """`why` each of `people` would get nothing."""
    return lists.with_why(judged(campaign, people))


def sha256_of(campaign: Campaign, rows: QuerySet[Recipient]) -> str:
    return lists.sha256_of(rows, words.sha256_of(campaign))
