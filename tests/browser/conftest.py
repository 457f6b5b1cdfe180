"""What the browser tests share: one Chromium, one context per test, the people of the demonstration.

Whatever goes wrong unseen fails the test: an error in the console or in a script, a breach of the Content Security
Policy, a request to another host. What a test provokes on purpose it names: `watch.expect("409")`.
"""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)

from access.models import User
from access.sessions import SEEN_AT, SIGNED_IN_AT
from calls.models import CallDraft
from i2a import clock
from tests.browser.records import Records, records_of_the_demonstration
from tests.browser.walk import DESK, Size

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs an event loop in this thread

# Of two such lists Chromium takes the last. So: what Playwright switches off, and the two pages that Chromium draws for
# what could be typed into its address bar, in every window, which costs as much as a page of ours.
OFF = """
AimEnabled AvoidCorsURLLoaderRestartOnRedirect AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose
HttpsFirstBalancedModeAutoEnable HttpsUpgrades LensOverlay MediaRouter NetworkTimeServiceQuerying OptimizationHints
PaintHolding PreconnectToSearch ThirdPartyStoragePartitioning WebUIOmniboxAimPopup WebUIOmniboxPopup
"""
FLAGS = [
    f"--disable-features={','.join(OFF.split())}",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 15_000  # ms; a page takes a tenth of a second on an idle machine
AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_COLOUR_RULES = ["color-contrast", "link-in-text-block"]
expect.set_options(timeout=PATIENCE)


# A draft that was on its way when its call was saved or thrown away: the page is about to leave, and nothing is lost.
TOO_LATE_TO_KEEP = r"status of 409 .*/keep/"
# The page was left while it asked who rings at this desk.
LEFT_WHILE_ASKING = r"htmx:(afterRequest|sendAbort), \[object HTMLDivElement\]"


@dataclass
class Watch:
    """Everything a browser complained about. `expected` are patterns of complaints that belong to the test."""

    host: str
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=lambda: [TOO_LATE_TO_KEEP, LEFT_WHILE_ASKING])
    is_paused: bool = False

    def expect(self, *patterns: str) -> None:
        self.expected += patterns

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._weberror)
        context.on("request", self._request)

    def leave(self, context: BrowserContext) -> None:
        context.remove_listener("console", self._console)
        context.remove_listener("weberror", self._weberror)
        context.remove_listener("request", self._request)

    def _weberror(self, error: WebError) -> None:
        self._complain(f"script: {error.error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._complain(f"console, {message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self._complain(f"request to another host: {parts.netloc}")

    def _complain(self, what: str) -> None:
        if not self.is_paused:
            self.complaints.append(what)

    def unexpected(self) -> list[str]:
        return [said for said in self.complaints if not any(re.search(pattern, said) for pattern in self.expected)]


@pytest.fixture(scope="session")
def site(live):
    """The running product with the demonstration's people and calls, on the real time."""
    live.start("web", "worker", "beat", "sink")
    live.seed()
    return live


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "no Chromium: set CHROMIUM, or run these tests with `make test`, which finds one"
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()
        # While Playwright's loop runs, Django keeps another set of connections: those of every test from here on.
        connections.close_all()


@pytest.fixture
def watch(site) -> Iterator[Watch]:
    watch = Watch(urlsplit(site.web_url).netloc)
    yield watch
    assert not watch.unexpected()


@pytest.fixture
def new_page(site, chromium, watch) -> Iterator[Callable[..., Page]]:
    """Makes a page of a fresh context; every context of the test ends with it."""
    contexts = []

    def make(**options) -> Page:
        context = new_context(site, chromium, **options)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        watch.leave(context)
        close(context)


def close(context: BrowserContext) -> None:
    for page in context.pages:
        come_to_rest(page)
    context.close()


def come_to_rest(page: Page, at: str = "about:blank") -> None:
    """Chromium may forget to close a page that is just changing to another one, and nothing ends the wait for it
    (crbug.com/536385539)."""
    while not page.url.endswith(at):
        with suppress(Error):  # the other page was on its way, and came first
            page.goto(at)


def new_context(
    site, chromium: Browser, *, size: Size = DESK, theme: str = "light", locale: str = "en-CA", **options
) -> BrowserContext:
    context = chromium.new_context(
        base_url=options.pop("base_url", site.web_url),
        viewport={"width": size.width, "height": size.height},
        has_touch=size.is_phone,
        color_scheme=theme,
        locale=locale,
        timezone_id="Asia/Manila",  # the browser's own zone must never show
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture(scope="session")
def signed_in(site) -> Callable[[str], dict]:
    """The cookies of somebody who signed in this moment, second step and all, without the pages for it."""

    def state_of(username: str) -> dict:
        with site.database():
            user = User.objects.get(username=username)
            session = SessionStore()
            session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "access.backends.RoleBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session[SIGNED_IN_AT] = session[SEEN_AT] = time.time()
            session.save()
        cookie = {"name": "session", "value": session.session_key, "domain": "127.0.0.1", "path": "/"}
        return {"cookies": [cookie], "origins": []}

    return state_of


@pytest.fixture
def page_as(new_page, kept_page_as, signed_in) -> Callable[..., Page]:
    """A page of one of the cast: `page_as("maya")`, or a fresh one: `page_as("maya", size=PHONE, theme="dark")`."""

    def page(username: str, **options) -> Page:
        return new_page(storage_state=signed_in(username), **options) if options else kept_page_as(username)

    return page


@pytest.fixture(scope="module")
def kept_pages() -> Iterator[dict[str, Page]]:
    pages: dict[str, Page] = {}
    yield pages
    for page in pages.values():
        close(page.context)


@pytest.fixture
def kept_page_as(site, chromium, watch, signed_in, kept_pages) -> Iterator[Callable[[str], Page]]:
    """A page on a desk that the tests before have used, too: what the browser has read once, it does not read again.
    Cookies and what a page stored are as after signing in. A script that runs before every page, a clock that was
    installed and what one can go back to would stay: such a test takes a page of its own."""
    used = []

    def take(username: str) -> Page:
        assert username not in {person for person, _, _ in used}, f"{username} has a page already"
        if username not in kept_pages:
            kept_pages[username] = new_context(site, chromium, storage_state=signed_in(username)).new_page()
        page = kept_pages[username]
        page.set_viewport_size({"width": DESK.width, "height": DESK.height})
        watch.over(page.context)
        used.append((username, page, signed_in(username)["cookies"]))
        return page

    yield take
    for username, page, cookies in used:
        if page.is_closed():
            close(kept_pages.pop(username).context)
        else:
            leave_as_found(page, cookies)
        watch.leave(page.context)


def leave_as_found(page: Page, cookies: list) -> None:
    for other in page.context.pages:
        if other is not page:
            come_to_rest(other)
            other.close()
    page.unroute_all()
    come_to_rest(page, at="/healthz")  # no about:blank, for which Chromium would start another process
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.context.clear_cookies()
    page.context.add_cookies(cookies)


@pytest.fixture(autouse=True)
def no_calls_in_progress(site):
    """People share their sign-in between tests, so nobody may find the draft, or the Undo, of an earlier test."""
    with site.database():
        CallDraft.objects.all().delete()


@pytest.fixture
def axe(watch) -> Callable[..., list[str]]:
    """What axe-core finds wrong with a page. It is evaluated, not added as a script, so the page's policy stays."""

    def violations(page: Page, *, only_colours: bool = False) -> list[str]:
        watch.is_paused = True  # its own helpers are inline styles, which the policy reports
        page.evaluate("document.querySelectorAll('[data-i2a-toast]').forEach(toast => toast.remove()); scrollTo(0, 0)")
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text())
        rules = {"type": "rule", "values": AXE_COLOUR_RULES} if only_colours else AXE_RULES
        options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
        found = page.evaluate("options => axe.run(document, options)", options)
        watch.is_paused = False
        return [say_violation(rule, node) for rule in found["violations"] for node in rule["nodes"]]

    return violations


def say_violation(rule: dict, node: dict) -> str:
    return f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"


@pytest.fixture(scope="session")
def records(site) -> Records:
    with site.database():
        return records_of_the_demonstration()


@pytest.fixture
def later(page_as) -> Iterator[Callable[..., None]]:
    """Move the demonstration's clock, as its page does: `later(minutes=2)`. Afterwards it shows the real time again.

    It is set to a whole minute, so `minutes` may be up to a minute less.
    """
    page = page_as("dele")

    def move(*, minutes: int) -> None:
        page.goto("/demo/clock/")
        at = clock.now().astimezone(clock.EDMONTON) + timedelta(minutes=minutes)
        page.get_by_label("Edmonton time").fill(f"{at:%Y-%m-%dT%H:%M}")
        page.get_by_role("button", name="Set the clock").click()
        expect(page.get_by_text("Set by hand, running on")).to_be_visible()

    yield move
    page.goto("/demo/clock/")
    if page.get_by_role("button", name="Back to the real time").is_visible():
        page.get_by_role("button", name="Back to the real time").click()
        expect(page.get_by_text("Real time", exact=True)).to_be_visible()
