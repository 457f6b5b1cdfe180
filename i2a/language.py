"""Which of its two languages a page is in."""

from django.utils.translation import get_language


def is_french() -> bool:
    return (get_language() or "").startswith("fr")
