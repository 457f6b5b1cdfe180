"""Many contacts with calls, to measure on. Writes no audit (see calls.seed.volume)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from calls.seed.volume import add_volume
from i2a import clock


class Command(BaseCommand):
    help = "Add N invented contacts with about three calls each to a demonstration system, without audit entries."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", nargs="?", type=int, default=100_000, metavar="N", help="How many contacts.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.I2A_DEMO:
            raise CommandError("This is not a demonstration system. Set I2A_DEMO=1 to make it one.")
        if options["count"] < 1:
            raise CommandError("Add at least one contact.")
        add_volume(options["count"], now=clock.now(), tell=lambda done: self.stdout.write(f"{done} contacts"))
