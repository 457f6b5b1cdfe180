"""What a campaign says, as outbox sends it. The sender's identity, the reason and the way out are outbox's."""

from datetime import datetime
from typing import Any

from django.utils.html import linebreaks, urlize

from contacts.choices import Language
from contacts.models import ConsentEvent, Contact
from outbox import rendering
from outbox.models import Content, Message
from outbox.services import SubjectNotOneLine, check_subject, digest, make_content, new_content
from outreach.campaigns import refusals
from outreach.models import Campaign


def contents_of(campaign: Campaign) -> dict[str, Content]:
    """By language, as rows: what leaves."""
    return {language: make_content(**words) for language, words in _words(campaign).items()}


def previews_of(campaign: Campaign) -> dict[str, Content]:
    """By language, not stored: for a preview."""
    return {language: new_content(**words) for language, words in _words(campaign).items()}


def has(campaign: Campaign, language: str) -> bool:
    return language in _words(campaign)


def message_for(
    campaign: Campaign, contact: Contact, agreement: ConsentEvent | None, language: str | None = None
) -> Message:
    """The mail to one person as it would be queued, for a preview; nothing is stored.

    In their own language if `language` is not said; there must be words in it.
    """
    contents = previews_of(campaign)
    chosen = language or ("fr" if contact.language.startswith("fr") and "fr" in contents else "en")
    return Message(
        kind=campaign.kind,
        purpose_key=campaign.mailing,
        contact=contact,
        to_email=contact.email,
        content=contents[chosen],
        consent_event=agreement,
    )


def sha256_of(campaign: Campaign) -> str:
    """Over all that it says."""
    return digest(campaign.subject_en, campaign.text_en, campaign.subject_fr, campaign.text_fr)


def check(campaign: Campaign, french_readers: int, now: datetime) -> None:
    """:raises CampaignRefused: words are missing, or what every mail must carry is not in force."""
    if not (campaign.subject_en.strip() and campaign.text_en.strip()):
        raise refusals.EnglishMissing
    has_french = bool(campaign.subject_fr.strip() and campaign.text_fr.strip())
    if french_readers and not has_french:
        raise refusals.FrenchMissing(french_readers)
    for language in Language:
        if (subject := getattr(campaign, f"subject_{language}")).strip():
            _check_subject(subject, f"subject_{language}")
    if not set(_words(campaign)) <= set(rendering.wordings_in_force(now)):
        raise refusals.NoWayOut


def _check_subject(subject: str, field: str) -> None:
    try:
        check_subject(subject)
    except SubjectNotOneLine:
        raise refusals.SubjectRefused(field) from None


def _words(campaign: Campaign) -> dict[str, dict[str, Any]]:
    found = {}
    for language in Language:
        subject, text = getattr(campaign, f"subject_{language}").strip(), getattr(campaign, f"text_{language}").strip()
        if subject and text:
            html = linebreaks(urlize(text, autoescape=True))
            found[language.value] = {"language": language.value, "subject": subject, "text": text, "html": html}
    return found
