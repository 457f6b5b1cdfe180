from datetime import time

from django.db import migrations

from followups.closed_days import alberta_days

WORKING_WEEKDAYS = range(1, 6)
YEARS = range(2024, 2035)


def fill(apps, schema_editor):
    """A fresh system is open Monday to Friday, 9:00 to 16:30, but for the nine general holidays (R-CAL-08, D-03)."""
    service_hours = apps.get_model("followups", "ServiceHours")
    closed_day = apps.get_model("followups", "ClosedDay")
    for weekday in WORKING_WEEKDAYS:
        service_hours.objects.create(weekday=weekday, opens=time(9), closes=time(16, 30))
    for day in (day for year in YEARS for day in alberta_days(year)):
        closed_day.objects.create(
            day=day.on, name=day.name, name_fr=day.name_fr, kind=day.kind, is_closed=day.kind == "general"
        )


class Migration(migrations.Migration):
    dependencies = [("followups", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
