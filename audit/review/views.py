"""The review queue in the browser."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.models import AccessEvent, ReviewItem
from audit.reports.merged import Place, Table
from audit.reports.rows import rows_of
from audit.review import deciding
from audit.review.rules import explain, say_rule
from audit.review_models import Finding
from audit.services import record_access
from i2a import clock
from i2a.constraints import saved
from i2a.keyset import Key, Order, instant_of, number_of, page_of, parts_of, token_of
from i2a.permissions import get_permitted, requires
from i2a.wall_time import local_day

REVIEW = "audit.review_use"
TYPE = "audit.reviewitem"
ROWS_PER_PAGE = 25
NEWEST_FIRST = Order("picked_at", descending=True)
TONES = {Finding.BREACH: "stop", Finding.EXPLAINED: "info", Finding.NONE: "ok"}
SHOWS = {
    "open": (gettext_lazy("To look into"), Q(finding="")),
    "urgent": (gettext_lazy("Urgent"), Q(finding="", is_urgent=True)),
    "found": (gettext_lazy("To sign off"), ~Q(finding="") & Q(signed_at__isnull=True)),
    "closed": (gettext_lazy("Closed"), Q(signed_at__isnull=False)),
}


class FindingForm(forms.ModelForm):
    finding = forms.ChoiceField(
        choices=Finding.choices,
        widget=forms.RadioSelect,
        label=gettext_lazy("Finding"),
        error_messages={"required": gettext_lazy("Choose what you found.")},
    )

    class Meta:
        model = ReviewItem
        fields = ["finding", "explanation"]
        widgets = {"explanation": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"explanation": gettext_lazy("Without names or numbers of callers.")}
        error_messages = {"explanation": {"max_length": gettext_lazy("Shorten the explanation to 500 characters.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """No `maxlength`: it would cut off pasted text without a word. A counter says it instead."""
        super().__init__(*args, **kwargs)
        words = self.fields["explanation"].widget.attrs
        words["data-i2a-count"] = words.pop("maxlength")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("finding") not in {None, Finding.NONE} and cleaned.get("explanation") == "":
            self.add_error("explanation", _("Say what explains it, or what you suspect."))
        return cleaned


@require_GET
@requires(REVIEW)
def queue(request: HttpRequest) -> HttpResponse:
    """Without a choice, what is urgent, as long as there is any: chance picks more of the other."""
    items: QuerySet[ReviewItem] = ReviewItem.objects.visible_to(request.user)
    counts = items.aggregate(**{name: Count("pk", filter=condition) for name, (_label, condition) in SHOWS.items()})
    show = request.GET.get("show", "")
    if show not in SHOWS:
        show = "urgent" if counts["urgent"] else "open"
    rows = items.filter(SHOWS[show][1]).select_related("reader", "found_by", "signed_by")
    page = page_of(rows, NEWEST_FIRST, ROWS_PER_PAGE, after=key_from(request.GET.get("older", "")))
    record_access(kind=AccessEvent.Kind.LISTED, object_type=TYPE, detail={"view": show, "count": len(page.rows)})
    last = page.rows[-1] if page.has_next else None
    context = {
        "rows": [(item, say_rule(item.rule), TONES.get(item.finding, "line")) for item in page.rows],  # type: ignore[call-overload]
        "show": show,
        "shows": [(f"?show={name}", label, counts[name], name == show) for name, (label, _of) in SHOWS.items()],
        "older_url": f"?show={show}&older={token_of(last.picked_at.isoformat(), last.pk)}" if last else "",
    }
    return render(request, "audit/queue.html", context)


def key_from(token: str) -> Key | None:
    at, pk = (*parts_of(token), "", "")[:2]
    instant, number = instant_of(at), number_of(pk)
    return Key(instant, number) if instant and number is not None else None


@require_http_methods(["GET", "POST"])
@requires(REVIEW)
def review(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One item; a POST states what was found."""
    item = loaded(request, uid)
    form = FindingForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        stated = {name: form.cleaned_data[name] for name in ["finding", "explanation"]}
        try:
            kept = saved(form, lambda: deciding.state_finding(item=item, by=request.user, now=clock.now(), **stated))
        except deciding.SignedOff:
            return closed_meanwhile(request, item)
        if kept:
            messages.success(request, _("Finding kept. It can be signed off now."))
            return redirect(item)
    return show_item(request, loaded(request, uid), form)


@require_POST
@requires(REVIEW)
def sign_off(request: HttpRequest, uid: UUID) -> HttpResponse:
    item = loaded(request, uid)
    try:
        deciding.sign_off(item=item, by=request.user, now=clock.now())
    except deciding.SignedOff:
        return closed_meanwhile(request, item)
    except deciding.NoFinding:
        messages.error(request, _("State a finding first."))
        return redirect(item)
    messages.success(request, _("Signed off and closed."))
    return redirect("audit:reviews")


def closed_meanwhile(request: HttpRequest, item: ReviewItem) -> HttpResponse:
    messages.error(request, _("Somebody signed this off meanwhile. Nothing was changed."))
    return redirect(item)


def loaded(request: HttpRequest, uid: UUID) -> ReviewItem:
    items = ReviewItem.objects.select_related("reader", "found_by", "signed_by")
    item: ReviewItem = get_permitted(items, request.user, REVIEW, uid=uid)
    return item


def show_item(request: HttpRequest, item: ReviewItem, form: FindingForm) -> HttpResponse:
    events = AccessEvent.objects.filter(pk__in=item.reads, at__range=(item.since, item.until))
    places = sorted((Place(at, Table.ACCESSES, pk) for at, pk in events.values_list("at", "pk")), reverse=True)
    record_access(kind=AccessEvent.Kind.VIEWED, object_type=TYPE, object_uid=item.uid)
    context = {
        "item": item,
        "form": form,
        "rule": say_rule(item.rule),
        "why": explain(item.rule),
        "tone": TONES.get(item.finding, "line"),  # type: ignore[call-overload]
        "rows": rows_of(places, request.user),
        "day_url": f"{reverse('audit:entries')}?{urlencode(days_of(item))}",
    }
    return render(request, "audit/review.html", context)


def days_of(item: ReviewItem) -> dict[str, Any]:
    """The question what else they did on those days."""
    return {"who": item.reader.uid, "since": local_day(item.since), "until": local_day(item.until)}
