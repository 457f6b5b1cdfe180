"""The courses, and a first entry in the register for everybody and every role there was before it."""

import uuid

from django.db import migrations

COURSES = [
    ("foip-popa", "FOIP", True),
    ("managing-information", "Managing Information @ Work", False),
]


def open_register(apps, schema_editor):
    course, user = apps.get_model("access", "Course"), apps.get_model("access", "User")
    grant, event = apps.get_model("access", "AccessGrant"), apps.get_model("access", "RegisterEvent")
    for code, name, is_mandatory in COURSES:
        course.objects.create(code=code, name=name, is_mandatory=is_mandatory)
    for person in user.objects.order_by("pk"):
        since = min([person.date_joined, *grant.objects.filter(user=person).values_list("starts_at", flat=True)])
        data = {"is_active": person.is_active, "team": person.team_id}
        event.objects.create(at=since, kind="entered", user=person, by_label="system:import", data=data)
    for held in grant.objects.order_by("pk"):
        held.uid = uuid.uuid4()
        held.save(update_fields=["uid"])
        data = {
            "grant": str(held.uid),
            "role": held.role,
            "request": None,
            "starts_at": held.starts_at.isoformat(),
            "ends_at": held.ends_at.isoformat() if held.ends_at else None,
        }
        event.objects.create(at=held.starts_at, kind="granted", user_id=held.user_id, by_label="system:import", data=data)


class Migration(migrations.Migration):
    dependencies = [("access", "0003_register_and_training")]

    operations = [migrations.RunPython(open_register, migrations.RunPython.noop)]
