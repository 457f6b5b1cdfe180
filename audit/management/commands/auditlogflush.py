"""auditlog ships a command that empties the history. Here it refuses (R-AUD-01)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Disabled: the audit history is never emptied."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-y", "--yes", action="store_true", help="Ignored.")
        parser.add_argument("-b", "--before-date", help="Ignored.")
        parser.add_argument("-t", "--truncate", action="store_true", help="Ignored.")

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "The audit history is never removed: not by this command, and not by the database role it uses."
        )
