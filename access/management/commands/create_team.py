"""A team: whose records somebody sees is decided by the team they are in (R-CON-11)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.models import Team
from audit.actor import acting_as_system


class Command(BaseCommand):
    help = "Make a team. A new system has none, and everybody who sees contacts belongs to one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="as people call it, such as Phone")

    def handle(self, *args: Any, **options: Any) -> None:
        team = Team(name=options["name"].strip())
        try:
            team.full_clean()
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from None
        with acting_as_system("create_team"):
            team.save()
        self.stdout.write(f"{team.name} is a team now.")
