"""Passwords: what may be one, how it is kept, changing it, and a way back in (R-ACC-05, goals A2, A6, A7)."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha1

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from access.backends import RoleBackend
from access.breached import is_listed
from access.hashing import Argon2idHasher
from access.models import User
from access.views.sign_in import AS_LONG_FOR_ALL
from audit.models import AccessEvent
from outbox.alerts import written
from outbox.models import StaffAlert
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
GOOD = "seven quiet geese"


@pytest.fixture
def weak_argon2(settings, monkeypatch):
    monkeypatch.setattr(Argon2idHasher, "memory_cost", 64)
    settings.PASSWORD_HASHERS = [
        "access.hashing.Argon2idHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


@pytest.fixture
def maya(client, specialist):
    client.force_login(specialist)
    return client


def change(client, new, again=None, present=PASSWORD):
    typed = {"oldpassword": present, "password1": new, "password2": new if again is None else again}
    return client.post("/account/password/", typed)


# How it is kept


def test_the_hash_is_argon2id_and_hard_enough():
    assert Argon2idHasher.memory_cost >= 19 * 1024
    assert Argon2idHasher.time_cost >= 2
    encoded = make_password("x", hasher=Argon2idHasher())
    assert re.match(r"argon2\$argon2id\$v=19\$m=32768,t=3,p=1\$", encoded)
    assert Argon2idHasher().verify("x", encoded)
    assert not Argon2idHasher().verify("y", encoded)


def test_an_older_hash_is_made_anew_at_sign_in(specialist, weak_argon2):
    specialist.password = make_password(GOOD, hasher="pbkdf2_sha256")
    specialist.save()

    assert RoleBackend().authenticate(None, username="maya", password=GOOD) == specialist

    assert User.objects.get().password.startswith("argon2$argon2id$")


def test_cheaper_argon2_is_made_anew_too(weak_argon2, monkeypatch):
    encoded = make_password("x")
    monkeypatch.setattr(Argon2idHasher, "memory_cost", 128)

    assert Argon2idHasher().must_update(encoded)
    assert "argon2" in Argon2idHasher().safe_summary(encoded).values()


# What may be one


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("elevenchars", "It must contain at least 12 characters."),
        ("q1w2e3r4t5y6", "This password is too common."),
        ("Okafor-Lindqvist", "The password is too similar to the last name."),
        ("", "Choose a new password."),
        ("x" * 1_001, "This is too long for a password."),
    ],
)
def test_what_is_no_good_password_is_refused_with_the_reason(maya, password, said):
    assert said in change(maya, password).text
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    "password", ["a" * 5 + " gänse über " + "b" * 60, "короткое слово да", "  leading and trailing  "]
)
def test_long_ones_any_script_and_spaces_are_fine(maya, password):
    assert change(maya, password).url == "/account/"
    assert User.objects.get().check_password(password)


@pytest.fixture
def breached(settings, tmp_path):
    lost = [GOOD, "another lost one", *(f"lost {number}" for number in range(300))]
    lines = sorted(f"{sha1(one.encode()).hexdigest().upper()}:{len(one)}" for one in lost)
    path = tmp_path / "pwned.txt"
    path.write_text("\r\n".join(lines))
    settings.I2A_BREACHED_PASSWORDS = str(path)
    return path


def test_one_found_in_stolen_data_is_refused(maya, breached):
    said = "This password has been found in stolen data, so others try it. Choose another one."
    assert said in change(maya, GOOD).text


def test_the_whole_list_is_found_and_nothing_else(breached):
    assert all(is_listed(f"lost {number}", breached) for number in range(300))
    assert not any(is_listed(f"kept {number}", breached) for number in range(300))
    breached.write_text("")
    assert not is_listed(GOOD, breached)


# Changing it


def test_the_present_one_is_asked_and_the_new_one_twice(maya):
    assert "That is not your password." in change(maya, GOOD, present="wrong").text
    assert "These two are not the same. Type the new password again." in change(maya, GOOD, "seven quiet goose").text
    assert User.objects.get().check_password(PASSWORD)


def test_a_change_is_recorded_and_mailed(maya, specialist):
    change(maya, GOOD)

    assert AccessEvent.objects.get(kind="password_changed").actor == specialist
    mail = StaffAlert.objects.get(to=specialist)
    assert "Your password was changed" in mail.subject
    assert "tell your access administrator" in mail.text


# A way back in


def ask(client, email="maya@i2a.example.org"):
    return client.post(reverse("account_reset_password"), {"email": email})


def link_of(alert):
    found = re.search(r"http://127.0.0.1:8000(/sign-in/help/\S+)", written(alert, NOW).decode().replace("=\r\n", ""))
    return found.group(1)


def choose(client, link, password=GOOD):
    page = client.get(link)
    if page.status_code != 302:
        return page
    return client.post(page.url, {"password1": password, "password2": password})


def test_the_page_says_the_same_to_everybody(client, specialist):
    UserFactory(username="gone", is_active=False)
    pages = [ask(client, f"{name}@i2a.example.org").text for name in ["maya", "nobody", "gone"]]
    said = {re.sub(r"csrfmiddlewaretoken.*", "", page) for page in pages}

    assert len(said) == 1
    assert "If somebody signs in with this address, a link" in said.pop()
    assert StaffAlert.objects.get().to == specialist


def test_the_answer_takes_as_long_for_everybody(client, specialist, monkeypatch):
    waited = []
    monkeypatch.setattr("access.views.sign_in.time.sleep", waited.append)

    for name in ["maya", "nobody"]:
        ask(client, f"{name}@i2a.example.org")

    assert len(waited) == 2
    assert max(waited) <= AS_LONG_FOR_ALL


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Enter your work e-mail."), ("maya", "This is not an e-mail address.")]
)
def test_what_is_no_address_is_said_so(client, typed, said):
    assert said in ask(client, typed).text


def test_the_link_lets_its_owner_choose_a_new_password_once(client, specialist):
    ask(client, "MAYA@I2A.example.org")
    link = link_of(StaffAlert.objects.get())

    assert choose(client, link).url == "/sign-in/"

    assert User.objects.get().check_password(GOOD)
    assert "This link has been used, or it is older than two days." in choose(client, link).text
    assert AccessEvent.objects.filter(kind="password_changed", actor=specialist).count() == 1


def test_the_rules_hold_there_too(client, specialist):
    ask(client)

    assert "at least 12 characters" in choose(client, link_of(StaffAlert.objects.get()), "short").text


def test_it_works_for_two_days(client, specialist, monkeypatch):
    ask(client)
    link = link_of(StaffAlert.objects.get())

    later = datetime.now() + timedelta(days=2, seconds=1)
    monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda self: later)

    assert "This link has been used, or it is older than two days." in choose(client, link).text


def test_the_link_lies_in_no_table_and_names_our_own_host(client, specialist):
    client.post(
        reverse("account_reset_password"),
        {"email": "maya@i2a.example.org"},
        HTTP_HOST="127.0.0.1",
        HTTP_X_FORWARDED_HOST="evil.example",
    )

    alert = StaffAlert.objects.get()
    assert "/sign-in/help/" not in alert.text
    assert "evil.example" not in written(alert, NOW).decode()
    assert link_of(alert)


def test_asking_again_and_again_is_one_mail_in_ten_minutes(client, specialist, monkeypatch):
    monkeypatch.setattr("i2a.clock._demo_now", lambda: NOW)
    for _ in range(5):
        ask(client)
    assert StaffAlert.objects.count() == 1

    monkeypatch.setattr("i2a.clock._demo_now", lambda: NOW + timedelta(minutes=10))
    ask(client)
    assert StaffAlert.objects.count() == 2


def test_who_never_had_a_password_comes_in_the_same_way(client):
    user = UserFactory(username="sunniva")
    user.set_unusable_password()
    user.save()
    ask(client, user.email)

    choose(client, link_of(StaffAlert.objects.get()))

    assert User.objects.get(username="sunniva").check_password(GOOD)
