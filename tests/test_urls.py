"""Who may open what: every URL x every role x every method (design §7, reliability goal P1). A URL without a row fails.

The columns are the roles in the order of `ROLES`. `POST` is what an empty form answers: 200 is the page with what is
missing, 302 is done, 409 a form older than the record. The records belong to the team "Phone", as the specialist and
the team lead do; the manager and the privacy officer see all teams. A draft is its owner's, so each role finds its own.
"""

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from access.models import AccessReview, ObjectGrant
from access.roles import PERMISSIONS, Role
from access.services.grants import make_owner
from audit.models import AccessEvent
from calls.models import CallDraft
from contacts.models import RecordRequest, SavedView
from contacts.services.merging import merge_contacts
from followups.models import ClosedDay
from i2a import clock
from tests.factories import (
    AccessRequestFactory,
    CallFactory,
    ContactFactory,
    DocumentVersionFactory,
    EventFactory,
    FollowUpFactory,
    MessageFactory,
    NoteFactory,
    RegistrationFactory,
    RepresentationFactory,
    TeamFactory,
    TrainingRecordFactory,
    UserFactory,
    let_in,
)

pytestmark = pytest.mark.django_db

PUBLIC = {
    "account_login",
    "account_logout",
    "openid_connect_login",
    "openid_connect_callback",
    "account_reset_password",
    "account_reset_password_from_key",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "privacy",
    "healthz",
    "set_language",
    "favicon",
    "unsubscribe",
    "outbox:returned",
    "phone_events",
}
ROLES = [Role.SPECIALIST, Role.TEAM_LEAD, Role.MANAGER, Role.ACCESS_ADMIN, Role.PRIVACY_OFFICER]
NO = 403
NEVER = "405 405 405 405 405"  # whoever may open the page may not do that with it
EVERYBODY = "200 200 200 200 200"
AWAY = "302 302 302 302 302"

