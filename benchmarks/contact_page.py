"""What the page of one contact costs against a bare Django page: with a short past, with a long one, deep down in it.

Ratios within one run, as in `benchmarks.lookup`. It gives one contact of the demonstration a long past; use a database
of its own:

    python3 dev.py manage seed_demo
    python3 dev.py manage shell -c "import benchmarks.contact_page as b; b.main()"
"""

from collections.abc import Callable, Iterator
from copy import copy
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.db import transaction
from django.db.models import Count

from access.models import User
from audit.models import LogEntry
from benchmarks.lookup import Row, Server, session_of, timed, web_server
from calls.models import Call
from contacts import timeline
from contacts.models import Contact
from contacts.views.record import link_to
from followups.models import FollowUp

LONG = 500  # entries of each of three kinds
DEEP = 400  # entries before the page


def rows_for(ours: Server, floor: Server, user: User, short: Contact, long: Contact) -> Iterator[Row]:
    place = timeline.page_of(long, user, limit=DEEP).earlier
    brief, whole, deep = asking(ours, short), asking(ours, long), asking(ours, long, link_to("", place))
    calls = asking(ours, long, "?" + urlencode({"show": "calls"}))
    yield Row("2 contact page, short past", 2.0, brief, bare(floor, short))
    yield Row("2 contact page, long past", 2.0, whole, bare(floor, long))
    yield Row("2 contact page, one kind", 2.0, calls, bare(floor, long))
    yield Row("2 contact page, deep : newest (ours : ours)", 1.2, deep, whole)
    yield Row("2 contact page, long : short (ours : ours)", 1.2, whole, brief)


def asking(server: Server, contact: Contact, query: str = "") -> Callable[[], float]:
    return lambda: timed(server, "GET", contact.get_absolute_url() + query, None, 200)


def bare(server: Server, contact: Contact) -> Callable[[], float]:
    return lambda: timed(server, "GET", f"/contact/{contact.uid}/", None, 200)


def people_of(user: User) -> tuple[Contact, Contact]:
    """Somebody who called a few times, and somebody with a long past."""
    contacts = Contact.objects.active().filter(team=user.team).annotate(count=Count("calls"))
    usual, long = contacts.filter(count__range=(2, 5)).order_by("pk")[0], contacts.order_by("-count", "pk")[0]
    if long.calls.count() < LONG:
        give_a_past(long, user)
    return usual, long


@transaction.atomic
def give_a_past(contact: Contact, user: User) -> None:
    """Scenery, as `seed_volume` makes it: without audit, but the changes are entries of the audit themselves."""
    call = contact.calls.filter(follow_up=None, message=None).earliest("pk")
    call.note = None
    follow_up = FollowUp(contact=contact, team=user.team, assigned_to=user, created_by=user, kind=FollowUp.Kind.REPLY)
    follow_up.received_at = call.started_at
    follow_up.due_at = follow_up.original_due_at = call.started_at + timedelta(days=1)
    hours = [timedelta(hours=number) for number in range(1, LONG + 1)]
    Call.objects.bulk_create(
        moved(call, hour, "started_at", "ended_at", ref=f"X-{hour.total_seconds():.0f}") for hour in hours
    )
    FollowUp.objects.bulk_create(moved(follow_up, hour, "created_at") for hour in hours)
    for hour in hours:
        changes = {"category_other": ["", "x"]}
        at = call.started_at - hour
        LogEntry.objects.log_create(contact, force_log=True, action=1, changes=changes, timestamp=at)


def moved(row: Any, back: timedelta, *instants: str, **values: str) -> Any:
    """The row once more, so much earlier."""
    twin = copy(row)
    twin.pk, twin.uid, twin.form_uuid = None, uuid4(), uuid4()
    for name, value in {**{name: getattr(row, name) - back for name in instants}, **values}.items():
        setattr(twin, name, value)
    return twin


def main() -> None:
    user = User.objects.get(username="maya")
    short, long = people_of(user)
    with web_server("i2a.wsgi") as first, web_server("benchmarks.floor.wsgi") as second:
        ours, floor = Server(first, session_of(user)), Server(second, session_of(user))
        entries = [len(timeline.page_of(contact, user, limit=10_000).entries) for contact in (short, long)]
        print(f"{entries[0]} and {entries[1]} entries; milliseconds, p50 (p95)\n")
        print("| page | ours | bare Django | ratio | target |\n|---|---|---|---|---|")
        for row in rows_for(ours, floor, user, short, long):
            row.run()
            print(row.line(), flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    main()
