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


# Who holds one of these could open more to themselves: three different people ask, authorise and execute (P5).
OF_POWER = [Role.MANAGER.value, Role.ACCESS_ADMIN.value, Role.PRIVACY_OFFICER.value]

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
    "outreach.view_event",
    "outreach.change_registration",
    "surveys.ask_by_phone",
}

# Who sees which record: of one's own team, or of all with `contacts.view_all_teams`.
KEEPS_MAIL = {"outbox.view_backlog", "outbox.resolve_message"}
KEEPS_LIBRARY = {"calls.view_document", "calls.propose_document", "calls.manage_library"}
KEEPS_EVENTS = {"outreach.view_event", "outreach.change_event", "outreach.change_registration"}
KEEPS_CAMPAIGNS = {"outreach.view_campaign", "outreach.draft_campaign"}
KEEPS_SURVEYS = {"surveys.view_survey", "surveys.draft_survey", "surveys.view_results"}
DECIDES_ACCESS = {"contacts.restrict_contact", "contacts.grant_access"}
ASKS_FOR_ACCESS = {"access.view_register", "access.request_access"}  # of one's own team, or of all with the next
READS_AUDIT = {"audit.view_report", "audit.view_access_changes", "audit.review_use"}
KEEPS_REGISTER = {*ASKS_FOR_ACCESS, "access.view_whole_register", "access.export_register"}

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.SPECIALIST: frozenset(CALL_TAKING),
    Role.TEAM_LEAD: frozenset(
        CALL_TAKING
        | DECIDES_ACCESS
        | KEEPS_MAIL
        | KEEPS_EVENTS
        | KEEPS_CAMPAIGNS
        | KEEPS_SURVEYS
        | ASKS_FOR_ACCESS
        | {"calls.void_call", "calls.view_recording", "calls.propose_document"}
        | {"contacts.merge_contact", "contacts.amend_any_note"}
        | {"followups.view_report", "followups.reassign_followup"}
    ),
    Role.MANAGER: frozenset(
        {
            "calls.view_call",
            "calls.change_call",
            "calls.void_call",
            "calls.view_recording",
            "calls.view_all_teams",
            *KEEPS_LIBRARY,
            *KEEPS_EVENTS,
            *KEEPS_CAMPAIGNS,
            "outreach.approve_campaign",
            *KEEPS_SURVEYS,
            "surveys.approve_survey",
            "surveys.screen_comment",
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
            "followups.reassign_followup",
            "followups.view_all_teams",
            "followups.change_calendar",
            "followups.view_report",
            *KEEPS_REGISTER,
            "access.authorise_access",
            "access.end_access",
            "access.record_training",
            "access.review_access",
            "access.view_drift",
            *READS_AUDIT,
        }
    ),
    Role.ACCESS_ADMIN: frozenset(
        {
            *KEEPS_REGISTER,
            "access.execute_access",
            "access.end_access",
            "access.record_training",
            "audit.view_access_changes",
        }
    ),
    Role.PRIVACY_OFFICER: frozenset(
        {
            "calls.view_call",
            "calls.view_recording",
            "calls.view_all_teams",
            "calls.view_document",
            "outreach.view_event",
            "outreach.view_campaign",
            "surveys.view_survey",
            "surveys.view_results",
            "surveys.screen_comment",
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
            *KEEPS_REGISTER,
            "access.review_access",
            "access.view_drift",
            *READS_AUDIT,
            "audit.view_readers",
        }
    ),
}

# Nothing about a caller is behind these, so they stay open when the privacy training has run out (D-07).
WITHOUT_PERSONAL_DATA = {
    *KEEPS_LIBRARY,
    "contacts.view_data_dictionary",
    "followups.change_calendar",
    "outbox.switch_sending",
    "audit.view_access_changes",
}


def shows_personal_data(permission: str) -> bool:
    return not permission.startswith("access.") and permission not in WITHOUT_PERSONAL_DATA
