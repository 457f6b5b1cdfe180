"""One record of each kind and the addresses that name them, for the tests that walk over every URL."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

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
        known = {
            **dict.fromkeys(["calls:draft", "calls:draft_keep", "calls:draft_discard"], "drafts"),
            "calls:draft_set_caller": "drafts", "contacts:view_edit": "views", "contacts:view_delete": "views",
            "audit:report_delete": "reports", "audit:review": "review", "audit:review_sign": "review",
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
        record = self.objects[known[name]] if name in known else None
        record = record.get(role) if isinstance(record, dict) else record
        return reverse(name, args=[record.uid]) if record else public_path(name)


class Records(dict):
    """One record of each kind, made when it is first named. They belong to the people of `users`, by role."""

    def __init__(self, users):
        super().__init__()
        self.users = users

    def __missing__(self, kind):
        self[kind] = MAKERS[kind](self)
        return self[kind]


MAKERS = {
    "specialist": lambda made: made.users[Role.SPECIALIST],
    "role": lambda made: made["specialist"].grants.get(),
    "role_request": lambda made: AccessRequestFactory(user=made["specialist"], requested_by=made.users[Role.TEAM_LEAD]),
    "training": lambda made: TrainingRecordFactory(user=made["specialist"]),
    "drafts": lambda made: {
        role: CallDraft.objects.create(user=user, expires_at=clock.now() + timedelta(days=1))
        for role, user in made.users.items()
    },
    "views": lambda made: {
        role: SavedView.objects.create(owner=user, name=f"Employers {uuid4().hex[:8]}")
        for role, user in made.users.items()
    },
    "reports": lambda made: {
        role: SavedReport.objects.create(owner=user, name=f"May {uuid4().hex[:8]}") for role, user in made.users.items()
    },
    "review": lambda made: ReviewItem.objects.create(
        key=f"export:{uuid4()}",
        rule="export",
        reader=made.users[Role.SPECIALIST],
        since=clock.now(),
        until=clock.now(),
        count=1,
        reads=[1],
    ),
    "contact": lambda made: ContactFactory(agrees_to=["seminar"]),
    "other": lambda made: ContactFactory(),
    "merge": lambda made: merged_into(made["contact"], made.users[Role.TEAM_LEAD]),
    "representation": lambda made: RepresentationFactory(person=made["contact"]),
    "call": lambda made: CallFactory(specialist=made.users[Role.SPECIALIST], contact=made["contact"]),
    "note": lambda made: NoteFactory(contact=made["contact"], created_by=made.users[Role.SPECIALIST]),
    "follow_up": lambda made: FollowUpFactory(contact=made["contact"], assigned_to=made.users[Role.SPECIALIST]),
    "message": lambda made: MessageFactory(contact=made["contact"]),
    "verification": lambda made: FollowUpFactory(contact=made["contact"], kind="verify_email"),
    "document": lambda made: DocumentVersionFactory(is_pdf=True, is_wrong=True).document,
    "coming_event": lambda made: EventFactory(),
    "registration": lambda made: RegistrationFactory(contact=made["contact"]),
    "form_entry": lambda made: FormEntryFactory(),
    "campaign": lambda made: CampaignFactory(
        created_by=made.users[Role.TEAM_LEAD],
        event__kind="trade_mission",  # to which nobody agreed
    ),
    "question": lambda made: QuestionFactory(survey__created_by=made.users[Role.TEAM_LEAD]),
    "survey": lambda made: made["question"].survey,
    "grant": lambda made: let_in(UserFactory(), made["contact"]),
    "request": lambda made: RecordRequest.objects.create(
        contact=made["contact"],
        kind="access",
        asked_by=made.users[Role.SPECIALIST],
        asked_at=clock.now(),
        reason="On the line",
    ),
}


def make_world():
    users = {role: UserFactory(username=role, role=role) for role in ROLES}
    now = clock.now()
    make_owner(user=users[Role.MANAGER], now=now)
    AccessReview.objects.create(quarter="2026-Q4", opened_at=now, due_at=now + timedelta(days=14))
    objects = Records(users)
    for kind in MAKERS:
        objects[kind]
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
