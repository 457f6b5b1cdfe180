"""The first teams of a new system, by `manage.py create_team`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from access.models import Team
from audit.models import LogEntry

pytestmark = pytest.mark.django_db


def test_a_team_is_made_and_the_record_says_by_what():
    said = StringIO()

    call_command("create_team", " Phone ", stdout=said)

    assert said.getvalue() == "Phone is a team now.\n"
    entry = LogEntry.objects.get_for_object(Team.objects.get(name="Phone")).get()
    assert entry.actor_label == "system:create_team"


@pytest.mark.parametrize("name", ["Phone", "", "x" * 81])
def test_a_name_that_is_taken_missing_or_too_long_is_refused(name):
    Team.objects.create(name="Phone")

    with pytest.raises(CommandError):
        call_command("create_team", name)

    assert Team.objects.count() == 1
