"""Strangers, refusals, and what is left of them."""

import pytest
from django.http import HttpResponse
from django.urls import path, reverse

from audit.models import AccessEvent
from i2a import urls
from tests.factories import TeamFactory

pytestmark = pytest.mark.django_db


def undeclared(request):
    TeamFactory(name="must not be written")
    return HttpResponse("open to all?")


class Routes:
    """The real ones and one that forgot to declare its permission."""

    urlpatterns = [*urls.urlpatterns, path("undeclared/", undeclared)]
    handler403 = urls.handler403


@pytest.fixture
def with_undeclared(settings):
    settings.ROOT_URLCONF = Routes


def test_an_undeclared_page_is_refused_even_to_the_manager(client, manager, with_undeclared):
    client.force_login(manager)

    response = client.get("/undeclared/")

    assert response.status_code == 403
    assert AccessEvent.objects.get(kind="denied").actor == manager


def test_a_stranger_is_sent_to_sign_in_with_the_way_back(client):
    response = client.get(reverse("calls:list") + "?status=voided")

    assert response.url == f"{reverse('account_login')}?next=/calls/%3Fstatus%3Dvoided"


def test_a_fragment_does_not_show_the_sign_in_page_inside_itself(client):
    response = client.post(
        reverse("calls:desk"),
        {"q": "0142"},
        HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL="http://testserver/calls/desk/",
    )

    assert response.status_code == 200
    assert response["HX-Redirect"] == f"{reverse('account_login')}?next=/calls/desk/"
    assert response.content == b""


def test_a_script_that_saves_is_told_that_nothing_was_saved(client):
    response = client.post("/calls/drafts/00000000-0000-0000-0000-000000000000/keep/", HTTP_SEC_FETCH_DEST="empty")

    assert response.status_code == 401
    assert response["Content-Type"].startswith("text/plain")
    assert "signed out" in response.text


def test_after_sending_a_form_a_stranger_comes_back_to_its_page(client):
    response = client.post(reverse("calls:start"), HTTP_REFERER="http://testserver/calls/desk/")

    assert response.url == f"{reverse('account_login')}?next=/calls/desk/"


@pytest.mark.parametrize("referer", ["", "https://evil.example/calls/", "not a url", "http://[broken"])
def test_a_foreign_referer_leads_home(client, referer):
    response = client.post(reverse("calls:start"), HTTP_REFERER=referer)

    assert response.url == f"{reverse('account_login')}?next=/"


def test_a_refusal_is_kept_when_the_request_is_rolled_back(client, specialist, monkeypatch):
    """The row is written after the view's transaction has gone (reliability goal T3)."""
    client.force_login(specialist)

    assert client.get(reverse("access:register")).status_code == 403

    event = AccessEvent.objects.get(kind="denied")
    assert (event.actor, event.object_type, event.object_uid) == (specialist, "access:register", None)


def test_the_refusal_page_says_what_happened(client, specialist):
    client.force_login(specialist)

    html = client.get(reverse("access:register")).text

    assert "Your role does not include this page. This attempt has been recorded." in html


def test_a_page_that_does_not_exist_is_no_refusal(client, specialist):
    client.force_login(specialist)

    assert client.get("/no/such/page/").status_code == 404
    assert not AccessEvent.objects.filter(kind="denied").exists()
