from django.db import migrations

from audit.row_changes import Watch


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_sealed_and_in_months"), ("surveys", "0003_answers_stay")]

    operations = [Watch("surveys_survey"), Watch("surveys_question"), Watch("surveys_choice")]
