from collections.abc import Iterable

from django import template

from calls.choices import Service

register = template.Library()


@register.filter
def service_labels(codes: Iterable[str]) -> str:
    """The services of a call in words, in the order of the form."""
    chosen = set(codes)
    return ", ".join(str(service.label) for service in Service if service.value in chosen)
