from django.http import HttpRequest

from access.backends import roles_of
from access.roles import Role


def role_label(request: HttpRequest) -> dict[str, str]:
    """The roles of the signed-in person in words, for the top bar."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"role_label": ""}
    return {"role_label": ", ".join(str(Role(code).label) for code in sorted(roles_of(user)))}
