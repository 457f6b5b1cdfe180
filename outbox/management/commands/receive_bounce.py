import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError

from audit.actor import acting_as_system
from i2a import clock
from outbox import bounces
from outbox.dsn import LARGEST_READ

TRY_LATER = 75  # EX_TEMPFAIL: the relay keeps the mail and asks again


class Command(BaseCommand):
    help = "Take in one mail that came back, from standard input: for a relay that pipes it (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", help="where it was sent, as the envelope says")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(LARGEST_READ)
        while sys.stdin.buffer.read(LARGEST_READ):
            pass  # a relay whose pipe breaks would think that we have failed
        try:
            with acting_as_system("bounces"):
                result = bounces.receive(raw, now=clock.now(), envelope_to=options["to"])
        except (bounces.NotYet, OperationalError):
            raise SystemExit(TRY_LATER) from None
        self.stdout.write(result.value)
