from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisDown

from audit.models import AccessEvent
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
Kind = AccessEvent.Kind
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
MISMATCH = "That user name and password do not match. Check both; passwords tell capital letters apart."
HERE, ELSEWHERE = "192.0.2.10", "203.0.113.99"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def at(monkeypatch):
    """Set the present instant: `at(NOW)`."""
    state = {"now": NOW}
    monkeypatch.setattr("i2a.clock._demo_now", lambda: state["now"])
    return lambda instant: state.update(now=instant)


def try_in(client, username, password="wrong", address=HERE, **extra):
    return client.post(
        reverse("account_login"), {"username": username, "password": password, **extra}, REMOTE_ADDR=address
    )


def events(*kinds):
    return list(AccessEvent.objects.filter(kind__in=kinds).order_by("pk"))


# Coming in


@pytest.mark.parametrize("name", ["maya", "MAYA", "maya@i2a.example.org", "Maya@I2A.example.org", "  maya "])
def test_user_name_or_work_email_in_any_letter_case(client, specialist, name):
    response = try_in(client, name, PASSWORD)

    assert response.status_code == 302
    assert response.url == reverse("home")
    assert client.session["_auth_user_id"] == str(specialist.pk)


def test_signing_in_is_recorded_with_person_address_and_request(client, specialist):
    response = try_in(client, "maya", PASSWORD)

    (event,) = events(Kind.SIGNED_IN, Kind.SIGN_IN_FAILED)
    assert (event.kind, event.actor, event.actor_label, event.ip) == (Kind.SIGNED_IN, specialist, "maya", HERE)
    assert event.request_id == response["X-Request-ID"]


def test_the_session_gets_a_new_key(client, specialist):
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["session"] = session.session_key

    try_in(client, "maya", PASSWORD)

    assert client.session.session_key != session.session_key


def test_goes_on_to_the_page_that_was_asked_for(client, specialist):
    response = try_in(client, "maya", PASSWORD, next="/access/register/?a=b")

    assert response.url == "/access/register/?a=b"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_never_goes_on_to_another_site(client, specialist, target):
    page = client.get(reverse("account_login"), {"next": target})
    response = try_in(client, "maya", PASSWORD, next=target)

    assert page.context["next"] == ""
    assert response.url == reverse("home")


def test_who_is_signed_in_already_goes_home(client, specialist):
    client.force_login(specialist)

    assert client.get(reverse("account_login")).url == reverse("home")
    assert client.get(reverse("account_login"), {"next": "/access/register/"}).url == "/access/register/"


def test_pages_are_not_stored(client):
    assert client.get(reverse("account_login"))["Cache-Control"] == "no-store"


# Being turned away


def test_wrong_password_keeps_the_name_and_says_what_to_check(client, specialist):
    response = try_in(client, "maya", "Correct Horse")

    assert response.status_code == 200
    assert MISMATCH in response.text
    assert 'value="maya"' in response.text
    assert "Correct Horse" not in response.text


def test_a_wrong_name_and_a_wrong_password_look_the_same(client, specialist):
    wrong_password = try_in(client, "maya").text
    wrong_name = try_in(client, "mayo").text

    assert without_token(wrong_name).replace("mayo", "maya") == without_token(wrong_password)


