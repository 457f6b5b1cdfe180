"""Our drawing of a select against Django's own."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from pytest_django.asserts import assertHTMLEqual

from contacts.forms import OrganisationTypeSelect


@pytest.mark.parametrize("value", [None, "", "a", "<b>", "d", "none of them"])
@pytest.mark.parametrize("attrs", [{}, {"class": "x", "required": True, "disabled": False, "data-n": 5}])
def test_a_select_is_drawn_as_django_draws_it(value, attrs):
    select = forms.Select(choices=[("", "Any"), ("a", "A & Co"), ("<b>", "B"), ("Group", [("d", "D"), (1, "one")])])

    assertHTMLEqual(select.render("kind", value, attrs), select.render("kind", value, attrs, DjangoTemplates()))


def test_an_option_keeps_its_attributes():
    select = OrganisationTypeSelect(choices=[("school", "School"), ("other", "Other")])

    html = select.render("kind", "other")

    assertHTMLEqual(html, select.render("kind", "other", renderer=DjangoTemplates()))
    assert "data-i2a-reveals" in html
