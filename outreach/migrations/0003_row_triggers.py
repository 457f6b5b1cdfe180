from django.db import migrations

from audit.row_changes import Watch


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_sealed_and_in_months"), ("outreach", "0002_list_is_fixed")]

    operations = [
        Watch("outreach_campaign"),
        Watch("outreach_event"),
        Watch("outreach_formentry"),
        Watch("outreach_registration"),
    ]
