from functools import cache

from django.conf import settings
from django.http import HttpRequest

from i2a.navigation import navigation_for


def site(request: HttpRequest) -> dict[str, object]:
    """What `base.html` needs on every page. Lazy: an error page without a user asks nothing."""
    return {
        "demo": settings.I2A_DEMO,
        "logo": settings.I2A_LOGO,
        "phone": settings.I2A_PHONE,
        "navigation": cache(lambda: navigation_for(request)),  # three parts of the page read it
    }
