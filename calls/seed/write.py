"""Writes the planned month into an empty system, signed `system:seed_demo`."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.db import transaction

from access.models import User
from audit.actor import acting_as_system
from calls.choices import FollowUpDecision
from calls.models import Call, DocumentVersion, Occupation, Script
from calls.seed.campaigns import add_campaigns
from calls.seed.cast import add_cast
from calls.seed.consent import add_ended_agreements, stop
from calls.seed.details import Details, add_details, choose_details, load_shelf
from calls.seed.events import add_registrations
from calls.seed.facts import facts_of, spoken_words, voided
from calls.seed.follow_ups import add_follow_ups
from calls.seed.library import add_documents, add_events, keep_library
from calls.seed.mail import add_mail
from calls.seed.missed_calls import add_missed_calls
from calls.seed.need_to_know import restrict_the_baron
from calls.seed.notes import add_amended_note
from calls.seed.people import Person, read_people
from calls.seed.plan import SEED, PlannedCall, plan_calls
from calls.seed.reading import add_reading
from calls.seed.representation import add_representation
from calls.seed.scene import Scene, language_of
from calls.seed.stories import stories
from calls.seed.views import add_views
from calls.services.information import content_of
from contacts.choices import Channel, Language, Source, TextKind
from contacts.models import Contact, Note, NoteRevision
from contacts.phones import read_number
from contacts.services import consents
from contacts.services.contacts import with_email_facts
from contacts.texts import texts_in_force
from followups.calendar import due_at
from followups.models import FollowUp
from followups.selectors import load_calendar
from i2a.clock import EDMONTON
from i2a.references import next_reference
from outbox.models import Message, MessageEvent
from outbox.services import message_id_for

STEPS_TO_SENT = [Message.State.QUEUED, Message.State.CLAIMED, Message.State.SENDING, Message.State.SENT]


def seed(*, now: datetime) -> int:
    """Fill the system with the demonstration; return the number of calls written, 0 when they were there already."""
    with transaction.atomic(), acting_as_system("seed_demo"):
        users = add_cast(now)
        today = now.astimezone(EDMONTON).date()
        documents = add_documents(today)
        add_events(today)
        add_views(users)
        if Call.objects.filter(form_uuid=form_uuid(0)).exists():
            return 0
        return write_month(users, documents, now)


def write_month(users: dict[str, User], documents: dict[tuple[str, str], DocumentVersion], now: datetime) -> int:
    people, calendar, script = read_people(), load_calendar(), Script.objects.in_force(now).get()
    calls = plan_calls(people, calendar, now)
    scene = Scene(
        users=users,
        people=people,
        calendar=calendar,
        texts=texts_in_force(now),
        script=script,
        shelf=load_shelf(documents, script),
        occupations=list(Occupation.objects.order_by("pk")),
        random=Random(SEED + 1),  # noqa: S311 - a story, not a secret
        last_heard={call.caller: call.ended_at for call in calls if call.caller is not None},
    )
    for number, call in enumerate(calls):
        write_call(scene, number, call)
    scene.batch.write()
    stop([contact for place, contact in scene.contacts.items() if people[place].do_not_contact], users)
    words = scene.texts[TextKind.CONSENT_SCRIPT][Language.EN]
    add_ended_agreements(scene.contacts.values(), users, words, now)
    add_amended_note(scene.contacts.values(), users, now)
    add_representation(scene.contacts.values(), users, now)
    restrict_the_baron(users, now)
    keep_library(documents, users, now)
    add_mail(scene.contacts.values(), users, documents["job-search", "en"], now)
    add_missed_calls(now)
    add_follow_ups(scene.contacts.values(), users, now)
    add_registrations(users, now)
    add_campaigns(users, words, now)
    for tell in stories:
        tell(users, now)
    add_reading(users, now)
    return len(calls)


def form_uuid(number: int) -> UUID:
    """The same at every run: how the second run knows the first."""
    return uuid5(NAMESPACE_URL, f"i2a:seed_demo:call:{number}")


def write_call(scene: Scene, number: int, planned: PlannedCall) -> None:
    user = scene.users[planned.specialist]
    person = scene.people[planned.caller] if planned.caller is not None else None
    contact = None if planned.caller is None else caller_of(scene, planned.caller, planned, user)
    ref = next_reference("C", planned.started_at)
    details = choose_details(scene.shelf, planned, person, scene.random)
    call = Call(
        ref=ref,
        form_uuid=form_uuid(number),
        team=user.team,
        specialist=user,
        contact=contact,
        started_at=planned.started_at,
        ended_at=planned.ended_at,
        is_outside_hours=planned.is_outside_hours,
        created_at=planned.ended_at,
        script=scene.script,
        note=add_note(scene, contact, planned, user),
        message=add_message(scene, contact, details, ref, planned, user),
        **promise_of(scene, planned, contact, user),
        **facts_of(scene, planned, person),
        **spoken_words(scene, planned, person),
        **(voided(scene, planned) if planned.is_mistake else {}),
    )
    scene.batch.add(call)
    add_details(scene.batch, scene.shelf, call, planned, details, scene.random)
    if contact and person and planned.is_first:
        add_consents(scene, call, contact, person)


def caller_of(scene: Scene, place: int, planned: PlannedCall, user: User) -> Contact:
    """The contact, written at the first call with everything it agrees to, so that no second write is needed."""
    if place not in scene.contacts:
        person = scene.people[place]
        number = read_number(person.phone)
        at = planned.ended_at
        scene.contacts[place] = Contact.objects.create(
            ref=next_reference("P", at),
            team=user.team,  # type: ignore[misc]
            phone=number.e164,
            phone_typed=person.phone,
            materials_only=person.materials_only,
            future_contact=person.answer,
            notice_version=scene.texts[TextKind.COLLECTION_NOTICE][language_of(person)],
            notice_at=at,
            created_at=at,
            created_by=user,
            updated_at=at,
            updated_by=user,
            last_activity_at=scene.last_heard[place],
            **with_email_facts(person.columns),
        )
    return scene.contacts[place]


def add_note(scene: Scene, contact: Contact | None, planned: PlannedCall, user: User) -> Note:
    at = planned.ended_at
    body = planned.talk.note if planned.answers is None else f"Called back. {planned.talk.outcome}"
    note = scene.batch.add(Note(contact=contact, team=user.team, created_at=at, created_by=user))
    scene.batch.add(NoteRevision(note=note, number=1, body=body, author=user, at=at))
    return note


def add_message(
    scene: Scene, contact: Contact | None, details: Details, ref: str, planned: PlannedCall, user: User
) -> Message | None:
    """The mail with the documents, as it stands after it was sent; nothing is sent now."""
    if contact is None or not details.documents:
        return None
    queued_at, uid = planned.ended_at, uuid4()
    sent_at = queued_at + timedelta(seconds=23)
    message = Message(
        uid=uid,
        kind=Message.Kind.INFORMATION,
        purpose_key=f"call:{ref}",
        contact=contact,
        to_email=contact.email,
        content=content_of(details.documents, language=details.language),
        state=Message.State.SENT,
        message_id=message_id_for(uid),
        not_before=queued_at + timedelta(seconds=20),
        attempts=1,
        smtp_code="250",
        created_at=queued_at,
        created_by=user,
        sent_at=sent_at,
    )
    scene.batch.add(message)
    for place, state in enumerate(STEPS_TO_SENT):
        at = queued_at if place == 0 else sent_at - timedelta(milliseconds=100 * (3 - place))
        label = user.username if place == 0 else "system:drain"
        scene.batch.add(MessageEvent(message=message, state=state, at=at, actor_label=label))
    return message


def promise_of(scene: Scene, planned: PlannedCall, contact: Contact | None, user: User) -> dict[str, Any]:
    """What this call owes, or which earlier call's promise it keeps."""
    if planned.due is None:
        answered = scene.promises.get(id(planned.answers)) if planned.answers else None
        return {"follow_up_decision": FollowUpDecision.NONE, "answers_follow_up": answered}
    due = due_at(planned.started_at, scene.calendar)
    follow_up = FollowUp(
        contact=contact,
        team=user.team,
        assigned_to=user,
        kind=FollowUp.Kind.REPLY,
        asked=planned.talk.asked,
        received_at=planned.started_at,
        due_at=due.at,
        original_due_at=due.at,
        due_steps=[step.as_json() for step in due.steps],
        created_by=user,
        created_at=planned.ended_at,
        **answer_of(planned, user),
    )
    scene.promises[id(planned)] = scene.batch.add(follow_up)
    return {"follow_up_decision": FollowUpDecision.NEEDED, "follow_up": follow_up}


def answer_of(planned: PlannedCall, user: User) -> dict[str, Any]:
    if planned.answered_at is None:
        return {}
    return {
        "status": FollowUp.Status.DONE,
        "completed_at": planned.answered_at,
        "completed_by": user,
        "method": FollowUp.Method.PHONE,
        "outcome": planned.talk.outcome,
    }


def add_consents(scene: Scene, call: Call, contact: Contact, person: Person) -> None:
    """The answers of the first call, in the words that were read."""
    language = language_of(person)
    proof: dict[str, Any] = {"contact": contact, "source": Source.CALL, "source_ref": call.ref, "by": call.specialist}
    consents.record_answers(
        answer=person.answer,
        purposes=person.purposes,
        channels=[Channel.EMAIL] if contact.email else [Channel.PHONE],
        text_version=scene.texts[TextKind.CONSENT_SCRIPT][language],
        language=language,
        now=call.ended_at,
        **proof,
    )
    if contact.email and not person.materials_only:
        consents.record_survey_answer(
            is_agreed=scene.random.random() < 0.6 and not person.do_not_contact,
            text_version=scene.texts[TextKind.SURVEY_NOTICE][language],
            language=language,
            now=call.ended_at,
            **proof,
        )
