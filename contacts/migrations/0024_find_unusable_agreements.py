from django.db import migrations

from contacts.models.unusable import FIND_UNUSABLE


class Migration(migrations.Migration):
    dependencies = [("contacts", "0023_unusable_agreements")]

    operations = [migrations.RunSQL(FIND_UNUSABLE, migrations.RunSQL.noop)]
