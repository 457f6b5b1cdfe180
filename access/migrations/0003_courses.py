from django.db import migrations

COURSES = [
    ("foip-popa", "FOIP", True),
    ("managing-information", "Managing Information @ Work", False),
]


def fill(apps, schema_editor):
    course = apps.get_model("access", "Course")
    for code, name, is_mandatory in COURSES:
        course.objects.create(code=code, name=name, is_mandatory=is_mandatory)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_register_and_training")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
