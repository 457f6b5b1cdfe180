"""Every page of the product, who sees it and how one gets there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from access.demo import PASSWORD
from access.models import AccessRequest, User
from calls.models import Call, DocumentVersion
from contacts.models import Contact
from contacts.services import contacts
from followups.models import FollowUp
from followups.services import close_follow_up
from i2a import clock
from outbox.models import Message, UnsubscribeToken
from outbox.unsubscribe import hash_of, new_token
from outreach.models import Event
from tests.browser.walk import (
    FUTURE_CONTACT_YES,
    NAME,
    PHONE_NUMBER,
    SURVEY_SAID,
    answer_for_new_contact,
    look_up,
    pick,
    save_call,
    start_call,
    start_call_with,
    type_in,
)


@dataclass(frozen=True)
class Records:
    """Addresses of rows that the demonstration has."""

    contact: str
    contact_of_two: str
    contact_not_to_contact: str
    contact_of_materials: str
    contact_of_others: str
    aloysius: str
    aloysius_again: str
    call: str
    follow_up: str
    follow_up_to_close: str
    message: str
    invitation: str
    link: str
    verification: str
    document: str
    document_proposed: str
    contact_without_email: str
    document_version: str
    event: str
    person: str
    access_request: str


def records_of_the_demonstration() -> Records:
    olena = Contact.objects.get(email="olena.kovalenko@example.com")
    call = Call.objects.active().filter(specialist__username="maya", note__isnull=False, message__isnull=False).first()
    of_others = FollowUp.objects.open().filter(assigned_to__isnull=False).visible_to(User.objects.get(username="priya"))
    invitation = Message.objects.filter(kind="seminar").earliest("pk")
    corrected = DocumentVersion.objects.current().get(document__versions__wrong_at__isnull=False)
    reached_by_phone = Contact.objects.filter(email="", team__name="Phone", do_not_contact=False, status="active")
    return Records(
        contact=str(olena.uid),
        contact_of_two=str(Contact.objects.get(email="arjun.sandhu@example.org").uid),
        contact_not_to_contact=str(Contact.objects.filter(do_not_contact=True).earliest("pk").uid),
        contact_of_materials=str(Contact.objects.filter(materials_only=True).earliest("pk").uid),
        contact_of_others=str(Contact.objects.exclude(team__name="Phone").earliest("pk").uid),
        aloysius=str(Contact.objects.get(name="Aloysius Pennywhistle-Kaur").uid),
        aloysius_again=str(Contact.objects.get(name="Aloysius Penywhistle Kaur").uid),
        call=str(call.uid),
        follow_up=str(FollowUp.objects.open().filter(assigned_to__username="maya").earliest("pk").uid),
        follow_up_to_close=str(of_others.exclude(assigned_to__username="maya").latest("pk").uid),
        message=str(Message.objects.filter(state="sent").earliest("pk").uid),
        invitation=str(invitation.uid),
        link=link_to_stop(invitation),
        verification=str(FollowUp.objects.filter(kind="verify_email").earliest("pk").uid),
        document=str(corrected.document.uid),
        document_proposed=str(DocumentVersion.objects.get(released_at=None).document.uid),
        contact_without_email=str(reached_by_phone.earliest("pk").uid),
        document_version=str(corrected.pk),
        event=str(Event.objects.get(title__startswith="Hiring from abroad").uid),
        person=str(User.objects.get(username="tomas").uid),
        access_request=str(AccessRequest.objects.filter(status="requested").earliest("pk").uid),
    )


def link_to_stop(invitation: Message) -> str:
    """Of a mail, as its receiver has it."""
    token = new_token()
    UnsubscribeToken.objects.create(message=invitation, sha256=hash_of(token))
    return f"/unsubscribe/?t={token}"


@dataclass(frozen=True)
class Place:
    """A page, the person who looks at it ("" for a stranger), and the way to it."""

    name: str
    username: str
    go: Callable[[Page, Records], None]
    complaint: str = ""  # what the browser's console says about the status


def at(path: str) -> Callable[[Page, Records], None]:
    """`path` may name a field of Records: /contacts/{contact}/."""
    return lambda page, records: page.goto(path.format(**vars(records))) and None


def in_french(page: Page, records: Records) -> None:
    page.goto("/privacy/")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr-ca")


def sign_in_in_french(page: Page, records: Records) -> None:
    in_french(page, records)
    page.goto("/sign-in/")


def wrong_password(page: Page, records: Records) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name or work e-mail").fill("nobody-of-ours")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def second_step(page: Page, records: Records) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name or work e-mail").fill("dele")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()


def set_up_app(page: Page, records: Records) -> None:
    page.goto("/account/app/")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()


def results(page: Page, records: Records) -> None:
    look_up(page, "koval")


def results_on_contacts(page: Page, records: Records) -> None:
    page.goto("/contacts/")
    page.locator("main input[name=q]").fill("0142")
    expect(page.locator("main [data-i2a-result]").last).to_be_visible()


def view_to_delete(page: Page, records: Records) -> None:
    page.goto("/contacts/views/")
    page.get_by_role("link", name="Delete").first.click()
    expect(page.get_by_role("heading", name="Delete this view?")).to_be_visible()


def new_call(page: Page, records: Records) -> None:
    start_call(page)


def new_call_in_full(page: Page, records: Records) -> None:
    """Everything that an answer reveals, at once."""
    start_call(page)
    pick(page, "Third party", "A client", "E-mailed", "Follow-up needed", FUTURE_CONTACT_YES, SURVEY_SAID)
    type_in(page, "Organisation if any", "Tall Tale Movers")
    for summary in page.locator("details.f6 > summary").all():
        summary.click()
    page.locator("#div_id_documents label").first.click()
    page.get_by_role("button", name="See the e-mail").click()
    expect(page.locator("#mail section")).to_be_visible()


def repeat_call(page: Page, records: Records) -> None:
    start_call_with(page, records.contact)


def materials_call(page: Page, records: Records) -> None:
    start_call(page, "Materials by e-mail only")


def call_with_errors(page: Page, records: Records) -> None:
    start_call(page)
    type_in(page, NAME, "Erroneous Example")
    type_in(page, PHONE_NUMBER, "12345")
    pick(page, "E-mailed", "Answer about future contact > Not asked", "Survey notice > Not possible")
    save_call(page)
    expect(page.locator("[data-i2a-errors]")).to_be_focused()


def call_with_duplicates(page: Page, records: Records) -> None:
    start_call(page)
    type_in(page, NAME, "Olena K.")
    type_in(page, PHONE_NUMBER, "780 555 0142")
    answer_for_new_contact(page)
    save_call(page)
    expect(page.get_by_text("Possible duplicate")).to_be_visible()


def merge_preview(page: Page, records: Records) -> None:
    page.goto(f"/contacts/{records.aloysius}/merge/{records.aloysius_again}/")
    page.get_by_role("button", name="Show what will be").click()
    expect(page.get_by_role("heading", name="Merge: what will be")).to_be_visible()


def strip_elsewhere(page: Page, records: Records) -> None:
    repeat_call(page, records)
    page.goto("/followups/")
    expect(page.get_by_role("link", name="Back to the call")).to_be_visible()


def new_contact_agreed(page: Page, records: Records) -> None:
    page.goto("/contacts/new/")
    page.get_by_role("button", name="They agreed: add an address").click()
    expect(page.get_by_label("Street")).to_be_visible()


def new_contact_errors(page: Page, records: Records) -> None:
    page.goto("/contacts/new/")
    page.get_by_label("Organisation", exact=True).fill("Invented Mill")
    page.get_by_role("button", name="Save contact").click()
    expect(page.locator("[data-i2a-errors]")).to_be_focused()


def contact_conflict(page: Page, records: Records) -> None:
    """Somebody else saves while the edit page is open."""
    page.goto(f"/contacts/{records.contact}/edit/")
    page.get_by_label("Mobile").fill("780 555 0161")
    somebody_changes_organisation(records.contact)
    page.get_by_role("button", name="Save details").click()
    expect(page.get_by_role("heading", name="Somebody else saved first")).to_be_visible()


def somebody_changes_organisation(uid: str) -> None:
    contact = Contact.objects.get(uid=uid)
    organisation = "Invented Orchard Co-op" if contact.organisation != "Invented Orchard Co-op" else "Invented Mill"
    contacts.change_contact(
        contact=contact,
        values={"organisation": organisation},
        version=contact.version,
        by=User.objects.get(username="tomas"),
        now=clock.now(),
    )


def notes_dialog(page: Page, records: Records) -> None:
    """Open, with a number that must not be recorded."""
    page.goto(f"/contacts/{records.contact}/")
    page.get_by_role("link", name="Notes", exact=False).first.click()
    page.get_by_role("dialog").get_by_label("Note", exact=True).fill("client SIN 046 454 286")
    page.get_by_role("dialog").get_by_role("button", name="Save the note").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()


def revisions_of_a_note(page: Page, records: Records) -> None:
    page.goto(f"/contacts/{records.contact}/notes/")
    page.get_by_role("link", name="2 revisions").click()


def note_to_amend(page: Page, records: Records) -> None:
    page.goto(f"/contacts/{records.contact}/notes/")
    page.get_by_role("link", name="Amend").first.click()


def follow_up_conflict(page: Page, records: Records) -> None:
    """A colleague closes it while the page is open."""
    page.goto(f"/followups/{records.follow_up_to_close}/close/")
    follow_up = FollowUp.objects.get(uid=records.follow_up_to_close)
    tomas = User.objects.get(username="tomas")
    if follow_up.is_open:
        close_follow_up(follow_up=follow_up, method="phone", outcome="Explained.", by=tomas, now=clock.now())
    page.locator("label").filter(has_text="They need no answer").last.click()
    page.get_by_label("What the answer was, or why none is needed").fill("Sent the guide by e-mail.")
    page.get_by_role("button", name="Close this follow-up").click()
    expect(page.get_by_role("heading", name="Somebody else saved first")).to_be_visible()


def call_back(page: Page, records: Records) -> None:
    """The demonstration has a missed call of nobody known."""
    page.goto("/followups/?view=unassigned")
    page.get_by_role("button", name="Call back").first.click()
    expect(page.get_by_role("heading", name="Call back")).to_be_visible()


def calendar_hours_errors(page: Page, records: Records) -> None:
    page.goto("/followups/calendar/hours/")
    page.get_by_label("Monday").fill("16:30-9:00")
    page.get_by_label("Tuesday").fill("9:00-12:00, 11:00-16:00")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_text("Service must open before it closes.").first).to_be_visible()


def calendar_preview(page: Page, records: Records) -> None:
    """A closure of the days on which most of the demonstration's answers are due."""
    page.goto("/followups/calendar/close/")
    page.get_by_label("First day").fill(str(clock.today() + timedelta(days=1)))
    page.get_by_label("Last day").fill(str(clock.today() + timedelta(days=5)))
    page.get_by_label("Reason in English").fill("Flood")
    page.get_by_label("Reason in French").fill("Inondation")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_role("heading", name="This moves")).to_be_visible()


