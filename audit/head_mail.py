"""The head of the seal leaves the house by mail, too: to people, who keep it where no database reaches (N12).

This layer sends no mail; a higher one registers who does.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from audit.models import AccessEvent, Seal
from audit.services import record_access

SEAL_UID = uuid5(NAMESPACE_URL, "i2a:audit:seal")  # there is one seal, so its mails are found like those of a record
senders: list[Callable[[Seal, str, datetime], int]] = []


def mail_head(*, key: str, now: datetime) -> int:
    """Mail the newest head, once for one `key`; return to how many people."""
    seal = newest()
    if seal is None:
        return 0
    count = sum(send(seal, key, now) for send in senders)
    if count:
        record_access(
            kind=AccessEvent.Kind.EMAIL_SENT,
            object_type="audit.seal",
            object_uid=SEAL_UID,
            detail={"seal": seal.number, "to": count},
        )
    return count


def newest() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def last_mail() -> AccessEvent | None:
    mails = AccessEvent.objects.filter(object_uid=SEAL_UID, kind=AccessEvent.Kind.EMAIL_SENT)
    return mails.order_by("-at", "-pk").first()
