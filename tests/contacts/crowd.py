"""Thousands of invented contacts in one statement, for what only shows in a crowd: plans, limits, order."""

from django.db import connection

INSERT = """
INSERT INTO contacts_contact (uid, ref, team_id, sensitivity, status, materials_only, name, name_latin,
    organisation, organisation_type, organisation_other, category, third_party_kind, category_other,
    language, citizenship, origin_country, email, email_state, email_fingerprint, phone, phone_ext,
    phone_typed, mobile, mobile_typed, fax, fax_typed, street, unit, city, region, postal_code,
    residence_country, future_contact, do_not_contact, created_at, updated_at, last_activity_at, version)
SELECT gen_random_uuid(), 'P-2000-' || n, %(team)s, 'standard', 'active', false, 'Invented ' || md5(n::text), '',
    CASE WHEN n %% 4 = 0 THEN 'Works ' || md5((n %% 400)::text) || ' Ltd.' ELSE '' END, '', '', 'employer', '', '',
    '', '', '', md5(n::text) || '@example.org', 'ok', md5(n::text),
    '+1780' || lpad((n * 37 %% 10000000)::text, 7, '0'), '', '', '', '', '', '', '', '', '', '', '', '',
    'not_asked', false, now(), now(), now(), 1
FROM generate_series(1, %(size)s) n
"""


def crowd(team, size=4000):
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {"team": team.pk, "size": size})
        cursor.execute("ANALYZE contacts_contact")


def plan_as_if_large():
    """4000 rows are read one by one faster than an index is asked, 100 000 are not."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
