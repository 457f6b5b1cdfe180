"""Writing to a client: the mail is the evidence, and it ends the follow-up (R-FUP-03)."""

from datetime import datetime

from django.db import transaction
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.models import User
from contacts.choices import Language, Purpose
from contacts.models import Contact
from followups.models import FollowUp
from followups.rows import lock_open
from followups.services import close_follow_up
from outbox.mailings import queue_mailing
from outbox.models import Content, Message
from outbox.services import NotAllowed, make_content, queue_information

LONGEST_OUTCOME = 200


@transaction.atomic
def answer_by_email(*, follow_up: FollowUp, text: str, language: Language, by: User, now: datetime) -> FollowUp:
    """Write to the client's own address, and close the follow-up with that mail.

    :raises FollowUpNotOpen: nothing is sent.
    :raises InformationRefused: they have no working address, or have not agreed to such a mail; nothing is sent.
    """
    follow_up = lock_open(follow_up)
    assert follow_up.contact is not None  # the page offers this for known callers only
    with override(f"{language}-ca"):
        subject = str(Purpose(follow_up.purpose).label) if follow_up.purpose else _("The answer to your question")
    html = linebreaks(text, autoescape=True)
    content = make_content(language=language, subject=subject, text=text, html=html)
    return close_follow_up(
        follow_up=follow_up,
        method=FollowUp.Method.EMAIL,
        outcome=text.strip()[:LONGEST_OUTCOME],
        answer=queue(follow_up, follow_up.contact, content, by, now),
        by=by,
        now=now,
    )


def queue(follow_up: FollowUp, contact: Contact, content: Content, by: User, now: datetime) -> Message:
    """An answer is what they asked for. A later contact is promotion: it carries its proof and the way out (N1)."""
    key = f"followup:F-{follow_up.pk}"
    if not follow_up.purpose:
        return queue_information(contact=contact, content=content, purpose_key=key, not_before=now, by=by, now=now)
    queued = queue_mailing(
        mailing=key,
        kind=Message.Kind(follow_up.purpose),
        audience=Contact.objects.filter(pk=contact.pk),
        contents={"en": content},  # the one language that was chosen for this mail
        not_before=now,
        by=by,
        now=now,
    )
    if not queued:
        raise NotAllowed
    return Message.objects.get(purpose_key=key, contact=contact)
