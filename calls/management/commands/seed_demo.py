"""Fills a demonstration system with invented staff, callers and a month of calls (R-TST-02)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.demo import CAST
from access.second_factor import NEEDED_FOR
from audit.reconciliation import reconcile
from audit.sealing import seal as seal_audit
from audit.verifying import verify_and_keep
from calls.seed.write import seed
from i2a import clock


class Command(BaseCommand):
    help = "Fill a demonstration system with invented staff, callers and calls. May be repeated: it adds nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print-sign-ins", action="store_true", help="Only print user name, role and password.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.I2A_DEMO:
            raise CommandError("This is not a demonstration system. Set I2A_DEMO=1 to make it one.")
        if options["print_sign_ins"]:
            self.print_sign_ins()
            return
        count = seed(now=clock.now())
        if count:
            check_audit()
        self.stdout.write(f"Added {count} calls." if count else "The demonstration is here already. Nothing was added.")

    def print_sign_ins(self) -> None:
        for character in CAST:
            code = "  and a code, which the next page shows" if character.role in NEEDED_FOR else ""
            self.stdout.write(f"{character.username:<8}{character.role.label:<22}{character.password}{code}")


def check_audit() -> None:
    """As the worker does every minute and every night: a new demonstration shows a seal that holds."""
    seal_audit()
    verify_and_keep()
    reconcile()
