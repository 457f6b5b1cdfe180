from django.db import migrations

from contacts.folding import CREATE_PREFIXES, DROP_PREFIXES


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_consent_entered_by_mistake")]

    operations = [migrations.RunSQL(CREATE_PREFIXES, DROP_PREFIXES)]
