"""Pages that take something out of the audit or keep a question: the file, and reports of one's own."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from audit.models import SavedReport
from audit.report_models import MAX_EXPORT
from audit.reports.asked import AskForm
from audit.reports.exporting import TooManyEntries, export_entries, fitting
from audit.reports.merged import count_of
from audit.reports.topics import ACCESS_CHANGES
from audit.reports.views import address, form_of
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import requires

COUNT_UP_TO = 100_000  # beyond that it is said to be more


class ExportForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("What the file is for, and who gets it. Without names or numbers of callers."),
        error_messages={"required": gettext_lazy("State why this export is necessary.")},
    )


class ReportForm(forms.ModelForm):
    class Meta:
        model = SavedReport
        fields = ["name"]
        help_texts = {"name": gettext_lazy("What it shows. Without names or numbers of callers.")}
        error_messages = {"name": {"required": gettext_lazy("Give the report a name.")}}


@require_http_methods(["GET", "POST"])
@requires(ACCESS_CHANGES)
def export(request: HttpRequest) -> HttpResponseBase:
    """The report that the address describes, as a CSV file."""
    asking, form = form_of(request), ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            file, record = export_entries(
                asked=asking.asked,
                query=asking.query(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=clock.now(),
            )
        except TooManyEntries:
            return show_export(request, asking, form)
        name = f"audit-{record.ref}.csv"
        return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    return show_export(request, asking, form)


def show_export(request: HttpRequest, asking: AskForm, form: ExportForm) -> HttpResponse:
    """What is too much for a file is said before anybody writes a reason, with the days that fit."""
    count = count_of(asking.asked, COUNT_UP_TO)
    fits = fitting(asking.asked) if count > MAX_EXPORT else None
    context = {
        "form": form,
        "words": [words for words, _url in asking.active()],
        "count": min(count, COUNT_UP_TO),
        "is_more": count > COUNT_UP_TO,
        "is_too_many": count > MAX_EXPORT,
        "most": MAX_EXPORT,
        "fits": fits,
        "fits_query": asking.query(since=fits.since.isoformat()) if fits else "",
        "back_url": reverse("audit:entries") + address(asking),
    }
    return render(request, "audit/export.html", context)


@require_http_methods(["GET", "POST"])
@requires(ACCESS_CHANGES)
def report_new(request: HttpRequest) -> HttpResponse:
    """The filters come from the address, checked as the list checks them. Days that were chosen stay those days."""
    asking = form_of(request)
    user: Any = request.user
    report = SavedReport(owner=user, query=asking.query())
    form = ReportForm(request.POST or None, instance=report)
    if request.method == "POST" and form.is_valid():

        def keep() -> SavedReport:
            report.save()
            return report

        if saved(form, keep):
            messages.success(request, _("Report saved. It stands on the first page of the audit."))
            return redirect("audit:start")
    words = [words for words, _url in asking.active()]
    context = {"form": form, "words": words, "back_url": reverse("audit:entries") + address(asking)}
    return render(request, "audit/report_new.html", context)


@require_http_methods(["GET", "POST"])
@requires(ACCESS_CHANGES)
def report_delete(request: HttpRequest, uid: UUID) -> HttpResponse:
    report = get_object_or_404(SavedReport.objects.visible_to(request.user), uid=uid)
    if request.method == "POST":
        report.delete()
        messages.success(request, _("Report deleted. The entries stay."))
        return redirect("audit:start")
    return render(request, "audit/report_delete.html", {"report": report})
