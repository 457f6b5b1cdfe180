"""What the mails of a survey say, and the link that stands in each of them when it leaves (R-SRV-02, R-SRV-03)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from contacts.choices import Language
from outbox import links
from outbox.models import Message
from outbox.services import LONGEST_SUBJECT, digest
from outbox.why import LOCALES
from outreach.mailings import words
from outreach.mailings.refusals import EnglishMissing
from surveys.ballots.tokens import link_of, token_of
from surveys.inviting import refusals
from surveys.models import Invitation, Survey

SUGGESTED = {
    "subject_en": "How was your call to us?",
    "text_en": (
        "You called us not long ago. We would like to know how it went, so that we can do better.\n\n"
        "A few questions are here: {link}\n\n"
        "Your answers are anonymous: nobody can tell who gave them. You need not answer."
    ),
    "subject_fr": "Comment s’est passé votre appel?",
    "text_fr": (
        "Vous nous avez appelés il y a peu. Nous aimerions savoir comment cela s’est passé, pour faire mieux.\n\n"
        "Quelques questions vous attendent ici\u00a0: {link}\n\n"
        "Vos réponses sont anonymes\u00a0: personne ne peut savoir qui les a données. Rien ne vous oblige à répondre."
    ),
}


@dataclass
class Reminder:
    """The one reminder of a survey: its words again, with a sentence before them."""

    subject_en: str
    text_en: str
    subject_fr: str
    text_fr: str
    mailing: str
    pk: Any
    listed: int = 0
    kind: Message.Kind = Message.Kind.SURVEY


def reminder_of(survey: Survey) -> Reminder:
    said: dict[str, Any] = {}
    for language in Language:
        with override(LOCALES[language.value]):
            subject = _("Reminder: %(subject)s") % {"subject": getattr(survey, f"subject_{language}")}
            before = _(
                "We wrote to you a few days ago. If you have answered already, thank you: you need do nothing. "
                "We will not write about this again."
            )
        said[f"subject_{language}"] = subject[:LONGEST_SUBJECT]
        said[f"text_{language}"] = f"{before}\n\n{getattr(survey, f'text_{language}')}"
    return Reminder(**said, mailing=survey.reminder, pk=survey.pk)


def sha256_of(survey: Survey) -> str:
    """Over all that the second person approves beside the list: the mail, and what is asked."""
    asked = [survey.name_en, survey.name_fr, survey.intro_en, survey.intro_fr]
    for question in survey.questions.prefetch_related("choices"):
        asked += [question.kind, str(question.is_required), question.text_en, question.text_fr]
        asked += [question.low_en, question.low_fr, question.high_en, question.high_fr]
        asked += [words for choice in question.choices.all() for words in (choice.text_en, choice.text_fr)]
    return digest(words.sha256_of(survey), *asked)


def check(survey: Survey, now: datetime) -> None:
    """:raises MailingRefused: words or the link are missing, or what every mail must carry is not in force."""
    for language in Language:
        if not words.has(survey, language.value):
            raise EnglishMissing if language == Language.EN else refusals.FrenchMissing
        if links.PLACEHOLDER not in getattr(survey, f"text_{language}"):
            raise refusals.LinkMissing(f"text_{language}")
    words.check(survey, 0, now)


def register_links() -> None:
    """Called once, when the apps are ready."""
    links.register("survey", lambda message: link_to(Invitation.objects.filter(message=message), message))
    links.register("survey-reminder", lambda message: link_to(Invitation.objects.filter(reminder=message), message))


def link_to(invitations: QuerySet[Invitation], message: Message) -> str:
    """:raises LookupError: there is no such invitation."""
    for invitation in invitations.select_related("survey"):
        return link_of(token_of(invitation), message.content.language)
    raise LookupError("a mail of a survey without an invitation")
