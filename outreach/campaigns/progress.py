"""How far a campaign is."""

from outreach.campaigns.audience import ORDER
from outreach.mailings import progress
from outreach.models import Campaign


def progress_of(campaign: Campaign) -> progress.Progress:
    return progress.progress_of(campaign, campaign.recipients.all(), ORDER)
