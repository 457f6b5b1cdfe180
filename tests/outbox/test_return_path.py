"""Each message has a return address of its own that nobody else can make (M13)."""

import pytest

from outbox.return_path import message_of, return_path


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.I2A_BOUNCE_ADDRESS = "bounces@i2a.example.org"


def test_the_return_address_leads_back_to_the_message():
    assert message_of(return_path(4711)) == 4711


def test_servers_may_change_the_case_of_it():
    assert message_of(return_path(4711).upper()) == 4711


def test_it_fits_into_a_local_part():
    assert len(return_path(10**18 - 1).partition("@")[0]) <= 64


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bounces@i2a.example.org",
        "bounces+4711@i2a.example.org",
        "bounces+4711.000000000000000000000000@i2a.example.org",
        "bounces+4711.@i2a.example.org",
        "bounces+.000000000000000000000000@i2a.example.org",
        f"bounces+{'9' * 40}.000000000000000000000000@i2a.example.org",
        "\x00\ud800@i2a.example.org",
    ],
)
def test_an_address_that_we_did_not_make_leads_nowhere(address):
    assert message_of(address) is None


def test_the_proof_of_one_message_is_none_for_another_nor_under_another_name():
    proof = return_path(4711).partition(".")[2].partition("@")[0]

    assert message_of(f"bounces+4712.{proof}@i2a.example.org") is None
    assert message_of(f"info+4711.{proof}@i2a.example.org") is None
    assert message_of(f"bounces+4711.{proof}@example.org") is None


def test_without_a_mailbox_for_it_mail_comes_back_to_the_sender(settings):
    settings.I2A_BOUNCE_ADDRESS = ""

    assert return_path(4711) == "info@i2a.example.org"
    assert message_of("+4711.0@") is None
