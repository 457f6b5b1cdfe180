from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models

from contacts.dictionary import CREATE_DICTIONARY, CREATE_SKELETON, DROP_DICTIONARY, DROP_SKELETON
from contacts.folding import Skeleton


class Migration(migrations.Migration):
    dependencies = [("contacts", "0012_contact_made_outside_a_call")]

    operations = [
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(CREATE_SKELETON, DROP_SKELETON),
        migrations.CreateModel(
            name="NameWord",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
                (
                    "skeleton",
                    models.GeneratedField(
                        db_persist=True, expression=Skeleton(models.F("word")), output_field=models.TextField()
                    ),
                ),
            ],
            options={
                "indexes": [
                    GinIndex(OpClass("word", "gin_trgm_ops"), name="name_word_trigrams", fastupdate=False),
                    models.Index(fields=["skeleton"], name="name_word_skeleton"),
                ],
            },
        ),
        migrations.RunSQL(CREATE_DICTIONARY, DROP_DICTIONARY),
    ]
