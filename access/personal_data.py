"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import Authority, Kept, NotPersonal, Personal, SeenBy, declare

STAFF: dict[str, Any] = {"kept": Kept.STAFF, "seen_by": SeenBy.REGISTER, "authority": Authority.SAFEGUARD}
SESSION: dict[str, Any] = {"kept": Kept.SESSION, "authority": Authority.SAFEGUARD}

declare(
    "access.User",
    _("Colleague"),
    Personal("username first_name last_name email", _("To know who did what, and to reach them."), **STAFF),
    Personal(
        "password", _("To sign in; stored as a hash nobody can read back."), **{**STAFF, "seen_by": SeenBy.NOBODY}
    ),
    Personal("last_login date_joined", _("To notice accounts nobody uses."), **STAFF),
    Personal("extension", _("To show who calls on the pages of who is called."), **STAFF),
    Personal("trained_until", _("To open personal data only to who knows the rules."), **STAFF),
    not_personal={NotPersonal.STATE: "is_superuser is_staff is_active", NotPersonal.WORKING: "sessions_ended"},
)
declare(
    "access.AccessGrant",
    _("Role of a person"),
    Personal("role starts_at ends_at suspended_at", _("To know who held which role on a day."), **STAFF),
    Personal("revoked_at end_reason", _("To prove when and why it ended."), **STAFF),
)
declare(
    "access.AccessRequest",
    _("Request for a role"),
    Personal("role reason starts_at ends_at", _("To know what was asked for, and why."), **STAFF),
    Personal(
        "status requested_at authorised_at refusal executed_at", _("To prove who authorised and executed it."), **STAFF
    ),
)
declare(
    "access.OwnerDesignation",
    _("System owner"),
    Personal("starts_at ends_at", _("To know who authorised access on a day."), **STAFF),
)
declare(
    "access.RegisterEvent",
    _("Step in the access register"),
    Personal("at kind by_label data", _("To know who could open what on any past day."), **STAFF),
)
declare("access.DriftReport", _("Nightly check of the register"), not_personal={NotPersonal.WORKING: "at findings"})
declare(
    "access.Course",
    _("Course"),
    not_personal={NotPersonal.OUR_WORDS: "code name", NotPersonal.STATE: "is_mandatory valid_months"},
)
declare(
    "access.TrainingRecord",
    _("Privacy training of a person"),
    Personal("completed_on expires_on certificate recorded_at", _("To prove the training every three years."), **STAFF),
    Personal("withdrawn_at withdrawn_because", _("To correct a mistake without losing the trace."), **STAFF),
)
declare(
    "access.TrainingExtension",
    _("Extension of privacy training"),
    Personal("from_on until reason authorised_at", _("To prove why somebody could go on."), **STAFF),
)
declare(
    "access.TrainingReminder",
    _("Reminder of privacy training"),
    Personal("expires_on days_before at", _("To remind once."), **STAFF),
)
declare(
    "access.AccessReview",
    _("Review of all access"),
    not_personal={
        NotPersonal.WORKING: "quarter",
        NotPersonal.TIME: "opened_at due_at closed_at",
    },
)
declare("access.ReviewAnswer", _("Answer in a review"), not_personal={NotPersonal.TIME: "at"})
declare(
    "access.ObjectGrant",
    _("Access to one record"),
    Personal("permission basis reason starts_at until", _("To prove why somebody could open a record."), **STAFF),
    Personal("revoked_at end_reason", _("To prove when and why it ended."), **STAFF),
    not_personal={NotPersonal.WORKING: "object_type"},
)
declare("access.Team", _("Team"), not_personal={NotPersonal.OUR_WORDS: "name is_active"})
declare("access.User_groups", _("Groups of a person"))
declare("access.User_user_permissions", _("Permissions of a person"))
declare(
    "sessions.Session",
    _("Session"),
    Personal("session_key session_data expire_date", _("To stay signed in."), seen_by=SeenBy.NOBODY, **SESSION),
)
declare(
    "usersessions.UserSession",
    _("Where somebody is signed in"),
    Personal(
        "session_key created_at ip last_seen_at user_agent data",
        _("To see and end one's own sessions."),
        seen_by=SeenBy.OWNER,
        **SESSION,
    ),
)
declare(
    "mfa.Authenticator",
    _("Second step of signing in"),
    Personal(
        "type data created_at last_used_at",
        _("To know that it is really them; secrets are encrypted."),
        **{**STAFF, "seen_by": SeenBy.OWNER},
    ),
)
declare(
    "socialaccount.SocialAccount",
    _("Person at the department's identity provider"),
    Personal("provider uid last_login date_joined", _("To know them again when they come from there."), **STAFF),
    not_personal={NotPersonal.WORKING: "extra_data"},
)
# Tables of django-allauth that stay empty: the provider is a setting, its tokens are not kept, the register knows the
# one work e-mail of everybody.
declare("account.EmailAddress", _("E-mail address"), not_personal={NotPersonal.WORKING: "email verified primary"})
declare("account.EmailConfirmation", _("E-mail check"), not_personal={NotPersonal.WORKING: "created sent key"})
declare(
    "socialaccount.SocialApp",
    _("Identity provider"),
    not_personal={NotPersonal.WORKING: "provider provider_id name client_id secret key settings"},
)
declare(
    "socialaccount.SocialToken",
    _("Key of an identity provider"),
    not_personal={NotPersonal.WORKING: "token token_secret expires_at"},
)
declare("auth.Permission", _("Permission"), not_personal={NotPersonal.OUR_WORDS: "name codename"})
declare("auth.Group", _("Group"), not_personal={NotPersonal.OUR_WORDS: "name"})
declare("auth.Group_permissions", _("Permissions of a group"))
declare("contenttypes.ContentType", _("Kind of record"), not_personal={NotPersonal.WORKING: "app_label model"})
declare("guardian.UserObjectPermission", _("Permission on a record"), not_personal={NotPersonal.WORKING: "object_pk"})
declare("guardian.GroupObjectPermission", _("Permission on a record"), not_personal={NotPersonal.WORKING: "object_pk"})
