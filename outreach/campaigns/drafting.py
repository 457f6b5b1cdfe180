"""Preparing a campaign. A change after it was asked for or approved makes it a draft again (R-CMP-02)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from access.models import User
from i2a.references import next_reference
from outreach.campaigns.refusals import StaleCampaign
from outreach.models import Campaign

State = Campaign.State
CHANGEABLE = [State.DRAFT, State.ASKED, State.APPROVED]


@transaction.atomic
def start_campaign(*, campaign: Campaign, form_uuid: UUID, by: User, now: datetime) -> Campaign:
    """The same form sent twice makes one campaign."""
    before = Campaign.objects.filter(form_uuid=form_uuid).first()
    if before is not None:
        return before
    campaign.ref, campaign.form_uuid = next_reference("M", now), form_uuid
    campaign.created_at = campaign.changed_at = now
    campaign.created_by = campaign.changed_by = by
    campaign.save()
    return campaign


@transaction.atomic
def change_campaign(*, campaign: Campaign, seen_version: int, by: User, now: datetime) -> Campaign:
    """Save what the form wrote into `campaign`. List, approval and why it was sent back are forgotten.

    :raises StaleCampaign: somebody was faster, or it has begun to leave.
    """
    lock(campaign, CHANGEABLE, seen_version)
    campaign.changed_at, campaign.changed_by = now, by
    campaign.sent_back_because = ""
    return back_to_draft(campaign)


def lock(campaign: Campaign, states: list[State], seen_version: int | None = None) -> Campaign:
    """The campaign as it is saved, until the transaction ends.

    :raises StaleCampaign: it is in another state, or was changed since.
    """
    current = Campaign.objects.select_for_update(of=("self",)).select_related("event").get(pk=campaign.pk)
    is_seen = seen_version in (None, current.version)
    if current.state not in states or not is_seen:
        raise StaleCampaign(current)
    return current


def back_to_draft(campaign: Campaign) -> Campaign:
    campaign.recipients.all().delete()
    campaign.state = State.DRAFT
    campaign.asked_at = campaign.asked_by = campaign.approved_at = campaign.approved_by = None
    campaign.list_sha256, campaign.listed, campaign.left_out = "", 0, []
    return saved(campaign)


def saved(campaign: Campaign) -> Campaign:
    campaign.version += 1
    campaign.save()
    return campaign
