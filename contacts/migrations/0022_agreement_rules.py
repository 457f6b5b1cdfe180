from django.db import migrations

from contacts.models.agreement_rules import AGREEMENT_RULES, DROP_AGREEMENT_RULES


class Migration(migrations.Migration):
    dependencies = [("contacts", "0021_former_keys")]

    operations = [migrations.RunSQL(AGREEMENT_RULES, DROP_AGREEMENT_RULES)]
