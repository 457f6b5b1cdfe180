"""Work beside a test, in threads that have a database connection of their own and close it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

PATIENCE = 60  # seconds


def at_once(count: int, work: Callable[[], object]) -> None:
    """Do it `count` times at the same moment; go on when all are done."""
    threads = [started(work) for _number in range(count)]
    for thread in threads:
        thread.join(PATIENCE)


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[None]:
    """Do it while the block runs; go on when both are done."""
    thread = started(work)
    yield
    thread.join(PATIENCE)


def started(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        work()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