def call_conflict(page: Page, records: Records) -> None:
    """Another tab saves while the correction is open."""
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"/calls/{records.call}/correct/")
    before = other.get_by_label("Note", exact=True).input_value()
    other.get_by_label("Note", exact=True).fill(f"{before} And the times.")
    other.get_by_role("button", name="Save the corrections").click()
    expect(other.get_by_text("corrected.")).to_be_visible()
    page.get_by_label("Note", exact=True).fill("Asked about the processing times as well.")
    page.get_by_role("button", name="Save the corrections").click()
    expect(page.get_by_role("heading", name="Somebody else saved first")).to_be_visible()


def document_with_errors(page: Page, records: Records) -> None:
    page.goto("/library/new/")
    page.get_by_role("button", name="Add the document").click()
    expect(page.locator("[data-i2a-errors]")).to_be_focused()


def no_calls_found(page: Page, records: Records) -> None:
    page.goto("/calls/?first_day=2020-01-01&last_day=2020-01-02")


def static_500(page: Page, records: Records) -> None:
    """Nginx or Django sends this file when everything else may be broken."""
    show(page, render_to_string("500.html"), 500)


def constraint(page: Page, records: Records) -> None:
    message = "This contact may not be changed while it is being merged."
    show(page, render(request_of("maya"), "constraint.html", {"message": message}).content.decode(), 409)


