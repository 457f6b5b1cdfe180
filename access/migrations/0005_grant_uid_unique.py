import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0004_open_the_register")]

    operations = [
        migrations.AlterField(
            model_name="accessgrant",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
