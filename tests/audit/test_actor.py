"""Every entry is signed by whoever acted: in requests, in tasks, in commands (R-AUD-01)."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from access.models import Team
from audit.actor import UNSIGNED, acting_as, acting_as_system, current
from audit.middleware import client_address
from audit.models import AccessEvent, LogEntry
from audit.services import record_access
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def signatures():
    return list(LogEntry.objects.order_by("pk").values_list("actor", "actor_label"))


def test_nested_blocks_give_the_outer_actor_back():
    outer, inner = UserFactory(username="outer"), UserFactory(username="inner")
    before = LogEntry.objects.count()

    with acting_as(outer):
        with acting_as(inner):
            Team.objects.create(name="of inner")
        Team.objects.create(name="of outer")
        with acting_as_system("tick"):
            Team.objects.create(name="of the system")
        Team.objects.create(name="of outer again")

    assert signatures()[before:] == [
        (inner.pk, "inner"),
        (outer.pk, "outer"),
        (None, "system:tick"),
        (outer.pk, "outer"),
    ]


def test_the_actor_comes_back_after_an_exception():
    user = UserFactory(username="maya")

    with acting_as(user):
        with pytest.raises(ZeroDivisionError), acting_as_system("tick"):
            1 / 0  # noqa: B018
        assert current().label == "maya"
    assert current().label == UNSIGNED


def test_a_task_or_command_without_a_signature_shows():
    Team.objects.create(name="nobody's")

    assert signatures()[-1] == (None, UNSIGNED)


def test_a_request_signs_with_person_address_and_request_id(client, specialist):
    client.force_login(specialist)

    response = client.post(reverse("account_logout"), REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="6.6.6.6")

    event = AccessEvent.objects.get(kind="signed_out")
    assert (event.actor, event.actor_label, event.ip) == (specialist, "maya", "192.0.2.7")
    assert event.request_id == response["X-Request-ID"]


def test_the_signature_ends_with_the_request(client, specialist):
    client.force_login(specialist)

    client.get(reverse("home"))

    assert current().label == UNSIGNED


def test_entries_of_history_carry_the_request_id(specialist):
    with acting_as(specialist):
        record_access(kind=AccessEvent.Kind.LISTED)
        Team.objects.create(name="New")

    entry = LogEntry.objects.latest("pk")
    assert entry.cid == AccessEvent.objects.latest("pk").request_id


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", "6.6.6.6", "192.0.2.7"),  # a client's own header counts for nothing (T-05)
        ("10.0.0.1", "6.6.6.6, 198.51.100.4", "198.51.100.4"),  # the proxy's own entry is the last
        ("10.0.0.1", "", "10.0.0.1"),
        ("172.18.0.7", "198.51.100.4", "198.51.100.4"),  # any address of a trusted network
        ("172.19.0.7", "198.51.100.4", "172.19.0.7"),
        ("2001:db8::1", "198.51.100.4", "2001:db8::1"),
        ("", "6.6.6.6", None),  # a Unix socket without a trusted proxy
    ],
)
def test_the_address_is_the_peers_or_the_trusted_proxys_word(settings, peer, forwarded, address):
    settings.I2A_TRUSTED_PROXIES = ["10.0.0.1", "172.18.0.0/16"]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == address


@pytest.mark.parametrize("forwarded", ["not an address", "1.2.3.4:5678", "<script>", "::ffff:999.1.1.1"])
def test_a_garbled_address_of_a_proxy_is_not_believed(settings, forwarded):
    settings.I2A_TRUSTED_PROXIES = ["10.0.0.1"]
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == "10.0.0.1"
