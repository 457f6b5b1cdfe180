"""Story 8: consent withdrawn between scheduling and sending; the worker killed halfway."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest

from contacts.choices import Purpose, Source
from contacts.models import Contact
from contacts.services import consents
from contacts.services.contacts import change_contact
from i2a import clock
from outbox.decisions import treat_as_sent
from outbox.models import Message
from outbox.unsubscribing import unsubscribe
from outreach.campaigns import approving, drafting
from outreach.campaigns.audience import audience_of, excluded_for
from outreach.campaigns.progress import progress_of
from outreach.models import Campaign
from tests.factories import ContactFactory, EventFactory, MessageFactory, UserFactory
from tests.outbox.smtp_double import MailServerDouble
from tests.outreach.steps import messages_of, tick

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("workshop")]
TRADE_MISSION = Purpose.TRADE_MISSION


class FallsSilentAt(list):
    """What a mail server keeps; with the `number`th mail it stops answering."""

    def __init__(self, script, number):
        self.script, self.number = script, number

    def append(self, mail):
        super().append(mail)
        if len(self) == self.number:
            self.script.silence = threading.Event()


@pytest.fixture
def people(committed):
    """Thirty who agreed to trade missions and come from the Philippines, and a second record of the first of them."""
    names = ["Luzviminda Makata-Reyes", "Crisanto Bathala-Cruz", "Dalisay Haraya-Lim"]
    names += [f"Invented Manileño-{number}" for number in range(27)]
    mark = uuid4().hex[:8]
    found = [
        ContactFactory(
            ref=f"P-{mark}-{number}",
            name=name,
            email=f"{mark}-{number}@example.org",
            agrees_to=[TRADE_MISSION],
            origin_country="PH",
            language="tl",
        )
        for number, name in enumerate(names)
    ]
    again = {"email": found[0].email, "agrees_to": [TRADE_MISSION], "origin_country": "PH", "language": "tl"}
    second = ContactFactory(ref=f"P-{mark}-again", **again)
    yield found, second
    for contact in [*found, second]:
        consents.withdraw(contact=contact, source=Source.EMAIL, now=clock.now())


def drafted(by, leaves) -> Campaign:
    wall = leaves.astimezone(clock.EDMONTON)
    event = EventFactory(kind="trade_mission", title="Alberta in Manila", countries=["PH"])
    campaign = Campaign(
        event=event,
        title="Alberta in Manila",
        countries=["PH"],
        languages=["tl"],
        subject_en="Alberta employers meet you in Manila",
        text_en="Fourteen Alberta employers will be in Manila.",
        send_on=wall.date(),
        send_at=wall.time(),
    )
    return drafting.start_campaign(campaign=campaign, form_uuid=uuid4(), by=by, now=leaves - timedelta(hours=1))


def change_the_minds_of_three(found):
    luzviminda, crisanto, dalisay = found[:3]
    earlier = MessageFactory(
        kind=TRADE_MISSION, contact=luzviminda, consent_event=luzviminda.consent_events.get(purpose=TRADE_MISSION)
    )
    unsubscribe(message=earlier, purposes=[TRADE_MISSION], source=Source.ONE_CLICK, now=clock.now())
    Message.objects.filter(pk=earlier.pk, state="queued").update(state="cancelled")
    consents.withdraw(contact=crisanto, source=Source.CALL, now=clock.now())
    dalisay = Contact.objects.get(pk=dalisay.pk)
    moved = {"email": f"{uuid4().hex[:8]}@example.net"}
    change_contact(contact=dalisay, values=moved, version=dalisay.version, by=None, now=clock.now())


def test_thirty_are_listed_and_twenty_seven_get_it_once_though_the_worker_dies(committed, people):
    found, second = people
    leaves = clock.now() - timedelta(minutes=1)
    before = leaves - timedelta(minutes=55)
    priya, grant = UserFactory(role="team_lead"), UserFactory(role="manager", team=None)

    campaign = drafted(priya, leaves)
    assert list(excluded_for(campaign, grant, "duplicate address")) == [second]
    campaign = approving.ask_for_approval(campaign=campaign, seen_version=1, by=priya, now=before)
    seen = {"seen_sha256": approving.changed_since_freeze(campaign).sha256, "seen_version": campaign.version}
    campaign = approving.approve(campaign=campaign, by=grant, now=before, **seen)
    assert campaign.listed == 30

    change_the_minds_of_three(found)
    double = MailServerDouble()
    double.script.received = FallsSilentAt(double.script, 10)
    address = {"EMAIL_URL": f"smtp://127.0.0.1:{double.port}"}
    tick(clock.now())
    messages_of(campaign).update(not_before=clock.now())  # it may be night while the test runs
    committed.start("worker", "beat", **address)
    committed.wait_until(lambda: len(double.script.received) == 10, seconds=30, what="ten mails")
    committed.kill("worker")
    double.script.silence.set()
    Message.objects.filter(state__in=["claimed", "sending"]).update(lease_until=clock.now())
    committed.start("worker", **address)
    committed.wait_until(lambda: len(double.script.received) == 27, seconds=60, what="the other seventeen")
    committed.wait_until(lambda: progress_of(campaign).queued == 0, seconds=30, what="the outcome of the last one")
    double.stop()

    receivers = [mail.recipients[0] for mail in double.script.received]
    assert len(set(receivers)) == len(receivers) == 27
    (doubtful,) = messages_of(campaign).filter(state="ambiguous")  # on the wire when the worker died: a person decides
    treat_as_sent(message=doubtful, now=clock.now())
    done = progress_of(campaign)
    assert (done.listed, done.sent, sum(dict(done.withheld).values())) == (30, 27, 3)
    assert done.withheld == [("consent withdrawn", 2), ("consent unconfirmed", 1)]
    assert ("address suppressed", 1) in audience_of(Campaign(event=campaign.event, languages=["tl"])).exclusions
