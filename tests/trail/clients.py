"""What is done on the pages of calls, contacts and answers owed."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse

from access.roles import Role
from calls.models import Call, CallDraft, Topic
from contacts.choices import Purpose, Source
from contacts.services import consents
from followups.models import ClosedDay
from i2a import clock
from tests.contacts.steps import edit_url, opened_to_edit
from tests.factories import ContactFactory, FollowUpFactory, TeamFactory
from tests.trail.scene import Step

S, L, M, P = Role.SPECIALIST, Role.TEAM_LEAD, Role.MANAGER, Role.PRIVACY_OFFICER
WORDS = "Asked about work permits."


def statistics(scene):
    return {
        "direction": "in", "announcement_heard": "yes", "category": "foreign_national", "calling_for": "self",
        "topics": Topic.objects.get(name="Work permits").pk, "topic_source": "department", "services": "answered",
        "follow_up_decision": "none", "note": WORDS,
    }  # fmt: skip


def saved_just_now(client, scene):
    scene.objects["drafts"] = {S: CallDraft.objects.create(user=scene.users[S], expires_at=in_days(1))}
    client.post(scene.path("calls:draft", S), statistics(scene))
    scene.objects["call"] = Call.objects.latest("pk")


def in_days(days):
    return clock.now() + timedelta(days=days)


def day(days):
    return (clock.today() + timedelta(days=days)).isoformat()


def new_person(**more):
    return lambda scene: {
        "name": f"{uuid4().hex} Fabricated", "category": "foreign_national", "notice_given": "on",
        "email": f"ines{scene['specialist'].pk}@example.org", **more,
    }  # fmt: skip


def the_other_way():
    return "no" if ClosedDay.objects.get(day="2033-12-27").is_closed else "yes"


def out_of_reach(scene):
    return ContactFactory(team=TeamFactory(name="Trade Missions"))


def stopped(scene):
    contact = ContactFactory(agrees_to=["seminar"])
    consents.withdraw(
        contact=contact, purposes=[Purpose.SEMINAR], source=Source.CALL, source_ref=contact.ref,
        by=scene.users[S], now=clock.now(),
    )  # fmt: skip
    return contact


def with_another_address(client, scene):
    contact = scene["contact"]
    changes = {"email": f"new-{contact.email}", "email_confirmed": "no", "notice_given": "on"}
    client.post(edit_url(contact), opened_to_edit(contact, **changes))


def path_of_the_correction(scene):
    contact = scene["contact"]
    return reverse("contacts:consent_correct", args=[contact.uid, contact.consent_events.latest("pk").uid])


CALLS = [
    Step("calls:extension", S, lambda scene: {"extension": f"4{scene['specialist'].pk}"[-6:]}),
    Step("calls:draft", S, statistics),
    Step("calls:undo", S, before=saved_just_now),
    Step("calls:verify", S),
    Step("calls:correct", S, {"stat_citizenship": "PH"}),
    Step("calls:void", L, {"reason": "Logged twice."}),
    Step("calls:desk", S, {"q": "Invented"}, reads="searched"),
]
CONTACTS = [
    Step("contacts:lookup", S, {"q": "Invented"}, reads="searched"),
    Step("contacts:organisations", S, {"organisation": "Pennywhistle"}, reads="searched"),
    Step(
        "contacts:colleagues",
        S,
        {"organisation": "Pennywhistle"},
        made={"contact": lambda scene: ContactFactory(organisation="Pennywhistle")},
        before=lambda client, scene: scene["contact"],
        reads="listed",
    ),
    Step(
        "contacts:colleagues_of",
        S,
        {"organisation": "Pennywhistle"},
        before=lambda client, scene: ContactFactory(organisation="Pennywhistle"),
        reads="listed",
    ),
    Step("contacts:duplicates", S, {"email": "nobody@example.org"}, reads="searched"),
    Step("contacts:merge_choose", L, {"q": "Invented"}, reads="searched"),
    Step("contacts:representation_choose", S, {"q": "Invented"}, reads="searched"),
    Step("contacts:merge", L, {"step": "merge"}),
    Step("contacts:merge_undo", L),
    Step("contacts:export", M, {"reason": WORDS}),
    Step("contacts:view_new", S, lambda scene: {"name": f"Employers {scene['specialist'].pk}"}),
    Step("contacts:view_edit", S, {"name": "Families"}),
    Step("contacts:view_delete", S),
    Step("contacts:new", S, new_person(future_contact="not_asked", future_contact_reason="In a hurry")),
    Step("contacts:materials_only", S, new_person()),
    Step("contacts:withdraw", S, {"purposes": "seminar", "source": "call"}),
    Step("contacts:do_not_contact", S, {"source": "call"}),
    Step("contacts:confirm_address", S, {"source": "call"}, before=with_another_address),
    Step(
        "contacts:consent_correct",
        S,
        lambda scene: {"entries": scene["contact"].consent_events.latest("pk").uid, "reason": WORDS},
        made={"contact": stopped},
        path=path_of_the_correction,
    ),
    Step("contacts:notes", S, {"body": WORDS}),
    Step("contacts:note_amend", S, {"body": WORDS}),
    Step("contacts:edit", S, {"notice_given": "on", "organisation": "Pennywhistle"}),
    Step("contacts:representation_add", S, {"authority": "retainer", "scope": WORDS, "until": day(30)}),
    Step("contacts:representation_end", S),
    Step("contacts:opening", S, {"purpose": "review"}),
    Step("contacts:access", L, {"is_restricted": "on"}),
    Step(
        "contacts:access_share",
        L,
        lambda scene: {"share-person": scene["specialist"].pk, "share-days": 3, "share-reason": WORDS},
        made={"contact": lambda scene: ContactFactory(restricted=True)},
    ),
    Step("contacts:access_end", L),
    Step(
        "contacts:hidden",
        S,
        lambda scene: {"q": scene["contact"].email, "reason": WORDS},
        made={"contact": out_of_reach},
    ),
    Step(
        "contacts:request",
        L,
        {"grant": "1", "days": "3"},
        made={"contact": lambda scene: ContactFactory(restricted=True)},
    ),
    Step("contacts:request_access", S, {"reason": WORDS}, made={"contact": out_of_reach}),
]
FOLLOW_UPS = [
    Step("followups:close", S, {"answer": "not_needed", "outcome": "Answered."}),
    Step("followups:email", S, {"text": "It takes about 60 days."}),
    Step("followups:attempt", S, {"result": "left_message"}),
    Step("followups:pause", S, {"reason": WORDS}),
    Step(
        "followups:resume",
        S,
        before=lambda client, scene: client.post(
            reverse("followups:pause", args=[scene["follow_up"].uid]), {"reason": WORDS}
        ),
    ),
    Step("followups:hand_over", S, lambda scene: {"to": scene["specialist"].pk}),
    Step("followups:hand_over_all", S, lambda scene: {"to": scene["specialist"].pk, "as": scene["follow_up"].pk}),
    Step(
        "followups:hand_over_of",
        L,
        lambda scene: {"to": scene.users[S].pk},
        made={"follow_up": lambda scene: FollowUpFactory(assigned_to=scene["specialist"])},
    ),
    Step("followups:plan", S, {"on": day(8), "purpose": "seminar", "channel": "email", "asked": WORDS}),
    Step(
        "followups:calendar_close",
        M,
        lambda scene: {
            "first_day": day(1000 + scene["specialist"].pk % 2000),  # of the next ten years
            "name": "Moving",
            "name_fr": "Déménagement",
            "confirm": "yes",
        },
    ),
    Step(
        "followups:calendar_hours",
        M,
        lambda scene: {
            "valid_from": day(1000 + scene["specialist"].pk % 2000),
            "day_1": "9:00-15:30",
            "confirm": "yes",
        },
    ),
    Step("followups:calendar_switch", M, lambda scene: {"is_closed": the_other_way(), "confirm": "yes"}),
]
STEPS = [*CALLS, *CONTACTS, *FOLLOW_UPS]
