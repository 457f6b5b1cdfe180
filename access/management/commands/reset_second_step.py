"""For who lost their phone and their recovery codes: with the owner's authorisation, by the access administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.models import User
from access.services.people import Oneself
from access.services.requests import NotOwner
from access.services.second_step import NotAdministrator, reset_second_step
from audit.actor import acting_as
from i2a import clock

REFUSALS = {
    NotOwner: "Only the system owner authorises this.",
    NotAdministrator: "Only an access administrator carries this out.",
    Oneself: "It takes three people: whose it is, who authorises it, who carries it out.",
}


class Command(BaseCommand):
    help = "Remove the second step of somebody who lost it, and end their sessions. Recorded, and mailed to them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--authorised-by", required=True, help="the system owner, who agreed in writing")
        parser.add_argument("--by", required=True, help="the access administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("username", "authorised_by", "by")
        people = [User.objects.filter(username=options[name], is_active=True).first() for name in names]
        if not all(people):
            raise CommandError("There is nobody of that name.")
        user, owner, administrator = people
        with acting_as(administrator):
            try:
                count = reset_second_step(user=user, authorised_by=owner, by=administrator, now=clock.now())  # type: ignore[arg-type]
            except tuple(REFUSALS) as refusal:
                raise CommandError(REFUSALS[type(refusal)]) from refusal
        self.stdout.write(f"Removed: {count}. {options['username']} sets up a new second step at the next sign-in.")
