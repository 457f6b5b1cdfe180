"""Each page in light and dark, on a desk and on a phone: no violation known to axe-core, nothing cut off at 320 px."""

import pytest
from playwright.sync_api import Page

from tests.browser.places import PLACES, Place
from tests.browser.walk import PHONE, Size

pytestmark = pytest.mark.browser

NARROWEST = Size(320, 640)  # WCAG 1.4.10: what 400 % zoom makes of a desk

# What reaches beyond the window although nothing around it scrolls.
CUT_OFF = """
() => {
  const scrolls = (e) => e && e !== document.body &&
    (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((e) => e.checkVisibility() && !e.closest(".visually-hidden, svg, :popover-open"))
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.getBoundingClientRect().left < innerWidth)
    .filter((e) => e.getBoundingClientRect().width > 1 && !scrolls(e.parentElement))
    .map((e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`);
}
"""
# Text that its own box does not hold. Boxes that scroll or shorten on purpose are no such boxes.
OVERLAPS = """
() => [...document.querySelectorAll("td, th, dt, dd, .chip, .btn, label, .tag, legend, h1, h2, h3")]
  .filter((e) => e.checkVisibility() && getComputedStyle(e.closest("thead") || e).position !== "absolute")
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1)
  .filter((e) => getComputedStyle(e).overflowX === "visible" && getComputedStyle(e).display !== "inline")
  .map((e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`)
"""


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page_has_no_violation_and_nothing_cut_off(place: Place, new_page, kept_page_as, watch, site, records, axe):
    watch.expect(f"status of {place.complaint}")
    page = kept_page_as(place.username) if place.username else new_page()
    with site.database():
        place.go(page, records)
    page.wait_for_load_state()

    wrong = look_at(page, axe, "desk")
    page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    wrong += look_at(page, axe, "phone")
    page.set_viewport_size({"width": NARROWEST.width, "height": NARROWEST.height})
    wrong += [f"cut off at 320 px: {what}" for what in page.evaluate(CUT_OFF)]

    assert not wrong, "\n".join(wrong)


def look_at(page: Page, axe, where: str) -> list[str]:
    """What is wrong in both themes. A theme is an attribute that js/theme.js sets, and changes nothing but colours."""
    wrong = [f"{where}, text too long for its box: {what}" for what in page.evaluate(OVERLAPS)]
    set_theme(page, "light")
    wrong += [f"{where}, light: {what}" for what in axe(page)]
    set_theme(page, "dark")
    wrong += [f"{where}, dark: {what}" for what in axe(page, only_colours=True)]
    return wrong


def set_theme(page: Page, theme: str) -> None:
    page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_until_somebody_chooses(scheme, page_as):
    page = page_as("maya", theme=scheme)
    page.goto("/followups/")
    root = page.locator("html")
    assert root.get_attribute("data-bs-theme") == scheme

    page.locator("[data-i2a-theme-toggle]").click()
    page.reload()

    assert root.get_attribute("data-bs-theme") != scheme
