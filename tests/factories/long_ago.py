"""When what a test does not tell happened."""

from datetime import UTC, datetime

LONG_AGO = datetime(2020, 1, 2, 15, 0, tzinfo=UTC)
