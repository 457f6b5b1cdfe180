"""A delivery status notification as a mail server writes it, for the demonstration and for tests."""

from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

WORDS = "This is the mail system. I am sorry: your message could not be delivered.\n"


def report(*, returned_to: str, receiver: str, status: str, action: str = "failed", original: str = "") -> bytes:
    """To the return address of a mail: what became of it."""
    parts = [MIMEText(WORDS), _status(receiver, status, action), MIMEText(original, "rfc822-headers")]
    mail = MIMEMultipart("report", _subparts=parts)
    mail.set_param("report-type", "delivery-status")
    mail["From"] = "Mail Delivery System <mailer-daemon@mx.example.org>"
    mail["To"] = returned_to
    mail["Subject"] = "Undelivered Mail Returned to Sender"
    mail["Auto-Submitted"] = "auto-replied"
    return mail.as_bytes()


def _status(receiver: str, status: str, action: str) -> Message:
    """Blocks of header lines: about the mail, then about its receiver."""
    of_mail, of_receiver = Message(), Message()
    of_mail["Reporting-MTA"] = "dns; mx.example.org"
    of_receiver["Final-Recipient"] = f"rfc822; {receiver}"
    of_receiver["Action"] = action
    of_receiver["Status"] = status
    part = EmailMessage()
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([of_mail, of_receiver])
    return part
