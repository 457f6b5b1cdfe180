from django.db import migrations

from calls.last_call import CREATE, DROP


class Migration(migrations.Migration):
    dependencies = [("calls", "0002_reference_lists")]

    operations = [migrations.RunSQL(CREATE, DROP)]
