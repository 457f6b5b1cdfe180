from access.models import Team, User


class NoTeam(Exception):
    """Calls and contacts belong to a team, and this person has none."""


def team_of(user: User) -> Team:
    """The team that will own what this person records.

    :raises NoTeam: they belong to none.
    """
    if user.team is None:
        raise NoTeam
    return user.team
