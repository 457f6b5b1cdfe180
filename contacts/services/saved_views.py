"""Keeping a view of the list of contacts: one default per person, and nobody overwrites what they have not seen."""

from django.db import transaction

from contacts.models import SavedView


class StaleView(Exception):
    """It was saved since the page was opened; nothing was written."""


@transaction.atomic
def keep_view(*, view: SavedView, seen_version: int) -> SavedView:
    """Save a new or changed view. Another default of the same person stops being one.

    :raises StaleView: somebody saved it first.
    :raises IntegrityError: the person has a view of that name.
    """
    if view.pk:
        if SavedView.objects.select_for_update().get(pk=view.pk).version != seen_version:
            raise StaleView
        view.version = seen_version + 1
    if view.is_default:
        for other in SavedView.objects.filter(owner=view.owner, is_default=True).exclude(pk=view.pk):
            other.is_default = False
            other.save(update_fields=["is_default"])
    view.save()
    return view
