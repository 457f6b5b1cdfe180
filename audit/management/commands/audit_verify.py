from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import verifying
from audit.models import Disposal

WORDS = {
    verifying.CHAIN: "Batch {number} is the first bad one: the seal itself was changed.",
    verifying.GAP: "Batch {number} is the first bad one: its seal is missing.",
    verifying.ROWS: "Batch {number} is the first bad one: rows of {what} were changed, removed or added.",
    verifying.TAIL: "Batch {number} is the first bad one: it was sealed and is gone. The end of the history was cut.",
    verifying.REBUILT: "Batch {number} is the first bad one: the head kept outside is another. The seals were rebuilt.",
    verifying.HEADS: "The file of heads cannot be read; the database itself is sound up to batch {number}.",
    verifying.EARLY: "Batch {number} is the first bad one: {what} was removed before its time.",
}


class Command(BaseCommand):
    help = "Recompute the seal over the audit. Exit code 1 and the first bad batch, if it does not fit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", type=Path, help="A file of heads kept elsewhere. Default: I2A_AUDIT_HEADS.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["head"] and not options["head"].exists():
            raise CommandError(f"There is no file {options['head']}.")
        verdict = verifying.verify(options["head"])
        if verdict.fault:
            fault = verdict.fault
            raise CommandError(WORDS[fault.why].format(number=fault.number, what=fault.what), returncode=1)
        self.stdout.write(
            f"Sound up to batch {verdict.upto}: {verdict.seals} batches, {verdict.rows} rows, {verdict.heads} heads"
            f" kept outside, in {verdict.seconds:.1f} s."
        )
        self.stdout.write(f"The audit is kept for {settings.I2A_AUDIT_MONTHS} months.")
        for gone in Disposal.objects.order_by("pk"):
            month = f"{gone.last_day:%Y-%m}" if gone.begins else f"up to {gone.last_day:%Y-%m}"
            self.stdout.write(f"Removed: {gone.table_name} {month}, {gone.rows} rows, on {gone.at:%Y-%m-%d}.")
