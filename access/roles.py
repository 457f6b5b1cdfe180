"""What each role may do (requirements §5). Who has a role is data; what it means is code, so that it is tested.

A role permission is necessary; which records it covers is decided by each QuerySet's `visible_to`.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    SPECIALIST = "specialist", _("Specialist")
    TEAM_LEAD = "team_lead", _("Team lead")
    MANAGER = "manager", _("Manager")
    ACCESS_ADMIN = "access_admin", _("Access administrator")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")


CALL_TAKING = {
    "calls.add_call",
    "calls.view_call",
    "calls.change_call",
    "contacts.add_contact",
    "contacts.view_contact",
    "contacts.change_contact",
    "contacts.write_note",
    "followups.view_followup",
    "followups.change_followup",
    "outbox.send_information",
    "calls.view_document",
}

# Who sees which record: of one's own team, or of all with `contacts.view_all_teams`.
KEEPS_MAIL = {"outbox.view_backlog", "outbox.resolve_message"}
KEEPS_LIBRARY = {"calls.view_document", "calls.propose_document", "calls.manage_library"}
DECIDES_ACCESS = {"contacts.restrict_contact", "contacts.grant_access"}

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.SPECIALIST: frozenset(CALL_TAKING),
    Role.TEAM_LEAD: frozenset(
        CALL_TAKING
        | DECIDES_ACCESS
        | KEEPS_MAIL
        | {"calls.void_call", "calls.view_recording", "calls.propose_document"}
        | {"contacts.merge_contact", "contacts.amend_any_note", "followups.view_report"}
    ),
    Role.MANAGER: frozenset(
        {
            "calls.view_call",
            "calls.change_call",
            "calls.void_call",
            "calls.view_recording",
            "calls.view_all_teams",
            *KEEPS_LIBRARY,
            "contacts.view_data_dictionary",
            "contacts.view_contact",
            "contacts.change_contact",
            "contacts.export_contact",
            "contacts.merge_contact",
            "contacts.view_all_teams",
            *DECIDES_ACCESS,
            *KEEPS_MAIL,
            "outbox.switch_sending",
            "followups.view_followup",
            "followups.change_followup",
            "followups.view_all_teams",
            "followups.change_calendar",
            "followups.view_report",
            "access.view_register",
        }
    ),
    Role.ACCESS_ADMIN: frozenset({"access.view_register"}),
    Role.PRIVACY_OFFICER: frozenset(
        {
            "calls.view_call",
            "calls.view_recording",
            "calls.view_all_teams",
            "calls.view_document",
            "contacts.view_data_dictionary",
            "contacts.view_contact",
            "contacts.export_contact",
            "contacts.view_all_teams",
            "contacts.view_restricted",
            *DECIDES_ACCESS,
            "outbox.view_backlog",
            "followups.view_followup",
            "followups.view_report",
            "followups.view_all_teams",
            "access.view_register",
        }
    ),
}
