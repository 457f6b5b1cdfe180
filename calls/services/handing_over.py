"""A call with somebody whose record the specialist may not see: it goes to the team that owns the record (R-CON-11)."""

from datetime import datetime
from typing import Any

from access.models import Team, User
from calls.models import Call
from contacts.choices import FutureContactAnswer, Language, Source
from contacts.models import ConsentEvent, Contact, RecordRequest
from contacts.services import consents, requests


def hand_over(
    call: Call, matches: list[int], *, answer: str, language: Language, by: User, now: datetime
) -> list[ConsentEvent]:
    """Give a call that was saved without a caller to the owner of the records that `matches` names.

    One record: the call, its note and what is owed belong to it. Several: nobody here can know which, so the call goes
    to the team of the latest without a caller, and that team decides. `answer` "no" withdraws at once what each of the
    records had agreed to: a wrong one only loses mail. Returns those withdrawals.
    """
    found = Contact.objects.active().filter(pk__in=matches).select_related("team")
    owners = list(found.order_by("-last_activity_at", "-pk"))
    if not owners:  # merged or anonymised while the call lasted: it stays a call of this team
        return []
    contact = owners[0] if len(owners) == 1 else None
    withdraws = answer == FutureContactAnswer.NO
    call.future_contact_answer = FutureContactAnswer.NO if withdraws else ""
    give(call, owners[0].team, contact, by=by)
    events = []
    proof: dict[str, Any] = {"language": language, "source": Source.CALL, "source_ref": call.ref}
    for owner in sorted(owners, key=lambda owner: owner.pk):  # locked in the order in which everybody locks
        if withdraws:
            events += consents.withdraw_all(contact=owner, **proof, by=by, now=now)
        requests.ask(
            contact=owner,
            kind=RecordRequest.Kind.CALL,
            reason=reason_for(len(owners), withdraws=withdraws),
            source_ref=call.ref,
            by=by,
            now=now,
        )
    return events


def give(call: Call, team: Team, contact: Contact | None, *, by: User) -> None:
    """The call with its note and what it owes."""
    call.team, call.contact = team, contact
    call.save(update_fields=["team", "contact", "future_contact_answer"])
    if call.note is not None:
        call.note.team, call.note.contact = team, contact
        call.note.save(update_fields=["team", "contact"])
    if call.follow_up is not None:
        follow_up = call.follow_up
        follow_up.team, follow_up.contact = team, contact
        follow_up.assigned_to = answerer_of(contact, team, otherwise=by)
        follow_up.save(update_fields=["team", "contact", "assigned_to"])


def reason_for(count: int, *, withdraws: bool) -> str:
    """Stored, so not translated."""
    reason = f"{count} records have what the caller gave. Decide whose call it is."
    if count == 1:
        reason = "The caller was on the line with another team."
    return f"{reason} They want no more contact: every agreement was withdrawn." if withdraws else reason


def answerer_of(contact: Contact | None, team: Team, *, otherwise: User) -> User:
    """Who of the team spoke with them last and may see the record; else its lead; else who took the call."""
    if contact is not None:
        calls = Call.objects.active().filter(contact=contact, specialist__team=team, specialist__is_active=True)
        for call in calls.select_related("specialist").order_by("-started_at", "-pk")[:5]:
            if Contact.objects.visible_to(call.specialist).filter(pk=contact.pk).exists():
                return call.specialist
    leads = User.objects.filter(team=team, is_active=True, grants__role="team_lead").order_by("pk")
    return leads.first() or User.objects.filter(team=team, is_active=True).order_by("pk").first() or otherwise
