from datetime import UTC, datetime
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import TestCase

from access.demo import CAST, PASSWORD
from access.models import User
from audit.models import LogEntry
from calls.models import Call, Document, DocumentVersion
from calls.seed.write import seed
from contacts.choices import Channel, FutureContact, Purpose
from contacts.gate import verdict
from contacts.models import ConsentEvent, Contact, Suppression
from contacts.services.consents import summary_of
from followups.models import FollowUp
from outbox.models import Message
from outreach.campaigns.audience import audience_of
from outreach.models import Campaign
from tests.live import as_owner

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # Monday, 10:00 in Edmonton (the clock of the stories)


def counting_by_itself(change):
    """`change` says whether PostgreSQL counts the rows of each table whenever it likes."""
    as_owner(
        f"""
        DO $$ DECLARE one regclass; BEGIN
            FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
                EXECUTE format('ALTER TABLE %s {change}', one);
            END LOOP;
        END $$
        """,
        connection.settings_dict["NAME"],
    )


class TestTheDemonstration(TestCase):
    """It is set up once; every test reads it, and what a test writes is rolled back."""

    @classmethod
    def setUpClass(cls):
        """What other tests took back still takes room in the tables; once PostgreSQL counts no row there, its plans for
        the thousands that come here within one transaction would take minutes. It must not count them meanwhile."""
        cls.addClassCleanup(counting_by_itself, "RESET (autovacuum_enabled)")
        counting_by_itself("SET (autovacuum_enabled = off)")
        as_owner("VACUUM", connection.settings_dict["NAME"])
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        assert seed(now=NOW) > 285

    def test_a_second_run_adds_and_changes_nothing(self):
        before = LogEntry.objects.count()

        assert seed(now=NOW.replace(day=24)) == 0

        assert LogEntry.objects.count() == before

    def test_everybody_of_the_cast_can_sign_in_with_the_printed_password(self):
        for character in CAST:
            user = authenticate(username=character.username, password=PASSWORD)
            assert user.get_all_permissions()
            assert str(user.team or "") == character.team

    def test_everything_is_signed_by_the_command(self):
        entries = LogEntry.objects.exclude(content_type__app_label="access")  # access is given by the people who may
        visitors = ("visitor", None)  # who registered on the public form
        assert set(entries.values_list("actor_label", "actor")) == {("system:seed_demo", None), visitors}
        assert LogEntry.objects.filter(content_type__model="call").count() == Call.objects.count()

    def test_no_personal_value_reaches_the_audit(self):
        entries = "\n".join(f"{entry.object_repr} {entry.changes}" for entry in LogEntry.objects.all())

        for contact in Contact.objects.exclude(name=""):
            for value in [contact.name, contact.email, contact.phone, contact.street]:
                assert not value or value not in entries

    def test_summaries_agree_with_the_ledger(self):
        for contact in Contact.objects.all():
            assert summary_of(contact) == contact.future_contact or contact.future_contact == FutureContact.NOT_ASKED

    def test_agreements_ended_in_every_way(self):
        statuses = set(ConsentEvent.objects.values_list("status", flat=True))
        assert statuses == {"granted", "refused", "withdrawn", "unconfirmed", "lapsed"}
        stopped = Contact.objects.filter(do_not_contact=True).exclude(email="")
        stops = Suppression.objects.filter(purpose="", contact__in=stopped)
        assert stops.count() == stopped.count() > 0
        jose = Contact.objects.get(name="José Ramírez Inventado")
        assert verdict(jose, Purpose.SEMINAR, Channel.EMAIL).reason == "address suppressed"

    def test_the_day_looks_alive(self):
        maya = User.objects.get(username="maya")
        today = Call.objects.filter(specialist=maya, started_at__date=NOW.date())

        assert today.count() >= 2
        assert FollowUp.objects.filter(assigned_to=maya, status="open", due_at__gt=NOW).count() == 7
        assert FollowUp.objects.filter(status="open", due_at__lt=NOW).count() == 1

    def test_mail_was_sent_an_invitation_waits_and_one_came_back(self):
        assert set(Message.objects.values_list("state", flat=True)) == {"sent", "queued", "bounced"}
        assert not Message.objects.filter(sent_at__lte=F("created_at")).exists()
        assert Call.objects.filter(services__service="emailed", message=None).count() == 0

    def test_a_campaign_went_out_one_waits_for_approval_and_one_is_being_written(self):
        """Story 8: thirty agreed to hear of the mission to Manila; the second record of one of them does not count."""
        sent, mission, news = Campaign.objects.order_by("pk")

        assert [one.state for one in (sent, mission, news)] == ["done", "asked", "draft"]
        assert mission.listed == 30
        assert ("duplicate address", 1) in audience_of(mission).exclusions

    def test_one_document_is_past_its_review_date_in_both_languages(self):
        due = [version for version in DocumentVersion.objects.all() if version.is_due_for_review(NOW.date())]

        assert len(due) == 2
        assert Document.objects.filter(language="fr").count() == Document.objects.filter(language="en").count() == 10


def test_only_a_demonstration_is_seeded(settings):
    settings.I2A_DEMO = False

    with pytest.raises(CommandError, match="I2A_DEMO=1"):
        call_command("seed_demo")


@pytest.mark.django_db
def test_sign_ins_are_printed_without_touching_the_database():
    printed = StringIO()

    call_command("seed_demo", "--print-sign-ins", stdout=printed)

    lines = {line.split()[0]: line.partition(PASSWORD) for line in printed.getvalue().splitlines()}
    assert list(lines) == ["maya", "tomas", "jun", "priya", "grant", "dele", "ingrid"]
    assert {password for _who, password, _code in lines.values()} == {PASSWORD}
    assert [name for name, (_who, _password, code) in lines.items() if code] == ["grant", "dele", "ingrid"]
    assert not User.objects.exists()
