"""Strangers who press the button at the same moment, on connections of their own, with real commits."""

import uuid

import pytest

from i2a import clock
from outreach import public_form
from tests.factories import EventFactory
from tests.threads import at_once

pytestmark = pytest.mark.xdist_group("workshop")


def test_many_at_once_get_the_seats_there_are_and_the_same_form_one(committed):
    event = EventFactory(public_form="open", seats=3)
    forms = [uuid.uuid4() for _person in range(6)] * 2
    notice = public_form.notice_in("en", clock.now())

    def register():
        values = {"name": "Ines Fabricated", "email": "ines@example.org", "language": "en"}
        public_form.enter(event=event, values=values, form_uuid=forms.pop(), notice=notice, now=clock.now())

    at_once(len(forms), register)

    states = list(event.registrations.values_list("state", flat=True))
    assert sorted(states) == ["seat"] * 3 + ["waiting"] * 3
