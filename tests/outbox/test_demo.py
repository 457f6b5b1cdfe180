from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from outbox.models import StaffAlert
from outbox.rendering import render, wordings_in_force
from outbox.services import message_id_for
from outbox.sink import newest_mails, read_mail
from tests.factories import ContactFactory, MessageFactory

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
ENVELOPE = b"X-Envelope-From: info@i2a.example.org\r\nX-Envelope-To: person@example.org\r\n"


@pytest.fixture
def sink(settings, tmp_path):
    settings.I2A_MAIL_SINK_DIR = str(tmp_path)
    return tmp_path


def keep(sink, name, message):
    (sink / f"{name}.eml").write_bytes(ENVELOPE + render(message, wordings_in_force(NOW), NOW).content)


def page(client, user) -> str:
    client.force_login(user)
    answer = client.get(reverse("demo_outbox:outbox"))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
def test_every_mail_is_shown_with_raw_headers_text_and_html_source(client, specialist, sink):
    message = MessageFactory(contact=ContactFactory(name="王虚构"))
    keep(sink, "20261123T170000", message)

    html = page(client, specialist)

    assert "X-Envelope-To: person@example.org" in html
    assert message.message_id.strip("<>") in html
    assert "Hello 王虚构," in html
    assert "&lt;!DOCTYPE html&gt;" in html
    assert "Commerce Place" in html
    assert reverse("outbox:message", args=[message.uid]) in html


@pytest.mark.django_db
def test_the_newest_comes_first_and_all_are_counted(client, specialist, sink):
    first, second = MessageFactory(), MessageFactory()
    keep(sink, "20261123T170000", first)
    keep(sink, "20261123T170001", second)

    html = page(client, specialist)

    assert html.index(second.message_id.strip("<>")) < html.index(first.message_id.strip("<>"))
    assert "2 mails received." in html


@pytest.mark.django_db
def test_what_is_on_its_way_is_shown_with_its_state(client, specialist, sink):
    message = MessageFactory(not_before=datetime.now(UTC) + timedelta(hours=1))

    html = page(client, specialist)

    assert "On their way" in html
    assert message.to_email in html
    assert "No mail so far" in html


@pytest.mark.django_db
@pytest.mark.parametrize("directory", ["", "/nonexistent"])
def test_without_mail_it_says_how_to_get_some(client, specialist, settings, directory):
    settings.I2A_MAIL_SINK_DIR = directory

    assert "No mail so far" in page(client, specialist)


@pytest.mark.django_db
def test_an_alert_to_a_colleague_is_called_so(client, specialist, sink):
    alert = StaffAlert.objects.create(
        key="k", to=specialist, subject="Look", text="Look", created_at=NOW, not_before=NOW
    )
    (sink / "1.eml").write_bytes(ENVELOPE + f"Message-ID: {message_id_for(alert.uid)}\r\n\r\nLook\r\n".encode())

    assert "Alert to a colleague" in page(client, specialist)


@pytest.mark.django_db
def test_a_mail_that_is_not_ours_is_shown_too(client, specialist, sink):
    (sink / "1.eml").write_bytes(ENVELOPE + b"Subject: Hi <b>you</b>\r\n\r\nText <script>\r\n")

    html = page(client, specialist)

    assert "No message of this database" in html
    assert "Hi &lt;b&gt;you&lt;/b&gt;" in html
    assert "<script>\n" not in html


@pytest.mark.django_db
def test_the_page_costs_the_same_for_twenty_mails(client, specialist, sink, django_assert_max_num_queries):
    for number in range(20):
        keep(sink, f"{number:02}", MessageFactory())
    page(client, specialist)

    with django_assert_max_num_queries(12):
        client.get(reverse("demo_outbox:outbox"))


@pytest.mark.django_db
def test_the_html_part_is_served_for_a_sandbox_with_its_own_styles_and_nothing_else(client, specialist, sink):
    keep(sink, "20261123T170000.000001Z-ab12", MessageFactory())
    client.force_login(specialist)
    address = reverse("demo_outbox:html_part", args=["20261123T170000.000001Z-ab12"])

    answer = client.get(address)

    assert f'sandbox title="The information you asked for, as its receiver sees it" src="{address}"' in page(
        client, specialist
    )
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert 'style="' in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing", "..", ".unfinished"])
def test_a_mail_that_the_sink_does_not_have_is_not_found(client, specialist, sink, name):
    client.force_login(specialist)

    assert client.get(f"/demo/outbox/{name}/html/").status_code == 404


def test_half_a_file_is_never_read(tmp_path):
    (tmp_path / ".unfinished").write_bytes(b"Subject: x")

    assert newest_mails(str(tmp_path), 10) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: =?utf-8?q?=ff?=\n\n\xff",
        b"Content-Type: text/plain; charset=nonsense\n\nText",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>",
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!!",
    ],
)
def test_a_broken_mail_breaks_nothing(raw):
    assert read_mail(raw, NOW).received_at == NOW
