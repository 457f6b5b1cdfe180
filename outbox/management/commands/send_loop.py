"""Send queued mail without Celery and without a broker: the same engine in a plain loop."""

import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from audit.actor import acting_as_system
from i2a import clock
from outbox import engine
from outbox.loop import look_after_mailings


class Command(BaseCommand):
    help = "Begin due mailings and send queued mail, as the worker does. Safe beside workers and other loops."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help="pause between two looks")
        parser.add_argument("--once", action="store_true", help="look once, send what is due, and end")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        self.stopped = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self.stopped:
            more = self.look()
            if once and not more:
                return
            end = time.monotonic() + (0 if more else every)
            while time.monotonic() < end and not self.stopped:
                time.sleep(0.1)

    def stop(self, *signal_and_frame: Any) -> None:
        """Finish the mail in hand, then end."""
        self.stopped = True

    def look(self) -> bool:
        close_old_connections()
        try:
            look_after_mailings(clock.now())
            with acting_as_system("tick"):
                engine.tick(now=clock.now())
            with acting_as_system("drain"):
                return engine.drain(should_stop=lambda: self.stopped)
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"the database cannot be reached: {type(error).__name__}")
            connection.close()
            return False
