"""The public page behind "privacy" in every mail and notice (R-CON-06)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contacts.choices import Language, TextKind
from contacts.models import TextVersion
from i2a import clock
from i2a.language import is_french


@require_GET
@login_not_required
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """The collection notice in force, as it is read to callers, and what stands around it."""
    language = Language.FR if is_french() else Language.EN
    in_force = TextVersion.objects.in_force(clock.now())
    notice = in_force.filter(kind=TextKind.COLLECTION_NOTICE, language=language).first()
    return render(request, "public/privacy.html", {"notice": notice})
