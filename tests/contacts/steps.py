"""What tests of contacts do to them: record an answer, correct, merge, undo."""

import json

from django.urls import reverse

from contacts.choices import Channel, Language, Purpose, Source
from contacts.edit_form import EditForm, shown_of
from contacts.gate import verdict
from contacts.models import Contact
from contacts.services import consents, contacts
from contacts.services.merging import merge_contacts
from contacts.services.unmerging import undo_merge
from i2a import clock
from tests.factories import TextVersionFactory

STREET = "14 Make-Believe Rd"
HOME = {"street": STREET, "city": "Brooks", "region": "AB", "postal_code": "T1R 0Z9", "residence_country": "CA"}


def answer(contact, given, by=None, *, purposes=(Purpose.SEMINAR,), channels=(Channel.EMAIL,), **more):
    return consents.record_answers(
        contact=contact, answer=given, purposes=purposes, channels=channels, text_version=TextVersionFactory(),
        language=Language.EN, source=Source.CALL, source_ref="C-2026-000123", by=by, now=clock.now(), **more,
    )  # fmt: skip


def must_not_be_contacted(contact):
    now = clock.now()
    values = {"do_not_contact": True, "do_not_contact_at": now}
    return contacts.change_contact(contact=contact, values=values, version=contact.version, by=None, now=now)


def allowed(contact, purpose=Purpose.SEMINAR, channel=Channel.EMAIL):
    return verdict(Contact.objects.get(pk=contact.pk), purpose, channel).is_allowed


def sees(user, contact):
    """Asked anew, not of what this object remembers."""
    return Contact.objects.visible_to(type(user).objects.get(pk=user.pk)).filter(pk=contact.pk).exists()


def edit_url(contact):
    return reverse("contacts:edit", args=[contact.uid])


def opened_to_edit(contact, **changes):
    """What the browser sends after somebody opened the page and typed `changes`."""
    shown = shown_of(contact)
    fields = set(EditForm(contact=contact).fields) - ({"third_party_kind"} if not contact.third_party_kind else set())
    page = {name: value for name, value in shown.items() if name in fields}
    return page | {"version": contact.version, "seen": json.dumps(shown), "phone_country": "CA"} | changes


def merge(winner, loser, by, choices=(), now=None):
    versions = (winner.version, loser.version)
    record = merge_contacts(
        winner=winner,
        loser=loser,
        choices=dict.fromkeys(choices, "loser"),
        versions=versions,
        by=by,
        now=now or clock.now(),
    )
    winner.refresh_from_db()
    loser.refresh_from_db()
    return record


def undo(record, by, now=None):
    winner = Contact.objects.get(pk=record.winner_id)
    undone = undo_merge(record=record, version=winner.version, by=by, now=now or clock.now())
    record.winner.refresh_from_db()
    record.loser.refresh_from_db()
    return undone
