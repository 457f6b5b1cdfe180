"""Views of the list of contacts that people keep: save one, name it, share it, delete it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contacts.models import SavedView
from contacts.saved_view_form import SavedViewForm
from contacts.services import saved_views as services
from contacts.views.lookup import address, filters_of
from i2a.constraints import saved
from i2a.permissions import requires


@require_GET
@requires("contacts.view_contact")
def view_list(request: HttpRequest) -> HttpResponse:
    views = SavedView.objects.visible_to(request.user).select_related("owner", "team").order_by("position", "pk")
    return render(request, "contacts/views.html", {"views": [(view, address(view.query)) for view in views]})


@require_http_methods(["GET", "POST"])
@requires("contacts.view_contact")
def view_new(request: HttpRequest) -> HttpResponse:
    """The filters come from the address, checked as the list checks them."""
    filters = filters_of(request)
    place = SavedView.objects.filter(owner=request.user).count() + 1
    view = SavedView(owner=request.user, query=filters.query(), position=min(place, 99))
    return edit(request, view, back_url=reverse("contacts:lookup") + address(view.query))


@require_http_methods(["GET", "POST"])
@requires("contacts.view_contact")
def view_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    return edit(request, own_view(request, uid), back_url=reverse("contacts:views"))


def own_view(request: HttpRequest, uid: UUID) -> SavedView:
    """Shared views are changed by the one who shares them; to others there is no such page."""
    view: SavedView = get_object_or_404(SavedView.objects.filter(owner=request.user), uid=uid)
    return view


def edit(request: HttpRequest, view: SavedView, *, back_url: str) -> HttpResponse:
    form = SavedViewForm(request.POST or None, instance=view, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            kept = saved(form, lambda: services.keep_view(view=form.instance, seen_version=form.seen_version))
        except services.StaleView:
            form.add_error(None, _("This view was changed in another tab. Check it, then save again."))
        else:
            if kept:
                messages.success(request, _("View saved."))
                return redirect(reverse("contacts:lookup") + address(kept.query))
    words = [words for words, _address in filters_of(request, view.query).active()]
    context = {"form": form, "view": view, "words": words, "back_url": back_url}
    return render(request, "contacts/view_edit.html", context)


@require_http_methods(["GET", "POST"])
@requires("contacts.view_contact")
def view_delete(request: HttpRequest, uid: UUID) -> HttpResponse:
    view = own_view(request, uid)
    if request.method == "POST":
        view.delete()
        messages.success(request, _("View deleted. The contacts in it stay."))
        return redirect("contacts:views")
    return render(request, "contacts/view_delete.html", {"view": view})
