"""What the audit can be asked about access (R-AUD-02)."""

from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from access import sign_in_limit
from access.models import AccessRequest, ObjectGrant
from access.refusals import FORGED, PAST_THE_FORM
from access.roles import Role
from audit.models import AccessEvent
from audit.reports.details import FOR_PROGRAMS, register_codes, say_day, say_person, say_person_of_key
from audit.reports.details import register as register_detail
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


STEPS = {
    "password": _("password"),
    "totp": _("authenticator app"),
    "webauthn": _("passkey"),
    "recovery_codes": _("recovery code"),
    "openid_connect": _("the department's sign-in"),
    "socialaccount": _("the department's sign-in"),
    "all": _("all of them"),
}
WHY_NOT = {
    sign_in_limit.MISMATCH: _("name and password do not belong together"),
    sign_in_limit.WRONG_CODE: _("wrong code"),
    sign_in_limit.WAITING: _("had to wait"),
    "not_in_register": _("nobody in the register has this work e-mail"),
    "inactive": _("may not sign in any more"),
    "single_sign_on": _("the department's sign-in did not work"),
}
REFUSED_BECAUSE = {
    FORGED: _("the form came from elsewhere, or from before the last sign-in"),
    PAST_THE_FORM: _("it came past the form and broke a rule of the database"),
}
GRANTS = [Kind.OBJECT_GRANT, Kind.OBJECT_REVOKE]


def register_details() -> None:
    register_codes("view", {"now": _("Access now"), "look": _("To look at"), "past": _("Access in the past")})
    register_detail("reason", _("Why not"), WHY_NOT, kinds=[Kind.SIGN_IN_FAILED, Kind.LOCKED_OUT])
    register_detail("why", _("Why not"), REFUSED_BECAUSE, kinds=[Kind.DENIED])
    register_detail("rule", _("Rule"), kinds=[Kind.DENIED])
    register_detail("by", pgettext_lazy("sign-in", "With"), STEPS, kinds=[Kind.SIGNED_IN])
    register_detail("by", _("Done by"), say_person, kinds=[Kind.SECOND_STEP_REMOVED])
    register_detail("authorised_by", _("Authorised by"), say_person)
    register_detail("what", _("What"), STEPS)
    register_detail("known", _("An account was found"))
    register_detail("role", _("Role"), dict(Role.choices))
    register_detail("status", _("Decision"), dict(AccessRequest.Status.choices), kinds=[Kind.ACCESS_DECIDED])
    register_detail("suspended", _("Suspended"), kinds=[Kind.ROLE_REVOKED])
    register_detail("restored", _("Restored"), kinds=[Kind.ROLE_GRANTED])
    register_detail("quarter", _("Quarter"))
    register_detail("confirmed", _("Roles confirmed"), kinds=[Kind.ACCESS_REVIEWED])
    register_detail("suspended", _("Roles suspended"), kinds=[Kind.ACCESS_REVIEWED])
    register_detail("as_at", _("As it stood on"), say_day)
    register_detail("from_on", _("From"), say_day)
    register_detail("until", pgettext_lazy("time", "To"), say_day)
    register_detail("to", _("Person"), say_person_of_key, kinds=GRANTS)
    register_detail("group", _("Team"), say_team, kinds=GRANTS)
    register_detail("basis", _("Why"), dict(ObjectGrant.Basis.choices), kinds=GRANTS)
    for key in ["grant", "request"]:
        register_detail(key, FOR_PROGRAMS)


def say_team(group: int | None) -> str:
    found = Group.objects.filter(pk=group).select_related("team").first() if group else None
    return str(found.team) if found else ""
