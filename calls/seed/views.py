"""Views of the list of contacts that the demonstration's people keep."""

from access.models import User
from contacts.models import SavedView

# whose, shared with the team, name, query
VIEWS = [
    ("maya", False, "Not asked, called this month", "consent=not_asked&last_call=30days"),
    ("priya", True, "May be invited to seminars", "consent=may&purpose=seminar&sort=name"),
    ("priya", True, "Employers", "category=employer"),
    ("grant", False, "Quiet for a month", "last_call=before30days"),
]


def add_views(users: dict[str, User]) -> None:
    for position, (username, is_shared, name, query) in enumerate(VIEWS, start=1):
        owner = users[username]
        values = {"query": query, "position": position, "team": owner.team if is_shared else None}
        SavedView.objects.get_or_create(owner=owner, name=name, defaults=values)
