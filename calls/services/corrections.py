"""Who got a version that was wrong, and sending them the right one (N30). A service mail, never a campaign."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Subquery, TextChoices, Value
from django.db.models.functions import Cast, Concat
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from access.models import User
from audit.bulk import create_audited
from calls.choices import FollowUpDecision
from calls.models import Call, Correction, DocumentVersion, SentDocument
from calls.services.information import words_of
from contacts import gate
from contacts.models import Contact
from outbox.models import Content, Message
from outbox.services import make_content, queue_information_to_many


class Standing(TextChoices):
    """What becomes of one receiver of the wrong version."""

    NEEDS = "needs", gettext_lazy("Gets the correction")
    ASKS_REASON = "asks_reason", gettext_lazy("No follow-up action was to be taken: only with a reason")
    HAS_NEWER = "has_newer", gettext_lazy("Has a later version already")
    WAS_SENT = "was_sent", gettext_lazy("The correction was sent")
    CANNOT = "cannot", gettext_lazy("Cannot be written to")


@dataclass(frozen=True)
class Receiver:
    """`reason`: of those who cannot be written to."""

    sent: SentDocument
    contact: Contact
    standing: Standing
    reason: str = ""


class NothingToCorrect(Exception):
    """The version is not marked wrong, or there is no later one that is right."""


class NobodyNeedsIt(Exception):
    """Everybody has it, or cannot be written to. Nothing was changed."""


def right_version(wrong: DocumentVersion) -> DocumentVersion | None:
    """The newest released version, when it is later than the wrong one and not wrong itself."""
    later = DocumentVersion.objects.released().filter(document=wrong.document_id, number__gt=wrong.number)
    newest = later.select_related("document").order_by("-number").first()
    return newest if newest and newest.wrong_at is None else None


def receivers_of(wrong: DocumentVersion) -> list[Receiver]:
    """Everybody who got this version, once each, by their latest mail with it; the latest first."""
    seen: set[int] = set()
    found = []
    for sent in ledger_of(wrong):
        if sent.message.contact_id not in seen:
            seen.add(sent.message.contact_id)
            found.append(receiver_of(sent))
    return found


def ledger_of(wrong: DocumentVersion) -> QuerySet[SentDocument]:
    """With what `receiver_of` asks, in one query."""
    contact = OuterRef("message__contact")
    corrections = SentDocument.objects.promised().filter(
        message__contact=contact, version__document=wrong.document_id, version__number__gt=wrong.number
    )
    no_follow_up = Call.objects.filter(message=OuterRef("message"), follow_up_decision=FollowUpDecision.NONE)
    return (
        wrong.sent.promised()
        .select_related("message__contact", "message__content")
        .annotate(
            has_newer=Exists(corrections),
            was_sent=Exists(corrections.filter(message__purpose_key__startswith="correction:")),
            is_closed=Exists(no_follow_up),
        )
        .order_by("-at", "-pk")
    )


def receiver_of(sent: SentDocument) -> Receiver:
    contact = sent.message.contact
    reason = gate.about_record(contact) or gate.about_email(contact)
    if sent.was_sent:  # type: ignore[attr-defined]
        return Receiver(sent, contact, Standing.WAS_SENT)
    if sent.has_newer:  # type: ignore[attr-defined]
        return Receiver(sent, contact, Standing.HAS_NEWER)
    if reason:
        return Receiver(sent, contact, Standing.CANNOT, str(gate.Reason(reason).label))
    is_closed = sent.is_closed  # type: ignore[attr-defined]
    return Receiver(sent, contact, Standing.ASKS_REASON if is_closed else Standing.NEEDS)


def corrections_of(wrong: DocumentVersion) -> QuerySet[Correction]:
    """Each with how many mails it made."""
    key = Concat(Value("correction:"), Cast(OuterRef("pk"), CharField()))
    made = Message.objects.filter(purpose_key=key).order_by()
    count = Subquery(made.values("purpose_key").annotate(n=Count("pk")).values("n"))
    return wrong.corrections.select_related("by", "right").annotate(sent_count=count).order_by("at", "pk")


@transaction.atomic
def send_correction(*, wrong: DocumentVersion, words: str, others_because: str, by: User, now: datetime) -> int:
    """Queue the right version for those who need it; how many mails. Sent again, it adds nobody twice.

    `others_because`: why those are written to too with whom no follow-up action was to be taken; "" leaves them out.

    :raises NothingToCorrect: there is no right version yet.
    :raises NobodyNeedsIt: nobody is left.
    """
    wrong = DocumentVersion.objects.select_for_update(of=("self",)).select_related("document").get(pk=wrong.pk)
    right = right_version(wrong)
    if wrong.wrong_at is None or right is None:
        raise NothingToCorrect
    wanted = {Standing.NEEDS, Standing.ASKS_REASON} if others_because else {Standing.NEEDS}
    receivers = [receiver for receiver in receivers_of(wrong) if receiver.standing in wanted]
    if not receivers:
        raise NobodyNeedsIt
    said = {"words": words, "for_others_because": others_because, "at": now, "by": by}
    correction = Correction.objects.create(wrong=wrong, right=right, **said)
    contents: dict[str, Content] = {}
    queued = queue_information_to_many(
        [(receiver.contact, content_for(receiver, wrong, right, words, contents)) for receiver in receivers],
        purpose_key=correction.purpose_key,
        by=by,
        now=now,
    )
    create_audited([SentDocument(message=message, version=right, at=now) for message in queued])
    return len(queued)


def content_for(
    receiver: Receiver, wrong: DocumentVersion, right: DocumentVersion, words: str, made: dict[str, Content]
) -> Content:
    """In the language of the mail that carried the wrong version."""
    language = receiver.sent.message.content.language
    if language not in made:
        made[language] = make_content(**correcting_words(wrong, right, words, language=language))
    return made[language]


def correcting_words(wrong: DocumentVersion, right: DocumentVersion, words: str, *, language: str) -> dict[str, Any]:
    """The right version with, before it, what was wrong."""
    said = words_of([right], language=language)
    title = right.document.title
    with override(f"{language}-ca"):
        opening = _("We sent you “%(title)s”. It contained a mistake. Please use the version below instead.")
        what = _("What was wrong:")
        opening %= {"title": title}
        return {
            **said,
            "subject": _("A correction to the information we sent you"),
            "text": f"{opening}\n\n{what} {words}\n\n\n{said['text']}",
            "html": format_html('<p>{}</p><p class="note">{} {}</p>{}', opening, what, words, said["html"]),
        }


def preview_of(wrong: DocumentVersion, right: DocumentVersion, words: str) -> Message:
    """The mail as somebody without a name would get it; nothing is stored."""
    content = Content(**correcting_words(wrong, right, words, language=wrong.document.language))
    return Message(kind=Message.Kind.INFORMATION, contact=Contact(), content=content)
