"""Numbers of records that are not one's own, wherever a browser can put them (reliability goal P2): in the address, the
query, the body, hidden fields. They show nothing of the record and change nothing of it.

Every URL that names a record has a row in `NAMED_BY`; a new one without a row fails.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from access.roles import Role
from audit.models import SavedReport
from calls.models import CallDraft
from contacts.choices import Purpose
from contacts.models import Contact, RecordRequest, SavedView
from i2a import clock
from tests.factories import (
    CallFactory,
    ContactFactory,
    FollowUpFactory,
    FormEntryFactory,
    MessageFactory,
    NoteFactory,
    RegistrationFactory,
    RepresentationFactory,
    TeamFactory,
    UserFactory,
    let_in,
)
from tests.sending import FORM, encoded, fields_of_page, parameters_read
from tests.url_table import ROLES, TABLE, routes
from tests.world import CAMPAIGN_PAGES, READS, SURVEY_PAGES, ask, merged_into

pytestmark = pytest.mark.django_db

SECRETS = re.compile(r"Zhidden|zhidden|555.?0199|Quelque chose")
CONTACT, CALL, DRAFT, FOLLOW_UP = {"uid": "contact"}, {"uid": "call"}, {"uid": "draft"}, {"uid": "follow_up"}
# What each part of an address names.
NAMED_BY = {
    "calls:draft": DRAFT, "calls:draft_keep": DRAFT, "calls:draft_discard": DRAFT, "calls:draft_set_caller": DRAFT,
    "calls:detail": CALL, "calls:undo": CALL, "calls:correct": CALL, "calls:void": CALL, "calls:add_follow_up": CALL,
    "contacts:view_edit": {"uid": "view"}, "contacts:view_delete": {"uid": "view"},
    "audit:report_delete": {"uid": "report"},
    "contacts:request": {"uid": "request"}, "contacts:opening": CONTACT, "contacts:colleagues_of": CONTACT,
    "contacts:consent": CONTACT, "contacts:withdraw": CONTACT, "contacts:do_not_contact": CONTACT,
    "contacts:confirm_address": CONTACT, "contacts:consent_correct": {"uid": "contact", "event_uid": "event"},
    "contacts:detail": CONTACT, "contacts:access": CONTACT, "contacts:access_share": CONTACT,
    "contacts:access_end": {"uid": "contact", "grant_uid": "grant"},
    "contacts:request_access": CONTACT, "contacts:print_record": CONTACT, "contacts:edit": CONTACT,
    "contacts:notes": CONTACT, "contacts:note": {"uid": "contact", "note_uid": "note"},
    "contacts:note_amend": {"uid": "contact", "note_uid": "note"},
    "contacts:merge_choose": CONTACT, "contacts:merge": {"uid": "contact", "other_uid": "contact"},
    "contacts:merge_undo": {"uid": "merge"},
    "contacts:representation_choose": CONTACT,
    "contacts:representation_add": {"uid": "contact", "other_uid": "contact"},
    "contacts:representation_end": {"uid": "representation"},
    "contacts:compare": {"uid": "contact", "other_uid": "contact"},
    "followups:close": FOLLOW_UP, "followups:plan": CONTACT, "followups:detail": FOLLOW_UP,
    "followups:email": FOLLOW_UP, "followups:attempt": FOLLOW_UP, "followups:pause": FOLLOW_UP,
    "followups:resume": FOLLOW_UP, "followups:hand_over": FOLLOW_UP,
    "calls:verify": {"uid": "verification"},
    "library:choose": CONTACT, "library:check": CONTACT, "library:preview": CONTACT, "library:undo": {"uid": "message"},
    "outreach:registration": {"uid": "registration"}, "outreach:entry": {"uid": "form_entry"},
    "surveys:ask_by_phone": CONTACT,
    "outbox:message": {"uid": "message"}, "outbox:again": {"uid": "message"}, "outbox:arrived": {"uid": "message"},
}  # fmt: skip
# Links from mails and sessions are one's own (tests/access).
# Documents, events, campaigns, surveys, days and the demonstration's mails belong to nobody in particular; accounts are
# one register for who may open it at all.
OF_NOBODY = {
    "audit:review", "audit:review_sign",  # but one's own reading: tests/audit/test_review.py
    "access:person", "access:deactivate", "access:grant_end", "access:request", "access:request_authorise",
    "access:request_refuse", "access:request_execute", "access:request_withdraw", "access:training_of",
    "access:training_extend", "access:training_withdraw", "access:review_confirm", "access:review_remove",
    "followups:hand_over_of",
    "library:document", "library:edit", "library:version_new", "library:offer", "library:receivers", "library:file",
    "library:mail", "library:release", "library:review", "library:wrong", "library:correction",
    "account_reset_password_from_key", "mfa_remove_webauthn", "session_end", "openid_connect_login",
    "openid_connect_callback",
    "outreach:event", "outreach:edit", "outreach:cancel", "outreach:register",
    "outreach:new_link",
    *(f"campaigns:{name}" for name in CAMPAIGN_PAGES),
    *(f"surveys:{name}" for name in SURVEY_PAGES),
    "surveys:question",
    "followups:calendar_switch", "demo_outbox:html_part", "demo_outbox:bounce",
}  # fmt: skip
MAY_ASK = "contacts:request_access"  # answers for a record out of reach, with nothing of it
REFUSED = {403, 404, 405, 409}
ELSEWHERE = {
    "account_reset_password_from_key": 200,
    "mfa_remove_webauthn": 302,
}  # says so; confirm first
NOWHERE = {"number": 99, "pk": 999_999, "name": "nowhere"}  # other parts of addresses are uuids
NUMBERED = re.compile(r"|\d+|[0-9a-f-]{36}")  # what a field shows that may name a record
MOST_FIELDS = 6  # of one page
GOOD = {"reason": b"Because", "version": b"1", "days": b"1", "grant": b"1", "step": b"merge", "body": b"Asked."}


def apps_of(names):
    return sorted({prefix_of(name) for name in names})


def pages_of(app, names):
    return [name for name in names if prefix_of(name) == app]


def prefix_of(name):
    return name.partition(":")[0] if ":" in name else "of no app"


def hidden_records(contact, owner):
    """One of each kind, about a contact nobody else should know about."""
    expires = clock.now() + timedelta(days=1)
    return {
        "contact": contact,
        "call": CallFactory(specialist=owner, contact=contact, team=contact.team),
        "draft": CallDraft.objects.create(user=owner, contact=contact, expires_at=expires),
        "report": SavedReport.objects.create(owner=owner, name="Zhidden report"),
        "view": SavedView.objects.create(owner=owner, name="Zhidden view"),
        "note": NoteFactory(contact=contact, created_by=owner, says=["Quelque chose de Zhidden"]),
        "grant": let_in(UserFactory(), contact),
        "request": RecordRequest.objects.create(
            contact=contact, kind="access", asked_by=owner, asked_at=clock.now(), reason="Zhidden is on the line"
        ),
        "representation": RepresentationFactory(
            person=contact, representative=contact_nobody_sees(contact.team, sensitivity=contact.sensitivity)
        ),
        "follow_up": FollowUpFactory(contact=contact, assigned_to=owner, team=contact.team),
        "verification": FollowUpFactory(contact=contact, kind="verify_email", assigned_to=owner, team=contact.team),
        "message": MessageFactory(contact=contact),
        "merge": merged_into(contact, UserFactory(role=Role.TEAM_LEAD, team=contact.team)),
        "registration": RegistrationFactory(contact=contact),
        "form_entry": FormEntryFactory(name="Zhidden", registration__contact=contact),
        "event": contact.consent_events.earliest("pk"),
    }


def contact_nobody_sees(team, **values):
    return ContactFactory(
        **{"name": "Baron Zhidden", "organisation": "Zhidden Holdings", "team": team, "phone": "+17805550199"}
        | {"agrees_to": [Purpose.SEMINAR]}
        | values
    )


@dataclass
class Intruder:
    """Somebody who sends numbers of records that are not theirs."""

    client: object
    role: Role
    theirs: dict

    def __post_init__(self):
        self.before = self.rows()

    def sends(self, method, path, body=b"", query=""):
        """The answer; nothing secret in it, nothing of the record changed. Then everything is as it was."""
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            url = f"{path}?{query}" if query else path
            response = self.client.generic(method, url, body, content_type=FORM)
            text = b"".join(response).decode() if response.streaming else response.text
            wrote = any(not re.match(READS, each["sql"]) for each in queries)
            changed = wrote and self.rows() != self.before
            transaction.set_rollback(True)
        assert not (found := SECRETS.findall(text + str(response.headers))), (method, url, body, found)
        assert not changed, (method, url, body)
        return response

    def rows(self):
        return rows_about(self.theirs["contact"]) + [
            type(self.theirs[kind])._base_manager.filter(pk=self.theirs[kind].pk).values().first()
            for kind in ("draft", "view", "grant")
        ]


def rows_about(contact):
    """The record and all that points at it, but for requests to see it, which anybody may make."""
    found = [Contact._base_manager.filter(pk=contact.pk).values().get()]
    for relation in Contact._meta.related_objects:
        if relation.related_model is not RecordRequest:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: contact})
            found.append(list(rows.order_by("pk").values()))
    return found


@pytest.fixture(params=["another team", "restricted"])
def theirs(request, world):
    """Restricted ones are of one's own team; whoever leads that team decides about them, and is asked elsewhere."""
    is_restricted = request.param == "restricted"
    team = TeamFactory() if is_restricted else TeamFactory(name="Trade Missions")
    owner = UserFactory(team=team)
    return hidden_records(contact_nobody_sees(team, restricted=is_restricted), owner)


