from django.db import migrations

from calls.last_call import FILL


class Migration(migrations.Migration):
    dependencies = [("calls", "0003_last_call")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
