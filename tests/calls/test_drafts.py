"""A call while it is typed: begun, kept, shown on every page, thrown away, expired."""

from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.urls import reverse

from calls.models import CallDraft
from calls.tasks import expire_drafts
from tests.factories import ContactFactory, UserFactory


def test_a_call_begins_with_the_callers_data_filled_in(start, signed_in):
    contact = ContactFactory(name="Olena Kovalenko", phone="+17805550142")

    page = signed_in.get(f"/calls/drafts/{start(contact=contact.uid).uid}/").content.decode()

    assert 'value="Olena Kovalenko"' in page
    assert "780-555-0142" in page


@pytest.mark.parametrize(
    ("typed", "box"),
    [("koval", ("name", "koval")), ("0142", ("phone", "0142")), ("a@example.org", ("email", "a@example.org"))],
)
def test_a_new_caller_begins_with_what_was_typed(start, typed, box):
    name, value = box

    assert start(q=typed).data == {name: [value]}


def test_what_was_typed_is_kept_and_shown_again(start, signed_in, statistics_only):
    draft = start()
    response = signed_in.post(reverse("calls:draft_keep", args=[draft.uid]), statistics_only | {"note": "Half a sen"})

    page = signed_in.get(f"/calls/drafts/{draft.uid}/").content.decode()

    assert response.content.decode().startswith("Draft saved 10:00:")
    assert "Half a sen" in page
    assert page.count(" checked") >= 5


def test_the_page_that_comes_back_does_not_complain(start, signed_in):
    draft = start()
    signed_in.post(reverse("calls:draft_keep", args=[draft.uid]), {"note": "Half a sen"})

    assert "field-error" not in signed_in.get(f"/calls/drafts/{draft.uid}/").content.decode()


def test_a_box_that_was_unticked_stays_unticked(start, signed_in, statistics_only):
    draft = start()
    keep = reverse("calls:draft_keep", args=[draft.uid])
    signed_in.post(keep, statistics_only | {"note": "", "is_recorded": "on"})

    signed_in.post(keep, statistics_only | {"note": ""})

    form = signed_in.get(f"/calls/drafts/{draft.uid}/").context["form"]
    assert not form["is_recorded"].value()


def test_a_draft_that_is_gone_answers_409_in_words(start, signed_in):
    draft = start()
    CallDraft.objects.all().delete()

    response = signed_in.post(reverse("calls:draft_keep", args=[draft.uid]), {"note": "x"})

    assert response.status_code == 409
    assert "saved or discarded elsewhere" in response.content.decode()


def test_the_strip_with_the_timer_is_on_every_page(start, signed_in):
    start(contact=ContactFactory(name="Olena Kovalenko").uid)

    page = signed_in.get(reverse("followups:list")).content.decode()

    assert "Olena Kovalenko" in page
    assert "Back to the call" in page
    assert 'data-i2a-timer="2026-11-23T10:00' in page


def test_an_older_call_with_words_in_it_stays_as_unfinished(start, signed_in):
    older = start()
    signed_in.post(reverse("calls:draft_keep", args=[older.uid]), {"note": "Half a sen"})
    start()

    page = signed_in.get(reverse("calls:desk")).content.decode()

    assert "Unfinished call" in page
    assert f"/calls/drafts/{older.uid}/" in page


def test_a_call_begun_by_mistake_leaves_nothing(start):
    start()
    start()

    assert CallDraft.objects.count() == 1


def test_discarding_erases_what_was_typed(start, signed_in):
    draft = start(q="koval")

    response = signed_in.post(reverse("calls:draft_discard", args=[draft.uid]))

    assert response.url == "/calls/desk/"
    assert not CallDraft.objects.exists()


def test_a_forgotten_draft_is_erased_after_a_day(start, time_machine):
    start(q="koval")
    time_machine.move_to("2026-11-24T15:59:00Z")
    expire_drafts()
    assert CallDraft.objects.exists()

    time_machine.move_to("2026-11-24T16:01:00Z")
    expire_drafts()

    assert not CallDraft.objects.exists()


@pytest.mark.parametrize("name", ["draft", "draft_keep", "draft_discard"])
def test_a_colleagues_draft_does_not_exist(client, start, name):
    draft = start(q="koval")
    client.force_login(UserFactory(username="tomas"), backend="access.backends.RoleBackend")

    response = client.post(reverse(f"calls:{name}", args=[draft.uid]), {"note": "x"})

    assert response.status_code in {404, 409}
    assert "koval" not in response.content.decode()


