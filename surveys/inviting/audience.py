"""Who would be invited to a survey, and who would not and why (R-SRV-02, R-CNS-08): counted, or person by person."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from access.models import User
from calls.choices import SurveyNotice
from calls.models import Call, CallService, CallTopic
from contacts.choices import Purpose
from contacts.gate_sets import with_refusal
from contacts.models import ConsentEvent, Contact
from i2a import clock
from outbox import models as outbox
from outreach.mailings import audience
from outreach.mailings.audience import GATE, Audience
from surveys.inviting.fatigue import asked_recently
from surveys.models import Survey


class Reason(TextChoices):
    """What surveys ask after the gate. The values are what an invitation stores."""

    NO_CALL = "no call", _("No call of theirs fits any more")
    NO_NOTICE = "no survey notice", _("Was not told about surveys")
    RECENT = "invited within 6 months", _("Was asked in the last 6 months")


ENDS = [outbox.Reason.SURVEY_CLOSED.value, outbox.Reason.OTHER_CONSENT.value]
ORDER = [*GATE, *Reason.values, *audience.Reason.values, *ENDS]


def say_reason(reason: str) -> str:
    """In the reader's language; what nobody here knows stays as it is."""
    known = {one.value: str(one.label) for one in Reason}
    return known.get(reason) or audience.say_reason(reason)


def audience_of(survey: Survey) -> Audience:
    """Counted now, in one statement. Of several records with one address the oldest is invited."""
    return audience.count(judged(survey).annotate(by_origin=Value(False)), ORDER)


def judged(survey: Survey, people: QuerySet[Contact] | None = None) -> QuerySet[Any]:
    """`people`, or all who match the choices, with `refusal`: what the gate says, then what surveys say."""
    of_theirs = Call.objects.active().filter(contact=OuterRef("pk"))
    rules = [
        When(~Exists(of_theirs.filter(survey_notice=SurveyNotice.GIVEN)), then=Value(Reason.NO_NOTICE)),
        When(asked_recently(opens_on(survey), but_for=survey), then=Value(Reason.RECENT)),
    ]
    if people is not None:
        rules.insert(0, When(~Exists(calls_chosen(survey).filter(contact=OuterRef("pk"))), then=Value(Reason.NO_CALL)))
    return with_refusal(matching(survey) if people is None else people, Purpose.SURVEY, *rules)


def opens_on(survey: Survey) -> Any:
    """The day its invitations leave, as far as it is known."""
    return max(clock.today(), survey.send_on or clock.today())


def matching(survey: Survey) -> QuerySet[Contact]:
    return Contact.objects.filter(pk__in=calls_chosen(survey).values("contact"))


def calls_chosen(survey: Survey) -> QuerySet[Call]:
    """The calls that the survey asks about; days are those of Edmonton."""
    calls = Call.objects.active().filter(contact__isnull=False)
    if survey.called_from:
        calls = calls.filter(started_at__gte=datetime.combine(survey.called_from, time.min, tzinfo=clock.EDMONTON))
    if survey.called_to:
        after = survey.called_to + timedelta(days=1)
        calls = calls.filter(started_at__lt=datetime.combine(after, time.min, tzinfo=clock.EDMONTON))
    if survey.categories:
        calls = calls.filter(category__in=survey.categories)
    if survey.channels:
        calls = calls.filter(direction__in=survey.channels)
    if survey.topics:
        calls = calls.filter(Exists(CallTopic.objects.filter(call=OuterRef("pk"), topic__in=survey.topics)))
    if survey.services:
        calls = calls.filter(Exists(CallService.objects.filter(call=OuterRef("pk"), service__in=survey.services)))
    return calls


def latest_call(survey: Survey) -> Subquery:
    """The one they are asked about."""
    theirs = calls_chosen(survey).filter(contact=OuterRef("pk"))
    return Subquery(theirs.order_by("-started_at", "-pk").values("pk")[:1])


def included(survey: Survey, user: User) -> QuerySet[Contact]:
    """Those who are invited and whom `user` may see: of the list if there is one, else as of now."""
    people = Contact.objects.visible_to(user)
    if survey.has_list:
        return people.filter(pk__in=survey.invitations.filter(by_phone=False).values("contact"))
    return people.filter(pk__in=audience.kept(judged(survey)))


def excluded_for(survey: Survey, user: User, reason: str) -> QuerySet[Contact]:
    """Those who match the choices, would not be invited for `reason`, as of now, and whom `user` may see."""
    people, found = Contact.objects.visible_to(user), judged(survey)
    if reason == audience.Reason.DUPLICATE:
        return people.filter(pk__in=found.filter(refusal="").values("pk")).exclude(pk__in=audience.kept(found))
    return people.filter(pk__in=found.filter(refusal=reason).values("pk"))


def agreements(survey: Survey, contacts: Iterable[Contact]) -> dict[int, ConsentEvent]:
    """By contact, the agreement that allows them to get it; a page of people takes two queries."""
    pks = [contact.pk for contact in contacts]
    if survey.has_list:
        by_contact = dict(survey.invitations.filter(contact__in=pks).values_list("contact", "consent_event"))
    else:
        by_contact = dict(
            with_refusal(Contact.objects.filter(pk__in=pks), Purpose.SURVEY).values_list("pk", "agreement")
        )
    return audience.events_of(by_contact)
