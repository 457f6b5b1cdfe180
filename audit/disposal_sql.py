"""Letting go of months past their time: a function of the owner, which the application may call but not talk round.

What goes is a whole partition; what stays of it is a row in `audit_disposal`. The application may ask for more months
than the least number below, never for fewer.
"""

# A disposal breaks the digests of the seals up to `upto`, the last one that holds a row of what goes. In their place
# stands one digest over all that is left under those seals, made in the same moment (`audit.verifying`).
# Months go in order: what a person still looks into stays under its own seals, and so does all after it.
DISPOSE = """
CREATE FUNCTION audit_dispose(
    months integer, OUT divided text, OUT until timestamptz, OUT number bigint, OUT kept_because text
) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET TimeZone = 'UTC' SET lock_timeout = '5s' AS $$
DECLARE
    least CONSTANT interval := '24 months';
    term CONSTANT interval := greatest(least, make_interval(months => months));
    under CONSTANT text := '(id <= $3 OR (txid < $2 AND id <= $5))';  -- rows under a seal or those before it
    newest audit_seal;
    last audit_seal;
    above jsonb;
    part record;
    rows record;
    remaining record;
    low bigint;
    high bigint;
    is_under boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(5202611), pg_advisory_xact_lock(5202613);  -- no seal is made or verified meanwhile
    SELECT * INTO newest FROM audit_seal AS seal ORDER BY seal.number DESC LIMIT 1;
    FOR part IN SELECT * FROM audit_partitions() AS one WHERE one.ends + term <= now() ORDER BY parent, ends LOOP
        CONTINUE WHEN part.parent = divided AND kept_because <> '';
        EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', part.name);
        EXECUTE format('SELECT count(*) AS number, max(%I) AS written FROM %I', part.clock, part.name) INTO rows;

        low := coalesce((SELECT max(upto) FROM audit_disposal WHERE table_name = part.parent), 1);
        high := newest.number;
        LOOP
            SELECT * INTO last FROM audit_seal AS seal WHERE seal.number = (low + high) / 2;
            SELECT stretch.above INTO above FROM audit_stretch AS stretch WHERE stretch.number = last.stretch_id;
            EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I WHERE (%s) IS NOT TRUE)', part.name, under) INTO is_under
                USING NULL, last.to_txid, (above->>part.parent)::bigint, NULL, (last.last_ids->>part.parent)::bigint;
            EXIT WHEN low >= high OR last.number IS NULL;
            IF is_under THEN
                high := last.number;
            ELSE
                low := last.number + 1;
            END IF;
        END LOOP;

        divided := part.parent;
        until := part.ends;
        number := rows.number;
        kept_because := CASE
            WHEN NOT is_under THEN 'unsealed'
            WHEN NOT coalesce((
                SELECT is_sound AND upto >= last.number FROM audit_check WHERE kind = 'seal' ORDER BY id DESC LIMIT 1
            ), false) THEN 'unsound'
            WHEN rows.written >= part.ends + interval '1 day' AND rows.written + term > now() THEN 'late'
            WHEN last.at + least > now() THEN 'late'
            WHEN EXISTS (
                SELECT FROM audit_reviewitem AS item
                WHERE signed_at IS NULL AND item.since < part.ends AND item.until >= coalesce(part.begins, '-infinity')
            ) THEN 'review'
            ELSE ''
        END;
        IF kept_because = '' THEN
            EXECUTE format('DROP TABLE %I', part.name);
            SELECT * INTO remaining FROM audit_seal_part(
                part.parent, (SELECT columns->part.parent FROM audit_stretch AS one WHERE one.number = last.stretch_id),
                under, NULL, last.to_txid, (above->>part.parent)::bigint, NULL, (last.last_ids->>part.parent)::bigint
            );
            INSERT INTO audit_disposal (table_name, begins, ends, rows, months, upto, left_rows, left_digest, at)
            VALUES (part.parent, part.begins, part.ends, rows.number, months, last.number, remaining.number,
                coalesce(remaining.digest, ''), clock_timestamp());
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION audit_dispose(integer) FROM PUBLIC;
"""
