"""What works by itself, in words: the audit has it as `system:drain`. A test holds this list against the code."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actor import UNSIGNED

PREFIX = "system:"
SAID = {
    "alerts": gettext_lazy("alerts to colleagues"),
    "bounces": gettext_lazy("mail that came back"),
    "campaign": gettext_lazy("campaigns"),
    "catch_up_journal": gettext_lazy("journal of withdrawals"),
    "check_audit": gettext_lazy("nightly check of the audit"),
    "create_owner": gettext_lazy("setting up"),
    "create_team": gettext_lazy("setting up"),
    "drain": gettext_lazy("sending of mail"),
    "erase_merge_snapshots": gettext_lazy("erasing after merges"),
    "expire_drafts": gettext_lazy("erasing of forgotten calls"),
    "expire_grants": gettext_lazy("end of access to a record"),
    "followups": gettext_lazy("follow-ups and reminders"),
    "forget_form_entries": gettext_lazy("erasing of public forms"),
    "forget_ringing": gettext_lazy("erasing of calls that rang"),
    "forget_sessions": gettext_lazy("erasing of old sign-ins"),
    "forget_unused_words": gettext_lazy("words for the search"),
    "lapse_consents": gettext_lazy("end of consent"),
    "lapse_grants": gettext_lazy("end of roles"),
    "phone": gettext_lazy("telephone system"),
    "pick_reading": gettext_lazy("nightly pick of reading to review"),
    "reconcile_access": gettext_lazy("nightly check of access"),
    "remind_of_training": gettext_lazy("reminders of training"),
    "seal": gettext_lazy("seal"),
    "seed_demo": gettext_lazy("demonstration data"),
    "survey": gettext_lazy("surveys"),
    "tick": gettext_lazy("care of waiting mail"),
    "verify_seal": gettext_lazy("check of the seal"),
    "watch_reading": gettext_lazy("watch over reading"),
    "withdrawals": gettext_lazy("journal of withdrawals"),
}


def say_system(label: str) -> str:
    """ "The system (sending of mail)"."""
    task = label.removeprefix(PREFIX)
    return _("The system (%(task)s)") % {"task": SAID.get(task, task)}


def say_label(label: str) -> str:
    """How a row was signed: a user name, what works by itself, nobody."""
    if label == UNSIGNED:
        return _("Nobody")
    return say_system(label) if label.startswith(PREFIX) else label
