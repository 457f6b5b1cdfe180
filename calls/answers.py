"""Calls as what answered a client (R-FUP-03)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from calls.models import Call
from followups.evidence import MOST_SHOWN, Evidence, Source, register
from followups.models import FollowUp
from i2a.wall_time import say_when


def register_answers() -> None:
    """Called once, when the apps are ready."""
    register("call", Source(FollowUp.Method.PHONE, calls_since, link_call))


def calls_since(follow_up: FollowUp, user: Any, now: Any) -> list[Evidence]:
    """With this client since they asked; without a known caller, one's own calls: for a missed call, with anybody."""
    whose = Q(contact_id=follow_up.contact_id) if follow_up.contact_id else Q(specialist=user)
    if not follow_up.contact_id and follow_up.kind != FollowUp.Kind.CALL_BACK:
        whose &= Q(contact__isnull=True)
    free = Q(answers_follow_up__isnull=True) | Q(answers_follow_up=follow_up)
    calls = Call.objects.active().filter(whose, free, started_at__gte=follow_up.received_at)
    found = calls.exclude(follow_up=follow_up).order_by("-started_at", "-pk")[:MOST_SHOWN]
    return [Evidence(str(call.uid), say_call(call, now)) for call in found]


def say_call(call: Call, now: Any) -> str:
    words = {"ref": call.ref, "when": say_when(call.started_at, now)}
    if call.direction == "out":
        return _("Our call %(ref)s of %(when)s") % words
    return _("Their call %(ref)s of %(when)s") % words


def link_call(follow_up: FollowUp, key: str) -> None:
    call = Call.objects.get(uid=key)
    call.answers_follow_up = follow_up
    call.version += 1
    call.save(update_fields=["answers_follow_up", "version"])
