from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actor import acting_as_system
from contacts import journal
from contacts.services import replaying, writing_down
from i2a import clock


class Command(BaseCommand):
    help = "The journal of withdrawals: verify it, write down what is missing, replay it after a restore."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify", "catch-up", "replay"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        try:
            with acting_as_system("withdrawals"):
                self.stdout.write({"verify": self.verify, "catch-up": self.catch_up, "replay": self.replay}[what]())
        except journal.Damaged as damage:
            raise CommandError(f"The journal is damaged at {damage}") from damage

    def verify(self) -> str:
        return f"{sum(1 for _line in journal.lines())} lines, every digest fits."

    def catch_up(self) -> str:
        return f"{writing_down.catch_up()} lines added."

    def replay(self) -> str:
        done = replaying.replay(now=clock.now())
        return (
            f"{done.lines} lines: {done.withdrawn} withdrawals, {done.stopped} times do not contact and "
            f"{done.suppressed} suppressed addresses are back in force."
        )
