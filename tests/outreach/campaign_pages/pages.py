"""What the tests of the campaigns' pages do on them, and what they read there."""

import re
from datetime import UTC, datetime

from django.urls import reverse

from outreach.models import Campaign

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TYPED = {
    "title": "Manila, first invitation",
    "country_1": "PH",
    "subject_en": "Alberta employers meet you in Manila",
    "text_en": "Fourteen employers will be there.\n\nIt costs nothing.",
    "subject_fr": "Des employeurs de l'Alberta à Manille",
    "text_fr": "Quatorze employeurs seront là.",
    "send_on": "2026-11-25",
    "send_at": "09:30",
}


def draft(client, event, **typed):
    response = client.post(f"{reverse('campaigns:new')}?event={event.uid}", {**TYPED, **typed})
    assert response.status_code == 302, re.findall(
        r"field-error[^>]*>([^<]+)|invalid-feedback[^>]*>([^<]+)", response.text
    )
    return Campaign.objects.latest("pk")


def do(client, step, campaign, **posted):
    return client.post(reverse(f"campaigns:{step}", args=[campaign.uid]), {"version": campaign.version, **posted})


def asked(client, event):
    campaign = draft(client, event)
    do(client, "ask", campaign)
    campaign.refresh_from_db()
    assert campaign.state == "asked"
    return campaign


def approved(client, event, boss):
    campaign = asked(client, event)
    client.force_login(boss)
    do(client, "decide", campaign, do="approve", list_sha256=sha256_on(client, campaign))
    campaign.refresh_from_db()
    assert campaign.state == "approved"
    return campaign


def sha256_on(client, campaign):
    return re.search(r'name="list_sha256" value="(\w+)"', client.get(campaign.get_absolute_url()).text)[1]


def page(client, campaign, query=""):
    return client.get(campaign.get_absolute_url() + query).text.replace("\N{NO-BREAK SPACE}", " ")
