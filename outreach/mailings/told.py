"""What pages say of a mailing's people: who would get it, who is on its list, what became of each mail.

`say` puts a reason into words; `url` is the address of the people counted under an outcome or a reason, "" for all.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from contacts.languages import language_name
from outreach.mailings.audience import Audience
from outreach.mailings.lists import ListNow
from outreach.mailings.progress import Progress
from outreach.models import DraftedMailing

OUTCOMES = {  # names of `Progress`
    "sent": pgettext_lazy("mails", "Sent"),
    "queued": gettext_lazy("On its way"),
    "bounced": pgettext_lazy("mails", "Came back"),
    "failed": pgettext_lazy("mails", "Failed"),
    "needs_person": gettext_lazy("Needs a person"),
}
ALWAYS = {"sent", "queued"}
Words = Callable[[str], str]


def nowhere(show: str) -> str:
    return ""


def audience_told(audience: Audience, say: Words, url: Words = nowhere) -> dict[str, Any]:
    """How many get it now, and each reason why others do not."""
    languages = {language_name(code): count for code, count in audience.by_language.items() if count}
    return {
        "audience": audience,
        "share": share(audience.will_get, audience.matching),
        "languages": list(languages.items()),
        "rows": [(say(reason), count, url(reason)) for reason, count in audience.exclusions],
        "people_url": url(""),
        "totals": {"": audience.will_get, **dict(audience.exclusions)},
    }


def list_told(mailing: DraftedMailing, now: ListNow, say: Words, url: Words) -> dict[str, Any]:
    """The list that was made, and why some of it get nothing by now."""
    return {
        **left_out_told(mailing, say),
        "now": now,
        "remaining": now.remaining,
        "share": share(now.remaining, now.listed),
        "rows": [(say(reason), count, url(reason)) for reason, count in now.fell_out],
        "people_url": url(""),
        "totals": {"": now.listed, **dict(now.fell_out)},
    }


def progress_told(mailing: DraftedMailing, progress: Progress, say: Words, url: Words) -> dict[str, Any]:
    """What became of everybody on the list; each is counted once."""
    outcomes = [(show, label, getattr(progress, show)) for show, label in OUTCOMES.items()]
    return {
        **left_out_told(mailing, say),
        "progress": progress,
        "share": share(progress.finished, progress.listed),
        "rows": [(label, count, url(show)) for show, label, count in outcomes if count or show in ALWAYS],
        "withheld": [(say(reason), count, url(reason)) for reason, count in progress.withheld],
        "people_url": url(""),
        "totals": {"": progress.listed, **{show: n for show, _label, n in outcomes}, **dict(progress.withheld)},
    }


def left_out_told(mailing: DraftedMailing, say: Words) -> dict[str, Any]:
    """Who matched and was not put on the list, as it was then."""
    return {
        "left_out": [(say(reason), people) for reason, people in mailing.left_out],
        "left_out_in_all": sum(people for _reason, people in mailing.left_out),
    }


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "0%"
