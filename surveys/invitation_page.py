"""What the tab "Invitations" says: who would be invited and who not, what became of each mail."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from i2a.permissions import may
from i2a.wall_time import say_full_day
from outbox.mailing_pages import MailingPage
from outreach.mailings import told as mailing
from outreach.mailings.progress import Progress, progress_of
from surveys.editing.drafting import CHANGEABLE
from surveys.invitation_forms import choices_said, say_moment, say_reminder
from surveys.inviting.approving import changed_since_freeze
from surveys.inviting.audience import ORDER, audience_of, say_reason
from surveys.inviting.words import reminder_of
from surveys.models import Survey
from surveys.page import told_of

State = Survey.State


def told(survey: Survey, user: Any) -> dict[str, Any]:
    """As every page about its invitations says it. `campaign`: what the parts shared with campaigns call it."""
    return {
        **told_of(survey, user),
        "campaign": survey,
        "chosen": choices_said(survey),
        "moment": say_moment(survey),
        "closes": say_full_day(survey.closes_on) if survey.closes_on else "",
        "reminder": say_reminder(survey),
        "tab_url": reverse("surveys:invitations", args=[survey.uid]),
    }


def home_of(ref: str, user: Any) -> MailingPage | None:
    """Of a mail of this survey, back to its invitations."""
    survey = Survey.objects.visible_to(user).filter(ref=ref).first()
    if survey is None:
        return None
    return MailingPage(survey.ref, survey.title, reverse("surveys:invitations", args=[survey.uid]))


def steps_open(user: Any, survey: Survey) -> dict[str, bool]:
    """What this person may do with its invitations now."""
    state, drafts = survey.state, may(user, "surveys.draft_survey")
    has_opened = survey.released_at is not None
    return {
        "can_edit": drafts and state in CHANGEABLE,
        "can_ask": drafts and state == State.DRAFT,
        "can_test": drafts and state in CHANGEABLE,
        "can_decide": may(user, "surveys.approve_survey") and state == State.ASKED,
        "is_second": user.pk not in {survey.created_by_id, survey.changed_by_id, survey.asked_by_id},
        "can_pause": drafts and state in {State.APPROVED, State.OPEN},
        "can_resume": drafts and state == State.PAUSED,
        "can_close": drafts and has_opened and state in {State.OPEN, State.PAUSED},
        "can_cancel": drafts and not has_opened and state != State.CANCELLED,
        "polls": state in {State.APPROVED, State.OPEN},
    }


def counted(survey: Survey) -> dict[str, Any]:
    """Before there is a list: who would be invited. Then: who fell out. Once it leaves: what became of each, as long as
    it is kept who they were."""
    if survey.released_at and not survey.invitations.filter(by_phone=False).exists():
        return {"aside": "forgotten"}
    if survey.released_at:
        return {"aside": "progress", **progress_told(survey)}
    if survey.state == State.CANCELLED:
        return {"aside": ""}
    if survey.has_list:
        return {"aside": "list", **list_told(survey)}
    return {"aside": "audience", **audience_told(survey, is_linked=True)}


def audience_told(survey: Survey, *, is_linked: bool = False) -> dict[str, Any]:
    """Counted now; with addresses of these people where they are as saved."""
    url = partial(people_url, survey) if is_linked else mailing.nowhere
    return mailing.audience_told(audience_of(survey), say_reason, url)


def list_told(survey: Survey) -> dict[str, Any]:
    return mailing.list_told(survey, changed_since_freeze(survey), say_reason, partial(people_url, survey))


def progress_told(survey: Survey) -> dict[str, Any]:
    """Never who has answered."""
    progress = progress_of(survey, survey.invitations.filter(by_phone=False), ORDER)
    found = mailing.progress_told(survey, progress, say_reason, partial(people_url, survey))
    return {**found, "reminded": say_reminded(survey)}


def say_reminded(survey: Survey) -> str:
    """How far the reminder is; how many got one, never who."""
    if survey.reminded_at is None:
        return ""
    mails: Progress = progress_of(reminder_of(survey), survey.invitations.none(), ORDER)
    said = {"sent": number_format(mails.sent, force_grouping=True), "queued": number_format(mails.queued)}
    return _("%(sent)s reminders sent, %(queued)s on their way.") % said


def people_url(survey: Survey, show: str = "") -> str:
    query = f"?{urlencode({'show': show})}" if show else ""
    return reverse("surveys:people", args=[survey.uid]) + query
