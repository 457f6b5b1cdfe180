"""The register: what happened to whose access, appended and never changed; and what the nightly check found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models.people import User
from i2a import clock


class RegisterEvent(models.Model):
    """One step in somebody's access. The register as at any date is these, replayed (`access.register`).

    `data` holds what the step changed: codes, keys and times, never a name.
    """

    class Kind(models.TextChoices):
        ENTERED = "entered", _("Entered in the register")
        TEAM = "team", _("Moved to a team")
        GRANTED = "granted", _("Got a role")
        ENDED = "ended", _("Lost a role")
        SUSPENDED = "suspended", _("Role suspended")
        RESTORED = "restored", _("Role restored")
        ACTIVATED = "activated", _("Account activated")
        DEACTIVATED = "deactivated", _("Account deactivated")
        OWNER = "owner", _("Became system owner")
        TRAINED = "trained", _("Privacy training recorded")
        UNTRAINED = "untrained", _("Training record withdrawn")
        EXTENDED = "extended", _("Privacy training extended")

    at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=12, choices=Kind)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="register_events")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=60)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["at", "id"], name="register_event_in_order")]
        constraints = [
            models.CheckConstraint(
                name="register_event_kind_known",
                condition=Q(
                    kind__in=[
                        "entered", "team", "granted", "ended", "suspended", "restored", "activated", "deactivated",
                        "owner", "trained", "untrained", "extended",
                    ]
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} (#{self.pk})"


class DriftReport(models.Model):
    """What stood in the tables at night and not in the register, or the other way round (R-ACC-03)."""

    at = models.DateTimeField(default=clock.now)
    findings = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"Drift (#{self.pk})"
