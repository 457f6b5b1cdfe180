"""Columns that no form offers, sent with every form all the same, change nothing (reliability goal P6)."""

from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models, transaction

from audit.models import LogEntry
from tests.sending import FORM, encoded, fields_of_forms, parameters_read
from tests.test_out_of_reach import app_of, apps_of, opens, pages_of
from tests.url_table import NEVER, ROLES, TABLE

pytestmark = pytest.mark.django_db

APPS = {"access", "contacts", "outbox", "outreach", "followups", "calls", "surveys"}
OURS = [model for model in apps.get_models() if model._meta.app_label in APPS]
FILLED_IN = {"reason": b"Because", "body": b"Asked about permits.", "asked": b"Permits", "outcome": b"Answered."}


class FormReader(HTMLParser):
    """What a browser would send of the forms in the middle of a page that go to the page itself."""

    def __init__(self, path):
        super().__init__()
        self.path, self.is_inside, self.select, self.text = path, False, "", ""
        self.fields, self.offered = {}, set()

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        if tag == "form":
            self.is_inside = facts.get("method") == "post" and facts.get("action") in {None, "", self.path}
        elif self.is_inside:
            self.handle_field(tag, facts, facts.get("name") or "")

    def handle_field(self, tag, facts, name):
        self.offered.add(name)
        if tag == "input" and (facts.get("type") not in {"radio", "checkbox"} or "checked" in facts):
            self.fields[name] = facts.get("value", "on" if facts.get("type") == "checkbox" else "") or ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and ("selected" in facts or self.select not in self.fields):
            self.fields[self.select] = facts.get("value") or ""
        elif tag == "textarea":
            self.text, self.fields[name] = name, ""

    def handle_data(self, data):
        if self.text:
            self.fields[self.text] += data

    def handle_endtag(self, tag):
        self.text = "" if tag == "textarea" else self.text


def shown_on(client, name, path):
    """What its form sends as it is shown, and the names it has. A button's address has its form on another page."""
    if TABLE[name]["GET"].replace("403", "405") == NEVER:
        return FILLED_IN, {*fields_of_forms(app_of(name)), *parameters_read(app_of(name))}
    page, reader = client.get(path), FormReader(path)
    if page.status_code == 200 and not page.streaming:
        reader.feed(page.text.partition("<main")[2])
    filled = {name: FILLED_IN.get(name, b"") if not value else value.encode() for name, value in reader.fields.items()}
    return {name: value for name, value in filled.items() if name not in {"", "csrfmiddlewaretoken"}}, reader.offered


def columns():
    """Every column of every table of ours, by the names a form might have for it, with a value it could take."""
    for model in OURS:
        for field in model._meta.concrete_fields:
            value = value_for(field)
            yield from {(field.name, value), (field.attname, value)}


def value_for(field):
    if field.choices:
        return str(field.choices[-1][0]).encode()
    if isinstance(field, models.ForeignKey):
        row = field.remote_field.model._base_manager.order_by("-pk").first()
        return str(row.pk if row else 1).encode()
    kinds = {models.DateField: b"2031-02-03", models.BooleanField: b"on", models.IntegerField: b"7"}
    return next((value for kind, value in kinds.items() if isinstance(field, kind)), b"zmass")


def changes_of(client, path, values):
    """The status, and which columns of which rows the audit saw changing. Then everything as it was."""
    with transaction.atomic():
        newest = LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        response = client.generic("POST", path, encoded(values.items()), content_type=FORM)
        entries = LogEntry.objects.filter(pk__gt=newest).select_related("content_type")
        changed = {(entry.content_type.model, name) for entry in entries for name in entry.changes_dict}
        transaction.set_rollback(True)
    return response.status_code, changed


@pytest.mark.parametrize("app", apps_of(TABLE))
def test_a_form_writes_what_it_offers_and_nothing_else(client, world, app):
    extra = dict(columns())
    for name in pages_of(app, TABLE):
        role = next((role for role in ROLES if opens(name, role)), None)
        if role is None or TABLE[name]["POST"].replace("403", "405") == NEVER:
            continue
        client.force_login(world.users[role])
        path = world.path(name, role)
        shown, offered = shown_on(client, name, path)
        more = {column: value for column, value in extra.items() if column not in offered}

        status, changed = changes_of(client, path, shown)
        status_with_more, changed_with_more = changes_of(client, path, more | shown)

        assert (name, status_with_more) == (name, status)
        assert changed_with_more <= changed, name
