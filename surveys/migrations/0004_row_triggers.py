from django.db import migrations

from audit.row_changes import Watch


class Migration(migrations.Migration):

    dependencies = [
        ("surveys", "0003_mix_responses"),
        ("calls", "0011_row_triggers"),
    ]

    operations = [Watch("surveys_survey"), Watch("surveys_question"), Watch("surveys_choice")]
