#!/usr/bin/env python3
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "i2a.settings")
    from django.core.management import execute_from_command_line

    from audit.actor import acting_as_system

    with acting_as_system(sys.argv[1] if len(sys.argv) > 1 else "manage"):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
