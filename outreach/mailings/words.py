"""What a mailing says, as outbox sends it. The sender's identity, the reason and the way out are outbox's."""

from datetime import datetime
from typing import Any

from django.utils.html import linebreaks, urlize

from contacts.choices import Language
from contacts.models import ConsentEvent, Contact
from outbox import links, rendering
from outbox.models import Content, Message
from outbox.services import SubjectNotOneLine, check_subject, digest, make_content, new_content
from outreach.mailings import refusals
from outreach.mailings.kinds import Mailing


def contents_of(mailing: Mailing) -> dict[str, Content]:
    """By language, as rows: what leaves."""
    return {language: make_content(**words) for language, words in _words(mailing).items()}


def previews_of(mailing: Mailing) -> dict[str, Content]:
    """By language, not stored: for a preview."""
    return {language: new_content(**words) for language, words in _words(mailing).items()}


def has(mailing: Mailing, language: str) -> bool:
    return language in _words(mailing)


def message_for(
    mailing: Mailing, contact: Contact, agreement: ConsentEvent | None, language: str | None = None
) -> Message:
    """The mail to one person as it would be queued, for a preview; nothing is stored.

    In their own language if `language` is not said; there must be words in it.
    """
    contents = previews_of(mailing)
    chosen = language or ("fr" if contact.language.startswith("fr") and "fr" in contents else "en")
    return Message(
        kind=mailing.kind,
        purpose_key=mailing.mailing,
        contact=contact,
        to_email=contact.email,
        content=contents[chosen],
        consent_event=agreement,
    )


def sha256_of(mailing: Mailing) -> str:
    """Over all that it says."""
    return digest(mailing.subject_en, mailing.text_en, mailing.subject_fr, mailing.text_fr)


def check(mailing: Mailing, french_readers: int, now: datetime) -> None:
    """:raises MailingRefused: words are missing, or what every mail must carry is not in force."""
    if not (mailing.subject_en.strip() and mailing.text_en.strip()):
        raise refusals.EnglishMissing
    has_french = bool(mailing.subject_fr.strip() and mailing.text_fr.strip())
    if french_readers and not has_french:
        raise refusals.FrenchMissing(french_readers)
    for language in Language:
        if (subject := getattr(mailing, f"subject_{language}")).strip():
            _check_subject(subject, f"subject_{language}")
    if not set(_words(mailing)) <= set(rendering.wordings_in_force(now)):
        raise refusals.NoWayOut


def _check_subject(subject: str, field: str) -> None:
    try:
        check_subject(subject)
    except SubjectNotOneLine:
        raise refusals.SubjectRefused(field) from None


def _words(mailing: Mailing) -> dict[str, dict[str, Any]]:
    found = {}
    for language in Language:
        subject, text = getattr(mailing, f"subject_{language}").strip(), getattr(mailing, f"text_{language}").strip()
        if subject and text:
            html = linebreaks(urlize(text, autoescape=True))
            if links.has_link(mailing.mailing):
                html = links.clickable(html)
            found[language.value] = {"language": language.value, "subject": subject, "text": text, "html": html}
    return found
