"""Pages of higher apps that have a contact entered, and want to know which one it became.

Such a page posts what it knows to the page "New contact", with `more` (draw it, save nothing) and a hidden field of its
own that names its record; `register(...)` in `AppConfig.ready()` says what happens when the contact is saved.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest

from contacts.models import Contact

Saved = Callable[[HttpRequest, str, Contact], str]
_origins: dict[str, Saved] = {}


def register(name: str, saved: Saved) -> None:
    """`saved(request, key, contact)` answers where to go on, "" for the contact's page. `key` is what was posted."""
    _origins[name] = saved


def carried(typed: Mapping[str, str]) -> dict[str, str]:
    """The hidden fields that stay on the page until it is saved."""
    return {name: typed[name] for name in _origins if name in typed}


def next_page(request: HttpRequest, contact: Contact) -> str:
    pages = (_origins[name](request, key, contact) for name, key in carried(request.POST).items())
    return next(filter(None, pages), contact.get_absolute_url())
