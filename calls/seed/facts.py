"""The columns of an invented call: who called, what was said, what became of it."""

from datetime import timedelta
from random import Random
from typing import Any

from calls.choices import CallingFor, CallStatus, Direction, EconomicRegion, Heard, SurveyNotice
from calls.seed.people import Person
from calls.seed.plan import PlannedCall
from calls.seed.scene import Scene, language_of
from contacts.choices import Category, FutureContact, FutureContactAnswer, TextKind, ThirdPartyKind

ANSWERS = {
    FutureContact.AGREED: FutureContactAnswer.YES,
    FutureContact.DECLINED: FutureContactAnswer.NO,
    FutureContact.NOT_ASKED: FutureContactAnswer.NOT_ASKED,
}
NOT_ASKED_BECAUSE = ["The line was bad", "The caller had to hang up", "The interpreter had to leave"]
COUNTRIES = ["PH", "IN", "UA", "NG", "MX", "VN", "CN", "GB", "FR", "PK", "BR", "KR"]


def facts_of(scene: Scene, planned: PlannedCall, person: Person | None) -> dict[str, Any]:
    """What the caller is, and wants, as statistics."""
    random = scene.random
    citizenship = person.columns["citizenship"] if person else random.choice(["", *COUNTRIES])
    origin = person.columns["origin_country"] if person else citizenship
    facts: dict[str, Any] = {
        "category": planned.category,
        "calling_for": calling_for(planned.category, random),
        "stat_citizenship": citizenship,
        "stat_origin": origin,
        "direction": Direction.IN if planned.answers is None else Direction.OUT,
    }
    if planned.category == Category.EMPLOYER:
        facts |= {"occupation": random.choice(scene.occupations), "region_wanted": random.choice(EconomicRegion.values)}
    if planned.category == Category.THIRD_PARTY:
        facts["third_party_kind"] = person.columns["third_party_kind"] if person else ThirdPartyKind.CONSULTANT
    if planned.category == Category.OTHER:
        facts["category_other"] = random.choice(["Journalist", "Researcher", "Member of the public"])
    return facts


def calling_for(category: Category, random: Random) -> CallingFor:
    if category == Category.EMPLOYER:
        return CallingFor.EMPLOYER
    if category == Category.THIRD_PARTY:
        return CallingFor.CLIENT
    return CallingFor.FAMILY if random.random() < 0.08 else CallingFor.SELF


def spoken_words(scene: Scene, planned: PlannedCall, person: Person | None) -> dict[str, Any]:
    """What was said and answered about recording, future contact and surveys."""
    random, texts = scene.random, scene.texts
    language = language_of(person)
    words: dict[str, Any] = {
        "welcome_text": texts[TextKind.ANNOUNCEMENT_WELCOME][language],
        "recording_text": texts[TextKind.ANNOUNCEMENT_RECORDED][language],
        "announcement_heard": Heard.YES if planned.answers is None else Heard.UNKNOWN,
    }
    if planned.answers is None and random.random() < 0.1:
        purge_on = (planned.ended_at + timedelta(days=90)).date()
        words |= {
            "is_recorded": True,
            "recording_ref": f"R-{random.randrange(10**6):06}",
            "recording_purge_on": purge_on,
        }
    if person is None:
        return words
    if not planned.is_first:
        return words | {"survey_notice": SurveyNotice.NOT_FIRST}
    words |= {"survey_notice": SurveyNotice.GIVEN, "survey_notice_text": texts[TextKind.SURVEY_NOTICE][language]}
    words["future_contact_answer"] = ANSWERS[person.answer]
    if person.answer == FutureContact.NOT_ASKED:
        only_forms = "Wanted nothing but the forms"
        words["future_contact_reason"] = only_forms if person.materials_only else random.choice(NOT_ASKED_BECAUSE)
    return words


def voided(scene: Scene, planned: PlannedCall) -> dict[str, Any]:
    return {
        "status": CallStatus.VOIDED,
        "void_reason": "Saved twice: the line broke and the caller rang again",
        "voided_at": planned.ended_at + timedelta(minutes=11),
        "voided_by": scene.users["priya"],
    }
