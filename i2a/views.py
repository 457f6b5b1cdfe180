"""Pages that belong to no app: health, the language switch's landing, and errors."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_GET
from redis.exceptions import RedisError

from i2a import health
from i2a.checks import zone_data_is_fresh


@require_GET
@login_not_required
@transaction.non_atomic_requests  # opening a transaction would fail before it can be said that the database is away
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether this process lives, and what it can reach. Nothing personal (R-NFR-05)."""
    parts = {"database": database_answers(), "redis": redis_answers(), "zone_data": zone_data_is_fresh()}
    others = {name: part() for name, part in health.parts.items()} if parts["database"] else {}
    can_work = parts["database"] and parts["zone_data"] and all(others[name] == health.OK for name in health.vital)
    return JsonResponse(parts | others, status=200 if can_work else 503)


@require_GET
@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on every page; a 404 would be an error in their console."""
    return redirect(static("favicon.ico"))  # not for ever: the next release has another name for it


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except OperationalError:
        return False


def redis_answers() -> bool:
    try:
        cache.get("healthz")
    except (RedisError, OSError):
        return False
    return True


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also for a record: then the exception may know where to ask to see it. Or for lapsed privacy training."""
    if hasattr(exception, "trained_until"):
        return render(request, "403_training.html", {"trained_until": exception.trained_until}, status=403)
    return render(request, "403.html", {"ask_url": getattr(exception, "ask_url", "")}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The sign-in ran out while a form was open, or the form came from elsewhere."""
    return render(request, "403_csrf.html", status=403)
