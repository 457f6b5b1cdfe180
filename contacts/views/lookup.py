from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from contacts.search import search
from i2a.permissions import requires


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@requires("contacts.view_contact")
def lookup(request: HttpRequest) -> HttpResponse:
    """GET shows the box; POST looks up, because what is typed must never stand in a URL."""
    q = request.POST.get("q", "")
    found = search(q, request.user) if q.strip() else None
    template = "contacts/_results.html" if request.htmx else "contacts/lookup.html"
    return render(request, template, {"found": found, "q": found.term if found else ""})
