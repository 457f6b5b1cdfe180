"""Where a mail comes back to: an address of its own for each message, which only we can make (VERP with HMAC).

A report that claims "this address does not exist" is believed only if it was sent to such an address.
"""

import hmac
import re
from functools import lru_cache

from django.conf import settings

from contacts.emails import keyed_digest
from outbox.smtp import sender_address

MARK = re.compile(r"(?P<pk>\d{1,18})\.(?P<proof>[0-9a-f]{24})")


def return_path(pk: int) -> str:
    """The envelope sender of message `pk`; without a mailbox for what comes back, the sender's own address."""
    if not settings.I2A_BOUNCE_ADDRESS:
        return sender_address()
    local, domain = _parts(settings.I2A_BOUNCE_ADDRESS)
    return f"{local}+{pk}.{_proof(pk)}@{domain}"


def message_of(address: str) -> int | None:
    """The message that this address was made for; None if we never made it."""
    ours_local, ours_domain = _parts(settings.I2A_BOUNCE_ADDRESS)
    local, _at, domain = address.strip().lower().rpartition("@")
    base, _plus, mark = local.rpartition("+")
    found = MARK.fullmatch(mark)
    if not ours_local or (base, domain) != (ours_local.lower(), ours_domain.lower()) or found is None:
        return None
    pk = int(found["pk"])
    return pk if hmac.compare_digest(found["proof"], _proof(pk)) else None


@lru_cache
def _parts(address: str) -> tuple[str, str]:
    local, _at, domain = address.rpartition("@")
    return local, domain


def _proof(pk: int) -> str:
    return keyed_digest(f"return path:{pk}")[:24]