FOLLOW_UP_ACTIONS = ["detail", "email", "attempt", "pause", "resume", "hand_over", "close"]
# fmt: off
TABLE = {
    # name                       method   S   L   M   A   P
    "home":                     {"GET": "302 302 200 200 200", "POST": NEVER},
    "calls:desk":               {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "calls:ringing":            {"GET": "204 204 286 286 286", "POST": "302 302 286 286 286"},
    "calls:extension":          {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "calls:start":              {"GET": "405 405 403 403 403", "POST": "302 302 403 403 403"},
    "calls:draft":              {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "calls:draft_keep":         {"GET": "405 405 403 403 403", "POST": "200 200 403 403 403"},
    "calls:draft_discard":      {"GET": "405 405 403 403 403", "POST": "302 302 403 403 403"},
    "calls:draft_set_caller":   {"GET": "405 405 403 403 403", "POST": "404 404 403 403 403"},
    "calls:undo":               {"GET": "405 405 403 403 403", "POST": "302 404 403 403 403"},
    "calls:list":               {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "calls:detail":             {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "calls:verify":             {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "calls:correct":            {"GET": "200 200 200 403 403", "POST": "409 409 409 403 403"},
    "calls:void":               {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "calls:add_follow_up":      {"GET": "405 405 405 403 403", "POST": "409 409 409 403 403"},
    "data_dictionary":          {"GET": "403 403 200 403 200", "POST": "403 403 405 403 405"},
    "contacts:lookup":          {"GET": "200 200 200 403 200", "POST": "200 200 200 403 200"},
    "contacts:organisations":   {"GET": "405 405 405 403 405", "POST": "200 200 200 403 200"},
    "contacts:colleagues":      {"GET": "405 405 405 403 405", "POST": "200 200 200 403 200"},
    "contacts:colleagues_of":   {"GET": "405 405 405 403 405", "POST": "200 200 200 403 200"},
    "contacts:duplicates":      {"GET": "405 405 405 403 403", "POST": "200 200 200 403 403"},
    "contacts:merge_choose":    {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "contacts:merge":           {"GET": "403 200 200 403 403", "POST": "403 409 409 403 403"},
    "contacts:merge_undo":      {"GET": "403 200 200 403 403", "POST": "403 409 409 403 403"},
    "contacts:compare":         {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:print":           {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:export":          {"GET": "403 403 200 403 200", "POST": "403 403 200 403 200"},
    "contacts:views":           {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:view_new":        {"GET": "200 200 200 403 200", "POST": "200 200 200 403 200"},
    "contacts:view_edit":       {"GET": "200 200 200 403 200", "POST": "200 200 200 403 200"},
    "contacts:view_delete":     {"GET": "200 200 200 403 200", "POST": "302 302 302 403 302"},
    "contacts:new":             {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "contacts:materials_only":  {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "contacts:detail":          {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:consent":         {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:withdraw":        {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:do_not_contact":  {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:confirm_address": {"GET": "404 404 404 403 403", "POST": "404 404 404 403 403"},
    "contacts:consent_correct": {"GET": "302 302 302 403 403", "POST": "302 302 302 403 403"},
    "contacts:notes":           {"GET": "200 200 200 403 200", "POST": "200 200 403 403 403"},
    "contacts:note":            {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:note_amend":      {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "contacts:print_record":    {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:edit":            {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:representation_choose": {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:representation_add": {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:representation_end": {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:opening":         {"GET": "200 200 200 403 200", "POST": "200 200 200 403 200"},
    "contacts:access":          {"GET": "403 200 200 403 200", "POST": "403 200 200 403 200"},
    "contacts:access_share":    {"GET": "403 405 405 403 405", "POST": "403 200 200 403 200"},
    "contacts:access_end":      {"GET": "403 405 405 403 405", "POST": "403 302 302 403 302"},
    "contacts:hidden":          {"GET": "405 405 405 403 405", "POST": "200 200 200 403 200"},
    "contacts:requests":        {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:request":         {"GET": "403 200 200 403 200", "POST": "403 200 200 403 200"},
    "contacts:request_access":  {"GET": "302 302 302 403 302", "POST": "302 302 302 403 302"},
    "followups:list":           {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "followups:close":          {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "followups:detail":         {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "followups:email":          {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "followups:attempt":        {"GET": "405 405 405 403 403", "POST": "302 302 302 403 403"},
    "followups:pause":          {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "followups:resume":         {"GET": "405 405 405 403 403", "POST": "302 302 302 403 403"},
    "followups:hand_over":      {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "followups:hand_over_all":  {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "followups:hand_over_of":   {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "followups:plan":           {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "followups:report":         {"GET": "403 200 200 403 200", "POST": "403 405 405 403 405"},
    "followups:calendar":       {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "followups:calendar_close": {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "followups:calendar_hours": {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "followups:calendar_switch": {"GET": "403 403 405 403 403", "POST": "403 403 200 403 403"},
    "library:list":             {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "library:new":              {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "library:document":         {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "library:edit":             {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "library:version_new":      {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "library:offer":            {"GET": "403 403 405 403 403", "POST": "403 403 400 403 403"},
    "library:receivers":        {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "library:file":             {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "library:mail":             {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "library:release":          {"GET": "403 403 405 403 403", "POST": "403 403 400 403 403"},
    "library:review":           {"GET": "403 403 405 403 403", "POST": "403 403 302 403 403"},
    "library:wrong":            {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "library:correction":       {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "library:choose":           {"GET": "200 200 403 403 403", "POST": "405 405 403 403 403"},
    "library:check":            {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "library:preview":          {"GET": "404 404 403 403 403", "POST": "405 405 403 403 403"},
    "library:undo":             {"GET": "405 405 403 403 403", "POST": "404 404 403 403 403"},
    "outreach:list":            {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "outreach:new":             {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "outreach:event":           {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "outreach:edit":            {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "outreach:cancel":          {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "outreach:register":        {"GET": "405 405 405 403 403", "POST": "200 200 200 403 403"},
    "outreach:registration":    {"GET": "405 405 405 403 403", "POST": "400 400 400 403 403"},
    "outbox:backlog":           {"GET": "403 200 200 403 200", "POST": "403 405 405 403 405"},
    "outbox:sending":           {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "outbox:again":             {"GET": "403 200 200 403 403", "POST": "403 302 302 403 403"},
    "outbox:arrived":           {"GET": "403 200 200 403 403", "POST": "403 302 302 403 403"},
    "outbox:message":           {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "access:register":          {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:register_print":    {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:register_export":   {"GET": "403 403 200 200 200", "POST": "403 403 200 200 200"},
    "access:drift":             {"GET": "403 403 200 403 200", "POST": "403 403 405 403 405"},
    "access:person":            {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:deactivate":        {"GET": "403 403 403 405 403", "POST": "403 403 403 200 403"},
    "access:grant_end":         {"GET": "403 403 405 405 403", "POST": "403 403 200 200 403"},
    "access:mine":              {"GET": EVERYBODY, "POST": NEVER},
    "access:requests":          {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:request_new":       {"GET": "403 200 200 200 200", "POST": "403 200 200 200 200"},
    "access:request":           {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:request_authorise": {"GET": "403 403 405 403 403", "POST": "403 403 302 403 403"},
    "access:request_refuse":    {"GET": "403 403 405 403 403", "POST": "403 403 200 403 403"},
    "access:request_execute":   {"GET": "403 403 403 405 403", "POST": "403 403 403 200 403"},
    "access:request_withdraw":  {"GET": "403 405 405 405 405", "POST": "403 302 403 403 403"},
    "access:training":          {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:training_mine":     {"GET": EVERYBODY, "POST": NEVER},
    "access:training_of":       {"GET": "403 200 200 200 200", "POST": "403 403 200 200 403"},
    "access:training_extend":   {"GET": "403 403 405 403 403", "POST": "403 403 200 403 403"},
    "access:training_withdraw": {"GET": "403 403 405 405 403", "POST": "403 403 302 302 403"},
    "access:review":            {"GET": "403 403 200 403 200", "POST": "403 403 405 403 405"},
    "access:review_confirm":    {"GET": "403 403 405 403 405", "POST": "403 403 302 403 403"},
    "access:review_remove":     {"GET": "403 403 405 403 405", "POST": "403 403 302 403 403"},
    # One's own sign-in. 302: confirm first that it is you; the manager, the administrator and the officer have an app.
    "account_reauthenticate":   {"GET": EVERYBODY, "POST": EVERYBODY},
    "mfa_reauthenticate":       {"GET": "302 302 200 200 200", "POST": "302 302 200 200 200"},
    "mfa_reauthenticate_webauthn": {"GET": AWAY, "POST": AWAY},
    "kept_form":                {"GET": AWAY, "POST": AWAY},
    "mfa_index":                {"GET": EVERYBODY, "POST": NEVER},
    "account_change_password":  {"GET": EVERYBODY, "POST": EVERYBODY},
    "mfa_activate_totp":        {"GET": AWAY, "POST": AWAY},
    "mfa_deactivate_totp":      {"GET": "404 404 302 302 302", "POST": "404 404 302 302 302"},
    "mfa_add_webauthn":         {"GET": AWAY, "POST": AWAY},
    "mfa_remove_webauthn":      {"GET": AWAY, "POST": AWAY},
    "mfa_view_recovery_codes":  {"GET": "404 404 404 404 404", "POST": NEVER},
    "mfa_generate_recovery_codes": {"GET": AWAY, "POST": AWAY},
    "session_end":              {"GET": NEVER, "POST": "404 404 404 404 404"},
    "sessions_end_others":      {"GET": NEVER, "POST": AWAY},
    "session_time_left":        {"GET": EVERYBODY, "POST": NEVER},
    "session_stay":             {"GET": NEVER, "POST": EVERYBODY},
    # A demonstration system only (I2A_DEMO=1)
    "demo_outbox:outbox":       {"GET": EVERYBODY, "POST": NEVER},
    "demo_outbox:html_part":    {"GET": "404 404 404 404 404", "POST": NEVER},
    "demo_outbox:bounce":       {"GET": NEVER, "POST": "302 302 302 302 302"},
    "demo_phone:phone":         {"GET": EVERYBODY, "POST": EVERYBODY},
    "demo:clock":               {"GET": EVERYBODY, "POST": EVERYBODY},
    "demo:clock_reset":         {"GET": NEVER, "POST": "302 302 302 302 302"},
    "demo:jobs_run":            {"GET": NEVER, "POST": "302 302 302 302 302"},
}
# fmt: on
PUBLIC_TABLE = {
    "account_login": {"GET": 200, "POST": 200},
    "account_logout": {"GET": 405, "POST": 302},
    "account_reset_password": {"GET": 200, "POST": 200},
    "account_reset_password_from_key": {"GET": 200, "POST": 200},  # without a link from a mail
    "openid_connect_login": {"GET": 404, "POST": 405},  # without an identity provider
    "openid_connect_callback": {"GET": 404, "POST": 405},
    "mfa_authenticate": {"GET": 302, "POST": 302},  # before the password
    "mfa_login_webauthn": {"GET": 302, "POST": 302},
    "privacy": {"GET": 200, "POST": 405},
    "healthz": {"GET": 200, "POST": 405},
    "set_language": {"GET": 405, "POST": 302},
    "favicon": {"GET": 302, "POST": 405},
    "outbox:returned": {"GET": 405, "POST": 404},  # without a secret for it
    "phone_events": {"GET": 405, "POST": 404},  # without a secret for it
    "unsubscribe": {"GET": 404, "POST": 404},  # without a link from a mail
}
OF_ACCESS = {
    "access:person": "specialist", "access:deactivate": "specialist", "access:grant_end": "role",
    "access:request": "role_request", "access:request_authorise": "role_request",
    "access:request_refuse": "role_request", "access:request_execute": "role_request",
    "access:request_withdraw": "role_request", "access:training_of": "specialist",
    "access:training_extend": "specialist", "access:training_withdraw": "training", "access:review_confirm": "role",
    "access:review_remove": "role", "followups:hand_over_of": "specialist",
}  # fmt: skip
OF_TWO = {"contacts:compare", "contacts:merge", "contacts:representation_add"}  # pages about two contacts
OF_A_VERSION = {f"library:{name}" for name in ["file", "mail", "release", "review", "wrong", "correction"]}
OF_NOTHING = {"demo_outbox:html_part": "no-such-mail", "mfa_remove_webauthn": 999_999, "session_end": 999_999}
PUBLIC_PARTS = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "openid_connect_login": {"provider_id": "department"},
    "openid_connect_callback": {"provider_id": "department"},
}
OTHER_METHODS = ["PUT", "PATCH", "DELETE", "TRACE"]


def routes(patterns=None, namespace=""):
    """(name, callback) of every route, as it is reversed."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback


NAMES = [name for name, _callback in routes()]


@pytest.fixture(autouse=True)
def jobs_rest(monkeypatch):
    """The scheduled jobs commit on connections of their own; whether they work is another test's question."""
    monkeypatch.setattr("i2a.demo.run_scheduled_jobs", lambda: iter(()))


@dataclass
class World:
    """One record of each kind, of the team "Phone"."""

    users: dict
    objects: dict

    def path(self, name, role):
        draft, view = self.objects["drafts"].get(role), self.objects["views"].get(role)
        known = {
            "calls:draft": draft, "calls:draft_keep": draft, "calls:draft_discard": draft,
            "calls:draft_set_caller": draft, "contacts:view_edit": view, "contacts:view_delete": view,
            "calls:detail": "call", "calls:undo": "call", "calls:correct": "call", "calls:void": "call",
            "calls:add_follow_up": "call", "contacts:detail": "contact", "contacts:edit": "contact",
            "contacts:merge_choose": "contact", "contacts:merge_undo": "merge",
            "contacts:representation_choose": "contact", "contacts:representation_end": "representation",
            **{f"followups:{name}": "follow_up" for name in FOLLOW_UP_ACTIONS}, "followups:plan": "contact",
            "contacts:notes": "contact", "outbox:message": "message",
            "calls:verify": "verification", "demo_outbox:bounce": "message",
            "outbox:again": "message", "outbox:arrived": "message",
            "contacts:consent": "contact", "contacts:withdraw": "contact", "contacts:do_not_contact": "contact",
            "contacts:confirm_address": "contact",
            "contacts:access": "contact", "contacts:access_share": "contact", "contacts:request_access": "contact",
            "contacts:request": "request", "contacts:print_record": "contact", "contacts:colleagues_of": "contact",
            "library:document": "document", "library:edit": "document", "library:version_new": "document",
            "library:offer": "document", "library:receivers": "document", "library:choose": "contact",
            "library:check": "contact", "library:preview": "contact", "library:undo": "message",
            "contacts:opening": "contact",
            "outreach:event": "coming_event", "outreach:edit": "coming_event", "outreach:cancel": "coming_event",
            "outreach:register": "coming_event", "outreach:registration": "registration",
        }  # fmt: skip
        if name in OF_ACCESS:
            return reverse(name, args=[self.objects[OF_ACCESS[name]].uid])
        if name in {"contacts:note", "contacts:note_amend"}:
            return reverse(name, args=[self.objects["contact"].uid, self.objects["note"].uid])
        if name == "followups:calendar_switch":
            return reverse(name, args=[ClosedDay.objects.get(day="2033-12-27").pk])
        if name == "contacts:consent_correct":  # entered by nobody here, so there is nothing to correct
            return reverse(name, args=[self.objects["contact"].uid, self.objects["contact"].consent_events.get().uid])
        if name == "contacts:access_end":
            return reverse(name, args=[self.objects["contact"].uid, self.objects["grant"].uid])
        if name in OF_A_VERSION:
            return reverse(name, args=[self.objects["document"].uid, 1])
        if name in OF_NOTHING:
            return reverse(name, args=[OF_NOTHING[name]])
        if name in OF_TWO:
            return reverse(name, args=[self.objects["contact"].uid, self.objects["other"].uid])
        record = known.get(name)
        if isinstance(record, str):
            record = self.objects[record]
        return reverse(name, args=[record.uid]) if record else public_path(name)


def make_world():
    users = {role: UserFactory(username=role, role=role) for role in ROLES}
    contact = ContactFactory(agrees_to=["seminar"])
    call = CallFactory(specialist=users[Role.SPECIALIST], contact=contact)
    now = clock.now()
    drafts = {
        role: CallDraft.objects.create(user=user, expires_at=now + timedelta(days=1)) for role, user in users.items()
    }
    views = {role: SavedView.objects.create(owner=user, name="Employers") for role, user in users.items()}
    make_owner(user=users[Role.MANAGER], now=now)
    AccessReview.objects.create(quarter="2026-Q4", opened_at=now, due_at=now + timedelta(days=14))
    specialist = users[Role.SPECIALIST]
    objects = {
        "specialist": specialist,
        "role": specialist.grants.get(),
        "role_request": AccessRequestFactory(user=specialist, requested_by=users[Role.TEAM_LEAD]),
        "training": TrainingRecordFactory(user=specialist),
        "drafts": drafts,
        "views": views,
        "contact": contact,
        "other": ContactFactory(),
        "merge": merged_into(contact, users[Role.TEAM_LEAD]),
        "representation": RepresentationFactory(person=contact),
        "call": call,
        "note": NoteFactory(contact=contact, created_by=users[Role.SPECIALIST]),
        "follow_up": FollowUpFactory(contact=contact, assigned_to=users[Role.SPECIALIST]),
        "message": MessageFactory(contact=contact),
        "verification": FollowUpFactory(contact=contact, kind="verify_email"),
        "document": DocumentVersionFactory(is_pdf=True, is_wrong=True).document,
        "coming_event": EventFactory(),
        "registration": RegistrationFactory(contact=contact),
        "grant": let_in(UserFactory(), contact),
        "request": RecordRequest.objects.create(
            contact=contact, kind="access", asked_by=users[Role.SPECIALIST], asked_at=now, reason="On the line"
        ),
    }
    return World(users, objects)


@pytest.fixture(scope="module")
def world_of_the_module(django_db_setup, django_db_blocker):
    """Made once: the transactions of the tests lie within this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(world_of_the_module, db):
    """A test may change its objects, as it may change the rows."""
    return deepcopy(world_of_the_module)


def merged_into(contact, lead):
    versions = (contact.version, 1)
    record = merge_contacts(
        winner=contact, loser=ContactFactory(), choices={}, versions=versions, by=lead, now=clock.now()
    )
    contact.refresh_from_db()
    return record


def ask(client, method, path):
    """The answer, and then everything as it was before."""
    with transaction.atomic():
        response = client.generic(method, path)
        transaction.set_rollback(True)
    return response


def test_every_url_has_a_row():
    assert sorted(NAMES) == sorted([*TABLE, *PUBLIC_TABLE])
    assert set(PUBLIC_TABLE) == PUBLIC


def test_every_view_that_is_not_public_declares_its_permission():
    known = {permission for permissions in PERMISSIONS.values() for permission in permissions} | {""}

    for name, view in routes():
        if name in PUBLIC:
            assert view.login_required is False, name
        else:
            assert getattr(view, "login_required", True) and view.required_permission in known, name


@pytest.fixture(scope="module")
def looks():
    """What a page answered to GET and which writes that took; two tests ask, the page is drawn once."""
    return {}


def look(looks, client, world, name, role):
    if (name, role) not in looks:
        client.force_login(world.users[role])
        with CaptureQueriesContext(connection) as queries:
            status = ask(client, "GET", world.path(name, role)).status_code
        looks[name, role] = status, [query["sql"] for query in queries if not re.match(READS, query["sql"])]
    return looks[name, role]


@pytest.mark.parametrize("name", TABLE)
def test_who_may(client, world, looks, name):
    answers = {"GET": [], "POST": []}

    for role in ROLES:
        answers["GET"].append(look(looks, client, world, name, role)[0])
        client.force_login(world.users[role])
        answers["POST"].append(ask(client, "POST", world.path(name, role)).status_code)

    assert {method: " ".join(map(str, statuses)) for method, statuses in answers.items()} == TABLE[name]


@pytest.mark.parametrize("name", TABLE)
def test_other_methods_do_nothing(client, world, name):
    for role in [Role.SPECIALIST, Role.MANAGER]:
        client.force_login(world.users[role])
        for method in OTHER_METHODS:
            assert ask(client, method, world.path(name, role)).status_code in {403, 405}, (role, method)


@pytest.mark.parametrize("name", TABLE)
def test_strangers_are_sent_to_sign_in_and_come_back(client, world, name):
    path = world.path(name, Role.SPECIALIST)

    for method in ["GET", "POST"]:
        response = ask(client, method, path)
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login") + "?next=")
    assert ask(client, "GET", path).url == f"{reverse('account_login')}?next={path}"


@pytest.mark.parametrize("name", TABLE)
def test_who_has_no_role_may_only_open_what_is_for_everybody(client, world, name):
    client.force_login(UserFactory(role=None))

    status = ask(client, "GET", world.path(name, Role.SPECIALIST)).status_code

    is_for_everybody = dict(routes())[name].required_permission == ""
    assert status != NO if is_for_everybody else status == NO


def public_path(name):
    return reverse(name, kwargs=PUBLIC_PARTS.get(name, {}))


@pytest.mark.parametrize("name", PUBLIC_TABLE)
def test_public_pages(client, name):
    statuses = {method: ask(client, method, public_path(name)).status_code for method in ["GET", "POST"]}

    assert statuses == PUBLIC_TABLE[name]


@pytest.mark.parametrize("name", [*TABLE, *PUBLIC_TABLE])
def test_get_writes_nothing_but_the_record_of_reading(client, world, looks, name):
    for role in ROLES:
        _status, writes = look(looks, client, world, name, role)
        assert writes == [], role


READS = (
    r"\(?(SELECT|DECLARE \S+ NO SCROLL CURSOR WITHOUT HOLD FOR SELECT|SAVEPOINT|"
    r"RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|"
    r"INSERT INTO \"audit_accessevent\")"
)


# Objects: another team's, a restricted one


# 403 where the refusal says that it was recorded and offers to ask for access (R-CON-11), 404 for everything else.
FOREIGN = {
    "calls:detail": 404, "calls:correct": 404, "contacts:detail": 403, "contacts:edit": 403, "contacts:compare": 403,
    "contacts:consent": 403, "contacts:withdraw": 403, "contacts:do_not_contact": 403, "contacts:confirm_address": 403,
    "contacts:consent_correct": 403, "contacts:notes": 403, "contacts:note": 403, "contacts:note_amend": 403,
    "contacts:print_record": 403,
    **{f"followups:{name}": 404 for name in ("detail", "email", "pause", "hand_over", "close")}, "followups:plan": 404,
    "outbox:message": 404, "library:choose": 403, "library:check": 403, "library:preview": 403,
}  # fmt: skip


@pytest.fixture(params=["another team", "restricted", "expired grant"])
def hidden_world(request, world):
    """The same records, but of a contact whom the specialist may not know about."""
    contact = world.objects["contact"]
    if request.param == "restricted":
        contact.sensitivity = "restricted"
    else:
        contact.team = TeamFactory(name="Trade Missions")
    contact.save()
    if request.param == "expired grant":
        ended, grant = clock.now(), let_in(world.users[Role.SPECIALIST], contact)
        times = {"starts_at": ended - timedelta(days=1), "until": ended}
        ObjectGrant.objects.filter(pk=grant.pk).update(**times)  # no audit: a test's own arrangement
    return world


@pytest.mark.parametrize("name", FOREIGN)
def test_records_of_hidden_contacts_do_not_exist_for_a_specialist(client, hidden_world, name):
    client.force_login(hidden_world.users[Role.SPECIALIST])

    response = ask(client, "GET", hidden_world.path(name, Role.SPECIALIST))

    assert response.status_code == FOREIGN[name]
    assert hidden_world.objects["contact"].name not in response.text


def test_a_grant_that_lasts_opens_a_hidden_record_to_read_and_not_to_change(client, world):
    contact, specialist = world.objects["contact"], world.users[Role.SPECIALIST]
    contact.team = TeamFactory(name="Trade Missions")
    contact.save()
    let_in(specialist, contact)
    client.force_login(specialist)

    names = ["contacts:detail", "contacts:consent", "contacts:notes", "contacts:edit"]
    statuses = [ask(client, "GET", world.path(name, Role.SPECIALIST)).status_code for name in names]

    assert statuses == [200, 200, 200, 403]


def test_somebody_elses_draft_does_not_exist(client, world):
    client.force_login(world.users[Role.SPECIALIST])

    for name in ["calls:draft", "calls:draft_discard", "calls:draft_set_caller"]:
        assert ask(client, "POST", world.path(name, Role.TEAM_LEAD)).status_code == 404
    assert ask(client, "POST", world.path("calls:draft_keep", Role.TEAM_LEAD)).status_code == 409


# Refusals leave a trace


def test_a_refusal_is_recorded_with_person_page_and_record(client, world):
    client.force_login(world.users[Role.ACCESS_ADMIN])

    response = client.get(world.path("contacts:detail", Role.ACCESS_ADMIN))

    (event,) = AccessEvent.objects.filter(kind="denied")
    assert event.actor == world.users[Role.ACCESS_ADMIN]
    assert event.object_type == "contacts:detail"
    assert event.object_uid == world.objects["contact"].uid
    assert event.request_id == response["X-Request-ID"]
    assert world.objects["contact"].name not in response.text
