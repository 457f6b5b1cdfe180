"""Who may do something, for forms that offer people."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from access.models import AccessGrant, User
from access.roles import PERMISSIONS, shows_personal_data
from access.trained import oldest_valid
from i2a.clock import EDMONTON


def holders_of(permission: str, now: datetime) -> QuerySet[User]:
    """Everybody active whose role allows this now, and whose training does where that counts, by name."""
    roles = [role for role, permissions in PERMISSIONS.items() if permission in permissions]
    in_force = AccessGrant.objects.in_force(now).filter(user=OuterRef("pk"), role__in=roles)
    holders = User.objects.filter(Exists(in_force), is_active=True).select_related("team")
    if shows_personal_data(permission):
        holders = holders.filter(trained_until__gte=oldest_valid(now.astimezone(EDMONTON).date()))
    return holders.order_by("last_name", "first_name", "pk")