@pytest.fixture
def intruder(client, world, theirs):
    """A lead, whose role opens more pages; but a specialist where a lead would decide about the record."""
    role = Role.SPECIALIST if theirs["contact"].sensitivity == "restricted" else Role.TEAM_LEAD
    client.force_login(world.users[role])
    return Intruder(client, role, theirs)


def test_every_address_that_names_a_record_has_a_row():
    naming = {name: parts for name, parts in parts_of_addresses() if parts and name not in OF_NOBODY}

    assert naming == {name: list(parts) for name, parts in NAMED_BY.items()}


def parts_of_addresses():
    for name, _view in routes():
        *_namespace, last = name.split(":")
        resolver = get_resolver()
        for namespace in _namespace:
            resolver = resolver.namespace_dict[namespace][1]
        ((_path, parts),) = resolver.reverse_dict.getlist(last)[0][0]
        yield name, parts


@pytest.mark.parametrize("app", apps_of(NAMED_BY))
def test_an_address_of_a_record_out_of_reach_shows_and_does_nothing(intruder, world, app):
    mine = world.objects | {"event": world.objects["contact"].consent_events.get()}
    for name in pages_of(app, NAMED_BY):
        for address in addresses(name, mine, intruder.theirs):
            statuses = {
                method: intruder.sends(method, address, encoded(GOOD.items())).status_code for method in ["GET", "POST"]
            }
            may_be = REFUSED | {200, 302} if name == MAY_ASK else REFUSED
            assert set(statuses.values()) <= may_be, (address, statuses)


