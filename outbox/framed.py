"""A mail as its receiver sees it, inside a page of ours: its own styles, and nothing else."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_sameorigin

POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "sandbox": [""],  # no scripts and no origin, also when it is opened on its own
}


def framed(request: HttpRequest, html: str) -> HttpResponseBase:
    """For `<iframe sandbox src=…>`, which needs an address: a page's own policy would take the mail's styles away."""

    @csp(POLICY)
    @xframe_options_sameorigin
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(html, headers={"Cache-Control": "no-store"})

    return answer(request)
