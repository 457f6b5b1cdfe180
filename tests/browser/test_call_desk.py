"""The call desk as stories 1, 2, 9, 11 and 12 of the requirements tell it: what is done, and what then is true."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from playwright.sync_api import Page, expect

from calls.models import Call
from contacts.models import Contact
from tests.browser.walk import (
    ABOUT_THE_CALL,
    EMAIL,
    NAME,
    NO_FOLLOW_UP,
    PHONE_NUMBER,
    SURVEY_SAID,
    answer_for_new_contact,
    look_up,
    matches_of,
    pick,
    save_call,
    save_even_if_doubtful,
    saved_reference,
    start_call,
    type_in,
)

pytestmark = pytest.mark.browser


def count_on(page: Page, label: str) -> int:
    return int(page.locator(".facts > div").filter(has_text=label).locator("dd").inner_text())


# Story 1: a plain call, nothing to follow up


def test_a_plain_call_is_statistics_and_nothing_else(page_as, site):
    page, manager = page_as("maya"), page_as("grant")
    manager.goto("/")
    calls_today = count_on(manager, "Calls logged")
    with site.database():
        contacts = Contact.objects.count()
    start_call(page)
    pick(page, "Announcement heard", "Foreign national", "Themselves")
    pick(page, "Alberta Immigrant Nominee Program", "Answered by phone")
    page.get_by_label("Citizenship").select_option("Philippines")
    page.get_by_label("Country of origin").select_option("Philippines")

    save_call(page)
    missing = "Choose whether follow-up is needed. If none, select 'No follow-up action is to be taken'."
    expect(page.locator("[data-i2a-errors]").get_by_role("link", name=missing)).to_be_visible()
    expect(page.locator("#div_id_follow_up_decision .field-error")).to_have_text(missing)
    pick(page, NO_FOLLOW_UP)
    save_call(page)

    ref = saved_reference(page)
    manager.reload()
    assert count_on(manager, "Calls logged") == calls_today + 1
    with site.database():
        call = Call.objects.get(ref=ref)
        assert (call.direction, call.announcement_heard) == ("in", "yes")
        assert (call.stat_citizenship, call.stat_origin) == ("PH", "PH")
        assert call.contact is None
        assert Contact.objects.count() == contacts


def test_no_follow_up_can_be_added_to_a_call_that_needs_none(page_as, watch):
    watch.expect("status of 409")
    page = page_as("maya")
    start_call(page)
    pick(page, *ABOUT_THE_CALL)
    save_call(page)
    ref = saved_reference(page)
    page.get_by_role("row").filter(has_text="Caller not identified").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(ref)

    page.get_by_role("button", name="Add a follow-up").click()

    refusal = "This call is marked 'No follow-up action is to be taken'. Change the call first."
    expect(page.get_by_role("alert")).to_contain_text(refusal)


def test_the_privacy_officer_sees_who_recorded_a_call(page_as, site):
    page, officer = page_as("maya"), page_as("ingrid")
    start_call(page)
    pick(page, *ABOUT_THE_CALL)
    save_call(page)
    ref = saved_reference(page)
    with site.database():
        uid = Call.objects.get(ref=ref).uid

    officer.goto(f"/calls/{uid}/")

    history = officer.locator("section").filter(has=officer.get_by_role("heading", name="History of this record"))
    expect(history).to_contain_text("Maya Okafor-Lindqvist")
    expect(history).to_contain_text("Recorded")


# Story 2: materials by e-mail only

ROSALIND, HER_ADDRESS = "Rosalind Quillfeather-Osei", "rosalind.q@example.org"
GUIDE, OVERVIEW = "Work permits, step by step", "Alberta Immigrant Nominee Program: an overview"
MATERIALS_REFUSED = "For an e-mail-only request only an e-mail address and a phone number are recorded."


def fill_in_materials(page: Page) -> None:
    start_call(page, "Materials by e-mail only")
    type_in(page, "Full name if offered", ROSALIND)
    type_in(page, EMAIL, HER_ADDRESS)
    type_in(page, PHONE_NUMBER, "780-555-0117")
    page.get_by_label("Collection notice given").check()
    pick(page, "Foreign national", "Themselves", "Work permits", "E-mailed", GUIDE, OVERVIEW)
    pick(page, NO_FOLLOW_UP, SURVEY_SAID)


def test_materials_by_email_reach_her_and_nobody_else(page_as, site, later):
    page = page_as("maya")
    fill_in_materials(page)
    for never_asked in ("organisation", "street", "citizenship", "origin_country", "mobile", "fax"):
        expect(page.locator(f"[name={never_asked}]")).to_have_count(0)

    save_even_if_doubtful(page)

    look_up(page, HER_ADDRESS).first.get_by_text(ROSALIND).wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="E-mails", exact=True).click()
    entry = page.locator(".timeline")
    expect(entry).to_contain_text(re.compile("queued|waiting|leaves", re.IGNORECASE))
    later(minutes=2)
    site.wait_until(lambda: mails_to(site, HER_ADDRESS), what="the worker and beat to send the mail")
    (mail,) = mails_to(site, HER_ADDRESS)
    page.reload()
    expect(entry).to_contain_text(re.compile("sent", re.IGNORECASE))
    assert mail["To"] == mail["X-Envelope-To"] == HER_ADDRESS
    assert mail["Cc"] is mail["Bcc"] is mail["List-Unsubscribe"] is None
    assert "Rosalind" not in mail["Subject"]
    text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    for body in (text, html):
        assert GUIDE.upper() in body.upper()
        assert OVERVIEW.upper() in body.upper()
        assert "Commerce Place" in body  # the sender block
        assert "Protection of Privacy Act" in body  # the collection notice


def mails_to(site, address: str) -> list:
    return [mail for mail in site.mails() if address in mail["X-Envelope-To"]]


def test_a_field_added_with_devtools_is_refused(page_as, site):
    page = page_as("maya")
    fill_in_materials(page)
    page.evaluate(
        """() => {
            const street = Object.assign(document.createElement("input"), { name: "street", value: "9 Nowhere Lane" });
            document.getElementById("call-form").append(street);
        }"""
    )

    save_call(page)

    expect(page.locator("[data-i2a-errors]")).to_contain_text(MATERIALS_REFUSED)
    with site.database():
        assert not Contact.objects.filter(street__contains="Nowhere").exists()


def test_the_database_refuses_a_street_of_an_email_only_contact(site, records):
    broken = "contact_materials_only_is_minimal|contact_address_needs_agreement"
    street = "UPDATE contacts_contact SET street = '9 Nowhere Lane' WHERE uid = %s"
    with site.database(), pytest.raises(IntegrityError, match=broken), transaction.atomic(), connection.cursor() as sql:
        sql.execute(street, [records.contact_of_materials])


# Story 11: names in many scripts

NAMES = {  # what is typed into the lookup to find it, and the direction it is read in
    "أحمد النجّار الخيالي": ("النجار", "rtl"),
    "王虚构": ("王虚", "ltr"),
    "Nguyễn Thị Ánh Tưởng Tượng": ("Nguyen thi anh", "ltr"),
    "Łukasz Zmyślony": ("LUKASZ zmyslony", "ltr"),
    "D'Arcy O'Fictional-Smythe": ("o'fictional", "ltr"),
    "Rekaan": ("rekaan", "ltr"),
    "Etelvina " + " ".join(["Imaginaria-Inventada"] * 5) + " la Última": ("etelvina imaginaria", "ltr"),
    "Ze\u0301phyrine Inventée": ("zéphyrine", "ltr"),  # typed with a separate accent, as a Mac may send it
}


@pytest.mark.parametrize(("name", "asked", "direction"), [(name, *rest) for name, rest in NAMES.items()])
def test_a_name_is_kept_found_and_shown_in_its_own_direction(name, asked, direction, kept_page_as):
    page = kept_page_as("maya")
    start_call(page)
    type_in(page, NAME, name)
    type_in(page, EMAIL, "shared.mailbox@example.org")
    answer_for_new_contact(page)
    save_even_if_doubtful(page)
    shown = re.sub("e\u0301", "é", name)

    matches = look_up(page, asked).filter(has_text=shown)
    assert direction_of(matches.first.locator("bdi").first) == direction
    matches.first.click(modifiers=["Control"])

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(shown)
    assert direction_of(heading.locator("bdi").first) == direction
    assert page.title().startswith("Contact -")


def direction_of(name) -> str:
    return name.evaluate("element => getComputedStyle(element).direction")


def test_a_name_that_turns_the_text_round_is_refused(page_as):
    page = page_as("maya")
    start_call(page)
    type_in(page, NAME, "Innocent\u202e Fable")
    type_in(page, EMAIL, "innocent@example.org")
    answer_for_new_contact(page)

    save_call(page)

    refusal = "The name contains characters that are not allowed."
    expect(page.locator("[data-i2a-errors]").get_by_role("link", name=refusal)).to_be_visible()
    expect(page.locator("#div_id_name")).to_contain_text(refusal)


def test_a_mail_greets_in_the_reader_s_own_script_and_direction(page_as, site, later):
    page = page_as("maya")
    start_call(page)
    type_in(page, NAME, "ليلى المتخيَّلة")
    type_in(page, EMAIL, "layla@example.org")
    answer_for_new_contact(page)
    pick(page, "E-mailed", GUIDE)
    save_even_if_doubtful(page)

    later(minutes=2)
    site.wait_until(lambda: mails_to(site, "layla@example.org"), what="the mail")

    html = mails_to(site, "layla@example.org")[0].get_body(["html"]).get_content()
    assert '<bdi dir="auto">ليلى المتخيَّلة</bdi>' in html


# Story 12: phones of the world

NUMBERS = [  # as typed, as stored, as shown, and other ways to type it into the lookup
    ("+63 917 555 0143", "+639175550143", "0917 555 0143 (Philippines)", ["09175550143", "+63-917-555-0143"]),
    ("00971 50 555 0147", "+971505550147", "050 555 0147 (United Arab Emirates)", ["0505550147", "971 50 5550147"]),
    ("011 86 139 5550 0199", "+8613955500199", "139 5550 0199 (China)", ["13955500199", "5550 0199"]),
    ("+234 803 555 0121", "+2348035550121", "0803 555 0121 (Nigeria)", ["08035550121"]),
    ("+52 55 5555 0186", "+525555550186", "55 5555 0186 (Mexico)", ["5555550186"]),
    ("+55 11 95555-0134", "+5511955550134", "(11) 95555-0134 (Brazil)", ["11 95555 0134"]),
    ("+91 98555 50123", "+919855550123", "098555 50123 (India)", ["098555-50123", "9855550123"]),
    ("780 555 0117", "+17805550117", "780-555-0117", ["(780) 555.0117", "0117"]),
    ("403-555-0142 x204", "+14035550142", "403-555-0142 ext. 204", ["4035550142"]),
]


@pytest.mark.parametrize(("typed", "stored", "shown", "spellings"), NUMBERS, ids=[number[0] for number in NUMBERS])
def test_a_number_is_stored_in_full_shown_with_its_country_and_found(
    typed, stored, shown, spellings, kept_page_as, site
):
    page = kept_page_as("maya")
    name = f"Caller of {stored[1:]}"
    start_call(page)
    type_in(page, NAME, name)
    type_in(page, PHONE_NUMBER, typed)
    answer_for_new_contact(page)
    save_even_if_doubtful(page)

    page.goto("/calls/desk/")
    for spelling in [typed, stored, *spellings]:
        expect(matches_of(page, spelling).filter(has_text=name).first).to_be_visible()
    matches_of(page, name).first.click(modifiers=["Control"])

    phone = page.locator(".facts > div").filter(has=page.locator("dt", has_text="Phone")).locator("dd")
    expect(phone).to_contain_text(shown)
    with site.database():
        contact = Contact.objects.filter(name=name).latest("pk")
        assert (contact.phone, contact.phone_typed) == (stored, typed)


def test_a_number_in_arabic_digits_is_the_same_number(page_as):
    page = page_as("maya")
    first = "Rashid Mutakhayyal"
    start_call(page)
    type_in(page, NAME, first)
    type_in(page, PHONE_NUMBER, "00971 50 555 0147")
    answer_for_new_contact(page)
    save_even_if_doubtful(page)
    start_call(page)
    type_in(page, NAME, "R. M.")
    page.locator("#call-form").get_by_label("Country", exact=True).select_option("AE")
    type_in(page, PHONE_NUMBER, "٠٥٠٥٥٥٠١٤٧")
    answer_for_new_contact(page)

    save_call(page)

    question = page.get_by_role("alert").filter(has_text="Possible duplicate")
    expect(question).to_contain_text(first)
    question.get_by_role("button", name=f"Use existing {first}").first.click()
    expect(page.locator(".caller-name")).to_contain_text(first)


def test_a_number_that_is_none_is_refused(page_as):
    page = page_as("maya")
    start_call(page)
    type_in(page, NAME, "Nobody Numberless")
    type_in(page, PHONE_NUMBER, "12345")
    answer_for_new_contact(page)

    save_call(page)

    refusal = "Enter a full phone number including the country code."
    page.locator("[data-i2a-errors]").get_by_role("link", name=refusal).click()
    expect(page.locator("#call-form").get_by_role("textbox", name=PHONE_NUMBER)).to_be_focused()
    expect(page.locator("#div_id_phone")).to_contain_text(refusal)


# Two people, one contact


def test_two_who_correct_one_contact_both_keep_what_they_changed(page_as, watch, site, records):
    watch.expect("status of 409")
    maya, tomas = page_as("maya"), page_as("tomas")
    edit = f"/contacts/{records.contact_of_two}/edit/"
    maya.goto(edit)
    tomas.goto(edit)
    maya.get_by_label("Mobile").fill("587 555 0139")
    maya.get_by_role("button", name="Save details").click()
    expect(maya.get_by_text("Details saved.")).to_be_visible()
    tomas.get_by_label("Organisation", exact=True).fill("Invented Glassworks")

    tomas.get_by_role("button", name="Save details").click()

    expect(tomas.get_by_role("alert")).to_have_text(
        re.compile(
            r"This record was changed by Maya O\. at \d+:\d\d [ap]m while you were editing\. "
            r"Your entries are shown below; nothing has been saved\."
        )
    )
    differences = tomas.get_by_role("table")
    expect(differences.get_by_role("row").filter(has_text="Mobile")).to_contain_text("587-555-0139")
    expect(differences.get_by_role("row").filter(has_text="Organisation")).to_contain_text("Invented Glassworks")
    with site.database():
        assert Contact.objects.get(uid=records.contact_of_two).organisation != "Invented Glassworks"
    tomas.get_by_role("button", name="Save my entries").click()
    expect(tomas.get_by_text("Details saved.")).to_be_visible()
    with site.database():
        contact = Contact.objects.get(uid=records.contact_of_two)
        assert (contact.mobile, contact.organisation) == ("+15875550139", "Invented Glassworks")
