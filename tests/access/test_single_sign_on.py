"""The department's identity provider says who somebody is; the register says whether they may come in."""

import http.client
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.urls import reverse

from access.models import User
from audit.models import AccessEvent
from tests.access import identity_provider
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
MAYA = {"sub": "a-27", "email": "Maya@i2a.example.org", "email_verified": True, "name": "Maya O."}
NOBODY = "Nobody in the register has this work e-mail. Ask your manager."
FAILED = "That did not work. Try again, or sign in with your password."


@pytest.fixture(scope="module")
def running():
    with identity_provider.running() as provider:
        yield provider


@pytest.fixture
def provider(running, settings):
    running.person, running.token_says = dict(MAYA), {}
    settings.I2A_OIDC_URL, settings.I2A_OIDC_NAME = running.url, "Department account"
    app = {
        "provider_id": "department",
        "name": "Department account",
        "client_id": identity_provider.CLIENT,
        "secret": identity_provider.SECRET,
        "settings": {"server_url": running.url},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return running


def go_there(client, **query):
    """The link, the provider's page, and the address it sends the browser back to."""
    leaving = client.get(reverse("openid_connect_login", args=["department"]), query)
    parts = urlsplit(leaving.url)
    there = http.client.HTTPConnection(parts.netloc, timeout=5)
    there.request("GET", f"{parts.path}?{parts.query}")
    back = urlsplit(there.getresponse().headers["Location"])
    there.close()
    return f"{back.path}?{back.query}"


def come_in(client, **query):
    return client.get(go_there(client, **query))


def test_the_page_offers_it_by_its_name(client, provider):
    assert "Sign in with Department account" in client.get(reverse("account_login")).text


def test_without_one_there_is_no_such_button(client, settings):
    assert "Sign in with" not in client.get(reverse("account_login")).text


def test_who_is_in_the_register_comes_in_by_work_email_and_to_the_page_they_wanted(client, provider, specialist):
    response = come_in(client, next="/calls/desk/")

    assert response.url == "/calls/desk/"
    assert client.session["_auth_user_id"] == str(specialist.pk)
    assert AccessEvent.objects.get(kind="signed_in").actor == specialist
    assert AccessEvent.objects.get(kind="signed_in").detail == {"by": ["socialaccount"]}


def test_nothing_it_says_of_a_person_is_kept(client, provider, specialist):
    come_in(client)

    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (specialist, "a-27", {})
    assert not SocialToken.objects.exists()


def test_later_they_are_known_by_its_number_whatever_their_address_is(client, provider, specialist):
    come_in(client)
    client.logout()
    provider.person["email"] = "maya.married@i2a.example.org"

    come_in(client)

    assert client.session["_auth_user_id"] == str(specialist.pk)


@pytest.mark.parametrize(
    "changes", [{"email": "stranger@i2a.example.org"}, {"email_verified": False}, {"email": ""}], ids=str
)
def test_who_is_not_in_the_register_gets_no_account(client, provider, specialist, changes):
    provider.person |= changes

    response = come_in(client)

    assert NOBODY in client.get(response.url).text
    assert User.objects.count() == 1
    assert AccessEvent.objects.get(kind="sign_in_failed").detail == {"reason": "not_in_register"}


def test_who_was_deactivated_since_is_not_let_in(client, provider, specialist):
    come_in(client)
    client.logout()
    specialist.is_active = False
    specialist.save()

    assert NOBODY in client.get(come_in(client).url).text
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("says", [{"iss": "https://evil.example"}, {"aud": "another"}, {"exp": 1}], ids=str)
def test_a_token_of_another_for_another_or_too_old_is_refused(client, provider, specialist, says):
    provider.token_says = says

    assert FAILED in client.get(come_in(client).url).text
    assert "_auth_user_id" not in client.session


def test_an_answer_nobody_asked_for_is_refused(client, provider, specialist):
    stolen = go_there(client)
    client.cookies.clear()

    assert FAILED in client.get(client.get(stolen).url).text
    assert "_auth_user_id" not in client.session


def test_a_provider_that_does_not_answer_leaves_the_password(client, provider, settings):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"] = {"server_url": "http://127.0.0.1:9"}

    response = client.get(reverse("openid_connect_login", args=["department"]))

    assert FAILED in client.get(response.url).text


def test_a_second_step_asked_for_there_is_not_asked_for_again(client, provider):
    UserFactory(username="maya", role="manager", has_second_step=False)
    provider.token_says = {"amr": ["pwd", "mfa"]}

    come_in(client)

    assert client.get("/access/register/").status_code == 200


def test_without_one_there_a_manager_sets_one_up_here(client, provider):
    UserFactory(username="maya", role="manager", has_second_step=False)

    come_in(client)

    assert client.get("/access/register/").url == reverse("mfa_index")


def test_who_has_a_second_step_here_is_asked_for_it(client, provider):
    UserFactory(username="maya", role="manager")

    assert come_in(client).url == reverse("mfa_authenticate")
