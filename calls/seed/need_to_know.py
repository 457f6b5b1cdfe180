"""A record that few may see, and somebody who asks (story 10)."""

from datetime import datetime, timedelta

from access.models import User
from contacts.models import Contact, RecordRequest
from contacts.services import requests
from contacts.services.need_to_know import decide_access

BARON = "baron@fogwhistle.example.com"


def restrict_the_baron(users: dict[str, User], now: datetime) -> None:
    """The manager restricts the investor to Jun; Tomas, with him on the line, waits for an answer."""
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
    requests.ask(
        contact=baron,
        kind=RecordRequest.Kind.ACCESS,
        reason="Caller on the line",
        by=users["tomas"],
        now=now - timedelta(minutes=25),
    )
