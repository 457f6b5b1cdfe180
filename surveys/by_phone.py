"""Asking the questions on the phone (F83): the same page and the same anonymity, with a spare link of the survey."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from calls.choices import SurveyNotice
from calls.models import Call
from contacts.choices import Channel, Purpose
from contacts.gate import Answers, badge_of, verdict
from contacts.models import ConsentEvent, Contact
from i2a.clock import EDMONTON
from surveys.ballots.tickets import PHONE_SPARE
from surveys.ballots.tokens import phone_token
from surveys.inviting.fatigue import asked_recently, one_at_a_time
from surveys.models import Invitation, Survey

DRAW = """
UPDATE surveys_ballotbox SET phone_drawn = phone_drawn + 1 WHERE survey_id = %s AND phone_drawn < %s
RETURNING phone_drawn
"""


class NotToBeAsked(Exception):
    """Its text says why, in words for colleagues."""


@dataclass(frozen=True)
class Standing:
    """Whether somebody may be asked now. `survey`: the one that is open; `refusal`: why not, "" when they may."""

    survey: Survey | None
    agreement: ConsentEvent | None
    refusal: str


def standing_of(contact: Contact, answers: Answers, now: datetime) -> Standing:
    survey = open_survey(now)
    agreement = agreement_of(contact, answers)
    return Standing(survey, agreement, refusal_of(contact, answers, survey, agreement, now))


def open_survey(now: datetime) -> Survey | None:
    """The newest one that takes answers."""
    today = now.astimezone(EDMONTON).date()
    surveys = Survey.objects.filter(state=Survey.State.OPEN, closes_on__gte=today)
    return surveys.order_by("-released_at", "-pk").first()


def agreement_of(contact: Contact, answers: Answers) -> ConsentEvent | None:
    """To surveys, by whatever means: they are on the phone already."""
    found = (verdict(contact, Purpose.SURVEY, channel, answers=answers) for channel in [Channel.PHONE, Channel.EMAIL])
    return next((one.event for one in found if one.is_allowed), None)


def refusal_of(
    contact: Contact, answers: Answers, survey: Survey | None, agreement: ConsentEvent | None, now: datetime
) -> str:
    if survey is None:
        return _("No survey is open.")
    if agreement is None:
        return _("Not to be asked: %(reason)s.") % {"reason": badge_of(contact, answers=answers).label}
    if not Call.objects.active().filter(contact=contact, survey_notice=SurveyNotice.GIVEN).exists():
        return _("Was not told about surveys.")
    asked = Contact.objects.filter(asked_recently(now.astimezone(EDMONTON).date()), pk=contact.pk)
    if asked.exists() or survey.invitations.filter(contact=contact).exists():
        return _("Was asked in the last 6 months.")
    return ""


@transaction.atomic
def ask(*, contact: Contact, answers: Answers, now: datetime) -> str:
    """The token of the page to read out. Only the month is kept of when it was.

    :raises NotToBeAsked: why not.
    """
    one_at_a_time()
    standing = standing_of(contact, answers, now)
    survey, agreement = standing.survey, standing.agreement
    if survey is None or agreement is None or standing.refusal:
        raise NotToBeAsked(standing.refusal)
    with connection.cursor() as cursor:
        cursor.execute(DRAW, [survey.pk, PHONE_SPARE])
        drawn = cursor.fetchone()
    if drawn is None:
        raise NotToBeAsked(_("No link for the phone is left in this survey."))
    month = now.astimezone(EDMONTON).date().replace(day=1)
    Invitation.objects.create(survey=survey, contact=contact, consent_event=agreement, by_phone=True, invited_on=month)
    return phone_token(survey, drawn[0])
