"""Two people and one list (R-CMP-02, N25, INV-12)."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from audit.models import LogEntry
from contacts.choices import Channel, FutureContact, Purpose, Source
from contacts.models import Contact, TextVersion
from contacts.services import consents
from contacts.services.contacts import change_contact
from i2a import clock
from outbox.models import StaffAlert
from outreach.campaigns import drafting, refusals
from outreach.campaigns.approving import changed_since_freeze, fell_out, freeze, send_back
from outreach.campaigns.audience import audience_of
from outreach.mailings.schedule import leaves_at
from outreach.mailings.testing import send_test
from outreach.models import Campaign, Recipient
from tests.factories import CampaignFactory, ContactFactory, EventFactory, TextVersionFactory
from tests.outbox.steps import withdraw
from tests.outreach.steps import approve, approved, asked, everybody

pytestmark = pytest.mark.django_db
SECOND_PERSON = "A campaign must be approved by a second person."


def refusal(error: type[Exception], campaign: Campaign) -> str:
    with pytest.raises(error) as refused:
        asked(campaign)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.recipients.count()) == ("draft", 0)
    return str(refused.value)


# Drafting


def test_the_same_form_sent_twice_makes_one_campaign(team_lead):
    form_uuid, now = uuid4(), clock.now()
    first, second = (
        drafting.start_campaign(
            campaign=Campaign(event=EventFactory(), title="Once"), form_uuid=form_uuid, by=team_lead, now=now
        )
        for _time in range(2)
    )

    assert first.pk == second.pk
    assert first.ref.startswith(f"M-{clock.today().year}-")


def test_who_saves_an_older_version_is_told(team_lead):
    campaign = CampaignFactory()

    with pytest.raises(refusals.StaleCampaign) as refused:
        drafting.change_campaign(campaign=campaign, seen_version=7, by=team_lead, now=clock.now())

    assert refused.value.current == campaign


@pytest.mark.parametrize("step", [asked, approved])
def test_a_change_afterwards_makes_it_a_draft_and_forgets_list_and_approval(step, team_lead):
    everybody(2)
    campaign = step()

    campaign.text_en = "Other words."
    drafting.change_campaign(campaign=campaign, seen_version=campaign.version, by=team_lead, now=clock.now())

    campaign.refresh_from_db()
    assert (campaign.state, campaign.list_sha256, campaign.listed) == ("draft", "", 0)
    assert (campaign.approved_by, campaign.asked_by, campaign.changed_by) == (None, None, team_lead)
    assert not Recipient.objects.exists()


# Asking


def test_asking_writes_the_list_in_one_statement_with_the_agreement_of_each(django_assert_num_queries):
    people = everybody(3)
    ContactFactory(declines=True)

    campaign = CampaignFactory()

    with django_assert_num_queries(1):
        assert freeze(campaign) == [("consent refused", 1)]

    rows = campaign.recipients.values_list("contact", "email_fingerprint", "consent_event")
    assert set(rows) == {(one.pk, one.email_fingerprint, one.consent_events.get().pk) for one in people}


def test_two_records_with_one_address_are_one_recipient():
    ContactFactory.create_batch(2, email="family@example.org", agrees_to=["seminar"])

    assert asked().listed == 1


def test_the_list_says_who_was_left_out_when_it_was_made_and_everybody_is_counted_once():
    everybody(2)
    ContactFactory(agrees_to=["seminar"], email=everybody(1)[0].email)
    ContactFactory(email="", phone="+14035550199")
    ContactFactory(agrees_to=["trade_mission"])
    preview = audience_of(CampaignFactory())

    campaign = asked()

    campaign.refresh_from_db()
    assert campaign.left_out == [["no e-mail", 1], ["no consent", 1], ["duplicate address", 1]]
    assert (preview.will_get, preview.exclusions) == (campaign.listed, [tuple(one) for one in campaign.left_out])


def test_an_empty_audience_is_refused():
    assert refusal(refusals.NobodyWouldGetIt, CampaignFactory()) == "Nobody would get this. Choose other people."


def test_a_schedule_in_the_past_is_refused():
    everybody()

    words = refusal(refusals.ScheduleInThePast, CampaignFactory(send_on=clock.today() - timedelta(days=1)))
    assert words == "This time has passed. Choose a later one."
    refusal(refusals.NoSchedule, CampaignFactory(send_on=None))


def test_a_time_that_the_clocks_skip_is_refused():
    """The last skipped hour there was: since then Alberta keeps its time all year (L-22)."""
    everybody()

    words = refusal(refusals.ScheduleSkipped, CampaignFactory(send_on=date(2026, 3, 8), send_at=time(2, 30)))

    assert words == "The clocks in Edmonton skip this time on that day. Choose another one."


def test_a_schedule_after_the_event_is_refused():
    everybody()
    campaign = CampaignFactory(event=EventFactory(starts_at=clock.now() + timedelta(hours=2)))

    assert refusal(refusals.ScheduleAfterEvent, campaign).startswith("It would go out after the event has started.")


def test_missing_french_is_refused_when_somebody_on_the_list_reads_it():
    everybody(1, language="fr")

    assert refusal(refusals.FrenchMissing, CampaignFactory()).startswith("Somebody on the list reads French.")
    assert asked(CampaignFactory(subject_fr="Une matinée", text_fr="Venez.")).state == "asked"


def test_words_that_are_missing_or_no_subject_are_refused():
    everybody()

    refusal(refusals.EnglishMissing, CampaignFactory(text_en=" "))
    refusal(refusals.SubjectRefused, CampaignFactory(subject_en="One\u2028Bcc: two"))


def test_without_sender_identification_in_force_it_is_refused_in_the_words_of_the_rule():
    everybody()
    TextVersion.objects.filter(kind="sender_identification").update(valid_from=clock.now() + timedelta(days=1))

    words = refusal(refusals.NoWayOut, CampaignFactory())

    assert words == "The template must contain the sender identification and an unsubscribe link."


# Approving


def test_a_second_person_approves_and_the_history_says_who(manager):
    everybody(2)

    campaign = approve(asked(), by=manager)

    assert (campaign.state, campaign.approved_by, campaign.listed) == ("approved", manager, 2)
    entry = LogEntry.objects.get_for_object(campaign).latest("pk")
    assert (entry.actor, entry.changes["state"]) == (manager, ["asked", "approved"])


@pytest.mark.parametrize("part", ["created_by", "changed_by", "asked_by"])
def test_who_prepared_it_cannot_approve_it(part, manager):
    everybody()
    campaign = asked()
    setattr(campaign, part, manager)
    campaign.save()

    with pytest.raises(refusals.NotASecondPerson) as refused:
        approve(campaign, by=manager)

    assert str(refused.value) == SECOND_PERSON
    with pytest.raises(IntegrityError), transaction.atomic():  # whatever the code says
        Campaign.objects.filter(pk=campaign.pk).update(state="approved", approved_by=manager, approved_at=clock.now())


def test_a_list_that_changed_since_it_was_shown_is_not_approved_and_says_who_fell_out(manager):
    gone, _stays = everybody(2)
    campaign = asked()
    seen = changed_since_freeze(campaign)
    withdraw(gone)

    with pytest.raises(refusals.ListChanged) as refused:
        approve(campaign, seen_sha256=seen.sha256, by=manager)

    assert refused.value.fell_out == [("consent withdrawn", 1)]
    assert [(one, one.why) for one in fell_out(campaign, manager)] == [(gone, "consent withdrawn")]
    assert approve(campaign, by=manager).listed == 2


def test_who_agreed_anew_after_the_list_was_written_rests_on_another_agreement(manager):
    (contact,) = everybody(1)
    campaign = asked()
    withdraw(contact)
    agree_now(contact)

    assert changed_since_freeze(campaign).fell_out == [("other consent", 1)]
    with pytest.raises(refusals.NobodyWouldGetIt):
        approve(campaign, by=manager)


def agree_now(contact):
    consents.record_answers(
        contact=contact, answer=FutureContact.AGREED, purposes=[Purpose.SEMINAR], channels=[Channel.EMAIL],
        text_version=TextVersionFactory(), language="en", source=Source.CALL, source_ref="C-2026-000002", by=None,
        now=clock.now(),
    )  # fmt: skip


def test_an_address_that_was_changed_without_confirming_falls_out():
    (contact,) = everybody(1)
    campaign = asked()

    contact.refresh_from_db()
    change_contact(
        contact=contact, values={"email": "new@example.org"}, version=contact.version, by=None, now=clock.now()
    )

    assert changed_since_freeze(campaign).fell_out == [("consent unconfirmed", 1)]


def test_it_can_be_sent_back_with_a_reason(manager):
    everybody()
    campaign = asked()

    send_back(campaign=campaign, because="Name the room.", seen_version=campaign.version, by=manager, now=clock.now())

    campaign.refresh_from_db()
    assert (campaign.state, campaign.sent_back_because, campaign.recipients.count()) == ("draft", "Name the room.", 0)


def test_nobody_is_added_to_a_list_after_asking():
    everybody()
    campaign = asked()
    late = ContactFactory(agrees_to=["seminar"])

    with pytest.raises(IntegrityError, match="nobody is added"), transaction.atomic():
        Recipient.objects.create(
            campaign=campaign,
            contact=late,
            email_fingerprint=late.email_fingerprint,
            consent_event=late.consent_events.get(),
        )
    with pytest.raises(IntegrityError, match="making it a draft"), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(text_en="Something else")


# Schedules and tests


def test_a_time_in_november_leaves_by_the_clock_of_alberta():
    """Story 7: no clock goes back there any more, so 9:30 is 15:30 UTC."""
    campaign = CampaignFactory.build(send_on=date(2026, 11, 2), send_at=time(9, 30), created_by=None)

    assert leaves_at(campaign) == datetime(2026, 11, 2, 15, 30, tzinfo=clock.now().tzinfo)


def test_a_test_goes_to_the_colleague_who_asks_and_to_no_contact(team_lead):
    everybody(2)
    campaign = CampaignFactory()

    send_test(campaign, language="en", by=team_lead, now=clock.now())

    alert = StaffAlert.objects.get()
    assert (alert.to, alert.subject) == (team_lead, "Test: A morning for employers")
    assert campaign.text_en in alert.text
    assert Contact.objects.filter(messages__isnull=False).count() == 0
    with pytest.raises(refusals.FrenchMissing):
        send_test(campaign, language="fr", by=team_lead, now=clock.now())
