"""Answering a client by e-mail: the mail is the evidence, and it ends the follow-up (R-FUP-03)."""

from datetime import datetime

from django.db import transaction
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import User
from contacts.choices import Language
from followups.models import FollowUp
from followups.rows import lock_open
from followups.services import close_follow_up
from outbox.services import make_content, queue_information

LONGEST_OUTCOME = 200


@transaction.atomic
def answer_by_email(*, follow_up: FollowUp, text: str, language: Language, by: User, now: datetime) -> FollowUp:
    """Write to the client's own address what they asked, and close the follow-up with that mail.

    :raises FollowUpNotOpen: nothing is sent.
    :raises InformationRefused: they have no working address; nothing is sent.
    """
    follow_up = lock_open(follow_up)
    assert follow_up.contact is not None  # the page offers this for known callers only
    with override(f"{language}-ca"):
        subject = _("The answer to your question")
    html = linebreaks(text, autoescape=True)
    message = queue_information(
        contact=follow_up.contact,
        content=make_content(language=language, subject=subject, text=text, html=html),
        purpose_key=f"followup:F-{follow_up.pk}",
        not_before=now,
        by=by,
        now=now,
    )
    return close_follow_up(
        follow_up=follow_up,
        method=FollowUp.Method.EMAIL,
        outcome=text.strip()[:LONGEST_OUTCOME],
        answer=message,
        by=by,
        now=now,
    )
