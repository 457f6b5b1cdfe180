"""E-mails on a contact's timeline (R-INF-01): queued, then sent, or why not."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Contact
from contacts.timeline import Entry, Source, register
from i2a import clock
from outbox.models import Message
from outbox.progress import progress_of

State = Message.State
TITLES = {
    State.QUEUED: gettext_lazy("E-mail queued"),
    State.CLAIMED: gettext_lazy("E-mail on its way"),
    State.SENDING: gettext_lazy("E-mail on its way"),
    State.SENT: gettext_lazy("E-mail sent"),
    State.FAILED: gettext_lazy("E-mail failed"),
    State.AMBIGUOUS: gettext_lazy("E-mail perhaps sent"),
    State.WITHHELD: gettext_lazy("E-mail withheld"),
    State.CANCELLED: gettext_lazy("E-mail taken back"),
}
TONES = {State.SENT: "ok", State.FAILED: "stop", State.AMBIGUOUS: "stop", State.WITHHELD: "stop"}


def register_sources() -> None:
    register(Source("mail", gettext_lazy("E-mails"), 20, message_entries))


def message_entries(contact: Contact, user: Any, before: datetime | None, limit: int) -> list[Entry]:
    """One query, however many messages. An entry stands where the message was asked for, and tells how it goes on."""
    messages = Message.objects.visible_to(user).filter(contact=contact)
    if before is not None:
        messages = messages.filter(created_at__lt=before)
    messages = messages.select_related("content", "created_by").order_by("-created_at", "-pk")
    now = clock.now()
    return [message_entry(message, now) for message in messages[:limit]]


def message_entry(message: Message, now: datetime) -> Entry:
    state = State(message.state)
    return Entry(
        at=message.created_at,
        kind="mail",
        icon="mail",
        tone=TONES.get(state, ""),
        title=str(TITLES[state]),
        detail=message.content.subject,
        text=progress_of(message, now),
        by=str(message.created_by) if message.created_by else _("I2A"),
        url=reverse("outbox:message", args=[message.uid]),
        identity=f"message:{message.pk}",
    )
