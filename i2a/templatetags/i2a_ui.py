"""The parts of a page, as tags: `{% load i2a_ui %}`.

Each draws one template of templates/components/, whose first line names its parameters. Marks that stand in every row
of a list are drawn here, without a template. i2a.wall_time says the times; here they become filters.
"""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from i2a import clock as clocks
from i2a.language import is_french
from i2a.phone_text import phone_text
from i2a.wall_time import (
    local_day,
    say_date,
    say_full_day,
    say_short_day,
    say_time,
    say_to_the_second,
    say_when,
)

register = template.Library()


# Marks and small parts


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One drawing of components/icons.html. Without a label it is decoration: the text beside it must say the same."""
    return _icon(name, label)


def _icon(name: str, label: str = "") -> SafeString:
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="#i-{}"/></svg>', label, name)
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def badge(label: str, tone: str = "", icon: str = "") -> SafeString:
    """A state in a word; `tone`: "" ok warn stop info line. Never colour alone: the label says it."""
    css = f"tag tag-{tone}" if tone else "tag"
    return format_html('<span class="{}">{}{}</span>', css, _icon(icon) if icon else "", label)


@register.simple_tag
def person(name: str, latin: str = "") -> SafeString:
    """A name in its own script, isolated from the direction of the text around it; in Latin letters first, if known."""
    if latin and latin != name:
        return format_html('<bdi>{}</bdi> <bdi dir="auto" class="muted fw-normal">{}</bdi>', latin, name)
    return format_html('<bdi dir="auto">{}</bdi>', name)


@register.simple_tag
def phone(number: str, ext: str = "") -> SafeString:
    """A number to be read aloud digit by digit."""
    more = " " + _("ext. %(ext)s") % {"ext": ext} if ext else ""
    return format_html('<bdi dir="ltr" class="mono">{}</bdi>{}', phone_text(number), more)


@register.filter(name="phone")
def phone_filter(number: str) -> str:
    return phone_text(number)


# Blocks


@register.simple_block_tag
def note(content: str, tone: str = "info", icon: str = "", role: str = "") -> SafeString:
    return _drawn("note", content=content, tone=tone, icon_name=icon, role=role)


@register.simple_block_tag
def panel(content: str, title: str, id: str = "", level: int = 2) -> SafeString:
    return _drawn("panel", content=content, title=title, id=id, level=level)


@register.simple_block_tag
def fact(content: str, label: str, mono: bool = False, empty: str = "") -> SafeString:
    return _drawn("fact", content=content.strip(), label=label, mono=mono, empty=empty or _("None"))


@register.simple_block_tag
def box(content: str, number: int, title: str, short: str = "", error: bool = False) -> SafeString:
    return _drawn("box", content=content, number=number, title=title, short=short or title, error=error)


def _drawn(component: str, *, content: str = "", **values: Any) -> SafeString:
    """A component without the blank lines around it: inside a sentence they would be spaces.

    Safe: `content` and the component come out of the template engine, which has escaped them already.
    """
    html = render_to_string(f"components/{component}.html", {"content": mark_safe(content), **values})  # noqa: S308
    return mark_safe(html.strip())  # noqa: S308


# Forms


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, span: int = 6, mono: bool = False, aside: str = "", reveals: str = "", hide_label: bool = False
) -> dict[str, Any]:
    if mono:
        bound.field.widget.attrs["class"] = (bound.field.widget.attrs.get("class", "") + " mono").strip()
    if reveals:
        bound.field.widget.attrs["data-i2a-reveals"] = reveals
        bound.field.widget.attrs.setdefault("placeholder", " ")  # :placeholder-shown tells empty from filled
    return {"field": bound, "span": span, "aside": aside, "hide_label": hide_label}


@register.inclusion_tag("components/chips.html")
def chips(
    bound: BoundField,
    legend: str = "",
    span: int = 6,
    layout: str = "flow",
    form_id: str = "",
    reveals: str = "",
    digits_from: int = 0,
) -> dict[str, Any]:
    """`reveals`: "callback:a other:b,c" shows `.revealed-a` of the same scope while "callback" is chosen.

    `digits_from`: two groups inside one `data-i2a-digits` share the digits; this one starts with that number.
    """
    letters = dict(pair.split(":") for pair in reveals.split())
    options = [
        {
            "id": widget.id_for_label,
            "value": widget.data["value"],
            "label": widget.choice_label,
            "checked": widget.data["selected"],
            "disabled": "disabled" in widget.data["attrs"],
            "key": number if number <= 9 else "",
            "reveals": letters.get(str(widget.data["value"]), "").replace(",", " "),
        }
        for number, widget in enumerate(bound.subwidgets, start=digits_from or 1)
    ]
    return {
        "field": bound,
        "kind": "radio" if bound.subwidgets and bound.subwidgets[0].data["type"] == "radio" else "checkbox",
        "options": options,
        "legend": legend or bound.label,
        "span": span,
        "layout": layout,
        "form_id": form_id,
        "has_own_digits": not digits_from,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Form, title: str = "") -> dict[str, Any]:
    entries = [entry for form in forms if form is not None and form.errors for entry in _error_entries(form)]
    return {"entries": entries, "title": title}


def _error_entries(form: Form) -> list[dict[str, str]]:
    """One line per message. A rule about the whole form has nothing to point at, so it is no link."""
    entries = [{"text": str(error), "href": ""} for error in form.non_field_errors()]
    wrong = [(bound, str(error)) for bound in form for error in bound.errors]
    texts = Counter(text for _bound, text in wrong)
    for bound, text in wrong:
        # The same words twice lead nobody to the right field.
        said = f"{bound.label}: {text}" if texts[text] > 1 else text
        entries.append({"text": said, "href": f"#{_first_id(bound)}"})
    return entries


def _first_id(bound: BoundField) -> str:
    """The control that a link can focus: of a group of chips it is the first one."""
    if bound.use_fieldset and bound.subwidgets:
        return bound.subwidgets[0].id_for_label
    return bound.id_for_label or bound.auto_id


@register.inclusion_tag("components/say.html")
def say(
    heading: str,
    en: Any,
    fr: Any = "",
    number: int = 0,
    name: str = "",
    language: str = "en",
    form_id: str = "",
    level: int = 2,
) -> dict[str, Any]:
    """`en` and `fr` are text versions (`.body`, `.number`) or plain text; `language` says which one is shown first."""
    texts = {"en": _spoken(en, "en"), "fr": _spoken(fr, "fr")}
    first, other = ("fr", "en") if language.startswith("fr") and texts["fr"]["body"] else ("en", "fr")
    return {
        "heading": heading,
        "first": texts[first],
        "other": texts[other],
        "number": number,
        "name": name,
        "form_id": form_id,
        "level": level,
        "switch_id": f"say-{number or name or heading.replace(' ', '-')}",
    }


def _spoken(version: Any, language: str) -> dict[str, Any]:
    return {
        "language": language,
        "language_name": {"en": "English", "fr": "Français"}[language],
        "body": getattr(version, "body", version) or "",
        "number": getattr(version, "number", ""),
    }


# Larger parts


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", action: str = "", level: int = 2) -> dict[str, Any]:
    return {"title": title, "text": text, "url": url, "action": action, "level": level}


@register.inclusion_tag("components/keyset.html")
def keyset(
    newer: str = "", older: str = "", summary: str = "", newer_label: str = "", older_label: str = ""
) -> dict[str, Any]:
    words = {"newer_label": newer_label, "older_label": older_label}
    return {"newer": newer, "older": older, "summary": summary, **words}


@register.inclusion_tag("components/toast.html")
def toast(text: str, undo_url: str = "", seconds: int = 20, tone: str = "") -> dict[str, Any]:
    return {"text": text, "undo_url": undo_url, "seconds": seconds, "tone": tone}


@register.inclusion_tag("components/lookup.html", takes_context=True)
def lookup_form(
    context: Context, action: str, q: str = "", big: bool = False, prefix: str = "", results_template: str = ""
) -> dict[str, Any]:
    """`results_template` draws the matches when the page was asked for without htmx; it sees the page's context."""
    prefix = prefix or ("desk" if big else "top")
    page: dict[str, Any] = context.flatten()  # type: ignore[assignment]  # the stubs allow nodes as keys
    values = {"action": action, "value": q, "big": big, "prefix": prefix, "results_template": results_template}
    return {**page, **values}


