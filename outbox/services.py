"""Asking for a mail, and taking it back while it has not left."""

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.actor import current
from audit.bulk import create_audited
from contacts.choices import EmailState, Language
from contacts.models import Contact
from outbox import bell
from outbox.models import Content, Message, MessageEvent
from outbox.smtp import sender_domain
from outbox.states import Rows, Step, take

LONGEST_SUBJECT = 200
OF_CONTENT = ["language", "subject", "text", "html", "holds", "files"]


class InformationRefused(Exception):
    """Nothing can be sent to this client. `message` says so in the specialist's language."""

    message = _("This client has no e-mail address. Offer phone or fax.")

    def __str__(self) -> str:
        return str(self.message)


class NoEmail(InformationRefused):
    """R-INF-01."""


class AddressNotWorking(InformationRefused):
    message = _("This client's e-mail address is not working. Correct it first, or offer phone or fax.")


class NotAllowed(InformationRefused):
    """A promotion that the gate does not let through."""

    message = _("They have not agreed to an e-mail about this. Phone them, if they agreed to that.")


class SubjectNotOneLine(ValueError):
    """A subject is one line of at most 200 visible characters."""


class AlreadyLeft(Exception):
    """The message is being sent, or was sent, withheld or cancelled before. Nothing was changed."""


def make_content(*, language: Language | str, subject: str, text: str, html: str, **more: Any) -> Content:
    """The row for these words; an equal one is used again. The rest is as `new_content` says."""
    content = new_content(language=language, subject=subject, text=text, html=html, **more)
    kept, _created = Content.objects.get_or_create(
        sha256=content.sha256, defaults={name: getattr(content, name) for name in OF_CONTENT}
    )
    return kept


def new_content(
    *,
    language: Language | str,
    subject: str,
    text: str,
    html: str,
    holds: list[str] | None = None,
    files: list[dict[str, Any]] | None = None,
) -> Content:
    """The words, not stored: for a preview.

    `html` is markup that goes into the mail as it is: the caller has escaped what people wrote. No personal data in
    `subject`: it is seen on lock screens and kept for ever. `holds` and `files` as in `Content`.

    :raises SubjectNotOneLine: empty, longer than 200 characters, or with a line break or another control character.
    """
    subject, holds, files = subject.strip(" "), holds or [], files or []
    check_subject(subject)
    words = {"language": str(language), "subject": subject, "text": text, "html": html}
    sha256 = digest(*words.values(), *holds, *(file["sha256"] for file in files))
    return Content(sha256=sha256, holds=holds, files=files, **words)


def check_subject(subject: str) -> None:
    """:raises SubjectNotOneLine: it is empty or too long, or could begin another header or hide something."""
    if not 0 < len(subject.strip()) <= len(subject) <= LONGEST_SUBJECT or any(map(_is_control, subject)):
        raise SubjectNotOneLine


def digest(*words: str) -> str:
    """SHA-256 over words in order, in hexadecimal. Lengths go in too, so that no two lists of words look alike."""
    whole = hashlib.sha256()
    for word in words:
        encoded = word.encode("utf-8")
        whole.update(b"%d:" % len(encoded) + encoded)
    return whole.hexdigest()


def message_id_for(uid: UUID) -> str:
    """The Message-ID of a row, the same at every attempt: a receiver can drop a second copy. SQL makes the same one."""
    return f"<{hashlib.sha256(uid.bytes).hexdigest()[:32]}@{sender_domain()}>"


@transaction.atomic
def queue_information(
    *, contact: Contact, content: Content, purpose_key: str, not_before: datetime, by: User | None, now: datetime
) -> Message:
    """Promise what was asked for to the client's own address, and to no other (R-INF-01). Needs no consent (L-16).

    It leaves at `not_before` or within seconds after it. One per `purpose_key` and contact: a second one is an
    IntegrityError.

    :raises NoEmail: the client has no address.
    :raises AddressNotWorking: a mail to it came back before.
    """
    if not contact.email:
        raise NoEmail
    if contact.email_state == EmailState.NOT_WORKING:
        raise AddressNotWorking
    message = _information(contact, content, purpose_key, not_before=not_before, by=by, now=now)
    message.save(force_insert=True)
    MessageEvent.objects.create(message=message, state=message.state, at=now, actor_label=current().label)
    if not_before <= now:
        transaction.on_commit(bell.ring_drain)
    return message


@transaction.atomic
def queue_information_to_many(
    receivers: Sequence[tuple[Contact, Content]], *, purpose_key: str, by: User | None, now: datetime
) -> list[Message]:
    """The same as `queue_information`, for people of whom it is known that they can be written to; it leaves at once.

    Whether they still can is asked again before each mail leaves.
    """
    messages = create_audited(
        [_information(contact, content, purpose_key, not_before=now, by=by, now=now) for contact, content in receivers]
    )
    label = current().label
    create_audited([MessageEvent(message=row, state=row.state, at=now, actor_label=label) for row in messages])
    transaction.on_commit(bell.ring_drain)
    return messages


@transaction.atomic
def cancel_queued(*, message: Message, reason: str, now: datetime) -> Message:
    """Take back a message that has not left, and forget its address: the contact may be taken back as well.

    `reason` is shown on its page: at most 120 characters, nothing personal.

    :raises AlreadyLeft: it is being sent, or it has ended before.
    """
    waiting = Rows("id = %s AND state = 'queued'", [message.pk], "FOR UPDATE")
    with connection.cursor() as cursor:
        step = Step(Message.State.CANCELLED, at=now, columns={"reason": reason, "to_email": ""})
        cancelled = take(cursor, waiting, step)
    if not cancelled:
        raise AlreadyLeft
    message.refresh_from_db()
    return message


def _information(
    contact: Contact, content: Content, purpose_key: str, *, not_before: datetime, by: User | None, now: datetime
) -> Message:
    """Requested information to the contact's own address; not saved."""
    uid = uuid4()
    return Message(
        uid=uid,
        kind=Message.Kind.INFORMATION,
        purpose_key=purpose_key,
        contact=contact,
        to_email=contact.email,
        content=content,
        message_id=message_id_for(uid),
        not_before=not_before,
        created_at=now,
        created_by=by,
    )


def _is_control(character: str) -> bool:
    """Line breaks of every kind, other control characters, and halves of characters that no mail can carry."""
    return unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"}
