"""The contact's page is made of parts that every app adds."""

import pytest
from django.urls import reverse

from contacts import record_page
from contacts.record_page import Part, Place
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db

BUTTON, MENU_ITEM = "contacts/actions/button.html", "contacts/actions/menu_item.html"


@pytest.fixture
def add(monkeypatch):
    monkeypatch.setattr(record_page, "_parts", dict(record_page._parts))

    def add(place, template, values, position=50):
        record_page.register(Part(place, position, template, lambda request, contact: values), f"test {position}")

    return add


def page_of(client, user):
    client.force_login(user)
    return client.get(reverse("contacts:detail", args=[ContactFactory().uid]))


def link(label):
    return {"url": "/somewhere/", "label": label, "icon": "pen"}


def test_a_registered_action_stands_beside_the_name(client, specialist, add):
    add(Place.ACTION, BUTTON, link("Wave at them"))

    assert "Wave at them</a>" in page_of(client, specialist).content.decode()


def test_the_menu_appears_with_its_first_line(client, specialist, add, monkeypatch):
    for template in [name for name, part in record_page._parts.items() if part.place == Place.MORE]:
        monkeypatch.delitem(record_page._parts, template)
    assert "data-i2a-menu" not in page_of(client, specialist).content.decode()

    add(Place.MORE, MENU_ITEM, link("Merge…"))

    assert "data-i2a-menu" in page_of(client, specialist).content.decode()


def test_parts_stand_in_the_order_of_their_position(client, specialist, add):
    add(Place.MORE, MENU_ITEM, link("Second"), position=92)
    add(Place.MORE, MENU_ITEM, link("First"), position=91)

    labels = [part["label"] for _template, part in page_of(client, specialist).context["parts"]["more"]]
    assert labels[-2:] == ["First", "Second"]


def test_a_part_that_answers_none_is_not_on_the_page(client, specialist, add):
    add(Place.ALERT, BUTTON, None)

    assert page_of(client, specialist).context["parts"]["alerts"] == []