@register.inclusion_tag("components/draft_offer.html")
def draft_offer(draft_id: Any, user_id: Any) -> dict[str, Any]:
    return {"draft_id": draft_id, "user_id": user_id}


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: Context, css_class: str = "link-btn") -> dict[str, Any]:
    request = context.get("request")
    code, label = ("en-ca", "English") if is_french() else ("fr-ca", "Français")
    return {
        "code": code,
        "label": label,
        "language": code[:2],
        "next": request.get_full_path() if request and request.method == "GET" else "",
        "css_class": css_class,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def behaviours(names: str) -> SafeString:
    """Scripts of static/js/ by name, each a file that finds its own elements: `{% behaviours "boxes draft echo" %}`."""
    tags = ((static(f"js/{name}.js"),) for name in names.split())
    return format_html_join("\n", '<script type="module" src="{}"></script>', tags)


@register.filter
def grouped(number: int) -> str:
    """As in "1,284", in French "1 284"."""
    return number_format(number, force_grouping=True)


# Time, always Edmonton's, in the language of the page. The zone's abbreviation is never printed (T-01).


@register.filter
def edmonton_time(at: datetime | None, precision: str = "") -> str:
    """As in "2:08 pm"; with "seconds" as in "2:12:08 pm"."""
    if at is None:
        return ""
    return say_to_the_second(at) if precision == "seconds" else say_time(at)


@register.filter
def edmonton_day(on: datetime | date | None) -> str:
    """As in "Thursday 19 November 2026"."""
    return "" if on is None else say_full_day(on)


@register.filter
def short_day(on: datetime | date | None) -> str:
    """As in "14 Nov 2026"."""
    return "" if on is None else say_short_day(on)


@register.filter
def when(at: datetime | None) -> str:
    """As short as is clear from now: "today 3:51 pm", "Fri 9:20 am" in the next six days, else "18 Nov, 3:51 pm"."""
    if at is None:
        return ""
    now = clocks.now()
    day, today = local_day(at), local_day(now)
    if day == today:
        return _("today %(time)s") % {"time": say_time(at)}
    if at > now:
        return say_when(at, now)
    # Not "Fri": a past weekday is easily taken for the coming one.
    date_words = say_date(day) if day.year == today.year else say_short_day(day)
    return _("%(day)s, %(time)s") % {"day": date_words, "time": say_time(at)}


@register.filter
def duration(seconds: float | None) -> str:
    """As in "7 min 30 s", "1 h 05 min", "45 s"."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, rest_minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": rest_minutes}
    if minutes and rest:
        return _("%(minutes)d min %(seconds)02d s") % {"minutes": minutes, "seconds": rest}
    return _("%(minutes)d min") % {"minutes": minutes} if minutes else _("%(seconds)d s") % {"seconds": rest}


@register.filter
def iso(at: datetime | None) -> str:
    """For `<time datetime>` and for scripts: an instant with its offset."""
    return "" if at is None else at.astimezone(clocks.EDMONTON).isoformat(timespec="seconds")
