"""What the pages of django-allauth's views need to know beyond what it tells them."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import template
from django.conf import settings
from django.template.context import Context

from access.demo import CAST
from access.second_factor import Type, next_code

register = template.Library()


@register.simple_tag(takes_context=True)
def second_step(context: Context) -> dict[str, Any]:
    """Of the person who is half way in. `demo_code`: None unless this is one of a demonstration's invented people."""
    user = context["request"]._login_stage.login.user
    types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    is_character = settings.I2A_DEMO and user.username in {one.username for one in CAST}
    return {
        "has_app": Type.TOTP in types,
        "has_passkey": Type.WEBAUTHN in types,
        "demo_code": next_code(user) if is_character and Type.TOTP in types else None,
    }
