"""Stopping and resuming: all mail, or one mailing. Senders read it in the step that commits `sending` (design §4.8)."""

from datetime import datetime

from django.db import transaction

from access.models import User
from outbox import bell
from outbox.models import SendingState

ALL_MAIL = ""


class AlreadySo(Exception):
    """Somebody else has stopped or resumed it meanwhile. Nothing was changed."""


@transaction.atomic
def stop_sending(*, mailing: str = ALL_MAIL, reason: str, by: User | None, now: datetime) -> SendingState:
    """Nothing of `mailing` begins to leave once this is committed; a mail that is on the wire ends.

    :raises AlreadySo: it is stopped.
    """
    return _switch(mailing, is_stopped=True, reason=reason, by=by, now=now)


@transaction.atomic
def resume_sending(*, mailing: str = ALL_MAIL, reason: str, by: User | None, now: datetime) -> SendingState:
    """:raises AlreadySo: it is not stopped."""
    return _switch(mailing, is_stopped=False, reason=reason, by=by, now=now)


def _switch(mailing: str, *, is_stopped: bool, reason: str, by: User | None, now: datetime) -> SendingState:
    change = {"is_stopped": is_stopped, "reason": reason, "changed_at": now, "changed_by": by}
    first = {**change, "is_stopped": False, "reason": "On from the beginning"}
    state, _created = SendingState.objects.get_or_create(mailing=mailing, defaults=first)
    state = SendingState.objects.select_for_update().get(pk=state.pk)
    if state.is_stopped == is_stopped:
        raise AlreadySo
    for name, value in change.items():
        setattr(state, name, value)
    state.save()
    transaction.on_commit(bell.ring_drain)
    return state