def without_token(html):
    return "\n".join(line for line in html.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_deactivated_person_is_not_let_in(client):
    UserFactory(username="gone", is_active=False)

    response = try_in(client, "gone", PASSWORD)

    assert MISMATCH in response.text
    assert events(Kind.SIGNED_IN) == []


def test_empty_fields_are_named(client):
    response = try_in(client, "", "")

    assert "Enter your user name or work e-mail." in response.text
    assert "Enter your password." in response.text
    assert events(Kind.SIGN_IN_FAILED) == []


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, "a\0b", "\udcff", "\u202enimda", "<script>alert(1)</script>", "=1", "a\r\nb"]
)
def test_hostile_names_are_an_ordinary_failure(client, specialist, typed):
    body = urlencode({"username": typed.encode("utf-8", "surrogateescape"), "password": "x"})
    response = client.post(reverse("account_login"), body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_a_failure_names_the_account_but_never_what_was_typed(client, specialist):
    try_in(client, "maya")
    try_in(client, PASSWORD, "maya")

    known, unknown = events(Kind.SIGN_IN_FAILED)
    assert (known.actor, known.actor_label, known.detail) == (specialist, "maya", {"reason": "mismatch"})
    assert (unknown.actor, unknown.actor_label, unknown.detail) == (None, "anonymous", {"reason": "mismatch"})


# Too often


def test_the_fifth_failure_starts_a_pause_of_fifteen_minutes(client, specialist, at):
    answers = [try_in(client, "maya") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "has to wait 15 minutes" in answers[-1].text


def test_during_the_pause_even_the_right_password_waits(client, specialist, at):
    for _ in range(5):
        try_in(client, "maya")
    at(NOW + timedelta(minutes=14, seconds=30))

    response = try_in(client, "maya", PASSWORD)

    assert response.status_code == 429
    assert "has to wait 1 minute." in response.text
    assert events(Kind.SIGN_IN_FAILED)[-1].detail == {"reason": "waiting"}


def test_after_the_pause_the_right_password_works(client, specialist, at):
    for _ in range(5):
        try_in(client, "maya")
    try_in(client, "maya", PASSWORD)  # impatience does not lengthen the pause
    at(NOW + timedelta(minutes=15))

    assert try_in(client, "maya", PASSWORD).status_code == 302


def test_after_the_pause_one_more_mistake_is_forgiven(client, specialist, at):
    for _ in range(5):
        try_in(client, "maya")
    at(NOW + timedelta(minutes=16))

    assert try_in(client, "maya").status_code == 200


def test_five_failures_over_a_day_are_no_attack(client, specialist, at):
    for hour in range(5):
        at(NOW + timedelta(hours=hour))
        response = try_in(client, "maya")

    assert response.status_code == 200


def test_signing_in_wipes_the_slate(client, specialist, at):
    for _ in range(4):
        try_in(client, "maya")
    try_in(client, "maya", PASSWORD)
    client.logout()

    assert try_in(client, "maya").status_code == 200


def test_a_stranger_elsewhere_cannot_lock_the_owner_out(client, specialist, at):
    for _ in range(7):
        try_in(client, "maya", address=ELSEWHERE)

    assert try_in(client, "maya", PASSWORD, address=HERE).status_code == 302


def test_user_name_and_email_count_together(client, specialist, at):
    for name in ["maya", "MAYA", "maya@i2a.example.org", "maya"]:
        try_in(client, name)

    assert try_in(client, "Maya@i2a.example.org").status_code == 429


def test_a_name_that_nobody_has_pauses_the_same_way(client, at):
    answers = [try_in(client, "nobody") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]


def test_without_redis_known_accounts_are_still_protected(client, specialist, at, monkeypatch):
    def down(*args, **kwargs):
        raise RedisDown

    monkeypatch.setattr(cache, "get", down)
    monkeypatch.setattr(cache, "set", down)

    known = [try_in(client, "maya").status_code for _ in range(6)]
    unknown = [try_in(client, "nobody").status_code for _ in range(6)]

    assert known == [200, 200, 200, 200, 429, 429]
    assert unknown == [200] * 6


# Going out


def test_sign_out_ends_the_session_and_is_recorded(client, specialist):
    client.force_login(specialist)
    key = client.session.session_key

    response = client.post(reverse("account_logout"))

    assert response.url == reverse("account_login")
    assert response["Clear-Site-Data"] == '"storage"'
    assert events(Kind.SIGNED_OUT)[0].actor == specialist
    client.cookies["session"] = key
    assert client.get(reverse("access:register")).status_code == 302


def test_sign_out_is_a_post(client, specialist):
    client.force_login(specialist)

    assert client.get(reverse("account_logout")).status_code == 405
    assert "_auth_user_id" in client.session


def test_signing_out_twice_is_no_error(client, db):
    response = client.post(reverse("account_logout"))

    assert response.url == reverse("account_login")
    assert events(Kind.SIGNED_OUT) == []


# Many addresses, many names


def address(number):
    return f"198.51.100.{number}"


def test_twenty_failures_from_many_addresses_pause_the_account_where_it_was_never_seen(client, specialist, at):
    try_in(client, "maya", PASSWORD, address=HERE)
    client.logout()
    for number in range(20):
        response = try_in(client, "maya", address=address(number))

    assert response.status_code == 429
    assert try_in(client, "maya", PASSWORD, address=ELSEWHERE).status_code == 429
    assert try_in(client, "maya", PASSWORD, address=HERE).status_code == 302  # the owner, where they always are


def test_a_name_that_nobody_has_is_paused_the_same_way(client, at):
    answers = [try_in(client, "nobody", address=address(number)).status_code for number in range(21)]

    assert answers == [200] * 19 + [429] * 2


def test_one_password_on_many_names_pauses_the_address(client, specialist, at):
    answers = [try_in(client, f"name{number}").status_code for number in range(51)]

    assert answers == [200] * 49 + [429] * 2
    assert try_in(client, "maya", PASSWORD).status_code == 429
    assert try_in(client, "maya", PASSWORD, address=ELSEWHERE).status_code == 302


def test_the_beginning_of_a_pause_is_recorded(client, specialist, at):
    for _ in range(7):
        try_in(client, "maya")

    assert [event.actor for event in events(Kind.LOCKED_OUT)] == [specialist]
