"""A call while it is being typed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from access.models import User
from access.teams import team_of
from calls.models import CallDraft
from calls.services import ringing
from contacts.models import Contact
from contacts.services.taking_back import snapshot

KEPT_FOR = timedelta(days=1)  # half-typed calls expire after a day (design §8)


@transaction.atomic
def start_draft(
    *,
    user: User,
    now: datetime,
    contact: Contact | None = None,
    materials_only: bool = False,
    typed: dict[str, list[str]] | None = None,
    hidden: Sequence[Contact] = (),
) -> CallDraft:
    """Begin a call. `typed` are form values already known, as the browser would send them.
    `hidden` are records of the caller that the user may not see: the call goes to their team.

    Calls begun and left before anything was typed go: they were opened by mistake.

    :raises NoTeam: see there.
    """
    team_of(user)
    ringing.take(user=user)
    CallDraft.objects.visible_to(user).open().filter(saved_at__isnull=True).delete()
    return CallDraft.objects.create(
        user=user,
        contact=contact,
        contact_version=contact.version if contact else None,
        undo={"shown": snapshot(contact)} if contact else {"hidden": [match.pk for match in hidden]},
        materials_only=materials_only,
        data=typed or {},
        started_at=now,
        expires_at=now + KEPT_FOR,
    )


@transaction.atomic
def keep_draft(*, draft: CallDraft, typed: dict[str, list[str]], now: datetime) -> None:
    """Replace what the draft holds with what the browser shows now."""
    draft.data = typed
    draft.saved_at = now
    draft.expires_at = now + KEPT_FOR
    draft.save(update_fields=["data", "saved_at", "expires_at"])


@transaction.atomic
def set_caller(*, draft: CallDraft, contact: Contact, typed: dict[str, list[str]], now: datetime) -> None:
    """The caller turns out to be somebody we know. `typed` is what stays: answers about the call, not the caller."""
    draft.contact, draft.contact_version, draft.materials_only = contact, contact.version, False
    draft.data, draft.saved_at, draft.undo = typed, now, {"shown": snapshot(contact)}
    draft.save(update_fields=["contact", "contact_version", "materials_only", "data", "saved_at", "undo"])


def lose_caller(*, draft: CallDraft, is_kept: bool) -> None:
    """The specialist may no longer see the caller's record: the draft names it no more, and the call goes to its team.

    `is_kept`: also in the database; opening a page writes nothing.
    """
    draft.undo, draft.contact, draft.contact_version = {"hidden": [draft.contact_id]}, None, None
    if is_kept:
        draft.save(update_fields=["undo", "contact", "contact_version"])


@transaction.atomic
def accept_version(*, draft: CallDraft, version: int) -> None:
    """The specialist has now seen the contact at `version`; saving again may write over it."""
    draft.contact_version = version
    draft.save(update_fields=["contact_version"])


@transaction.atomic
def discard_draft(*, draft: CallDraft) -> None:
    """Throw away what was typed. It was nobody's record yet, so nothing stays."""
    draft.delete()


@transaction.atomic
def expire_drafts(*, now: datetime) -> int:
    """Erase drafts past their time, and those whose call can no longer be undone."""
    count, _ = CallDraft.objects.expired(now).delete()
    return count


def typed_from(post: Any) -> dict[str, list[str]]:
    """What a form sent, as a draft keeps it: without the token, without control characters PostgreSQL refuses."""
    return {name: [storable(value) for value in post.getlist(name)] for name in post if name != "csrfmiddlewaretoken"}


def storable(value: str) -> str:
    """NUL and lone surrogates cannot be stored as text; everything else stays as it was typed."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
