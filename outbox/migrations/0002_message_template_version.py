from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="template_version",
            field=models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="message",
            name="smtp_code",
            field=models.CharField(blank=True, max_length=16),
        ),
    ]
