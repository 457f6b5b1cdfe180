"""The one reminder: to those whose link was not used, found in memory by who has the server's key (R-SRV-02).

That somebody has answered is not written down for them. Who answers after the reminder was queued still gets it; so
does everybody while only 1 to 4 have answered, or who gets none would be known to be one of them.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from contacts.models import Contact
from outbox.mailings import queue_mailing
from outbox.models import Message
from outreach.mailings import quiet, words
from surveys.ballots.tokens import hash_of, token_of
from surveys.editing.drafting import saved
from surveys.inviting.approving import standing
from surveys.inviting.words import reminder_of
from surveys.models import BallotBox, Invitation, Survey
from surveys.models.ballots import FEWEST

REMINDED = """
UPDATE surveys_invitation AS invitation SET reminder_id = message.id FROM outbox_message AS message
WHERE invitation.survey_id = %s AND NOT invitation.by_phone
    AND message.purpose_key = %s AND message.contact_id = invitation.contact_id
"""


def remind(survey: Survey, now: datetime) -> None:
    """It is locked. Who did not get the invitation, or may get nothing by now, gets no reminder."""
    survey.reminded_at = now
    saved(survey)
    got = survey.invitations.filter(message__state=Message.State.SENT, pk__in=standing(survey).values("pk"))
    queue_mailing(
        mailing=survey.reminder,
        kind=survey.kind,
        audience=Contact.objects.filter(survey_invitations__in=unused(survey, got)),
        contents=words.contents_of(reminder_of(survey)),
        not_before=quiet.awake_from("", now),
        not_before_in=quiet.elsewhere(now),
        by=survey.approved_by,
        now=now,
    )
    with connection.cursor() as cursor:
        cursor.execute(REMINDED, [survey.pk, survey.reminder])


def unused(survey: Survey, invitations: Iterable[Invitation]) -> list[int]:
    """Keys of those whose link was not used; of all, while fewer than FEWEST were. Nothing else may ask this."""
    places = dict(survey.tickets.values_list("token_sha256", "place"))
    bits = BallotBox.objects.get(survey=survey).used
    if bits.count("1") < FEWEST:
        return [invitation.pk for invitation in invitations]
    found = []
    for invitation in invitations:
        invitation.survey = survey
        place = places.get(hash_of(token_of(invitation)))
        if place is not None and bits[place] == "0":
            found.append(invitation.pk)
    return found
