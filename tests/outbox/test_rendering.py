"""What the receiver gets."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from contacts.choices import TextKind
from i2a import files
from outbox import rendering
from outbox.rendering import NotRenderable, NoWording, render, template_version, wordings_in_force
from outbox.services import make_content
from outbox.why import agreed
from tests.factories import ContactFactory, ContentFactory, MessageFactory, TextVersionFactory
from tests.outbox.steps import promotion

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
NAMES = ["أحمد النجّار الخيالي", "王虚构", "Nguyễn Thị Ánh Tưởng Tượng", "D'Arcy O'Fictional-Smythe", "🌾 Wheat"]
pytestmark = pytest.mark.django_db


def mail_of(message):
    return message_from_bytes(render(message, wordings_in_force(NOW), NOW).content, policy=default)


def text_of(mail, kind="plain") -> str:
    return mail.get_body([kind]).get_content().replace("\r\n", "\n")


def test_the_headers_are_those_of_an_automatic_answer_to_one_person(settings):
    message = MessageFactory(to_email="tariq.fable@example.org")

    mail = mail_of(message)

    assert {name: mail[name] for name in mail if not name.startswith("MIME") and name != "Content-Type"} == {
        "From": settings.DEFAULT_FROM_EMAIL,
        "To": "tariq.fable@example.org",
        "Subject": "The information you asked for",
        "Date": "Mon, 23 Nov 2026 17:00:00 +0000",
        "Message-ID": message.message_id,
        "Content-Language": "en",
        "Auto-Submitted": "auto-generated",
    }
    assert mail.get_content_type() == "multipart/alternative"


def test_it_greets_says_what_was_asked_who_sends_it_and_why_we_have_the_address():
    message = MessageFactory(contact=ContactFactory(name="Tariq Fable-Rahman"))

    mail = mail_of(message)

    for words in [text_of(mail), text_of(mail, "html")]:
        assert "Tariq Fable-Rahman" in words
        assert message.content.text in words
        assert "Commerce Place, 10155 – 102 Street" in words
        assert "780-555-0100" in words
        assert "Section 4(c) of the Protection of Privacy Act" in words
    assert text_of(mail).startswith("Hello Tariq Fable-Rahman,\n\n")


def test_the_subject_never_holds_the_name():
    mail = mail_of(MessageFactory(contact=ContactFactory(name="Tariq Fable-Rahman")))

    headers = "".join(f"{name}: {value}\n" for name, value in mail.items())
    assert "Tariq" not in headers


def test_somebody_without_a_name_is_greeted_too():
    mail = mail_of(MessageFactory(contact=ContactFactory(name="")))

    assert text_of(mail).startswith("Hello,\n\n")
    assert "<bdi" not in text_of(mail, "html")


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_world_arrive_in_their_own_direction(name):
    mail = mail_of(MessageFactory(contact=ContactFactory(name=name)))

    assert text_of(mail).startswith(f"Hello {name},\n")
    escaped = name.replace("'", "&#x27;")
    assert f'Hello <bdi dir="auto">{escaped}</bdi>,' in text_of(mail, "html")


def test_markup_in_a_name_stays_text():
    mail = mail_of(MessageFactory(contact=ContactFactory(name="<script>alert(1)</script> & Co\r\nBcc: x@example.org")))

    assert "<script" not in text_of(mail, "html")
    assert "&lt;script&gt;" in text_of(mail, "html")
    assert text_of(mail).startswith("Hello <script>alert(1)</script> & Co Bcc: x@example.org,\n")
    assert "Bcc" not in mail


def test_a_very_long_name_breaks_nothing():
    mail = mail_of(MessageFactory(contact=ContactFactory(name="é" * 200), content=ContentFactory(text="x" * 10_000)))

    assert "é" * 200 in text_of(mail)
    assert "x" * 10_000 in text_of(mail)


def test_no_line_is_longer_than_mail_servers_take_and_all_is_seven_bit():
    message = MessageFactory(contact=ContactFactory(name="é" * 200), content=ContentFactory(text="ł" * 10_000))

    raw = render(message, wordings_in_force(NOW), NOW).content

    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_french_mail_is_french():
    content = ContentFactory(language="fr", subject="Les renseignements demandés", text="Les permis de travail …")
    mail = mail_of(MessageFactory(content=content, contact=ContactFactory(name="Zoé Imaginaire")))

    assert (mail["Content-Language"], mail["Subject"]) == ("fr", "Les renseignements demandés")
    assert text_of(mail).startswith("Bonjour Zoé Imaginaire,")
    assert "Pourquoi nous avons votre adresse courriel" in text_of(mail)
    assert "Service d’information Immigrer en Alberta" in text_of(mail)
    assert "L’alinéa 4(c)" in text_of(mail)
    assert '<html lang="fr"' in text_of(mail, "html")


def test_an_address_with_letters_outside_ascii_is_spelled_as_servers_do():
    mail = mail_of(MessageFactory(to_email="info@bücher.example"))

    assert mail["To"] == "info@xn--bcher-kva.example"


def test_information_carries_nothing_promotional():
    mail = mail_of(MessageFactory())

    assert "List-Unsubscribe" not in mail
    assert "unsubscribe" not in text_of(mail).lower()


def test_the_wording_in_force_at_sending_is_used():
    notice, hour = TextKind.COLLECTION_NOTICE, timedelta(hours=1)
    TextVersionFactory(kind=notice, number=2, body="A newer notice.", valid_from=NOW - hour)
    TextVersionFactory(kind=notice, number=3, body="A later notice.", valid_from=NOW + hour)

    assert "A newer notice." in text_of(mail_of(MessageFactory()))


def test_nothing_can_be_written_without_sender_and_notice():
    with pytest.raises(NoWording):
        render(MessageFactory(), {}, NOW)


def test_a_fault_of_the_mail_itself_is_told_apart():
    message = MessageFactory()
    message.content.subject = "One\r\nBcc: everybody@example.org"  # the database would refuse it

    with pytest.raises(NotRenderable):
        render(message, wordings_in_force(NOW), NOW)


def test_the_same_moment_gives_the_same_bytes_and_the_digest_covers_the_words():
    message = MessageFactory()
    wordings = wordings_in_force(NOW)

    first, second = render(message, wordings, NOW), render(message, wordings, NOW)
    message.contact.name = "Somebody Else"

    assert first == second
    assert render(message, wordings, NOW).sha256 != first.sha256


def test_styles_are_in_the_tags_and_only_what_cannot_be_there_stays_a_style_sheet():
    html = text_of(mail_of(MessageFactory()), "html")

    assert '<p class="sender" style="' in html
    assert "<style>" in html
    assert html.index("<style>") < html.index("@media (prefers-color-scheme: dark)")
    assert "http" not in html


def test_a_promotion_says_what_was_agreed_when_and_how_instead_of_the_collection_notice():
    mail = mail_of(promotion())

    for words in [text_of(mail), text_of(mail, "html")]:
        assert "You agreed on 2 January 2020 by phone that we may write to you about seminars and workshops." in words
        assert "780-555-0100 · info@i2a.example.org" in words
        assert "Protection of Privacy Act" not in words


@pytest.mark.parametrize(
    ("source", "how"),
    [("chat", "in a chat"), ("web_link", "on our website"), ("email", "by e-mail"), ("fax", "by fax"), ("import", "")],
)
def test_each_way_of_agreeing_has_its_words(source, how):
    said = agreed("survey", source, date(2026, 5, 12), "en")

    assert said.startswith(
        f"You agreed on 12 May 2026{' ' + how if how else ''} that we may write to you about surveys"
    )


def test_files_go_with_the_mail_after_its_words():
    data = b"%PDF-1.7\n" + bytes(range(256)) * 40
    files_of = [{"name": "work-permits.pdf", "sha256": files.keep(data), "size": len(data)}]
    content = make_content(language="en", subject="Guide", text="See the file.", html="<p>See.</p>", files=files_of)

    mail = mail_of(MessageFactory(content=content))

    assert mail.get_content_type() == "multipart/mixed"
    assert "See the file." in text_of(mail)
    assert [(part.get_filename(), part.get_content_type()) for part in mail.iter_attachments()] == [
        ("work-permits.pdf", "application/pdf")
    ]
    assert next(mail.iter_attachments()).get_content() == data


def test_a_mail_whose_file_is_missing_waits():
    lost = [{"name": "lost.pdf", "sha256": "0" * 64, "size": 1}]
    content = make_content(language="en", subject="Guide", text="See.", html="<p>See.</p>", files=lost)

    with pytest.raises(NotRenderable):
        mail_of(MessageFactory(content=content))


def test_the_template_version_is_short_and_follows_the_templates(monkeypatch):
    before = template_version()
    monkeypatch.setattr(rendering, "TEMPLATES", rendering.TEMPLATES[:1])
    template_version.cache_clear()

    after = template_version()

    template_version.cache_clear()
    assert len(before) == 12
    assert after != before


@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300))
def test_no_name_can_add_a_header_or_a_receiver(name):
    """M14: whatever stands in a name, it stays in the greeting."""
    message = MessageFactory.build(
        contact=ContactFactory.build(name=name), content=ContentFactory.build(), to_email="tariq.fable@example.org"
    )

    mail = message_from_bytes(render(message, wordings_in_force(NOW), NOW).content, policy=default)

    assert len(mail.keys()) == len(set(mail.keys())) == 9
    assert mail["To"] == "tariq.fable@example.org"
