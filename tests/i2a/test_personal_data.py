"""The data dictionary against the schema (R-CON-05, N6)."""

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from django.urls import reverse

from access.roles import Role
from audit.data_dictionary import Audited, audit_of
from contacts.models import Contact
from i2a.personal_data import RECORDS, NotPersonal, Record, outdated, refused, undeclared
from tests.factories import UserFactory

MODELS = list(apps.get_models(include_auto_created=True))
of_each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
PAGE = "data_dictionary"
# Isolating an app makes it ready once more: one of ours would enter itself in every registry a second time.
WITHOUT_READY = "django.contrib.sessions"


@of_each_model
def test_every_column_is_in_the_dictionary_or_says_why_not(model):
    assert not undeclared(model, RECORDS.get(model._meta.label))


@of_each_model
def test_the_dictionary_names_no_column_twice_or_that_is_gone(model):
    assert not outdated(model, RECORDS[model._meta.label])


@of_each_model
def test_no_column_holds_what_may_not_be_collected(model):
    assert not refused(model)


def test_the_dictionary_names_no_model_that_is_gone():
    assert set(RECORDS) == {model._meta.label for model in MODELS}


@isolate_apps(WITHOUT_READY)
def test_a_column_nobody_declared_is_found():
    class Dummy(models.Model):  # noqa: DJ008
        nickname = models.CharField(max_length=20)

        class Meta:
            app_label = "sessions"

    assert undeclared(Dummy, None) == ["nickname"]
    assert undeclared(Dummy, Record("Dummy", (), {NotPersonal.STATE: "shade"})) == ["nickname"]
    assert undeclared(Dummy, Record("Dummy", (), {NotPersonal.STATE: "nickname"})) == []


@pytest.mark.parametrize(
    "name",
    ["birth_date", "gender", "sin", "passport_number", "uci", "photo", "marital_status", "religion", "health_note"],
)
@isolate_apps(WITHOUT_READY)
def test_a_column_that_may_not_exist_is_found_by_its_name(name):
    attributes = {"__module__": "contacts.models", name: models.CharField(max_length=20)}
    dummy = type("Dummy", (models.Model,), {**attributes, "Meta": type("Meta", (), {"app_label": "sessions"})})

    assert refused(dummy) == [name]


def test_the_history_never_shows_the_value_of_a_channel_or_an_address():
    for column in ["name", "email", "phone", "street", "postal_code"]:
        assert audit_of(Contact, column) == Audited.MASKED


@pytest.mark.django_db
def test_the_privacy_officer_reads_purpose_authority_and_retention(client):
    client.force_login(UserFactory(role=Role.PRIVACY_OFFICER))

    html = client.get(reverse(PAGE)).content.decode()

    for words in [
        "postal_code",
        "POPA s. 4(c)",
        "erased in the moment that ends",
        "Changes recorded, the value hidden",
    ]:
        assert words in html
