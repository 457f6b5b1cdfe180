"""A call with somebody whose record belongs to another team (R-CON-11, story 10)."""

import pytest
from django.urls import reverse

from calls.models import Call, CallDraft
from contacts.choices import Purpose
from contacts.models import ConsentEvent, Contact, RecordRequest
from contacts.services import consents
from i2a import clock
from tests.factories import CallFactory, ContactFactory, TeamFactory, TextVersionFactory, UserFactory

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "+14035550142", "baron@fogwhistle.example.com"


@pytest.fixture
def jun(db):
    return UserFactory(username="jun", team=TeamFactory(name="Trade Missions"))


@pytest.fixture
def baron(jun):
    return ContactFactory(name="Baron Fogwhistle-Lee", phone=PHONE, email=EMAIL, team=jun.team)


@pytest.fixture
def begin(signed_in, specialist):
    def begin(typed):
        response = signed_in.post(reverse("calls:start"), {"for_owner": typed})
        assert response.status_code == 302
        return CallDraft.objects.filter(user=specialist).first()

    return begin


def sees(user, call):
    return Call.objects.visible_to(user).filter(pk=call.pk).exists()


def test_the_lookup_offers_to_tell_the_owner_and_to_log_for_them(signed_in, baron):
    text = signed_in.post(reverse("calls:desk"), {"q": "403 555 0142"}).text

    assert "1 further match you cannot view" in text
    assert "Notify owner team" in text
    assert "Log the call for the owner team" in text
    assert "Fogwhistle" not in text
    assert str(baron.uid) not in text


def test_the_call_belongs_to_the_owner_team_and_its_contact(begin, save, statistics_only, specialist, jun, baron):
    draft = begin(EMAIL)

    response = save(draft, **statistics_only, note="Wants the mission's dates.")

    assert response.status_code == 302
    call = Call.objects.get()
    assert (call.contact, call.team, call.specialist) == (baron, jun.team, specialist)
    assert (call.note.contact, call.note.team) == (baron, jun.team)
    assert sees(jun, call)
    assert not sees(specialist, call)
    request = RecordRequest.objects.get()
    assert (request.kind, request.contact, request.source_ref) == ("call", baron, call.ref)


def test_no_page_of_the_specialist_shows_anything_of_the_record(begin, save, statistics_only, signed_in, baron):
    draft = begin(PHONE)
    pages = [signed_in.get(reverse("calls:draft", args=[draft.uid])).text]
    save(draft, **statistics_only)
    call = Call.objects.get()
    pages.append(signed_in.get(reverse("calls:desk")).text)
    pages.append(signed_in.get(reverse("calls:list")).text)

    assert call.ref in pages[1]
    for page in pages:
        for value in ("Fogwhistle", baron.email, "0142", str(baron.uid), baron.ref):
            assert value not in page
    assert signed_in.get(reverse("calls:detail", args=[call.uid])).status_code == 404


def test_what_is_owed_goes_to_who_spoke_with_them_last(begin, save, statistics_only, jun, baron):
    CallFactory(specialist=UserFactory(team=jun.team), contact=baron)
    CallFactory(specialist=jun, contact=baron)

    save(begin(EMAIL), **statistics_only | {"follow_up_decision": "needed", "follow_up_asked": "Dates"})

    follow_up = Call.objects.latest("pk").follow_up
    assert (follow_up.assigned_to, follow_up.team, follow_up.contact) == (jun, jun.team, baron)


def test_nothing_typed_about_the_person_is_kept(begin, save, statistics_only, baron):
    save(begin(EMAIL), **statistics_only, name="Somebody Else", email="else@example.org", street="9 Nowhere Lane")

    baron.refresh_from_db()
    assert baron.name == "Baron Fogwhistle-Lee"
    assert Contact.objects.count() == 1


def test_nothing_is_e_mailed_from_here(begin, save, statistics_only, signed_in, baron, document):
    draft = begin(EMAIL)

    response = save(draft, **statistics_only | {"services": ["emailed"], "documents": [document.pk]})

    assert response.status_code == 200
    assert not Call.objects.exists()


