"""The page of the seal, and who is told what the checks found."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from audit.head_mail import last_mail
from audit.models import AccessEvent, Check, Discrepancy, Seal
from followups.audit_alerts import tell_about_audit
from i2a import clock
from outbox.models import StaffAlert

pytestmark = pytest.mark.django_db
PAGE = "/audit/seal/"


@pytest.fixture
def asked(monkeypatch):
    tasks = []
    monkeypatch.setattr("audit.seal_page.current_app.send_task", lambda name, **options: tasks.append(name))
    return tasks


@pytest.fixture
def sealed(monkeypatch):
    """The database makes seals only of what is over; here one is enough that was never written."""
    seal = Seal(number=7, digest="d" * 64, at=clock.now())
    monkeypatch.setattr("audit.head_mail.newest", lambda: seal)
    return seal


def check(**values):
    detail = {"seals": 3, "rows": 9, "heads": 3}
    facts = {"kind": "seal", "at": clock.now(), "actor_label": "x", "is_sound": True, "upto": 3, "seconds": 1.0}
    return Check.objects.create(**(facts | {"detail": detail} | values))


def test_before_the_first_check_it_says_so(client, privacy_officer):
    client.force_login(privacy_officer)

    page = client.get(PAGE)

    assert "Not yet. The first check runs tonight." in page.text
    assert AccessEvent.objects.latest("pk").object_type == "audit.seal"


def test_it_says_up_to_where_the_history_is_proved(client, manager):
    check()
    client.force_login(manager)

    page = client.get(PAGE)

    assert "The history fits its seal up to batch 3." in page.text


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("chain", "Seal 2 itself was changed."),
        ("gap", "Seal 2 is missing."),
        ("rows", "Entries of batch 2 were changed, removed or added (Changes of records)."),
        ("tail", "Batch 2 was sealed and is gone"),
        ("rebuilt", "Seal 2 is not the one whose head was kept outside"),
        ("heads", "The file of heads cannot be read."),
        ("early", "sealed was removed before its time (Changes of records)."),
    ],
)
def test_a_fault_is_said_in_words(client, privacy_officer, why, words):
    fault = {"first_bad": 2, "why": why, "what": "audit_logentry"}
    check(is_sound=False, detail={"seals": 3, "rows": 9, "heads": 3} | fault)
    client.force_login(privacy_officer)

    assert words in client.get(PAGE).text


def test_unexplained_changes_are_listed(client, privacy_officer):
    now = clock.now()
    Discrepancy.objects.create(
        found_by=check(kind="rows", is_sound=False, detail={"rows": 5, "found": 2}),
        kind="unsigned",
        table_name="access_team",
        operation="U",
        columns=["name"],
        actor_label="unsigned",
        rows=2,
        first_at=now,
        last_at=now,
    )
    client.force_login(privacy_officer)

    page = client.get(PAGE)

    assert "Nobody signed for it" in page.text
    assert "access_team" in page.text


def test_verify_now_rings_the_worker_and_says_since_when(client, privacy_officer, asked):
    client.force_login(privacy_officer)

    page = client.post(PAGE, {"do": "verify"}, follow=True)

    assert asked == ["audit.tasks.verify"]
    assert "Being checked since" in page.text
    check()
    assert "Being checked since" not in client.get(PAGE).text
    cache.clear()


def test_without_a_broker_it_says_so(client, privacy_officer, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError

    monkeypatch.setattr("audit.seal_page.current_app.send_task", refuse)
    client.force_login(privacy_officer)

    assert "The check could not be started." in client.post(PAGE, {"do": "verify"}, follow=True).text


def test_the_head_is_mailed_on_demand_and_once_a_week(client, privacy_officer, sealed):
    client.force_login(privacy_officer)

    page = client.post(PAGE, {"do": "send"}, follow=True)

    assert "The head goes to 1 person." in page.text
    assert f"7 {'d' * 64}" in StaffAlert.objects.get(to=privacy_officer).text
    assert (last_mail().detail, last_mail().actor) == ({"seal": 7, "to": 1}, privacy_officer)
    now = clock.now()
    assert [tell_about_audit(now=now), tell_about_audit(now=now)] == [1, 0]


def test_without_a_seal_there_is_no_head_to_mail(client, privacy_officer):
    client.force_login(privacy_officer)

    assert "There is no seal yet" in client.post(PAGE, {"do": "send"}, follow=True).text


def test_it_says_how_long_the_audit_is_kept_and_what_was_kept_longer(client, privacy_officer):
    check(kind="past", detail={"rows": 0, "kept": [["audit_accessevent", "2019-10-31", "review"]]})
    client.force_login(privacy_officer)

    page = client.get(PAGE)

    assert "84 months; then a month is removed as a whole" in page.text
    assert "October 2019 (Openings, searches, refusals, sign-ins): a reading in it has to be reviewed" in page.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("seal", "The audit does not fit its seal"),
        ("rows", "The nightly check found changes that the audit does not explain"),
        ("past", "A month of the audit is past its time and holds what was written later"),
    ],
)
def test_a_bad_check_is_told_once_to_the_privacy_officers(privacy_officer, kind, words):
    check(kind=kind, is_sound=False)
    check()

    assert [tell_about_audit(now=clock.now()), tell_about_audit(now=clock.now())] == [1, 0]
    alert = StaffAlert.objects.get(to=privacy_officer)
    assert alert.subject.startswith(words)
    assert reverse("audit:seal") in alert.text
