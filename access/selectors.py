"""Who has which role, as the page of people shows it."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from access.models import AccessGrant, User
from access.roles import PERMISSIONS
from audit.models import AccessEvent


def people(now: datetime) -> QuerySet[Any]:
    """Everybody who can or could sign in, active ones first, with `grants_in_force` and `last_sign_in_at`."""
    in_force = AccessGrant.objects.in_force(now).order_by("role", "pk")
    sign_ins = AccessEvent.objects.filter(actor=OuterRef("pk"), kind=AccessEvent.Kind.SIGNED_IN).order_by("-at")
    rows = User.objects.select_related("team").annotate(last_sign_in_at=Subquery(sign_ins.values("at")[:1]))
    return rows.prefetch_related(Prefetch("grants", in_force, to_attr="grants_in_force")).order_by(
        "-is_active", "last_name", "first_name", "pk"
    )


def holders_of(permission: str, now: datetime) -> QuerySet[User]:
    """Everybody active whose role allows this now, by name."""
    roles = [role for role, permissions in PERMISSIONS.items() if permission in permissions]
    in_force = AccessGrant.objects.in_force(now).filter(user=OuterRef("pk"), role__in=roles)
    holders = User.objects.filter(Exists(in_force), is_active=True).select_related("team")
    return holders.order_by("last_name", "first_name", "pk")
