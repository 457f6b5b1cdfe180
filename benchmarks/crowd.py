"""A million invented contacts by INSERT..SELECT, which is how long the indexes take; for a database of its own.

    python3 dev.py manage shell -c "import benchmarks.crowd as c; c.fill(1_000_000)"

The names are syllables, some 2 000 given names and 60 000 surnames. That is denser than names of people are: a misspelt
one has more neighbours here. No audit: they are scenery.
"""

from django.db import connection, transaction

BATCH = 50_000
FILL = """
INSERT INTO contacts_contact (uid, ref, team_id, sensitivity, status, materials_only, name, name_latin,
    organisation, organisation_type, organisation_other, category, third_party_kind, category_other,
    language, citizenship, origin_country, email, email_state, email_fingerprint, phone, phone_ext,
    phone_typed, mobile, mobile_typed, fax, fax_typed, street, unit, city, region, postal_code,
    residence_country, future_contact, do_not_contact, created_at, updated_at, last_activity_at, version)
SELECT gen_random_uuid(), 'P-1990-' || lpad(n::text, 7, '0'), teams.ids[1 + n %% cardinality(teams.ids)],
    'standard', 'active', false, initcap(given) || ' ' || initcap(family), '',
    CASE WHEN n %% 7 = 0 THEN initcap(family) || ' Imaginary Works Ltd.' ELSE '' END,
    CASE WHEN n %% 7 = 0 THEN 'corporation' ELSE '' END, '', 'employer', '', '', 'en', 'PH', 'PH',
    given || '.' || family || n || '@example.com', 'ok', '',
    '+1780' || lpad((n::bigint * 7919 %% 10000000)::text, 7, '0'),
    '', '', '', '', '', '', '', '', '', '', '', '', 'not_asked', false, began, began, began, 1
FROM (SELECT array_agg(id) AS ids FROM access_team) AS teams, generate_series(%(first)s::int, %(last)s::int) AS n,
    LATERAL (SELECT
        (ARRAY['ma','jo','an','ka','lu','pe','ra','so','ti','el','no','da','mi','ha','vi','be'])[1 + hash / 3 %% 16] ||
        (ARRAY['ria','seph','na','rim','cas','dro','mon','fia','mur','len','ora'])[1 + hash / 64 %% 11] ||
        (ARRAY['','','','','la','n','s','ta','ne','th','i','ko'])[1 + hash / 1024 %% 12] AS given,
        (ARRAY['ko','wal','ben','oka','san','mar','ng','pet','hal','bar','del','fer','gon','kim','lan'])
            [1 + hash / 4096 %% 15] ||
        (ARRAY['va','der','i','to','men','uy','ros','lo','za','ber','ga','tra','ne','shi','ke'])
            [1 + hash / 131072 %% 15] ||
        (ARRAY['','','be','du','ri','go','ma','pa','sta','vo','chu','fi','ja','me','nu','qui','ru','sza','te','wi'])
            [1 + hash / 7 %% 20] ||
        (ARRAY['lenko','ski','son','es','en','ova','for','rez','dhu','moto','nte','sen','ic','ow'])
            [1 + hash / 2097152 %% 14] AS family,
        now() - interval '1 minute' * (hash %% 1000000) AS began
        FROM abs(hashint4(n)::bigint) AS hash
    ) AS person
"""


def fill(count: int) -> None:
    for first in range(1, count, BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(FILL, {"first": first, "last": min(first + BATCH - 1, count)})
        print(f"{first + BATCH - 1:,} contacts", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE contacts_contact")
        cursor.execute("VACUUM ANALYZE contacts_nameword")
