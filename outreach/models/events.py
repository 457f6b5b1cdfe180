"""Seminars and trade missions that callers hear about (R-CAL-10, R-CMP-01)."""

import uuid
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from i2a import clock

MOST_SEATS = 10_000


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: Any) -> Self:
        """Nothing about a caller is in an event: the role decides."""
        return self.all() if user.has_perm("outreach.view_event") else self.none()

    def upcoming(self, now: datetime) -> Self:
        """What a specialist may still mention: not cancelled, and not begun or without a date."""
        waiting = Q(starts_at__gte=now) | Q(starts_at__isnull=True)
        return self.filter(waiting, cancelled_at__isnull=True).order_by("starts_at", "pk")

    def past(self, now: datetime) -> Self:
        return self.filter(starts_at__lt=now, cancelled_at__isnull=True).order_by("-starts_at", "-pk")

    def cancelled(self) -> Self:
        return self.filter(cancelled_at__isnull=False).order_by("-cancelled_at", "-pk")


class Event(models.Model):
    """A seminar, a trade mission, or undated information that callers may be told about.

    `countries`: the area, ISO 3166-1; empty means everywhere (held online, or not about a place). `region` is for
    people, who read in it which part of those countries is meant. `link_token` opens the public form.
    """

    class Kind(models.TextChoices):
        SEMINAR = "seminar", _("Seminar or workshop")
        TRADE_MISSION = "trade_mission", _("Trade mission")
        UPDATE = "update", _("Information update")

    class PublicForm(models.TextChoices):
        """Who may register without us."""

        NONE = "none", _("Nobody")
        LINK = "link", _("Who was sent the link")
        OPEN = "open", _("Everybody")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    title = models.CharField(_("title"), max_length=160)
    about = models.TextField(_("what it is about"), max_length=1000, blank=True, default="", db_default="")
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages"), default=list, blank=True, db_default=[]
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("area"), default=list, blank=True)
    region = models.CharField(_("region or city aimed at"), max_length=120, blank=True, default="", db_default="")
    zone = models.CharField(_("time zone of the place"), max_length=40, default="America/Edmonton")
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    link = models.CharField(_("registration link"), max_length=300, blank=True, default="", db_default="")
    contact_point = models.CharField(_("who answers questions"), max_length=160, blank=True, default="", db_default="")
    public_form = models.CharField(
        _("public form"), max_length=8, choices=PublicForm, default=PublicForm.NONE, db_default="none"
    )
    link_token = models.CharField(
        _("Address of the form"), max_length=40, blank=True, editable=False, default="", db_default=""
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_because = models.CharField(
        _("why it was cancelled"), max_length=200, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, db_default=1)
    form_uuid = models.UUIDField(null=True, unique=True, editable=False)  # the same form sent twice makes one event

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="event_kind_known", condition=Q(kind__in=["seminar", "trade_mission", "update"])
            ),
            models.CheckConstraint(
                name="event_dated_unless_update",
                condition=Q(kind="update") | Q(starts_at__isnull=False),
                violation_error_message=_("A seminar or trade mission needs a date."),
            ),
            models.CheckConstraint(
                name="event_ends_after_it_starts",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at"), starts_at__isnull=False),
                violation_error_message=_("It must end after it starts."),
            ),
            models.CheckConstraint(
                name="event_seats_at_least_one",
                condition=Q(seats__isnull=True) | Q(seats__gte=1, seats__lte=MOST_SEATS),
                violation_error_message=_("Seats are a number from 1 to 10,000. Leave it empty if everybody fits in."),
            ),
            models.CheckConstraint(
                name="event_link_is_https",
                condition=Q(link="") | Q(link__regex=r"^https://\S+$"),
                violation_error_message=_("A link begins with https://."),
            ),
            models.UniqueConstraint(name="event_link_of_one", fields=["link_token"], condition=~Q(link_token="")),
            models.CheckConstraint(name="event_form_known", condition=Q(public_form__in=["none", "link", "open"])),
            models.CheckConstraint(
                name="event_form_closes_at_a_date",
                condition=Q(public_form="none") | Q(starts_at__isnull=False),
                violation_error_message=_("A public form needs a date: it closes when the event starts."),
            ),
            models.CheckConstraint(
                name="event_cancelled_says_why",
                condition=Q(cancelled_at__isnull=True, cancelled_because="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_because="")),
                violation_error_message=_("Say why it is cancelled."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("outreach:event", args=[self.uid])

    @property
    def title_language(self) -> str:
        """What the title is most likely written in, for `lang`; "" where that would be a guess."""
        return self.languages[0] if len(self.languages) == 1 else ""

    @property
    def own_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at is not None and self.starts_at <= now


auditlog.register(
    Event,
    include_fields=[
        "kind", "title", "about", "languages", "place", "starts_at", "ends_at", "countries", "region", "zone", "seats",
        "link", "contact_point", "public_form", "link_token", "cancelled_at", "cancelled_because",
    ],
    mask_fields=["link_token"],  # whoever has it may register; that there is a new one is told
)  # fmt: skip
