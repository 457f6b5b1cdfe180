import pytest

from i2a import clock
from outbox.alerts import queue_alerts, send_alerts
from outbox.models import StaffAlert
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def queued():
    lead = UserFactory()
    queue_alerts(key="overdue:1", to=[lead], subject="1 follow-up is overdue", text="https://x.test/", now=clock.now())
    return lead


def test_an_alert_goes_to_the_colleague_once(smtp):
    lead = queued()

    assert [send_alerts(now=clock.now()) for _tick in range(2)] == [1, 0]

    assert [mail.recipients for mail in smtp.received] == [[lead.email]]
    assert StaffAlert.objects.get().sent_at is not None


@pytest.mark.parametrize("step", ["RCPT", "data"])
def test_a_refused_alert_is_tried_again_later(smtp, step):
    queued()
    smtp.answers["rcpt"] = smtp.answers["RCPT"] = ["451 4.3.0 later"]

    assert send_alerts(now=clock.now()) == 0

    alert = StaffAlert.objects.get()
    assert alert.attempts == 1 and alert.not_before > clock.now()
