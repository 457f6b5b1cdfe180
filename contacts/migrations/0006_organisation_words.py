from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from contacts.folding import Words


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_contact_recent")]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=GinIndex(
                Words(models.F("organisation")),
                condition=models.Q(("organisation", ""), _negated=True),
                name="contact_organisation_words",
            ),
        ),
    ]
