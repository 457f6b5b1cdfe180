import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override

from followups.context_processors import service_state
from followups.models import ServiceHours
from i2a import clock
from i2a.wall_time import unbroken
from tests.factories import FollowUpFactory, UserFactory
from tests.followups.hours import edmonton

pytestmark = pytest.mark.django_db


def state(rf, monkeypatch, now, user=None, language="en-ca"):
    monkeypatch.setattr(clock, "now", lambda: edmonton(now))
    request = rf.get("/")
    request.user = user or AnonymousUser()
    with override(language):
        context = service_state(request)
        str(context["service_state"].text)  # asked while the language is that of the page
    return context


@pytest.mark.parametrize(
    ("now", "is_open", "english", "french"),
    [
        ("2026-11-23 10:00", True, "Open until 4:30 pm", "Ouvert jusqu’à 16 h 30"),
        (
            "2026-11-20 16:30",
            False,
            "Closed – opens Mon 23 Nov 9:00 am (Edmonton time)",
            "Fermé – ouvre lun 23 nov à 9 h (heure d’Edmonton)",
        ),
        (
            "2026-04-03 10:00",  # Good Friday
            False,
            "Closed – opens Mon 6 Apr 9:00 am (Edmonton time)",
            "Fermé – ouvre lun 6 avr à 9 h (heure d’Edmonton)",
        ),
        (
            "2026-11-02 08:59",  # the Monday after the change that no longer happens
            False,
            "Closed – opens Mon 2 Nov 9:00 am (Edmonton time)",
            "Fermé – ouvre lun 2 nov à 9 h (heure d’Edmonton)",
        ),
    ],
)
def test_header_says_whether_the_line_is_open(rf, monkeypatch, now, is_open, english, french):
    in_english = state(rf, monkeypatch, now)["service_state"]
    in_french = state(rf, monkeypatch, now, language="fr-ca")["service_state"]

    assert (in_english.is_open, in_english.text) == (is_open, english)
    assert in_french.text == unbroken(french)


def test_without_service_hours_the_header_says_so(rf, monkeypatch):
    ServiceHours.objects.all().delete()

    assert state(rf, monkeypatch, "2026-11-23 10:00")["service_state"].text == "Closed – no service hours are set"


def test_the_navigation_counts_my_open_follow_ups(rf, monkeypatch):
    specialist = UserFactory()
    FollowUpFactory(assigned_to=specialist)
    FollowUpFactory(assigned_to=specialist, done=True)
    FollowUpFactory(assigned_to=UserFactory())

    assert state(rf, monkeypatch, "2026-11-23 10:00", user=specialist)["follow_up_count"]() == 1


def test_a_page_that_shows_neither_asks_nothing(rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = AnonymousUser()

    with django_assert_num_queries(0):
        service_state(request)


def test_both_cost_four_queries(rf, monkeypatch, django_assert_num_queries):
    specialist = UserFactory()
    specialist.has_perm("followups.view_followup")  # the roles are asked once per request, by whoever comes first

    with django_assert_num_queries(4):  # hours, closed days, single grants, my follow-ups
        context = state(rf, monkeypatch, "2026-11-23 10:00", user=specialist)
        assert not context["follow_up_count"]()
