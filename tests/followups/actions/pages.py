"""What the tests of the actions ask of a page."""

import re

from django.urls import reverse

from tests.followups.hours import edmonton

NOW = edmonton("2026-11-23 12:00")


def url_of(name, record):
    return reverse(f"followups:{name}", args=[record.uid])


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def again(follow_up):
    follow_up.refresh_from_db()
    return follow_up
