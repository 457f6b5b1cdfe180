from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("outbox", "0003_message_transitions")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="to_email",
            field=models.CharField(blank=True, max_length=254),
        ),
        migrations.RemoveConstraint(model_name="message", name="message_one_recipient"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                name="message_one_recipient",
                condition=Q(to_email__regex=r"^[^\s,;<>]+@[^\s,;<>]+$") | Q(to_email="", state="cancelled"),
            ),
        ),
    ]
