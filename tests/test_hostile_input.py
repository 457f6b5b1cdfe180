"""Whatever a browser, a script or somebody curious sends: an answer in words, never a 500, never a long wait.

Every page gets, from everybody who may open it, the values of `HOSTILE` in all its fields and parameters at once; and
then in one field after the other, while the rest of the page is sent as it was shown, so that the later steps of a view
meet it, too. Which page gets which value is the same in every run.
"""

import base64
import time
from itertools import cycle, islice

import pytest
from django.db import connection, transaction
from django.urls import reverse

from access.roles import Role
from contacts.models.opening import StatedPurpose
from tests.sending import FORM, encoded, fields_of_forms, fields_of_page, parameters_read
from tests.test_out_of_reach import apps_of, pages_of
from tests.url_table import PUBLIC_TABLE, ROLES, TABLE
from tests.world import public_path

pytestmark = pytest.mark.django_db

PATIENCE = 2.0  # seconds of this process
STATEMENT = 5_000  # ms, while other tests use the database as well
LONG = 1_000_000
MOST_FIELDS = 6  # of one page, one after the other


def token(text: str) -> bytes:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=")


HOSTILE = {
    "NUL": b"a\0b",
    "lone surrogate": b"\xed\xa0\x80",
    "no UTF-8": b"\xff\xfe\x80",
    "turned round": "é\u202e\U0001f600\ufdfa".encode(),
    "no word": b"\r\n\t",
    "negative": b"-1",
    "beyond bigint": b"9223372036854775808",
    "beyond int": b"9" * 5_000,
    "no number": b"NaN",
    "infinite": b"1e400",
    "no decimal digit": "²".encode(),
    "no date": b"2026-13-45",
    "first day": b"0001-01-01T00:00",
    "last day": b"9999-12-31T23:59",
    "nobody": b"00000000-0000-0000-0000-000000000000",
    "list": b"[]",
    "object": b'{"a": {"a": 1e999}}',
    "old place": token("1 0001-01-01T00:00:00+14:00"),
    "far place": token("999999999999999999999 2026-01-01T00:00:00+00:00"),
    "broken place": token("1 \0"),
}
ENDLESS = {
    "letters": b"x" * LONG,
    "digits": b"1" * LONG,
    "groups of digits": b"1 " * (LONG // 2),
    "dots": b"a@" + b"a." * (LONG // 2),
    "expanding": "\ufdfa".encode() * (LONG // 3),
    "lines": b"\r\n" * (LONG // 2),
}


class Visitor:
    """Somebody of this role sends something to a page. What it did is taken back; what broke or took long fails."""

    def __init__(self, client, world, name, role):
        client.force_login(world.users[role])
        self.client, self.path = client, world.path(name, role)
        page = self.send("as it is", "GET")
        self.app = page.resolver_match.func.__module__.partition(".")[0]
        self.shown = {} if page.streaming else fields_of_page(page.text)

    def everything(self):
        """What the page shows, what any form of its app has, what its code reads."""
        return list(dict.fromkeys([*parameters_read(self.app), *fields_of_forms(self.app), *self.shown]))

    def get(self, what, values):
        return self.send(what, "GET", query=encoded(values))

    def post(self, what, values, **headers):
        return self.send(what, "POST", body=encoded(values), **headers)

    def send(self, what, method, *, query="", body="", content_type=FORM, **headers):
        begun = time.process_time()
        with transaction.atomic():
            try:
                response = self.client.generic(
                    method, f"{self.path}?{query}", body, content_type=content_type, **headers
                )
            except Exception as error:
                raise AssertionError(f"{method} {what}: {error!r}") from error
            if response.streaming:
                b"".join(response)
            transaction.set_rollback(True)
        assert response.status_code < 500, f"{method} {what}: {response.status_code}"
        assert time.process_time() - begun < PATIENCE, f"{method} {what}: too long"
        return response


@pytest.fixture(autouse=True)
def impatient_database(db):
    with connection.cursor() as sql:
        sql.execute(f"SET LOCAL statement_timeout = {STATEMENT}")


def roles_that_open(name):
    rows = [TABLE[name][method].split() for method in ("GET", "POST")]
    opens = [role for place, role in enumerate(ROLES) if {row[place] for row in rows} != {"403"}]
    return [role for role in opens if role != Role.ACCESS_ADMIN] or opens


def two_of(roles, first):
    return list(dict.fromkeys(islice(cycle(roles), first % len(roles), first % len(roles) + 2)))


def with_one(values, name, value):
    return [*((each, kept) for each, kept in values.items() if each != name), (name, value)]


@pytest.mark.parametrize("app", apps_of(TABLE))
def test_no_page_breaks_when_nothing_is_right(client, world, app):
    """Every field has another hostile value, for every page and role another one. Of the roles that may open a page two
    do, from page to page others."""
    starts = cycle(range(len(HOSTILE)))
    for number, name in enumerate(pages_of(app, TABLE)):
        for role in two_of(roles_that_open(name), number):
            visitor, start = Visitor(client, world, name, role), next(starts)
            odd = list(zip(visitor.everything(), islice(cycle(HOSTILE.values()), start, None), strict=False))
            visitor.get(f"all from {start}", odd)
            visitor.post(f"all twice from {start}", [*odd, *reversed(odd)])


@pytest.mark.parametrize("app", apps_of(TABLE))
def test_no_field_breaks_a_page_that_is_right_otherwise(client, world, app):
    kinds = cycle(HOSTILE.items())
    for name in pages_of(app, TABLE):
        visitor = Visitor(client, world, name, roles_that_open(name)[0])
        for each in sample(visitor.shown):
            what, value = next(kinds)
            visitor.post(f"{what} in {each}", with_one(visitor.shown, each, value), HTTP_HX_REQUEST="true")


def sample(fields):
    """So many of the fields of a page, spread over it."""
    return list(fields)[:: len(fields) // MOST_FIELDS + 1]


BOXES = [
    ("calls:draft", "note"),
    ("calls:draft", "name"),
    ("calls:draft_keep", "note"),
    ("calls:draft_keep", "phone"),
    ("calls:correct", "note"),
    ("calls:start", "q"),
    ("contacts:lookup", "q"),
    ("contacts:hidden", "q"),
    ("contacts:organisations", "organisation"),
    ("contacts:duplicates", "name"),
    ("contacts:new", "email"),
    ("contacts:edit", "phone"),
    ("contacts:edit", "seen"),
    ("contacts:notes", "body"),
    ("followups:close", "outcome"),
]


@pytest.mark.parametrize(("name", "box"), BOXES)
def test_a_text_without_end_takes_no_time(client, world, name, box):
    visitor, first = Visitor(client, world, name, Role.SPECIALIST), BOXES.index((name, box)) % 2
    for what, text in list(ENDLESS.items())[first::2]:
        visitor.post(f"{what} in {box}", with_one(visitor.shown, box, text))


@pytest.mark.parametrize("name", ["calls:draft", "calls:draft_keep", "contacts:lookup", "contacts:edit", "library:new"])
def test_a_body_that_is_no_form_breaks_nothing(client, world, name):
    visitor = Visitor(client, world, name, roles_that_open(name)[0])

    visitor.send("JSON", "POST", body='{"name": ["', content_type="application/json")
    visitor.send("parts", "POST", body="--x\r\nbroken", content_type="multipart/form-data; boundary=x")
    visitor.send("parts without end", "POST", body="", content_type="multipart/form-data")
    visitor.send("letters", "POST", body="name=\xff", content_type=f"{FORM}; charset=nonsense")
    visitor.send("headers", "GET", **dict.fromkeys(HEADERS, "\xff\x01é; q=\u0660,,*"))


HEADERS = ["HTTP_ACCEPT_LANGUAGE", "HTTP_REFERER", "HTTP_HX_CURRENT_URL", "HTTP_X_REQUEST_ID", "HTTP_USER_AGENT"]


@pytest.mark.parametrize("name", PUBLIC_TABLE)
def test_no_public_page_breaks(client, name):
    boxes = ["username", "password", "next", "language", "t", "stop", "lang"]
    for start, what in enumerate(texts := HOSTILE | ENDLESS):
        odd = encoded(zip(boxes, islice(cycle(texts.values()), start, None), strict=False))
        response = client.generic("POST", public_path(name), odd, content_type=FORM)
        assert response.status_code < 500, what


@pytest.mark.parametrize("name", PUBLIC_TABLE)
def test_no_query_breaks_a_public_page(client, name):
    for what, value in HOSTILE.items():
        query = encoded((box, value) for box in ("next", "language", "t", "lang"))
        assert client.generic("GET", f"{public_path(name)}?{query}").status_code < 500, what


@pytest.mark.parametrize("onward", ["nowhere", "sign_out", "//elsewhere.example", "javascript:alert(1)"])
def test_the_way_onward_is_a_path_of_this_site(client, world, onward):
    client.force_login(world.users[Role.PRIVACY_OFFICER])
    contact = world.objects["contact"].get_absolute_url()
    reason = {"purpose": StatedPurpose.values[0], "next": onward}

    assert client.get(reverse("account_login"), {"next": onward})["Location"] == "/"
    assert client.post(f"{contact}opening/", reason)["Location"] == contact
