"""Contacts: the lookup, and under it the list. What is typed is posted; what is filtered stands in the address."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from audit.models import AccessEvent
from audit.services import record_access
from contacts.emails import keyed_digest
from contacts.list_form import ContactFilterForm, Sort
from contacts.listing import COUNT_UP_TO, Listed, page_asked_for
from contacts.models import SavedView
from contacts.search import search
from i2a import clock
from i2a.permissions import may, requires


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@requires("contacts.view_contact")
def lookup(request: HttpRequest) -> HttpResponse:
    """GET shows the box and the list; POST looks up, because what is typed must never stand in a URL."""
    if request.method == "GET":
        return contact_list(request)
    q = request.POST.get("q", "")
    found = search(q, request.user) if q.strip() else None
    template = "contacts/_results.html" if request.htmx else "contacts/lookup.html"
    can_add = may(request.user, "contacts.add_contact")
    return render(request, template, {"found": found, "q": found.term if found else "", "can_add": can_add})


def contact_list(request: HttpRequest) -> HttpResponse:
    views = list(SavedView.objects.visible_to(request.user).select_related("owner").order_by("position", "pk"))
    default = next((view for view in views if view.is_default and view.owner == request.user), None)
    if default and not request.GET and not request.htmx:
        return redirect(f"{request.path}?{default.query or 'view=all'}")
    filters = filters_of(request)
    listed = page_for(request, filters)
    record_list(AccessEvent.Kind.LISTED, filters, len(listed.rows))
    query = filters.query()
    context = {
        "views": [(view, view.query == query) for view in views],
        "is_all": not query,
        "heads": heads(filters),
        "previous_url": address(query, before=listed.previous) if listed.previous else "",
        "next_url": address(query, after=listed.next) if listed.next else "",
        "print_url": reverse("contacts:print") + f"?{request.GET.urlencode()}",
        "can_add": may(request.user, "contacts.add_contact"),
        "may_export": may(request.user, "contacts.export_contact"),
    }
    template = "contacts/_list.html" if request.htmx else "contacts/lookup.html"
    return render(request, template, context | parts_of_list(filters, listed))


@require_GET
@requires("contacts.view_contact")
def print_list(request: HttpRequest) -> HttpResponse:
    """The page of the list that was on the screen, on paper."""
    filters = filters_of(request)
    listed = page_for(request, filters)
    record_list(AccessEvent.Kind.PRINTED, filters, len(listed.rows))
    back_url = f"{reverse('contacts:lookup')}?{request.GET.urlencode()}"
    context = parts_of_list(filters, listed) | {"back_url": back_url, "printed_at": clock.now()}
    return render(request, "contacts/print_list.html", context)


def filters_of(request: HttpRequest, query: str | None = None) -> ContactFilterForm:
    """The filters in the address, or in `query`."""
    data = request.GET if query is None else QueryDict(query)
    return ContactFilterForm(data, sees_all_teams=may(request.user, "contacts.view_all_teams"))


def page_for(request: HttpRequest, filters: ContactFilterForm) -> Listed:
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    return page_asked_for(request.user, filters.cleaned_data, clock.today(), after=after, before=before)


def parts_of_list(filters: ContactFilterForm, listed: Listed) -> dict[str, Any]:
    return {
        "filters": filters,
        "active_filters": filters.active(),
        "query": filters.query(),
        "listed": listed,
        "count": min(listed.count, COUNT_UP_TO),
        "sees_all_teams": "team" in filters.fields,
    }


def record_list(kind: AccessEvent.Kind, filters: ContactFilterForm, count: int) -> None:
    """The filters are codes; their fingerprint finds the same question again, as that of a lookup does."""
    query = filters.query()
    detail = {"query": keyed_digest(query), "criteria": query, "count": count}
    record_access(kind=kind, object_type="contacts.contact", detail=detail)


def address(query: str, **place: str) -> str:
    """Relative to the list. The whole list has an address of its own: the bare one opens the default view."""
    return "?" + "&".join([query or "view=all", *(f"{name}={token}" for name, token in place.items())])


def heads(filters: ContactFilterForm) -> dict[str, dict[str, str]]:
    """Column heads that sort: where a click leads, and how the column is sorted now."""
    sort = filters.cleaned_data.get("sort") or Sort.ACTIVITY_DOWN
    columns = {
        "name": (Sort.NAME_UP, Sort.NAME_DOWN),
        "activity": (Sort.ACTIVITY_DOWN, Sort.ACTIVITY_UP),
        "created": (Sort.CREATED_DOWN, Sort.CREATED_UP),
    }
    return {
        name: {
            "url": address(filters.query(sort=other if sort == first else first)),
            "sorted": ("descending" if sort.startswith("-") else "ascending") if sort in {first, other} else "",
        }
        for name, (first, other) in columns.items()
    }