def csrf_refused(page: Page, records: Records) -> None:
    show(page, render(request_of("maya"), "403_csrf.html").content.decode(), 403)


def request_of(username: str):
    """A request as the middleware leaves it, for pages that no address shows."""
    request = RequestFactory().get("/")
    request.user, request.session, request.htmx = User.objects.get(username=username), SessionStore(), False
    request.resolver_match = None
    return request


def show(page: Page, html: str, status: int) -> None:
    """Show `html` as if the server had sent it, with the server's own security headers."""
    policy = page.request.get("/sign-in/").headers["content-security-policy"]
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
    page.route("**/shown/", lambda route: route.fulfill(status=status, headers=headers, body=html))
    page.goto("/shown/")


PLACES = [
    Place("sign-in", "", at("/sign-in/")),
    Place("sign-in-french", "", sign_in_in_french),
    Place("sign-in-wrong", "", wrong_password),
    Place("sign-in-code", "", second_step),
    Place("sign-in-help", "", at("/sign-in/help/")),
    Place("account", "dele", at("/account/")),
    Place("account-app", "maya", set_up_app),
    Place("account-password", "maya", at("/account/password/")),
    Place("privacy", "", at("/privacy/")),
    Place("privacy-french", "", in_french),
    Place("desk", "maya", at("/calls/desk/")),
    Place("desk-results", "maya", results),
    Place("call-new", "maya", new_call),
    Place("call-new-full", "maya", new_call_in_full),
    Place("call-repeat", "maya", repeat_call),
    Place("call-materials", "maya", materials_call),
    Place("call-errors", "maya", call_with_errors),
    Place("call-duplicates", "maya", call_with_duplicates),
    Place("strip-elsewhere", "maya", strip_elsewhere),
    Place("contacts", "maya", results_on_contacts),
    Place("contact-new", "maya", at("/contacts/new/")),
    Place("contact-new-agreed", "maya", new_contact_agreed),
    Place("contact-new-errors", "maya", new_contact_errors),
    Place("contact-new-materials", "maya", at("/contacts/materials-only/")),
    Place("contacts-filtered", "maya", at("/contacts/?consent=may&sort=name&category=pirates")),
    Place("contacts-none", "grant", at("/contacts/?country=AQ&restricted=on")),
    Place("consent-history", "maya", at("/contacts/{contact}/consent/")),
    Place("consent-withdraw", "maya", at("/contacts/{contact}/consent/withdraw/")),
    Place("do-not-contact", "maya", at("/contacts/{contact}/consent/do-not-contact/")),
    Place("contacts-print", "maya", at("/contacts/print/")),
    Place("contacts-export", "grant", at("/contacts/export/?category=employer")),
    Place("contacts-views", "maya", at("/contacts/views/")),
    Place("contacts-view-new", "maya", at("/contacts/views/new/?category=employer")),
    Place("contacts-view-delete", "maya", view_to_delete),
    Place("contact", "maya", at("/contacts/{contact}/")),
    Place("contact-timeline-empty", "maya", at("/contacts/{contact}/?show=campaigns")),
    Place("contact-print", "maya", at("/contacts/{contact}/print/")),
    Place("contact-not-to-contact", "maya", at("/contacts/{contact_not_to_contact}/")),
    Place("contact-materials", "maya", at("/contacts/{contact_of_materials}/")),
    Place("contact-opening", "ingrid", at("/contacts/{contact}/")),
    Place("contact-compare", "priya", at("/contacts/{aloysius}/compare/{aloysius_again}/")),
    Place("contact-representation", "maya", at("/contacts/{contact}/representation/")),
    Place("contact-represented-by", "maya", at("/contacts/{contact}/represented-by/{contact_of_two}/")),
    Place("contact-merge-choose", "priya", at("/contacts/{aloysius}/merge/")),
    Place("contact-merge", "priya", at("/contacts/{aloysius}/merge/{aloysius_again}/")),
    Place("contact-merge-preview", "priya", merge_preview),
    Place("contact-edit", "maya", at("/contacts/{contact}/edit/")),
    Place("notes-dialog", "maya", notes_dialog),
    Place("notes", "maya", at("/contacts/{contact}/notes/")),
    Place("note-revisions", "maya", revisions_of_a_note),
    Place("note-amend", "priya", note_to_amend),
    Place("contact-conflict", "maya", contact_conflict, "409"),
    Place("calls", "maya", at("/calls/")),
    Place("calls-none", "maya", no_calls_found),
    Place("call", "priya", at("/calls/{call}/")),
    Place("call-correct", "maya", at("/calls/{call}/correct/")),
    Place("call-conflict", "maya", call_conflict, "409"),
    Place("call-void", "priya", at("/calls/{call}/void/")),
    Place("follow-ups", "maya", at("/followups/")),
    Place("follow-up", "maya", at("/followups/{follow_up}/")),
    Place("follow-up-email", "maya", at("/followups/{follow_up}/email/")),
    Place("follow-up-pause", "maya", at("/followups/{follow_up}/pause/")),
    Place("follow-up-hand-over", "maya", at("/followups/{follow_up}/hand-over/")),
    Place("follow-ups-hand-over", "maya", at("/followups/hand-over/")),
    Place("follow-ups-waiting", "maya", at("/followups/?view=waiting")),
    Place("follow-ups-unassigned", "maya", at("/followups/?view=unassigned")),
    Place("follow-ups-report", "priya", at("/followups/report/")),
    Place("contact-plan", "maya", at("/followups/plan/{contact}/")),
    Place("calendar", "grant", at("/followups/calendar/?year=2026")),
    Place("calendar-read", "maya", at("/followups/calendar/?year=2027")),
    Place("calendar-close", "grant", at("/followups/calendar/close/")),
    Place("calendar-hours", "grant", at("/followups/calendar/hours/")),
    Place("calendar-hours-errors", "grant", calendar_hours_errors),
    Place("calendar-preview", "grant", calendar_preview),
    Place("follow-ups-team", "priya", at("/followups/?view=team")),
    Place("follow-ups-empty", "priya", at("/followups/")),
    Place("follow-up-conflict", "priya", follow_up_conflict, "409"),
    Place("follow-up-close", "maya", at("/followups/{follow_up}/close/")),
    Place("mail", "maya", at("/mail/{message}/")),
    Place("mail-backlog", "priya", at("/mail/")),
    Place("mail-sending", "grant", at("/mail/sending/")),
    Place("library", "grant", at("/library/")),
    Place("library-none", "maya", at("/library/?q=zebra")),
    Place("library-document", "grant", at("/library/{document}/")),
    Place("library-proposal", "grant", at("/library/{document_proposed}/")),
    Place("library-new", "priya", at("/library/new/")),
    Place("library-new-errors", "grant", document_with_errors),
    Place("library-edit", "grant", at("/library/{document}/edit/")),
    Place("library-version", "grant", at("/library/{document}/new-version/")),
    Place("library-wrong", "grant", at("/library/{document_proposed}/1/wrong/")),
    Place("library-receivers", "grant", at("/library/{document}/receivers/")),
    Place("library-correction", "grant", at("/library/{document}/1/correction/")),
    Place("events", "maya", at("/events/")),
    Place("event", "priya", at("/events/{event}/")),
    Place("event-new", "priya", at("/events/new/")),
    Place("event-cancel", "priya", at("/events/{event}/cancel/")),
    Place("send", "maya", at("/library/send/{contact}/")),
    Place("send-check", "maya", at("/library/send/{contact}/check/?documents={document_version}")),
    Place("send-no-email", "maya", at("/library/send/{contact_without_email}/")),
    Place("data-dictionary", "ingrid", at("/privacy/register/data-dictionary/")),
    Place("access-requests", "grant", at("/contacts/requests/")),
    Place("contact-access", "priya", at("/contacts/{contact}/access/")),
    Place("request-access", "maya", at("/contacts/{contact_of_others}/request-access/")),
    Place("access-register", "grant", at("/access/register/")),
    Place("access-register-print", "dele", at("/access/register/print/")),
    Place("access-register-export", "grant", at("/access/register/export/")),
    Place("access-drift", "ingrid", at("/access/register/drift/")),
    Place("access-person", "dele", at("/access/people/{person}/")),
    Place("access-mine", "maya", at("/access/mine/")),
    Place("access-role-requests", "grant", at("/access/requests/")),
    Place("access-role-request-new", "grant", at("/access/requests/new/")),
    Place("access-role-request", "grant", at("/access/requests/{access_request}/")),
    Place("training", "dele", at("/access/training/")),
    Place("training-mine", "maya", at("/access/training/mine/")),
    Place("training-of-person", "dele", at("/access/training/{person}/")),
    Place("access-review", "grant", at("/access/review/")),
    Place("home-manager", "grant", at("/")),
    Place("home-access", "dele", at("/")),
    Place("home-privacy", "ingrid", at("/")),
    Place("demo-clock", "maya", at("/demo/clock/")),
    Place("unsubscribe", "", at("{link}")),
    Place("unsubscribe-french", "", at("{link}&lang=fr")),
    Place("unsubscribe-unknown", "", at("/unsubscribe/?t=unknown"), "404"),
    Place("verify-address", "maya", at("/calls/verify/{verification}/")),
    Place("mail-invitation", "ingrid", at("/mail/{invitation}/")),
    Place("demo-outbox", "maya", at("/demo/outbox/")),
    Place("demo-phone", "maya", at("/demo/phone/")),
    Place("extension", "maya", at("/calls/phone/")),
    Place("call-back", "maya", call_back),
    Place("403", "maya", at("/contacts/{contact_of_others}/"), "403"),
    Place("403-page", "maya", at("/access/register/"), "403"),
    Place("404", "maya", at("/calls/nowhere/"), "404"),
    Place("403-csrf", "maya", csrf_refused, "403"),
    Place("500", "", static_500, "500"),
    Place("constraint", "maya", constraint, "409"),
]
