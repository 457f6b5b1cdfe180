"""The journal of withdrawals beside the database, and its replay after a restore (B4)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from contacts import journal
from contacts.choices import Channel, FutureContact, Language, Purpose, Source
from contacts.gate import verdict
from contacts.models import Contact
from contacts.services import consents, stopping, writing_down
from contacts.services.contacts import change_contact
from i2a import clock
from tests.factories import ContactFactory, TextVersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def path(settings, tmp_path):
    settings.I2A_WITHDRAWALS_JOURNAL = str(tmp_path / "withdrawals" / "journal")
    return Path(settings.I2A_WITHDRAWALS_JOURNAL)


def withdraw(contact, now=None):
    return consents.withdraw(contact=contact, source=Source.ONE_CLICK, now=now or clock.now())


def stop(contact, by):
    return stopping.record_do_not_contact(
        contact=contact, language=Language.EN, source=Source.CALL, source_ref="C-2026-000009", by=by, now=clock.now()
    )


def reason(contact, purpose=Purpose.SEMINAR, channel=Channel.EMAIL):
    return verdict(Contact.objects.get(pk=contact.pk), purpose, channel).reason


def lost(change):
    """Do something that a restore from a backup forgets."""
    with transaction.atomic():
        change()
        transaction.set_rollback(True)


def replay(capsys):
    call_command("withdrawals", "replay")
    return capsys.readouterr().out.strip()


def test_a_withdrawal_is_written_down_with_hashes_only(path):
    contact = ContactFactory(name="Zoë Żółkiewska-Ågren", email="zoe@example.org", agrees_to=[Purpose.SEMINAR])

    (event,) = withdraw(contact)

    (line,) = journal.lines()
    assert (line.number, line.entry.uid, line.entry.what) == (1, event.uid, "withdrawn")
    assert (line.entry.person, line.entry.address) == (journal.person_hash(contact.uid), contact.email_fingerprint)
    text = path.read_text()
    assert not any(word in text for word in ["zoe@", "example.org", "Zo", contact.ref, str(contact.uid)])


def test_lines_are_numbered_and_verified(capsys):
    for _ in range(3):
        withdraw(ContactFactory(agrees_to=[Purpose.SEMINAR, Purpose.TRADE_MISSION]))

    call_command("withdrawals", "verify")

    assert capsys.readouterr().out == "6 lines, every digest fits.\n"
    assert [line.number for line in journal.lines()] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("seminar", "survey", 1),
        lambda text: "".join(text.splitlines(keepends=True)[1:]),
        lambda text: text.replace("000000002", "000000003"),
        lambda text: "nonsense\n" + text,
        lambda text: text.replace("one_click", "golf", 1),
    ],
)
def test_whatever_is_changed_in_the_file_is_found(path, damage):
    for _ in range(3):
        withdraw(ContactFactory(agrees_to=[Purpose.SEMINAR]))
    path.write_text(damage(path.read_text()))

    for command in ["verify", "replay"]:
        with pytest.raises(CommandError, match="The journal is damaged at line"):
            call_command("withdrawals", command)


def test_half_a_line_that_a_crash_left_is_cut_off(path):
    withdraw(ContactFactory(agrees_to=[Purpose.SEMINAR]))
    path.write_text(path.read_text() + "000000002\t2026-11")
    assert len(list(journal.lines())) == 1

    withdraw(ContactFactory(agrees_to=[Purpose.SEMINAR]))

    assert [line.number for line in journal.lines()] == [1, 2]


def test_a_withdrawal_that_a_restore_forgot_is_back_in_force(capsys):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    contact = change_contact(
        contact=contact, values={"city": "Brooks"}, version=contact.version, by=None, now=clock.now()
    )
    lost(lambda: withdraw(contact))
    assert reason(contact) == ""

    said = replay(capsys)

    assert said == "1 lines: 1 withdrawals, 0 times do not contact and 1 suppressed addresses are back in force."
    assert reason(contact) == "consent withdrawn"
    row = Contact.objects.get(pk=contact.pk)
    assert (row.future_contact, row.has_address) == ("declined", False)
    assert row.consent_events.latest("pk").source == "journal"


def test_do_not_contact_that_a_restore_forgot_is_back_in_force(capsys, specialist):
    contact = ContactFactory(phone="+14035550142", email="")
    lost(lambda: stop(contact, specialist))

    replay(capsys)

    assert reason(contact, channel=Channel.PHONE) == "do not contact"


def test_an_address_that_a_restore_forgot_to_suppress_is_suppressed_for_everybody(capsys):
    contact = ContactFactory(email="info@example.org", agrees_to=[Purpose.SEMINAR])
    other = ContactFactory(email="info@example.org", agrees_to=[Purpose.SEMINAR])
    lost(lambda: withdraw(contact))

    replay(capsys)

    assert reason(other) == "address suppressed"


def test_the_address_is_suppressed_when_the_record_is_gone(capsys):
    lost(lambda: withdraw(ContactFactory(email="info@example.org", agrees_to=[Purpose.SEMINAR])))

    replay(capsys)

    assert reason(ContactFactory(email="info@example.org", agrees_to=[Purpose.SEMINAR])) == "address suppressed"


def test_a_changed_address_that_a_restore_forgot_leaves_the_agreement_unconfirmed(capsys):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    new = {"email": "new@example.org"}
    lost(lambda: change_contact(contact=contact, values=new, version=contact.version, by=None, now=clock.now()))

    replay(capsys)

    assert reason(contact) == "consent unconfirmed"


def test_an_agreement_given_after_the_withdrawal_stands(capsys):
    now = clock.now()
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    lost(lambda: withdraw(contact, now=now))
    consents.record_answers(
        contact=contact, answer=FutureContact.AGREED, purposes=[Purpose.SEMINAR], channels=[Channel.EMAIL],
        text_version=TextVersionFactory(), language=Language.EN, source=Source.CALL, source_ref="C-2026-000009",
        by=None, now=now + timedelta(minutes=5),
    )  # fmt: skip

    replay(capsys)

    assert reason(contact) == ""


def test_replaying_twice_or_without_a_restore_changes_nothing(capsys, specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    stop(contact, specialist)
    events = contact.consent_events.count()

    assert "0 withdrawals, 0 times do not contact and 0 suppressed" in replay(capsys)
    assert contact.consent_events.count() == events


def test_a_journal_that_cannot_be_written_does_not_stop_a_withdrawal(settings, tmp_path, path, caplog):
    (tmp_path / "file").write_text("")
    settings.I2A_WITHDRAWALS_JOURNAL = str(tmp_path / "file" / "journal")
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])

    withdraw(contact)

    assert reason(contact) == "consent withdrawn"
    assert "cannot be written" in caplog.text
    settings.I2A_WITHDRAWALS_JOURNAL = str(path)
    assert writing_down.state() == "behind"
    assert (writing_down.catch_up(), writing_down.catch_up()) == (1, 0)
    assert writing_down.state() == "ok"
