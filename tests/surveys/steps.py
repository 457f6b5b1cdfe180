"""What tests of surveys do: somebody called and agreed, one person asks, a second one approves, its time comes."""

from datetime import datetime, time, timedelta
from typing import Any

from audit.actor import acting_as, acting_as_system
from contacts.choices import Language, Purpose, Source
from contacts.models import Contact
from contacts.services import consents
from i2a import clock
from outbox.models import Message
from outreach.mailings.schedule import due_at
from surveys.inviting import approving, releasing
from surveys.inviting.words import SUGGESTED
from surveys.models import Survey
from tests.factories import CallFactory, ContactFactory, QuestionFactory, SurveyFactory, UserFactory

LAST_WEEK = timedelta(days=7)


def caller(notice: str = "given", purposes: tuple[str, ...] = ("survey",), call: Any = None, **columns: Any) -> Contact:
    """Called last week, was told about surveys and agreed to them. `call`: what else is said of the call."""
    contact = ContactFactory(agrees_to=list(purposes), **columns) if purposes else ContactFactory(**columns)
    began = {"started_at": clock.now() - LAST_WEEK, "ended_at": clock.now() - LAST_WEEK}
    CallFactory(contact=contact, survey_notice=notice, **{**began, **(call or {})})
    return contact


def draft(**columns: Any) -> Survey:
    """Of the calls of the last month, with one question; to leave tomorrow at noon, open for two weeks."""
    today = clock.today()
    planned: dict[str, Any] = {
        "called_from": today - timedelta(days=30),
        "called_to": today,
        "send_on": today + timedelta(days=1),
        "send_at": time(12),
        "closes_on": today + timedelta(days=15),
        **SUGGESTED,
    }
    survey = SurveyFactory(**{"created_by": UserFactory(role="team_lead"), **planned, **columns})
    QuestionFactory(survey=survey, position=1)
    return survey


def asked(survey: Survey | None = None, now: datetime | None = None, **columns: Any) -> Survey:
    survey = survey or draft(**columns)
    with acting_as(survey.created_by):
        return approving.ask_for_approval(
            survey=survey, seen_version=survey.version, by=survey.created_by, now=now or clock.now()
        )


def approved(survey: Survey | None = None, **columns: Any) -> Survey:
    return approve(asked(survey, **columns))


def approve(survey: Survey, **columns: Any) -> Survey:
    by = columns.pop("by", None) or UserFactory(role="manager", team=None)
    seen = {
        "seen_sha256": approving.changed_since_freeze(survey).sha256,
        "seen_version": survey.version,
        "now": clock.now(),
        **columns,
    }
    with acting_as(by):
        return approving.approve(survey=survey, by=by, **seen)


def its_time(survey: Survey) -> datetime:
    return due_at(survey) + timedelta(seconds=1)


def tick(now: datetime) -> None:
    with acting_as_system("survey"):
        releasing.tick(now=now)


def released(survey: Survey | None = None, **columns: Any) -> Survey:
    survey = survey or approved(**columns)
    tick(its_time(survey))
    survey.refresh_from_db()
    return survey


def messages_of(survey: Survey) -> Any:
    return Message.objects.filter(purpose_key=survey.mailing)


def reminders_of(survey: Survey) -> Any:
    return Message.objects.filter(purpose_key=survey.reminder)


def no_more_surveys(contact: Contact) -> None:
    """They say so themselves; what else they agreed to stays."""
    said = {"language": Language.EN, "source": Source.CALL, "source_ref": "", "by": None, "now": clock.now()}
    consents.withdraw(contact=contact, purposes=[Purpose.SURVEY], **said)
