"""Nobody changes the evidence, every row change is written down, all of it is sealed and lies in months."""

from django.conf import settings
from django.db import migrations

from audit import append_only, row_changes
from audit.append_only import AppendOnly
from audit.disposal_sql import DISPOSE
from audit.partitions import CLOSE_PARTITION, DIVIDE, MAKE_PARTITIONS
from audit.row_changes import Watch
from audit.seal_sql import MAKE_SEAL, SEAL_PART, SEALED_COLUMNS, SETTLE_RIGHTS, ServerColumns

SEAL = SEALED_COLUMNS + SEAL_PART + MAKE_SEAL + SETTLE_RIGHTS


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(append_only.FUNCTION, "DROP FUNCTION refuse_change()"),
        AppendOnly("audit_logentry", "log_entry"),
        AppendOnly("audit_accessevent", "access_event"),
        AppendOnly("audit_rowchange", "row_change"),
        AppendOnly("audit_stretch", "seal"),
        AppendOnly("audit_seal", "seal"),
        AppendOnly("audit_check", "check"),
        AppendOnly("audit_discrepancy", "discrepancy"),
        AppendOnly("audit_auditexport", "audit_export"),
        AppendOnly("audit_disposal", "disposal"),
        # There is no way back: what a partition holds would have to be moved.
        migrations.RunSQL(row_changes.FUNCTION + SEAL + CLOSE_PARTITION + MAKE_PARTITIONS + DISPOSE),
        migrations.RunSQL("SELECT audit_close_partition('audit_rowchange_rest')"),
        ServerColumns("audit_logentry"),
        ServerColumns("audit_accessevent"),
        ServerColumns("audit_disposal"),
        migrations.RunSQL(DIVIDE),
        migrations.RunSQL(
            [
                "SELECT audit_make_partitions()",
                ("SELECT audit_settle_rights(%s, %s)", [settings.I2A_APP_ROLE, settings.I2A_AUDITOR_ROLE]),
            ]
        ),
        Watch("audit_auditexport"),
        Watch("audit_savedreport"),
        Watch("audit_reviewitem"),
    ]
