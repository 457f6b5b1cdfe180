from django.db import migrations

from audit.append_only import AppendOnly
from audit.row_changes import Watch
from audit.seal_sql import ServerColumns


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_sealed_and_in_months"), ("outbox", "0003_live_consent")]

    operations = [
        AppendOnly("outbox_messageevent", "message_event"),
        Watch("outbox_content"),
        Watch("outbox_message"),
        Watch("outbox_sendingstate"),
        Watch("outbox_staffalert"),
        ServerColumns("outbox_messageevent"),
    ]
