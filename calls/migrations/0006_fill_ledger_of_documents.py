from django.db import migrations

FILL = """
INSERT INTO calls_sentdocument (message_id, version_id, at)
SELECT call.message_id, sent.version_id, message.created_at
FROM calls_calldocument AS sent
JOIN calls_call AS call ON call.id = sent.call_id
JOIN outbox_message AS message ON message.id = call.message_id
ORDER BY sent.id
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0005_library")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
