"""Why somebody gets a promotional mail, in its own words (R-CMP-04): what they agreed to, when, and how."""

from datetime import date
from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext_lazy

from contacts.choices import Source
from i2a.wall_time import in_words, local_day
from outbox.models import Message

LOCALES = {"en": "en-ca", "fr": "fr-ca"}
Kind = Message.Kind
ABOUT = {
    Kind.SEMINAR.value: gettext_lazy("seminars and workshops"),
    Kind.TRADE_MISSION.value: gettext_lazy("trade missions"),
    Kind.GENERAL_INFORMATION.value: gettext_lazy("news of our service"),
    Kind.SURVEY.value: gettext_lazy("surveys about our service"),
}
AGREED = {
    Source.CALL.value: gettext_lazy("You agreed on %(day)s by phone that we may write to you about %(about)s."),
    Source.CHAT.value: gettext_lazy("You agreed on %(day)s in a chat that we may write to you about %(about)s."),
    Source.WEB_LINK.value: gettext_lazy(
        "You agreed on %(day)s on our website that we may write to you about %(about)s."
    ),
    Source.EMAIL.value: gettext_lazy("You agreed on %(day)s by e-mail that we may write to you about %(about)s."),
    Source.FAX.value: gettext_lazy("You agreed on %(day)s by fax that we may write to you about %(about)s."),
}
SOMEHOW = gettext_lazy("You agreed on %(day)s that we may write to you about %(about)s.")


def why(message: Message) -> str:
    """In the language of the mail; empty for what was asked for, which has the collection notice instead."""
    event = message.consent_event
    if event is None:
        return ""
    return agreed(message.kind, event.source, local_day(event.at), message.content.language)


@lru_cache(maxsize=1024)
def agreed(kind: str, source: str, day: date, language: str) -> str:
    with translation.override(LOCALES[language]):
        words = {"day": in_words(day, "j F Y"), "about": ABOUT[kind]}
        return str(AGREED.get(source, SOMEHOW)) % words
