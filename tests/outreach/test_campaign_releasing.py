"""From the list to messages, once; pausing, cancelling, the beginning of the event (R-CMP-03, R-CNS-05, M15)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from access.models import AccessGrant
from audit.models import AccessEvent, LogEntry
from contacts.services.merging import merge_contacts
from contacts.timeline import page_of
from i2a import clock
from outbox import last_check
from outbox.loop import look_after_mailings
from outbox.models import Message, SendingState
from outreach.campaigns import refusals, switching
from outreach.campaigns.progress import progress_of
from outreach.mailings import quiet
from outreach.models import Event
from tests.factories import CampaignFactory, ContactFactory, EventFactory
from tests.outbox.steps import in_state, withdraw
from tests.outreach.steps import approve, approved, asked, everybody, its_time, messages_of, released, tick

pytestmark = pytest.mark.django_db


def test_nothing_leaves_before_its_time_and_everything_once_after_it():
    people = everybody(3)
    campaign = approved()
    due = its_time(campaign)

    tick(due - timedelta(minutes=1))
    assert not messages_of(campaign).exists()
    tick(due)
    tick(due + timedelta(minutes=1))

    campaign.refresh_from_db()
    assert (campaign.state, campaign.released_at) == ("sending", due)
    assert set(messages_of(campaign).values_list("contact", flat=True)) == {one.pk for one in people}
    assert {message.consent_event_id for message in messages_of(campaign)} == {
        one.consent_events.get().pk for one in people
    }
    entry = LogEntry.objects.get_for_object(campaign).latest("pk")
    assert (entry.actor_label, entry.changes["state"]) == ("system:campaign", ["approved", "sending"])


def test_where_there_is_no_celery_the_loop_begins_it_as_well():
    everybody(1)
    campaign = approved()

    look_after_mailings(its_time(campaign))

    campaign.refresh_from_db()
    assert (campaign.state, messages_of(campaign).get().events.first().actor_label) == ("sending", "system:campaign")


def test_in_the_night_of_an_hour_that_came_twice_it_leaves_once():
    """C1: the last night in which the clocks of Alberta went back; 1:30 came at 7:30 and at 8:30 UTC."""
    everybody(1)
    before = datetime(2025, 11, 1, 18, 0, tzinfo=UTC)
    campaign = CampaignFactory(send_on=date(2025, 11, 2), send_at=time(1, 30))
    approve(asked(campaign, now=before), now=before)

    moments = [datetime(2025, 11, 2, hour, 30, tzinfo=UTC) for hour in [6, 7, 8, 9]]
    for now in moments:
        tick(now)

    campaign.refresh_from_db()
    assert campaign.released_at == moments[1]
    assert messages_of(campaign).count() == 1


def test_a_campaign_that_nobody_approved_never_leaves():
    everybody()
    campaign = asked()

    tick(its_time(campaign) + timedelta(days=1))

    assert not Message.objects.exists()


def test_who_withdrew_since_gets_nothing_and_the_reason_is_kept():
    gone, stays = everybody(2)
    campaign = approved()
    withdraw(gone)
    ContactFactory(agrees_to=["seminar"])  # too late for this one

    campaign = released(campaign)

    assert [message.contact for message in messages_of(campaign)] == [stays]
    assert campaign.recipients.get(contact=gone).reason == "consent withdrawn"
    event = AccessEvent.objects.get(kind="email_withheld")
    assert (event.object_uid, event.actor_label) == (gone.uid, "system:campaign")
    assert event.detail == {"kind": "seminar", "for": campaign.mailing, "reason": "consent withdrawn"}
    found = progress_of(campaign)
    assert (found.listed, found.queued, found.withheld) == (2, 1, [("consent withdrawn", 1)])


def test_who_moved_out_of_the_area_gets_nothing():
    (contact,) = everybody(1, origin_country="PH")
    stays = ContactFactory(agrees_to=["seminar"], origin_country="PH")
    campaign = approved(countries=["PH"])
    contact.origin_country = "PL"
    contact.save()

    assert [message.contact for message in messages_of(released(campaign))] == [stays]
    assert campaign.recipients.get(contact=contact).reason == "other area"


def test_everybody_on_the_list_is_counted_exactly_once(django_assert_num_queries):
    """M15."""
    first, *_others = everybody(7)
    campaign = approved()
    withdraw(first)
    campaign = released(campaign)
    steps = ["sent", "failed", "bounced"]
    for state, message in zip(steps, messages_of(campaign).order_by("pk")[:3], strict=True):
        in_state(message, "sending")
        Message.objects.filter(pk=message.pk).update(
            state="failed" if state == "failed" else "sent", sent_at=clock.now()
        )
        if state == "bounced":
            Message.objects.filter(pk=message.pk).update(state="bounced")
    in_state(messages_of(campaign).filter(state="queued").last(), "sending")
    Message.objects.filter(state="sending").update(state="ambiguous")

    with django_assert_num_queries(2):
        found = progress_of(campaign)

    assert (found.sent, found.failed, found.bounced, found.needs_person) == (1, 1, 1, 1)
    assert (found.queued, found.withheld) == (2, [("consent withdrawn", 1)])
    parts = [found.queued, found.sent, found.bounced, found.failed, found.needs_person, *dict(found.withheld).values()]
    assert sum(parts) == found.listed == 7


def test_french_words_go_to_who_reads_french():
    everybody(1)
    everybody(1, language="fr")

    campaign = released(subject_fr="Une matinée", text_fr="Venez à Calgary.")

    assert set(messages_of(campaign).values_list("content__language", "content__subject")) == {
        ("en", "A morning for employers"),
        ("fr", "Une matinée"),
    }


def test_news_without_a_date_goes_to_who_agreed_to_general_information():
    contact = ContactFactory(agrees_to=["general_information"])
    everybody(1)
    news = EventFactory(kind=Event.Kind.UPDATE, starts_at=None)

    (message,) = messages_of(released(event=news))

    assert (message.contact, message.kind) == (contact, "general_information")


def test_it_is_done_when_nothing_is_on_its_way():
    everybody(1)
    campaign = released()
    message = in_state(messages_of(campaign).get(), "sending")

    tick(clock.now())
    campaign.refresh_from_db()
    assert campaign.state == "sending"
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=clock.now())
    tick(clock.now())

    campaign.refresh_from_db()
    assert (campaign.state, campaign.ended_because) == ("done", "")


def test_who_may_not_approve_any_more_has_approved_nothing():
    """P4."""
    everybody(1)
    campaign = approved()
    AccessGrant.objects.filter(user=campaign.approved_by).update(ends_at=clock.now())

    released(campaign)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.approved_by) == ("asked", None)
    assert not Message.objects.exists()


# Pausing and cancelling


def test_a_paused_campaign_keeps_its_mail_until_somebody_resumes_it(team_lead):
    everybody(2)
    campaign = released()

    switching.pause(campaign=campaign, because="A wrong room", by=team_lead, now=clock.now())
    assert not messages_of(campaign).due(its_time(campaign)).exists()
    switching.resume(campaign=campaign, because="It was right", by=team_lead, now=clock.now())

    campaign.refresh_from_db()
    assert campaign.state == "sending"
    assert messages_of(campaign).due(its_time(campaign)).count() == 2
    assert not SendingState.objects.get(mailing=campaign.mailing).is_stopped


def test_a_campaign_paused_before_its_time_does_not_begin(team_lead):
    everybody(1)
    campaign = approved()
    switching.pause(campaign=campaign, because="Not yet", by=team_lead, now=clock.now())

    assert released(campaign).state == "paused"
    assert not Message.objects.exists()
    switching.resume(campaign=campaign, because="Now", by=team_lead, now=clock.now())
    assert released(campaign).state == "sending"


def test_a_cancelled_campaign_takes_back_what_waits_and_withholds_what_a_sender_has_claimed(team_lead):
    everybody(2)
    campaign = released()
    claimed = in_state(messages_of(campaign).first(), "claimed")

    switching.cancel(campaign=campaign, because="The hall burned down.", by=team_lead, now=clock.now())

    campaign.refresh_from_db()
    assert (campaign.state, campaign.ended_text) == ("cancelled", "The hall burned down.")
    assert messages_of(campaign).get(state="cancelled").reason == "campaign cancelled"
    assert last_check.objections({claimed.purpose_key}) == {campaign.mailing: "campaign cancelled"}
    Message.objects.filter(pk=claimed.pk).update(state="queued", claim_token=None)  # its sender died
    tick(clock.now())
    assert messages_of(campaign).filter(state="cancelled").count() == 2


def test_what_has_ended_is_not_switched_any_more(team_lead):
    everybody(1)
    campaign = released()
    switching.cancel(campaign=campaign, because="No", by=team_lead, now=clock.now())

    for switch in [switching.pause, switching.resume, switching.cancel]:
        with pytest.raises(refusals.StaleCampaign):
            switch(campaign=campaign, because="Yes", by=team_lead, now=clock.now())


# The event


def test_once_the_event_has_started_what_remains_is_cancelled():
    everybody(2)
    campaign = released()
    sent = in_state(messages_of(campaign).first(), "sending")
    Message.objects.filter(pk=sent.pk).update(state="sent", sent_at=clock.now())

    tick(campaign.event.starts_at)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.ended_text) == (
        "done",
        "The event has started; remaining invitations were cancelled.",
    )
    found = progress_of(campaign)
    assert (found.sent, found.withheld) == (1, [("event started", 1)])


def test_the_sender_asks_for_the_event_itself_before_each_batch():
    everybody(1)
    campaign = released()
    Event.objects.filter(pk=campaign.event_id).update(starts_at=clock.now() - timedelta(seconds=1))

    assert last_check.objections({campaign.mailing, "call:C-2026-000001"}) == {campaign.mailing: "event started"}


def test_a_cancelled_event_ends_its_campaigns_before_they_begin():
    everybody(1)
    campaign = approved()
    Event.objects.filter(pk=campaign.event_id).update(cancelled_at=clock.now(), cancelled_because="No hall")

    tick(clock.now())

    campaign.refresh_from_db()
    assert campaign.state == "cancelled"
    assert campaign.ended_text == "The event was cancelled; remaining invitations were cancelled."


# Quiet hours (N28)


def test_a_mail_waits_for_the_morning_of_its_receiver():
    at = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)  # 9:30 in Edmonton, 23:30 in Manila

    assert quiet.awake_from("", at) == quiet.awake_from("CA", at) == at
    assert quiet.awake_from("PH", at) == datetime(2026, 11, 3, 0, 0, tzinfo=UTC)
    assert quiet.awake_from("PL", at) == at  # 16:30 in Warsaw


def test_in_a_wide_country_it_is_day_everywhere():
    at = datetime(2026, 11, 2, 13, 30, tzinfo=UTC)  # 8:30 in New York

    assert quiet.awake_from("US", at) == datetime(2026, 11, 2, 18, 0, tzinfo=UTC)  # 8:00 in Honolulu


def test_each_mail_of_a_campaign_waits_for_its_own_receiver():
    contacts = {
        code: ContactFactory(agrees_to=["seminar"], residence_country=code, future_contact="agreed")
        for code in ["PH", "CA"]
    }
    campaign = released()
    leaves = dict(messages_of(campaign).values_list("contact", "not_before"))

    assert leaves[contacts["CA"].pk] == campaign.released_at
    assert leaves[contacts["PH"].pk] == quiet.awake_from("PH", campaign.released_at) > campaign.released_at


# Merging


def test_the_list_follows_a_merge_and_an_address_on_it_twice_stays(manager):
    loser, winner = everybody(2)
    campaign = asked()
    third = ContactFactory()

    merge(loser, into=third, by=manager)
    merge(third, into=winner, by=manager)

    assert set(campaign.recipients.values_list("contact", flat=True)) == {third.pk, winner.pk}


def merge(loser, *, into, by):
    for contact in [loser, into]:
        contact.refresh_from_db()
    versions = into.version, loser.version
    merge_contacts(winner=into, loser=loser, choices={}, versions=versions, by=by, now=clock.now())


# The timeline of a contact (R-CAL-09)


def test_a_contacts_timeline_tells_what_they_got_and_which_agreement_allowed_it(team_lead):
    (contact,) = everybody(1)
    released()

    (entry,) = page_of(contact, team_lead, show="campaigns").entries

    assert (entry.title, entry.detail) == ("E-mail queued", "A morning for employers")
    assert entry.text.endswith("Agreed on 2 Jan 2020, C-2026-000001.")


def test_it_tells_what_they_were_left_out_of_and_why(team_lead, specialist):
    gone, _stays = everybody(2)
    campaign = approved()
    withdraw(gone)
    released(campaign)

    (entry,) = page_of(gone, team_lead, show="campaigns").entries

    assert (entry.title, entry.detail, entry.text) == ("Left out of a campaign", campaign.title, "Withdrawn")
    assert str(campaign.uid) in entry.url
    assert page_of(gone, specialist, show="campaigns").entries[0].url == ""