def test_where_several_records_match_the_team_decides(begin, save, statistics_only, jun, baron):
    ContactFactory(phone=PHONE, team=jun.team)

    save(begin(PHONE), **statistics_only)

    call = Call.objects.get()
    assert (call.contact, call.team) == (None, jun.team)
    reasons = RecordRequest.objects.values_list("reason", flat=True)
    assert set(reasons) == {"2 records have what the caller gave. Decide whose call it is."}
    assert len(reasons) == 2


def test_a_restricted_record_of_one_s_own_team_works_alike(begin, save, statistics_only, specialist):
    contact = ContactFactory(email=EMAIL, restricted=True)

    save(begin(EMAIL), **statistics_only)

    assert Call.objects.get().contact == contact
    assert not sees(specialist, Call.objects.get())


@pytest.mark.parametrize("typed", ["fogwhistle", "0142", "nobody@example.org", "\x00", "P-2026-900001"])
def test_only_the_whole_number_or_address_finds_a_hidden_record(typed, signed_in, baron):
    response = signed_in.post(reverse("calls:start"), {"for_owner": typed}, follow=True)

    assert "No record out of your reach has exactly this number or address." in response.text or not typed.strip("\x00")
    assert not CallDraft.objects.exclude(undo={"hidden": []}).exists()


def test_a_record_one_may_see_is_not_handed_over(signed_in, specialist):
    ContactFactory(email=EMAIL, team=specialist.team)

    signed_in.post(reverse("calls:start"), {"for_owner": EMAIL})

    assert not CallDraft.objects.exists()


def test_undo_takes_the_call_and_its_notice_back_and_leaves_the_record_alone(
    begin, save, statistics_only, signed_in, baron
):
    draft = begin(EMAIL)
    before = Contact.objects.values().get(pk=baron.pk)
    save(draft, **statistics_only)

    signed_in.post(reverse("calls:undo", args=[Call.objects.get().uid]))

    assert Call.objects.get().status == "voided"
    assert not RecordRequest.objects.open().exists()
    after = Contact.objects.values().get(pk=baron.pk)
    assert {name for name in before if before[name] != after[name]} <= {"last_call_at", "last_activity_at"}
    save(draft, **statistics_only)
    assert Call.objects.active().get().contact == baron


def test_notifying_puts_words_before_the_owner_team_only(signed_in, jun, baron):
    page = signed_in.post(reverse("contacts:hidden"), {"q": EMAIL})
    assert "Fogwhistle" not in page.text
    signed_in.post(reverse("contacts:hidden"), {"q": EMAIL, "reason": "Wants to be phoned before noon"})

    request = RecordRequest.objects.get()
    assert (request.kind, request.contact, request.status) == ("notice", baron, "open")


def test_a_team_is_told_once_a_day_as_long_as_nobody_read_it(signed_in, specialist, jun, baron, time_machine):
    def tell():
        signed_in.post(reverse("contacts:hidden"), {"q": EMAIL, "reason": "Wants a call"})
        return RecordRequest.objects.count()

    other_team = TeamFactory(name="Settlement")
    time_machine.move_to("2026-11-23T16:00:00Z", tick=False)
    ContactFactory(email=EMAIL, team=jun.team)

    assert [tell(), tell()] == [1, 1]  # two records of one team are one notice
    ContactFactory(email=EMAIL, team=other_team)
    assert [tell(), tell()] == [2, 2]
    RecordRequest.objects.filter(contact__team=jun.team).update(status="seen", answered_at=clock.now())
    assert tell() == 3
    time_machine.move_to("2026-11-24T16:00:00Z", tick=False)
    signed_in.force_login(specialist, backend="access.backends.RoleBackend")  # the session ended overnight
    assert tell() == 5


def test_who_told_the_team_already_is_told_so(signed_in, jun, baron):
    def tell():
        form = {"q": EMAIL, "reason": "Wants a call"}
        page = signed_in.post(reverse("contacts:hidden"), form, follow=True)
        return [str(message) for message in page.context["messages"]]

    assert tell() == ["The team that owns the record will be told."]
    assert tell() == ["You told the team today and it has not read that yet. Nothing was added."]


