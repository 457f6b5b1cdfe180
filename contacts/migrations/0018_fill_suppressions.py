from django.db import migrations

FILL = """
INSERT INTO contacts_suppression (uid, fingerprint, purpose, at, contact_id)
SELECT uid, email_fingerprint, purpose, at, contact_id FROM contacts_consentevent
WHERE status = 'withdrawn' AND channel = 'email' AND email_fingerprint <> '' AND correction_reason = ''
ON CONFLICT (uid) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0017_suppression")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
