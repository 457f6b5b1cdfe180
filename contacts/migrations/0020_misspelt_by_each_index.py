from django.db import migrations

from contacts.dictionary import CREATE_MISSPELT


class Migration(migrations.Migration):
    """Where 0013 ran before the function asked each index on its own."""

    dependencies = [("contacts", "0019_opening_reason")]

    operations = [migrations.RunSQL(CREATE_MISSPELT, migrations.RunSQL.noop)]
