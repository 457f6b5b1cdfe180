"""A contact entered without a call: the record, and the answer about future contact with it (R-CNS-01)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from access.models import Team, User
from contacts.choices import Language, TextKind
from contacts.models import Contact
from contacts.services import consents
from contacts.services.contacts import create_contact
from contacts.texts import spoken, texts_in_force


def enter_contact(
    *,
    values: dict[str, Any],
    answer: dict[str, Any] | None,
    team: Team,
    by: User,
    now: datetime,
    materials_only: bool = False,
) -> Contact:
    """Write a new contact in one transaction. The same `values["form_uuid"]` sent twice gives the first contact back.

    `answer` is what `NewContactConsentForm` makes of the question about future contact; None when nobody was asked it.

    :raises IntegrityError: a rule of the database is broken; its message is the constraint's.
    """
    form_uuid = values["form_uuid"]
    if contact := entered_before(form_uuid=form_uuid, by=by):
        return contact
    try:
        with transaction.atomic():
            return _write(values, answer, team=team, by=by, now=now, materials_only=materials_only)
    except IntegrityError:
        if contact := entered_before(form_uuid=form_uuid, by=by):  # the other of two clicks was faster
            return contact
        raise


def entered_before(*, form_uuid: UUID, by: User) -> Contact | None:
    """What this person made of this very form."""
    return Contact.objects.filter(form_uuid=form_uuid, created_by=by).first()


def _write(
    values: dict[str, Any],
    answer: dict[str, Any] | None,
    *,
    team: Team,
    by: User,
    now: datetime,
    materials_only: bool,
) -> Contact:
    texts = texts_in_force(now)
    said: Any = answer["future_contact"] if answer else ""
    contact = create_contact(
        values=values
        | consents.agreement(said)
        | {"not_asked_reason": answer["future_contact_reason"] if answer and said not in consents.SAYS else ""},
        team=team,
        by=by,
        now=now,
        notice=spoken(texts, TextKind.COLLECTION_NOTICE, Language.EN),
        materials_only=materials_only,
    )
    if answer and said in consents.SAYS:
        consents.record_answers(
            contact=contact,
            answer=consents.SAYS[said],
            purposes=answer["purposes"],
            channels=answer["channels"],
            text_version=spoken(texts, TextKind.CONSENT_SCRIPT, answer["consent_language"]),
            language=answer["consent_language"],
            source=answer["source"],
            source_ref=contact.ref,
            by=by,
            now=now,
            minor_understands=consents.understanding(contact, is_ticked=answer["minor_understands"]),
        )
    return contact
