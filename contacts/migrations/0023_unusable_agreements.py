import django.db.models.deletion
from django.db import migrations, models

from contacts.models.unusable import DROP_UNUSABLE, KEEP_UNUSABLE


class Migration(migrations.Migration):
    dependencies = [("contacts", "0022_agreement_rules")]

    operations = [
        migrations.CreateModel(
            name="UnusableAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("seminar", "Seminars and workshops"),
                            ("trade_mission", "Trade missions"),
                            ("general_information", "General information"),
                            ("survey", "Surveys"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["purpose", "contact"], name="unusable_agreement_about")],
                "constraints": [
                    models.UniqueConstraint(fields=("contact", "purpose"), name="unusable_agreement_once")
                ],
            },
        ),
        migrations.RunSQL(KEEP_UNUSABLE, DROP_UNUSABLE),
    ]
