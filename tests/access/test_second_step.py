"""The second step of signing in (R-ACC-05, reliability goal A5)."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import CommandError, call_command
from django.urls import reverse

from access.roles import Role
from access.second_factor import NEEDED_FOR, next_code
from access.services.grants import make_owner
from audit.models import AccessEvent
from outbox.models import StaffAlert
from tests.factories import LONG_AGO, PASSWORD, TOTP_SECRET, UserFactory

pytestmark = pytest.mark.django_db
Kind = AccessEvent.Kind
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
CODE_PAGE, ACCOUNT = "/sign-in/code/", "/account/"


@pytest.fixture
def at(monkeypatch):
    state = {"now": NOW}
    monkeypatch.setattr("i2a.clock._demo_now", lambda: state["now"])
    return lambda instant: state.update(now=instant)


def give_password(client, user):
    return client.post(reverse("account_login"), {"username": user.username, "password": PASSWORD})


def give_code(client, code):
    return client.post(CODE_PAGE, {"code": code})


def wrong_code(user):
    return "000000" if next_code(user) != "000000" else "000001"


@pytest.fixture
def confirmed(client, specialist):
    """Signed in, and just now confirmed that it is them."""
    client.force_login(specialist)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


# Who needs one


def test_roles_of_power_and_of_export_need_it():
    assert {Role.MANAGER, Role.ACCESS_ADMIN, Role.PRIVACY_OFFICER} == NEEDED_FOR


@pytest.mark.parametrize("role", sorted(NEEDED_FOR))
def test_without_one_nothing_opens_but_the_way_to_it(client, role):
    client.force_login(UserFactory(role=role, has_second_step=False))

    assert client.get("/access/register/").url == ACCOUNT
    assert client.post("/access/requests/new/").url == ACCOUNT
    assert client.get("/access/register/", HTTP_HX_REQUEST="true")["HX-Redirect"] == ACCOUNT
    assert "Your role needs a second step. Set one up to go on." in client.get(ACCOUNT).text
    assert client.get("/account/app/").url.startswith("/sign-in/again/")
    assert client.post("/sign-out/").status_code == 302


def test_a_specialist_may_go_without(client, specialist):
    client.force_login(specialist)

    assert client.get("/calls/desk/").status_code == 200


# Coming in with a code


def test_the_password_alone_opens_nothing(client, manager):
    assert give_password(client, manager).url == CODE_PAGE
    assert client.get("/access/register/").url.startswith("/sign-in/")
    assert not AccessEvent.objects.filter(kind=Kind.SIGNED_IN).exists()


def test_the_code_opens_it_and_both_steps_are_recorded(client, manager):
    give_password(client, manager)

    assert give_code(client, next_code(manager)).url == "/"

    assert AccessEvent.objects.get(kind=Kind.SIGNED_IN).detail == {"by": ["password", "totp"]}


def test_a_code_works_once(client, manager):
    code = next_code(manager)
    give_password(client, manager)
    give_code(client, code)
    client.logout()
    give_password(client, manager)

    response = give_code(client, code)

    assert "That did not match. Try again with the code shown now. 4 tries left." in response.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the code."),
        ("12345", "That is 5 digits. A code has 6, a recovery code 8."),
        ("abcdef", "A code has digits only."),
        ("१२३४५६", "A code has digits only."),
        ("1" * 30, "That is too long for a code."),
    ],
)
def test_what_is_no_code_is_said_so_and_costs_no_try(client, manager, typed, said):
    give_password(client, manager)

    assert said in give_code(client, typed).text
    assert not AccessEvent.objects.filter(kind=Kind.SIGN_IN_FAILED).exists()


def test_after_five_wrong_codes_even_the_right_one_waits_fifteen_minutes(client, manager, at):
    give_password(client, manager)
    for _ in range(5):
        response = give_code(client, wrong_code(manager))

    assert "has to wait 15 minutes" in response.text
    assert "has to wait 15 minutes" in give_code(client, next_code(manager)).text
    assert AccessEvent.objects.get(kind=Kind.LOCKED_OUT).actor == manager
    at(NOW + timedelta(minutes=15))
    assert give_code(client, next_code(manager)).status_code == 302


def test_a_recovery_code_works_once_and_is_recorded_and_mailed(client, manager):
    code = RecoveryCodes.activate(manager).get_unused_codes()[0]
    give_password(client, manager)

    assert give_code(client, f"{code[:4]} {code[4:]}").status_code == 302

    assert AccessEvent.objects.filter(kind=Kind.RECOVERY_USED, actor=manager).count() == 1
    assert "recovery code" in StaffAlert.objects.get(to=manager).subject
    client.logout()
    give_password(client, manager)
    assert "That did not match." in give_code(client, code).text


def test_a_demonstration_shows_the_code_of_its_people_only(client, manager, settings):
    give_password(client, manager)  # "grant", as in the demonstration
    assert next_code(manager) in client.get(CODE_PAGE).text

    settings.I2A_DEMO = False
    assert next_code(manager) not in client.get(CODE_PAGE).text


# Setting up and removing


def secret_code(client):
    secret = client.session["mfa.totp.secret"]
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def test_changes_ask_for_the_password_again(client, specialist):
    client.force_login(specialist)

    assert client.get("/account/app/").url == "/sign-in/again/?next=%2Faccount%2Fapp%2F"
    response = client.post("/sign-in/again/", {"password": "wrong"})
    assert "That is not your password. Passwords tell capital letters apart." in response.text
    assert client.post("/sign-in/again/?next=/account/app/", {"password": PASSWORD}).url == "/account/app/"


def test_an_app_is_set_up_with_a_code_of_it(confirmed, specialist, django_capture_on_commit_callbacks):
    assert "data:image/svg+xml" in confirmed.get("/account/app/").text
    with django_capture_on_commit_callbacks(execute=True):
        response = confirmed.post("/account/app/", {"code": secret_code(confirmed)})

    assert response.url == "/account/codes/"
    assert AccessEvent.objects.get(kind=Kind.SECOND_STEP_ADDED).detail == {"what": "totp"}
    assert "An authenticator app was set up for you" in StaffAlert.objects.get(to=specialist).subject


def test_a_wrong_code_sets_nothing_up(confirmed):
    confirmed.get("/account/app/")

    response = confirmed.post("/account/app/", {"code": "000000"})

    assert "That did not match. Try again with the code shown now." in response.text
    assert not Authenticator.objects.exists()


def test_recovery_codes_are_shown_once(confirmed, specialist):
    TOTP.activate(specialist, TOTP_SECRET)
    first = RecoveryCodes.activate(specialist).get_unused_codes()[0]

    assert first in confirmed.get("/account/codes/").text
    again = confirmed.get("/account/codes/")
    assert first not in again.text
    assert "10 codes are left." in again.text


def test_secrets_lie_encrypted(manager):
    RecoveryCodes.activate(manager)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert TOTP_SECRET not in stored
    assert stored.count("gAAAA") == 2


def test_a_specialist_may_remove_it_and_the_codes_go_too(confirmed, specialist):
    TOTP.activate(specialist, TOTP_SECRET)
    RecoveryCodes.activate(specialist)

    assert confirmed.post("/account/app/remove/").url == ACCOUNT

    assert not Authenticator.objects.exists()
    assert AccessEvent.objects.get(kind=Kind.SECOND_STEP_REMOVED).actor == specialist


def test_whose_role_needs_it_keeps_it(client, manager):
    client.force_login(manager)
    client.post("/sign-in/again/", {"password": PASSWORD})

    response = client.post("/account/app/remove/")

    assert "Your role needs a second step. Set up another one before removing this one." in response.text
    assert Authenticator.objects.filter(user=manager).exists()


def test_a_passkey_that_is_none_is_refused(confirmed):
    confirmed.get("/account/passkey/")

    for sent in ["", "{}", "nonsense", '{"id": "x", "response": {}}', "[1]"]:
        assert confirmed.post("/account/passkey/", {"credential": sent}).status_code == 200
    assert not Authenticator.objects.exists()
    confirmed.logout()
    for sent in ["", "{}", "nonsense", '{"id": "x", "response": {"userHandle": "MQ"}}', "[1]"]:
        assert confirmed.post("/sign-in/passkey/", {"credential": sent}).url == "/sign-in/"


# Lost


@pytest.fixture
def owner(manager):
    make_owner(user=manager, now=LONG_AGO)
    return manager


def reset(user, authorised_by, by):
    call_command("reset_second_step", user.username, authorised_by=authorised_by.username, by=by.username)


def test_a_lost_one_is_taken_off_by_three_people(client, owner, access_admin, privacy_officer):
    client.force_login(privacy_officer)

    reset(privacy_officer, owner, access_admin)

    assert not Authenticator.objects.filter(user=privacy_officer).exists()
    assert client.get(ACCOUNT).url.startswith("/sign-in/")
    event = AccessEvent.objects.get(kind=Kind.SECOND_STEP_REMOVED)
    assert (event.actor, event.object_uid) == (access_admin, privacy_officer.uid)
    assert event.detail["authorised_by"] == str(owner.uid)
    assert {alert.to for alert in StaffAlert.objects.all()} == {privacy_officer, owner}


def test_two_people_are_not_enough_nor_is_anybody_else(owner, access_admin, privacy_officer):
    for people in [
        (privacy_officer, privacy_officer, access_admin),
        (privacy_officer, owner, owner),
        (access_admin, owner, access_admin),
    ]:
        with pytest.raises(CommandError):
            reset(*people)
    assert Authenticator.objects.count() == 3
