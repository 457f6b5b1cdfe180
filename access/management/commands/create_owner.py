"""The first person of a system: nobody is there yet who could authorise anybody (D-08)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from access.models import AccessGrant, User
from access.services.bootstrap import bootstrap_person
from access.services.grants import make_owner, owner_at, restore_grant
from audit.actor import acting_as_system
from i2a import clock


class Command(BaseCommand):
    help = (
        "Make the first system owner, or hand the ownership over to somebody who is a manager; a manager's role that a "
        "review has suspended counts again. Once an owner and an access administrator are there, everybody else comes "
        "in by request, authorisation and execution."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--email", default="")
        parser.add_argument("--administrator", action="store_true", help="make the first access administrator instead")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as_system("create_owner"):
            self.stdout.write(self.hand_over(options) or self.bootstrap(options))

    def hand_over(self, options: dict[str, Any]) -> str:
        user, now = User.objects.filter(username=options["username"]).first(), clock.now()
        if user is None or options["administrator"]:
            return ""
        role = user.grants.open().exclude(ends_at__lte=now).filter(role="manager", starts_at__lte=now).first()
        if role is None or not user.is_active:
            raise CommandError("The system owner is a manager. Ask for that role first.")
        if role.suspended_at is not None:  # nobody answered the review: nobody is left who could confirm it
            restore_grant(grant=role, now=now)
        make_owner(user=user, now=now)
        return f"{user.username} is the system owner now."

    def bootstrap(self, options: dict[str, Any]) -> str:
        now, role = clock.now(), "access_admin" if options["administrator"] else "manager"
        if not options["administrator"] and owner_at(now) is not None:
            raise CommandError("There is a system owner. New people come in by request.")
        if AccessGrant.objects.in_force(now).filter(role=role).exists():
            raise CommandError("Somebody has this role already. New people come in by request.")
        facts = {name: options[name] for name in ("username", "first_name", "last_name", "email")}
        if not all(facts.values()):
            raise CommandError("Give --first-name, --last-name and --email.")
        user = bootstrap_person(**facts, role=role, now=now)
        if role == "manager":
            make_owner(user=user, now=now)
        return f"{user.username} is in the register. Set a password: manage.py changepassword {user.username}"
