from collections.abc import Iterator

import pytest
from django.db import connection

from tests.live import Live
from tests.outbox.smtp_double import MailServerDouble, Script

# What earlier tests left in the table of the workshop is brought to an end, by steps that the trigger allows.
END_EVERYTHING = """
UPDATE outbox_message SET state = 'cancelled' WHERE state = 'queued';
UPDATE outbox_message SET state = 'failed' WHERE state IN ('claimed', 'sending');
UPDATE outbox_message SET state = 'sent', sent_at = created_at WHERE state = 'ambiguous';
"""


@pytest.fixture
def committed(workshop: Live) -> Iterator[Live]:
    """The test's own connection commits, and nothing is queued when it begins."""
    with workshop.database():
        with connection.cursor() as cursor:
            cursor.execute(END_EVERYTHING)
        yield workshop
        workshop.kill(*workshop.processes)


@pytest.fixture
def smtp(settings) -> Iterator[Script]:
    """The script of a mail server that the settings point to."""
    double = MailServerDouble()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", double.port, 20
    double.script.port = double.port
    yield double.script
    double.stop()