def test_a_caller_one_may_no_longer_see_leaves_the_draft(start, signed_in, save, statistics_only, specialist, jun):
    contact = ContactFactory(name="Baron Fogwhistle-Lee", email=EMAIL, team=specialist.team)
    draft = start(contact=contact.uid)
    contact.team = jun.team
    contact.save()

    for page in (reverse("calls:draft", args=[draft.uid]), reverse("followups:list")):
        text = signed_in.get(page).text
        assert "Fogwhistle" not in text
        assert EMAIL not in text
    save(draft, **statistics_only)
    call = Call.objects.get()
    assert (call.contact, call.team) == (contact, jun.team)


@pytest.fixture
def agreed(jun):
    """Two records with the same number, each of which agreed to something."""
    purposes = (Purpose.SEMINAR, Purpose.TRADE_MISSION)
    contacts = [ContactFactory(phone=PHONE, team=jun.team, agrees_to=[purpose]) for purpose in purposes]
    for contact in contacts:
        contact.residence_country = "CH"
        contact.save()
    return contacts


def test_a_withdrawal_counts_at_once_on_every_record_that_matches(begin, save, statistics_only, specialist, agreed):
    save(begin(PHONE), **statistics_only, future_contact="no")

    call = Call.objects.get()
    events = ConsentEvent.objects.filter(source_ref=call.ref, recorded_by__isnull=False)
    assert {(event.contact, event.status, event.recorded_by) for event in events} == {
        (contact, "withdrawn", specialist) for contact in agreed
    }
    assert set(Contact.objects.values_list("future_contact", "residence_country")) == {("declined", "")}
    assert "every agreement was withdrawn" in RecordRequest.objects.first().reason


def test_a_withdrawal_ends_surveys_as_well(begin, save, statistics_only, baron):
    consents.record_survey_answer(
        contact=baron,
        is_agreed=True,
        text_version=TextVersionFactory(),
        language="en",
        source="call",
        source_ref="C-2026-000001",
        by=None,
        now=clock.now(),
    )

    save(begin(EMAIL), **statistics_only, future_contact="no")

    assert baron.consent_states.get(purpose="survey").status == "withdrawn"


@pytest.mark.parametrize(
    "posted",
    [
        {"future_contact": "yes", "purposes": ["seminar"], "channels": ["email"]},
        {"survey_notice": "given", "survey_consent": "yes"},
    ],
)
def test_nothing_can_be_agreed_for_a_hidden_record(begin, save, statistics_only, baron, posted):
    response = save(begin(EMAIL), **statistics_only, **posted)

    assert "You cannot record an agreement on a record you may not change." in response.text
    assert not ConsentEvent.objects.exists()
    assert not Call.objects.exists()


def test_silence_withdraws_nothing(begin, save, statistics_only, agreed):
    before = ConsentEvent.objects.count()

    save(begin(PHONE), **statistics_only, future_contact="")

    assert Call.objects.exists()
    assert ConsentEvent.objects.count() == before


def test_undo_puts_withdrawn_answers_back(begin, save, statistics_only, signed_in, agreed):
    save(begin(PHONE), **statistics_only, future_contact="no")

    signed_in.post(reverse("calls:undo", args=[Call.objects.get().uid]))

    assert set(Contact.objects.values_list("future_contact", flat=True)) == {"agreed"}
    assert [contact.consent_states.get().purpose for contact in agreed] == ["seminar", "trade_mission"]


@pytest.mark.parametrize("typed", ["Baron Fogwhistle-Lee", "nobody@example.org", "403 555"])
def test_telling_nobody_does_not_claim_success(signed_in, baron, typed):
    response = signed_in.post(reverse("contacts:hidden"), {"q": typed, "reason": "Wants a call"}, follow=True)

    assert "No record out of your reach has exactly this number or address." in response.text
    assert "will be told" not in response.text
    assert not RecordRequest.objects.exists()
