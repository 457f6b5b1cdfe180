"""Mail in all its fates: an invitation that leaves at once, with its unsubscribe link; a guide that came back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from access.models import User
from calls.models import DocumentVersion
from calls.services.information import content_of, write_ledger
from contacts.choices import Language
from contacts.models import Contact
from followups.verifying import open_verifications
from outbox import bounces
from outbox.mailings import queue_mailing
from outbox.models import Content, Message
from outbox.return_path import return_path
from outbox.services import make_content, message_id_for
from outbox.simulated import report

WHOSE_MAIL_CAME_BACK = "tariq.naqli@example.net"
WHO_IS_INVITED = "y.rahimi@bowvalley-hospitality.example.com"
INVITATIONS = {
    Language.EN: (
        "Seminar: working in Alberta",
        "On the first Thursday of next month, 10 to 11:30 am, on the web. Two employers tell how they hire.",
    ),
    Language.FR: (
        "Séminaire : travailler en Alberta",
        "Le premier jeudi du mois prochain, de 10 h à 11 h 30, sur le Web. Deux employeurs expliquent comment ils "
        "recrutent.",
    ),
}


def add_mail(contacts: Iterable[Contact], users: dict[str, User], guide: DocumentVersion, now: datetime) -> None:
    found = {contact.email: contact for contact in contacts}
    if WHO_IS_INVITED in found:
        invite(found[WHO_IS_INVITED], users["priya"], now)
    if WHOSE_MAIL_CAME_BACK in found:
        come_back(found[WHOSE_MAIL_CAME_BACK], users["maya"], guide, now)


def invite(contact: Contact, by: User, now: datetime) -> None:
    queue_mailing(
        mailing="event:seminar-of-the-demonstration",
        kind=Message.Kind.SEMINAR,
        audience=Contact.objects.filter(pk=contact.pk),
        contents={language.value: words_of(language) for language in INVITATIONS},
        not_before=now,
        by=by,
        now=now,
    )


def words_of(language: Language) -> Content:
    subject, text = INVITATIONS[language]
    return make_content(language=language, subject=subject, text=text, html=f"<p>{text}</p>")


def come_back(contact: Contact, by: User, guide: DocumentVersion, now: datetime) -> None:
    """Maya is asked to phone him."""
    asked_at = now - timedelta(hours=2)
    uid = uuid5(NAMESPACE_URL, "i2a demonstration: a mail that came back")
    message = Message.objects.create(
        uid=uid,
        kind=Message.Kind.INFORMATION,
        purpose_key=f"contact:{contact.ref}",
        contact=contact,
        to_email=contact.email,
        content=content_of([guide], language=guide.document.language),
        state=Message.State.SENT,
        message_id=message_id_for(uid),
        not_before=asked_at,
        created_at=asked_at,
        created_by=by,
        sent_at=asked_at + timedelta(seconds=23),
    )
    write_ledger(message, [guide])
    mail = report(returned_to=return_path(message.pk), receiver=message.to_email, status="5.1.1")
    bounces.receive(mail, now=now - timedelta(minutes=50))
    open_verifications(now=now - timedelta(minutes=50))
