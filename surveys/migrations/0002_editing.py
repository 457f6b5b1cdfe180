from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE reference_s", "DROP SEQUENCE reference_s"),
        migrations.AddField(
            model_name="question",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
