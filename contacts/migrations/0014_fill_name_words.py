from django.db import migrations

from contacts.dictionary import LEARN


class Migration(migrations.Migration):
    dependencies = [("contacts", "0013_name_words")]

    operations = [migrations.RunSQL(LEARN.format(contacts="contacts_contact"), migrations.RunSQL.noop)]
