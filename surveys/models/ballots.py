"""What was answered, and that a link was used. No path leads from here to a person (INV-19, R7, decision 0022).

- A link is HMAC(server key, survey and invitation); a `Ticket` holds its hash, without the invitation. All tickets of a
  survey are written at once in the order of their hashes.
- That a ticket was used is one bit in one row of the survey: no row, order or transaction of its own.
- A `Response` has a random key, the Monday of its week, and a channel and topic that at least `FEWEST` people share.
- Nothing here is audited or watched by triggers: a record of when would be a path.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from calls.models import Topic
from i2a import clock
from surveys.models.questions import Choice, Question
from surveys.models.surveys import Survey

FEWEST = 5  # invited people who share channel and topic; fewer, and neither is kept (D-14)
MONDAY = 2  # as Django and SQL count the days of a week, from Sunday


class Bits(models.TextField):
    """PostgreSQL's `bit varying`, as a text of 0 and 1."""

    def db_type(self, connection: Any) -> str:
        return "bit varying"


class Ticket(models.Model):
    """One link, by the hash of its token. `place`: which bit of the ballot box is its own."""

    token_sha256 = models.CharField(max_length=64, primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    place = models.PositiveIntegerField()
    channel = models.CharField(max_length=8, blank=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "place"], name="ticket_one_at_a_place")]

    def __str__(self) -> str:
        return "Ticket"


class BallotBox(models.Model):
    """Which tickets of a survey were used: bits only ever turn to 1. `phone_drawn`: how many of its spare tickets, made
    for those who answer on the phone, were handed out."""

    survey = models.OneToOneField(Survey, on_delete=models.PROTECT, primary_key=True, related_name="ballot_box")
    used = Bits()
    phone_drawn = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"Ballot box of survey {self.survey_id}"


class Response(models.Model):
    """What one person answered, who knows who. `answered_on` is the Monday of the week."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses", db_index=False)
    answered_on = models.DateField()
    channel = models.CharField(max_length=8, blank=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["survey", "answered_on"], name="response_of_survey")]
        constraints = [
            models.CheckConstraint(name="response_on_a_monday", condition=Q(answered_on__week_day=MONDAY)),
        ]

    def __str__(self) -> str:
        return "Response"


class Answer(models.Model):
    """To one question: a number, a choice (of several, one row each) or own words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="answers", db_index=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers", db_index=False)
    number = models.SmallIntegerField(null=True)
    choice = models.ForeignKey(Choice, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    text = models.TextField(max_length=2000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["question", "number", "choice"], name="answer_to_question")]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question", "choice"], name="answer_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="answer_is_one_thing",
                condition=Q(number__isnull=False, choice__isnull=True, text="")
                | Q(number__isnull=True, choice__isnull=False, text="")
                | Q(number__isnull=True, choice__isnull=True) & ~Q(text=""),
            ),
            models.CheckConstraint(
                name="answer_number_in_range", condition=Q(number__isnull=True) | Q(number__gte=0, number__lte=10)
            ),
        ]

    def __str__(self) -> str:
        return "Answer"


class AnswerRelease(models.Model):
    """A colleague read a comment for personal data: it is shown in the results, in `words`, or never (R-SRV-04)."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="release")
    is_released = models.BooleanField(_("shown in the results"))
    words = models.TextField(_("as it is shown"), max_length=2000, blank=True)
    screened_on = models.DateField(default=clock.today)
    screened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="release_says_what_is_shown",
                condition=Q(is_released=False, words="") | Q(is_released=True) & ~Q(words=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Screening (#{self.pk})"


auditlog.register(AnswerRelease, include_fields=["is_released", "screened_by"])
