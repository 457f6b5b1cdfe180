"""One record of each kind and the addresses that name them, for the tests that walk over every URL."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from access.models import AccessReview
from access.roles import Role
from access.services.grants import make_owner
from audit.models import ReviewItem, SavedReport
from calls.models import CallDraft
from contacts.models import RecordRequest, SavedView
from contacts.services.merging import merge_contacts
from followups.models import ClosedDay
from i2a import clock
from tests.factories import (
    AccessRequestFactory,
    CallFactory,
    CampaignFactory,
    ContactFactory,
    DocumentVersionFactory,
    EventFactory,
    FollowUpFactory,
    FormEntryFactory,
    MessageFactory,
    NoteFactory,
    QuestionFactory,
    RegistrationFactory,
    RepresentationFactory,
    TrainingRecordFactory,
    UserFactory,
    let_in,
)
from tests.url_table import ROLES

# What a page asks of the database when it only shows.
READS = (
    r"\s*\(?(SELECT|WITH people AS \(\s+SELECT refusal|DECLARE \S+ NO SCROLL CURSOR WITHOUT HOLD FOR SELECT|SAVEPOINT|"
    r"RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|"
    r"INSERT INTO \"audit_accessevent\")"
)
FOLLOW_UP_ACTIONS = ["detail", "email", "attempt", "pause", "resume", "hand_over", "close"]
CAMPAIGN_PAGES = ["campaign", "progress", "edit", "people", "mail", "test", "ask", "decide", "switch"]
SURVEY_PAGES = [  # of a draft
    "survey", "words", "new_version", "arrange", "question_new", "try", "try_frame", "invitations",
    "invitations_edit", "progress", "people", "mail", "test", "ask", "decide", "switch", "results",
    "screening",
]  # fmt: skip
OF_ACCESS = {
    "access:person": "specialist", "access:deactivate": "specialist", "access:grant_end": "role",
    "access:request": "role_request", "access:request_authorise": "role_request",
    "access:request_refuse": "role_request", "access:request_execute": "role_request",
    "access:request_withdraw": "role_request", "access:training_of": "specialist",
    "access:training_extend": "specialist", "access:training_withdraw": "training", "access:review_confirm": "role",
    "access:review_remove": "role", "followups:hand_over_of": "specialist",
}  # fmt: skip
OF_TWO = {"contacts:compare", "contacts:merge", "contacts:representation_add"}  # pages about two contacts
OF_A_PART = {
    "contacts:note": ("contact", "note"), "contacts:note_amend": ("contact", "note"),
    "surveys:question": ("survey", "question"),
}  # fmt: skip
OF_A_VERSION = {f"library:{name}" for name in ["file", "mail", "release", "review", "wrong", "correction"]}
OF_NOTHING = {"demo_outbox:html_part": "no-such-mail", "mfa_remove_webauthn": 999_999, "session_end": 999_999}
PUBLIC_PARTS = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "openid_connect_login": {"provider_id": "department"},
    "openid_connect_callback": {"provider_id": "department"},
}


@dataclass
class World:
    """One record of each kind, of the team "Phone"."""

    users: dict
    objects: dict

    def path(self, name, role):
        draft, view = self.objects["drafts"].get(role), self.objects["views"].get(role)
        report = self.objects["reports"].get(role)
        known = {
            "calls:draft": draft, "calls:draft_keep": draft, "calls:draft_discard": draft,
            "calls:draft_set_caller": draft, "contacts:view_edit": view, "contacts:view_delete": view,
            "audit:report_delete": report, "audit:review": "review", "audit:review_sign": "review",
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
            "outreach:new_link": "coming_event", "outreach:entry": "form_entry",
            **{f"campaigns:{name}": "campaign" for name in CAMPAIGN_PAGES},
            **{f"surveys:{name}": "survey" for name in SURVEY_PAGES}, "surveys:ask_by_phone": "contact",
        }  # fmt: skip
        if name in OF_ACCESS:
            return reverse(name, args=[self.objects[OF_ACCESS[name]].uid])
        if name in OF_A_PART:
            return reverse(name, args=[self.objects[part].uid for part in OF_A_PART[name]])
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
    reports = {role: SavedReport.objects.create(owner=user, name="May") for role, user in users.items()}
    views = {role: SavedView.objects.create(owner=user, name="Employers") for role, user in users.items()}
    make_owner(user=users[Role.MANAGER], now=now)
    AccessReview.objects.create(quarter="2026-Q4", opened_at=now, due_at=now + timedelta(days=14))
    specialist = users[Role.SPECIALIST]
    question = QuestionFactory(survey__created_by=users[Role.TEAM_LEAD])
    objects = {
        "specialist": specialist,
        "role": specialist.grants.get(),
        "role_request": AccessRequestFactory(user=specialist, requested_by=users[Role.TEAM_LEAD]),
        "training": TrainingRecordFactory(user=specialist),
        "drafts": drafts,
        "views": views,
        "reports": reports,
        "review": ReviewItem.objects.create(
            key="export:1", rule="export", reader=users[Role.SPECIALIST], since=now, until=now, count=1, reads=[1]
        ),
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
        "form_entry": FormEntryFactory(),
        "campaign": CampaignFactory(created_by=users[Role.TEAM_LEAD], event__kind="trade_mission"),  # nobody agreed
        "survey": question.survey,
        "question": question,
        "grant": let_in(UserFactory(), contact),
        "request": RecordRequest.objects.create(
            contact=contact, kind="access", asked_by=users[Role.SPECIALIST], asked_at=now, reason="On the line"
        ),
    }
    return World(users, objects)


def merged_into(contact, lead):
    versions = (contact.version, 1)
    record = merge_contacts(
        winner=contact, loser=ContactFactory(), choices={}, versions=versions, by=lead, now=clock.now()
    )
    contact.refresh_from_db()
    return record


def public_path(name):
    return reverse(name, kwargs=PUBLIC_PARTS.get(name, {}))


def ask(client, method, path):
    """The answer, and then everything as it was before."""
    with transaction.atomic():
        response = client.generic(method, path)
        transaction.set_rollback(True)
    return response
