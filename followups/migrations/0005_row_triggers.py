from django.db import migrations

from audit.row_changes import Watch

TABLES = """
followups_attempt followups_closedday followups_followup followups_pauseperiod followups_servicehours
followups_verification
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_sealed_and_in_months"),
        ("followups", "0004_nobody_leaves_with_open_follow_ups"),
    ]

    operations = [Watch(table) for table in TABLES.split()]