def addresses(name, mine, theirs):
    """Theirs alone, one of theirs beside one's own in either order, and records that are nowhere."""
    parts = NAMED_BY[name]
    yield reverse(name, kwargs={part: theirs[kind].uid for part, kind in parts.items()})
    for hidden in parts if len(parts) > 1 else []:
        yield reverse(
            name, kwargs={part: (theirs if part == hidden else mine)[kind].uid for part, kind in parts.items()}
        )


def test_an_address_of_a_record_that_is_nowhere_says_so(client, world):
    client.force_login(world.users[Role.TEAM_LEAD])

    for name, parts in parts_of_addresses():
        for method in ["GET", "POST"] if parts else []:
            path = reverse(name, kwargs={part: NOWHERE.get(part) or uuid4() for part in parts})
            assert ask(client, method, path).status_code in REFUSED | {ELSEWHERE.get(name)}, (method, path)


@pytest.mark.parametrize("name", ["..%2f..%2fmanage.py", "..", "%00", "x" * 300])
def test_a_name_of_a_file_opens_no_other_file(client, world, name):
    client.force_login(world.users[Role.SPECIALIST])

    assert (
        ask(client, "GET", reverse("demo_outbox:html_part", args=["nowhere"]).replace("nowhere", name)).status_code
        in REFUSED
    )


@pytest.mark.parametrize("app", apps_of(TABLE))
def test_numbers_of_records_out_of_reach_in_bodies_and_queries_do_nothing(intruder, world, app):
    """Each kind of record comes in turn, in one half of the fields by its public number, in the other by the row's."""
    kinds = cycle(intruder.theirs.values())
    for name in pages_of(app, TABLE):
        if opens(name, intruder.role):
            sweep(intruder, world.path(name, intruder.role), parameters_read(app_of(name)), kinds)


def opens(name, role):
    return "403" not in {TABLE[name][method].split()[ROLES.index(role)] for method in ("GET", "POST")}


def sweep(intruder, path, read, kinds):
    """All parameters in the query; all that no form shows; and, one after the other, fields of the page that is right
    otherwise, the more likely first. At last nothing but numbers."""
    contact = str(intruder.theirs["contact"].uid).encode()
    page = intruder.sends("GET", path, query=encoded((each, contact) for each in read))
    fields = {} if page.streaming else fields_of_page(page.text.partition("<main")[2])
    shown = GOOD | fields
    intruder.sends("POST", path, encoded([*shown.items(), *((each, contact) for each in read if each not in shown)]))
    for each in sorted(fields, key=lambda field: not NUMBERED.fullmatch(fields[field].decode()))[:MOST_FIELDS]:
        intruder.sends("POST", path, encoded((shown | {each: contact}).items()))
    record = next(kinds)
    numbers = cycle([str(record.uid).encode(), str(record.pk).encode()])
    intruder.sends("POST", path, encoded(zip(sorted({*read, *shown}), numbers, strict=False)))


def app_of(name):
    return dict(routes())[name].__module__.partition(".")[0]
