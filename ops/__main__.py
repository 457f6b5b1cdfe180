"""python -m ops COMMAND: what dev.py calls inside the virtual environment."""

from __future__ import annotations

import sys

from ops.refusal import Refusal, Stopped


def main(command: str, arguments: list[str]) -> int:
    """Imports per command: `run` must not need what only `test` installs."""
    if command == "run":
        from ops.launch import run

        return run()
    if command == "test":
        from ops.testing import test

        return test(arguments)
    if command == "test-faults":
        from ops.faults import test_faults

        return test_faults(arguments)
    if command in {"lint", "fix"}:
        from ops.linting import fix, lint

        return lint() if command == "lint" else fix()
    from ops.tools import use_tool

    return use_tool(command, arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except Refusal as reason:
        sys.exit(f"i2a: {reason}")
    except Stopped:
        sys.exit(130)
