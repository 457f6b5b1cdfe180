"""What the audit can be asked about access (R-AUD-02)."""

from django.utils.translation import gettext_lazy as _

from audit.models import AccessEvent
from audit.reports.topics import ACCESS_CHANGES, Topic, register

Kind = AccessEvent.Kind
CHANGES = (
    Kind.ROLE_GRANTED, Kind.ROLE_REVOKED, Kind.OBJECT_GRANT, Kind.OBJECT_REVOKE, Kind.ACCESS_DECIDED,
    Kind.ACCESS_REVIEWED, Kind.ACCESS_DRIFT, Kind.TRAINING_EXTENDED,
)  # fmt: skip
SIGN_IN = (
    Kind.SIGNED_IN, Kind.SIGN_IN_FAILED, Kind.LOCKED_OUT, Kind.SIGNED_OUT, Kind.TIMED_OUT, Kind.SESSION_ENDED,
    Kind.PASSWORD_RESET, Kind.PASSWORD_CHANGED, Kind.SECOND_STEP_ADDED, Kind.SECOND_STEP_REMOVED, Kind.RECOVERY_USED,
)  # fmt: skip
MODELS = ("access.User", "access.AccessRequest", "access.AccessGrant", "access.OwnerDesignation", "access.ObjectGrant")


def register_topics() -> None:
    register(
        Topic(
            "access",
            70,
            _("Access changes"),
            _("Who got or lost a role or a record, and who decided it."),
            kinds=CHANGES,
            models=MODELS,
            permission=ACCESS_CHANGES,
        )
    )
    register(Topic("signed_in", 95, _("Signing in"), _("Who came, who left, who failed."), kinds=SIGN_IN))
