"""What somebody may do, in plain words: for the page of a person and beside a role that is asked for."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from access.roles import PERMISSIONS, shows_personal_data

ABILITIES = [
    ("calls.add_call", _("log calls")),
    ("contacts.view_contact", _("open the contacts of their own team")),
    ("contacts.view_all_teams", _("open the contacts of every team")),
    ("contacts.view_restricted", _("open restricted contacts")),
    ("contacts.change_contact", _("change contacts")),
    ("contacts.write_note", _("write notes")),
    ("contacts.merge_contact", _("merge two records of one person")),
    ("contacts.restrict_contact", _("restrict a record to named people")),
    ("contacts.grant_access", _("let somebody read a single record for some days")),
    ("contacts.export_contact", _("take lists of contacts out as a file")),
    ("calls.view_recording", _("see where a recording is kept")),
    ("calls.void_call", _("void calls")),
    ("outbox.send_information", _("send requested information")),
    ("calls.manage_library", _("decide what callers can be sent")),
    ("outreach.change_registration", _("register callers for events")),
    ("outreach.change_event", _("announce and cancel events")),
    ("outbox.view_backlog", _("see which mail waits, and why")),
    ("outreach.draft_campaign", _("prepare campaigns, stop and cancel them")),
    ("outreach.approve_campaign", _("approve campaigns that somebody else prepared")),
    ("surveys.draft_survey", _("prepare surveys, stop and close them")),
    ("surveys.approve_survey", _("approve surveys that somebody else prepared")),
    ("surveys.view_results", _("read the results of surveys")),
    ("surveys.screen_comment", _("read comments of surveys for personal data")),
    ("surveys.ask_by_phone", _("ask the questions of a survey on the phone")),
    ("outbox.switch_sending", _("stop all mail")),
    ("followups.change_followup", _("close follow-ups")),
    ("followups.reassign_followup", _("hand over the follow-ups of others")),
    ("followups.view_report", _("see whether promises were kept")),
    ("followups.change_calendar", _("change the service calendar")),
    ("access.view_whole_register", _("see who has access")),
    ("access.request_access", _("ask for access for somebody")),
    ("access.authorise_access", _("authorise access, while they are the system owner")),
    ("access.execute_access", _("execute authorised access")),
    ("access.end_access", _("take access away")),
    ("access.record_training", _("record privacy training")),
    ("access.review_access", _("answer in the quarterly review")),
    ("audit.view_report", _("see in the audit who saw and changed what")),
    ("audit.view_access_changes", _("see in the audit who got or lost access")),
    ("audit.view_readers", _("see on a contact's page who looked at it")),
    ("audit.review_use", _("look into unusual reading of records")),
]
WIDER = {
    "contacts.view_contact": "contacts.view_all_teams",
    "audit.view_access_changes": "audit.view_report",
}  # who has the second is not told of the first


def may_and_may_not(permissions: Collection[str]) -> tuple[list[str], list[str]]:
    may = [str(words) for one, words in ABILITIES if one in permissions and WIDER.get(one) not in permissions]
    may_not = [str(words) for one, words in ABILITIES if one not in permissions]
    return may, may_not


def of_roles(roles: Collection[str]) -> frozenset[str]:
    return frozenset(permission for role in roles for permission in PERMISSIONS[role])


def while_untrained(permissions: Collection[str]) -> frozenset[str]:
    """What is left of these when the privacy training does not count."""
    return frozenset(one for one in permissions if not shows_personal_data(one))


def summary(role: str) -> str:
    """The first things a role may do, for the register's column."""
    may, _may_not = may_and_may_not(PERMISSIONS[role])
    words = ", ".join(may[:3])
    return words[:1].upper() + words[1:]