def test_a_call_cannot_begin_with_a_contact_out_of_sight(signed_in):
    contact = ContactFactory(restricted=True)

    response = signed_in.post(reverse("calls:start"), {"contact": contact.uid})

    assert response.status_code in {403, 404}


def test_a_made_up_contact_is_not_found(signed_in):
    assert signed_in.post(reverse("calls:start"), {"contact": "no-uuid"}).status_code == 404


def test_an_address_is_offered_only_after_a_yes(start, signed_in, statistics_only):
    draft = start()
    page = signed_in.get(f"/calls/drafts/{draft.uid}/").content.decode()
    assert 'name="street"' not in page

    signed_in.post(f"/calls/drafts/{draft.uid}/", statistics_only | {"note": "", "more": "address"})

    page = signed_in.get(f"/calls/drafts/{draft.uid}/").content.decode()
    assert 'name="street"' in page


HOSTILE = ["x" * 10_000, "nul\x00nul", "\ud800", "a‮b", "<b>x</b>", "a\r\nBcc: b", '=HYPERLINK("http://x")', "٠٥٠"]
BOXES = [
    "name", "organisation", "organisation_other", "email", "phone", "mobile", "fax", "category_other", "note",
    "follow_up_asked", "future_contact_reason", "survey_notice_reason", "topic_description", "recording_ref", "topics",
    "documents", "agency", "occupation", "answers_follow_up", "category", "citizenship", "phone_country", "services",
    "direction", "consent_language",
]  # fmt: skip


AS_BROWSERS_SEND = {"content_type": "application/x-www-form-urlencoded"}


def encoded(boxes):
    return urlencode(boxes, doseq=True, errors="surrogatepass")


@pytest.mark.parametrize("box", BOXES)
def test_no_box_breaks_on_hostile_text(start, signed_in, statistics_only, monkeypatch, box):
    """Read, kept, judged and refused, two texts in each box while the rest is right; the next test has every text in
    all boxes, and draws the refusals."""
    page = f"/calls/drafts/{start().uid}/"

    with monkeypatch.context() as undrawn:
        undrawn.setattr("calls.views.drafts.show_again", lambda *args, **kwargs: HttpResponse("refused"))
        for value in HOSTILE[BOXES.index(box) % 4 :: 4]:
            boxes = {"note": "x", **statistics_only, "follow_up_decision": "", box: value}
            assert signed_in.post(page, encoded(boxes), **AS_BROWSERS_SEND).content == b"refused", value

    assert signed_in.get(page).status_code == 200


@pytest.mark.parametrize("value", HOSTILE)
def test_no_refusal_breaks_on_hostile_text(start, signed_in, statistics_only, value):
    boxes = {**statistics_only, **dict.fromkeys(BOXES, value), "follow_up_decision": ""}

    response = signed_in.post(f"/calls/drafts/{start().uid}/", encoded(boxes), **AS_BROWSERS_SEND)

    assert response.status_code == 200
    assert "field-error" in response.content.decode()


@pytest.mark.parametrize("value", HOSTILE)
def test_no_draft_breaks_on_hostile_text(start, signed_in, value):
    draft = start()

    kept = signed_in.post(
        reverse("calls:draft_keep", args=[draft.uid]), encoded(dict.fromkeys(BOXES, value)), **AS_BROWSERS_SEND
    )

    assert kept.status_code == 200
    assert signed_in.get(f"/calls/drafts/{draft.uid}/").status_code == 200


def test_somebody_without_a_team_is_told_so(db, client, monday_morning):
    client.force_login(UserFactory(team=None), backend="access.backends.RoleBackend")

    response = client.post(reverse("calls:start"), follow=True)

    assert "You belong to no team yet" in response.content.decode()
    assert not CallDraft.objects.exists()


def test_a_draft_keeps_no_text_without_end_and_says_so(start, signed_in):
    draft = start()

    response = signed_in.post(reverse("calls:draft_keep", args=[draft.uid]), {"note": "4 " * 20_000})

    assert "A draft keeps the first 20,000 characters of a text. Shorten it." in response.text
    draft.refresh_from_db()
    assert len(draft.data["note"][0]) == 20_000


def test_of_a_box_sent_many_times_only_the_last_is_read_and_kept(start, signed_in):
    draft = start()

    signed_in.post(reverse("calls:draft_keep", args=[draft.uid]), {"note": ["SIN 046 454 286"] * 50 + ["Asked."]})

    draft.refresh_from_db()
    assert draft.data["note"] == ["Asked."]
