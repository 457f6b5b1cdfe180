"""A record that few may see, somebody who asks, and somebody who was answered (story 10)."""

from datetime import datetime, timedelta

from access.models import User
from contacts.models import Contact, RecordRequest
from contacts.services import requests
from contacts.services.need_to_know import decide_access

BARON = "baron@fogwhistle.example.com"


def restrict_the_baron(users: dict[str, User], now: datetime) -> None:
    """The manager restricts the investor to Jun; Tomas, with him on the line, waits for an answer; Maya was refused."""
    baron = Contact.objects.select_related("team").filter(email=BARON).first()
    if baron is None:
        return
    decide_access(
        contact=baron,
        version=baron.version,
        team=baron.team,
        named=[users["jun"]],
        reason="Confidential investment file",
        by=users["grant"],
        now=now - timedelta(days=3),
    )
    refused = ask(baron, "Wants to hear about the next trade mission", users["maya"], now - timedelta(days=1))
    answer = "Jun answers these questions. Tell Jun about the call."
    requests.refuse_request(request=refused, reason=answer, by=users["grant"], now=now - timedelta(hours=20))
    ask(baron, "Caller on the line", users["tomas"], now - timedelta(minutes=25))


def ask(baron: Contact, reason: str, by: User, at: datetime) -> RecordRequest:
    return requests.ask(contact=baron, kind=RecordRequest.Kind.ACCESS, reason=reason, by=by, now=at)
