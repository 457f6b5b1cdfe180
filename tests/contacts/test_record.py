"""The contact page: what it shows, to whom, and what it costs."""

import pytest
from django.urls import reverse

from audit.models import AccessEvent
from contacts.choices import Purpose
from tests.factories import ContactFactory, TeamFactory, UserFactory


def page_of(client, user, contact, **query):
    client.force_login(user)
    return client.get(reverse("contacts:detail", args=[contact.uid]), query)


def test_the_page_shows_who_it_is_and_what_they_agreed_to(client, specialist):
    contact = ContactFactory(name="أحمد النجّار الخيالي", name_latin="Ahmad al-Najjar", agrees_to=[Purpose.SEMINAR])

    html = page_of(client, specialist, contact).content.decode()

    assert '<bdi dir="auto" class="muted fw-normal">أحمد النجّار الخيالي</bdi>' in html
    assert "May be contacted" in html
    assert "The exact words that were read" in html
    assert "Agreed to future contact" in html
