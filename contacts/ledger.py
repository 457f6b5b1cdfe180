"""Reading the consent ledger: what was answered, when, in which words (R-CNS-02)."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.choices import FUTURE_CONTACT_PURPOSES, Channel, ConsentStatus, Purpose, Source
from contacts.gate import Answers, Badge, badge_of
from contacts.models import ConsentEvent, ConsentState, Contact
from i2a.wall_time import say_short_day

HOW = {
    Source.CALL: gettext_lazy("on the phone"),
    Source.CHAT: gettext_lazy("in a chat"),
    Source.WEB_LINK: gettext_lazy("by a link in an e-mail"),
    Source.ONE_CLICK: gettext_lazy("by one-click unsubscribe"),
    Source.EMAIL: gettext_lazy("by e-mail"),
    Source.FAX: gettext_lazy("by fax"),
    Source.IMPORT: gettext_lazy("in the old system"),
    Source.JOURNAL: gettext_lazy("from the journal of withdrawals"),
}
SHORT = {
    ConsentStatus.GRANTED: gettext_lazy("Agreed"),
    ConsentStatus.REFUSED: gettext_lazy("Declined"),
    ConsentStatus.WITHDRAWN: gettext_lazy("Withdrew"),
    ConsentStatus.UNCONFIRMED: gettext_lazy("Not confirmed"),
    ConsentStatus.LEGACY: gettext_lazy("Agreed in the old system"),
    ConsentStatus.LAPSED: gettext_lazy("Lapsed"),
    ConsentStatus.CANCELLED: gettext_lazy("Entered by mistake"),
}
ENTERED = {Source.CALL, Source.CHAT, Source.EMAIL, Source.FAX}  # not by the client's own click
READ = 128  # entries of a ledger: at least the last eight answers, each for up to four purposes by four channels
AGREED = {ConsentStatus.GRANTED, ConsentStatus.UNCONFIRMED, ConsentStatus.LEGACY}


@dataclass(frozen=True)
class Answer:
    """What one person said at one moment: the rows for several purposes and channels are one answer."""

    events: tuple[ConsentEvent, ...]

    @property
    def first(self) -> ConsentEvent:
        return self.events[0]

    @property
    def at(self) -> datetime:
        return self.first.at

    @property
    def day(self) -> str:
        """ "19 Nov 2026"."""
        return say_short_day(self.at)

    @property
    def by(self) -> str:
        return str(self.first.recorded_by) if self.first.recorded_by else ""

    @property
    def label(self) -> str | Promise:
        return SHORT[ConsentStatus(self.first.status)]

    @property
    def purposes(self) -> str:
        return purpose_labels({event.purpose for event in self.events})

    @property
    def channels(self) -> str:
        return channel_labels({event.channel for event in self.events})

    @property
    def is_about_surveys(self) -> bool:
        return {event.purpose for event in self.events} == {Purpose.SURVEY}

    @property
    def reason(self) -> str:
        return self.first.correction_reason

    @property
    def understanding(self) -> str:
        """Of an international student only: what the tick said (R-CNS-07)."""
        if self.first.minor_understands is None:
            return ""
        if self.first.minor_understands:
            return _("An adult, or clearly understood this")
        return _("May be under 18, and nobody ticked that they understood")

    @property
    def how(self) -> str:
        """ "on the phone to Maya Okafor-Lindqvist". What follows from a change or a correction nobody has said."""
        if self.first.correction_reason:
            return _("recorded by %(person)s") % {"person": self.by} if self.by else ""
        words = {"how": HOW[Source(self.first.source)], "person": self.by}
        return (_("%(how)s to %(person)s") if self.by else "%(how)s") % words

    @property
    def circumstances(self) -> str:
        """All that is known beside what was said."""
        return " · ".join(filter(None, [self.how, self.understanding, self.reason]))


@dataclass(frozen=True)
class ConsentCard:
    """What stands beside a contact: the answer in force, its proof, and the answers before it."""

    badge: Badge
    agreed_to: str
    not_agreed_to: str
    channels: str
    given: Answer | None
    answers: list[Answer]


def ledger_of(contact: Contact) -> list[ConsentEvent]:
    """Newest entry first, as far as a page shows it, and after them what is in force and older than that."""
    entries = ConsentEvent.objects.filter(contact=contact)
    newest = entries.order_by("-pk")[:READ]
    in_force = ConsentState.objects.filter(contact=contact)
    shown = entries.filter(Q(pk__in=newest.values("pk")) | Q(pk__in=in_force.values("event")))
    return list(shown.select_related("text_version", "recorded_by").order_by("-pk"))


def in_force(ledger: list[ConsentEvent]) -> Answers:
    """The newest entry per purpose and channel: what `ConsentState` holds, without asking for it."""
    return {(event.purpose, event.channel): event for event in reversed(ledger)}


def answers_in(ledger: list[ConsentEvent]) -> list[Answer]:
    """Newest first."""
    same = groupby(
        ledger, key=lambda event: (event.at, event.status, event.source_ref, event.purpose == Purpose.SURVEY)
    )
    return [Answer(tuple(events)) for _key, events in same]


def card_of(contact: Contact, ledger: list[ConsentEvent], known: Answers) -> ConsentCard:
    """`known`: the answers in force."""
    agreed = {key: event for key, event in known.items() if event.status in AGREED}
    agreed_to = {purpose for purpose, _channel in agreed}
    answers = answers_in(ledger)[:8]
    about_future = [answer for answer in answers if not answer.is_about_surveys]
    said = [answer for answer in about_future if not answer.reason]
    return ConsentCard(
        badge=badge_of(contact, answers=known),
        agreed_to=purpose_labels(agreed_to),
        not_agreed_to=purpose_labels(set(Purpose.values) - agreed_to) if known else "",
        channels=channel_labels({channel for purpose, channel in agreed if purpose in FUTURE_CONTACT_PURPOSES}),
        given=next(iter(said or about_future or answers), None),
        answers=answers,
    )


def correctable(answer: Answer, known: Answers) -> list[ConsentEvent]:
    """What of an answer can have been entered by mistake: it is in force, and a person here entered it."""
    if answer.first.source not in ENTERED or answer.reason or answer.first.recorded_by is None:
        return []
    in_force = {event.pk for event in known.values()}
    return [event for event in answer.events if event.pk in in_force]


def purpose_labels(purposes: set[str]) -> str:
    """ "Seminars and workshops, trade missions"."""
    return listed([str(purpose.label) for purpose in Purpose if purpose in purposes])


def channel_labels(channels: set[str]) -> str:
    return listed([str(channel.label) for channel in Channel if channel in channels])


def listed(labels: list[str]) -> str:
    return ", ".join(label if place == 0 else uncapitalised(label) for place, label in enumerate(labels))


def uncapitalised(label: str) -> str:
    return label[:1].lower() + label[1:]
