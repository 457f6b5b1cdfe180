"""Access to single contacts: guardian's rows against the register, for the nightly check (R-ACC-03)."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from access.models import ObjectGrant
from access.services import drift
from contacts.models import ContactGroupGrant, ContactUserGrant
from contacts.services.grants import OBJECT_TYPE

TWINS = (ContactUserGrant, ContactGroupGrant)


def compare(now: datetime) -> list[dict[str, Any]]:
    """Rows without an open entry in the register, and entries without their row."""
    entered = ObjectGrant.objects.open().filter(object_type=OBJECT_TYPE)
    findings = []
    for twins in TWINS:
        for twin in twins.objects.exclude(grant__in=entered).order_by("pk"):
            findings.append(drift.finding("object_grant", getattr(twin, "user_id", None), f"row {twin.pk}"))
    missing = entered.exclude(Exists(ContactUserGrant.objects.filter(grant=OuterRef("pk"))))
    for grant in missing.exclude(Exists(ContactGroupGrant.objects.filter(grant=OuterRef("pk")))).order_by("pk"):
        findings.append(drift.finding("object_grant_missing", grant.user_id, str(grant.object_uid)))
    return findings


def register_comparison() -> None:
    drift.register_comparison(compare)
