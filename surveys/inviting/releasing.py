"""When its time has come: a survey opens, reminds once and closes, whatever asks for it and however often (M6).

The worker asks each quarter of a minute. Whom the gate refuses by now is left out, with the reason; nobody is added.
"""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from contacts.models import Contact
from i2a.clock import EDMONTON
from i2a.permissions import may
from outbox.mailings import queue_mailing
from outbox.models import Reason
from outreach.mailings import lists, quiet, words
from outreach.mailings.lists import promised
from outreach.mailings.schedule import due_at
from surveys.ballots.tickets import write_tickets
from surveys.editing.drafting import saved
from surveys.inviting import reminding
from surveys.inviting.approving import listed, standing, with_reason
from surveys.inviting.fatigue import one_at_a_time
from surveys.inviting.schedule import closes_at, reminds_at
from surveys.inviting.switching import end, stop_mail
from surveys.models import Invitation, Survey

logger = logging.getLogger(__name__)
State = Survey.State
GOING_ON = [State.APPROVED, State.OPEN, State.PAUSED]
STRAGGLES = timedelta(days=4)  # longer than the sender tries one mail
INVITED = """
UPDATE surveys_invitation AS invitation SET message_id = message.id, invited_on = %s FROM outbox_message AS message
WHERE invitation.survey_id = %s AND NOT invitation.by_phone
    AND message.purpose_key = %s AND message.contact_id = invitation.contact_id
"""


def tick(*, now: datetime) -> None:
    """Open, remind and close what is due. Any number of these at once are harmless."""
    going_on = Survey.objects.filter(state__in=GOING_ON)
    for pk in going_on.order_by("send_on", "send_at", "pk").values_list("pk", flat=True):
        try:
            look_after(pk, now)
        except Exception:  # one that cannot be released does not hold up the others
            logger.exception("survey pk=%s could not be looked after", pk)
    sweep(now)


@transaction.atomic
def look_after(pk: int, now: datetime) -> None:
    free = Survey.objects.select_for_update(of=("self",), skip_locked=True).select_related("approved_by")
    survey = free.filter(pk=pk, state__in=GOING_ON).first()
    if survey is None or close_if_over(survey, now):
        return
    if survey.state == State.APPROVED and is_due(survey, now):
        release(survey, now)
    elif survey.state == State.OPEN and survey.reminded_at is None and is_reminder_due(survey, now):
        reminding.remind(survey, now)


def sweep(now: datetime) -> None:
    """What came back to the queue after its survey had ended: its sender died, or was put off."""
    for survey in Survey.objects.filter(state=State.CLOSED, ended_at__gt=now - STRAGGLES):
        stop_mail(survey, now)


def close_if_over(survey: Survey, now: datetime) -> bool:
    """Whether its last day is over. One that never opened is cancelled."""
    if now < closes_at(survey):
        return False
    stop_mail(survey, now)
    if survey.released_at:
        end(survey, State.CLOSED, "", now)
    else:
        end(survey, State.CANCELLED, Reason.SURVEY_CLOSED.value, now)
    return True


def is_due(survey: Survey, now: datetime) -> bool:
    at = due_at(survey)
    return at is not None and at <= now


def is_reminder_due(survey: Survey, now: datetime) -> bool:
    return survey.released_at is not None and reminds_at(survey, survey.released_at) <= now


def release(survey: Survey, now: datetime) -> None:
    """Promise an invitation to everybody on the list who may still get it; write down why the others do not."""
    if not may(survey.approved_by, "surveys.approve_survey"):
        ask_again(survey)
        return
    one_at_a_time()
    survey.state, survey.released_at = State.OPEN, now
    saved(survey)
    queue_mailing(
        mailing=survey.mailing,
        kind=survey.kind,
        audience=Contact.objects.filter(pk__in=standing(survey).values("contact")),
        contents=words.contents_of(survey),
        not_before=quiet.awake_from("", now),
        not_before_in=quiet.elsewhere(now),
        by=survey.approved_by,
        now=now,
    )
    with connection.cursor() as cursor:
        cursor.execute(INVITED, [now.astimezone(EDMONTON).date(), survey.pk, survey.mailing])
    leave_out(survey, now)
    write_tickets(survey)


def ask_again(survey: Survey) -> None:
    """Who approved it may not do so any more (P4): somebody else looks at it again."""
    logger.warning("survey=%s waits for another approval", survey.ref)
    survey.state, survey.approved_at, survey.approved_by = State.ASKED, None, None
    saved(survey)


def leave_out(survey: Survey, now: datetime) -> None:
    """Everybody on the list who was promised nothing, with the reason as it is now (R-CNS-05)."""
    left = listed(survey, Contact.objects.exclude(pk__in=promised(survey.mailing)))
    lists.leave_out(survey, Invitation, "survey", with_reason(survey, left), now)
