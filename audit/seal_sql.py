"""The database's own part of the seal: functions of the owner, which the application may call but not change.

A table is sealed if it has a column `txid xid8`. `ServerColumns` adds it, with `written_at`: both are filled in by the
database, and the application's role may not write them, so nobody can back-date what they append (T4).
"""

from django.db import migrations

# What a sealed table consists of. Kept with each stretch, so that a column added later breaks no older seal.
SEALED_COLUMNS = """
CREATE FUNCTION audit_sealed_columns() RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_object_agg(relname, columns), '{}') FROM (
        SELECT tables.relname, jsonb_agg(every.attname ORDER BY every.attnum) AS columns
        FROM pg_attribute AS mark
        JOIN pg_class AS tables ON tables.oid = mark.attrelid AND tables.relkind IN ('r', 'p')
            AND NOT tables.relispartition AND tables.relnamespace = 'public'::regnamespace
        JOIN pg_attribute AS every ON every.attrelid = tables.oid AND every.attnum > 0 AND NOT every.attisdropped
        WHERE mark.attname = 'txid' AND mark.atttypid = 'xid8'::regtype
        GROUP BY tables.relname
    ) AS sealed
$$;
"""

# `parts` of a seal: {table: [rows, digest]}, of tables that have any.
# Time zone and formats are pinned: the text of a row must be the same whoever asks (measured, reliability §1).
SEAL_PART = """
CREATE FUNCTION audit_seal_part(
    sealed text, columns jsonb, condition text, lower xid8, upper xid8, after bigint, upto bigint, last_id bigint,
    OUT number bigint, OUT newest bigint, OUT digest text
) LANGUAGE plpgsql STABLE SET search_path = public, pg_temp
    SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET IntervalStyle = 'postgres' SET bytea_output = 'hex' AS $$
DECLARE
    listed text := (SELECT string_agg(quote_ident(name), ', ') FROM jsonb_array_elements_text(columns) AS name);
BEGIN
    EXECUTE format(
        'SELECT count(*), max(id), encode(sha256(string_agg(sha256(convert_to(ROW(%s)::text, ''UTF8'')), '
        || '''''::bytea ORDER BY id)), ''hex'') FROM %I WHERE %s', listed, sealed, condition
    ) INTO number, newest, digest USING lower, upper, after, upto, last_id;
END $$;
REVOKE EXECUTE ON FUNCTION audit_seal_part(text, jsonb, text, xid8, xid8, bigint, bigint, bigint) FROM PUBLIC;
"""

# A batch is the rows of all transactions from `from_txid` to before `to_txid`. The second is the oldest transaction
# still running: what is older is over, and nothing can be added to it any more. So no business transaction waits.
#
# In another cluster (a restored dump) transactions may count from a lower number again. Then a new stretch begins: its
# first seal covers what the old cluster left unsealed together with what was written here before it was noticed; from
# there on the batches count from 0 again, of rows with higher keys (`above`). A lock makes sure that none is missed.
MAKE_SEAL = """
CREATE FUNCTION audit_make_seal() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    last audit_seal;
    before audit_stretch;
    stretch audit_stretch;
    seal audit_seal;
    moved boolean;
    condition text := 'txid >= $1 AND txid < $2 AND id > $3';
    sealed text;
    newest bigint;
    part record;
BEGIN
    IF NOT pg_try_advisory_xact_lock(5202611) THEN
        RETURN NULL;  -- another beat is at it
    END IF;
    SELECT * INTO last FROM audit_seal ORDER BY number DESC LIMIT 1;
    SELECT * INTO before FROM audit_stretch ORDER BY number DESC LIMIT 1;
    stretch := before;
    stretch.cluster := (SELECT system_identifier::text FROM pg_control_system());
    stretch.columns := audit_sealed_columns();
    stretch.above := coalesce(before.above, '{}');
    moved := last.number IS NOT NULL AND before.cluster <> stretch.cluster;
    IF before.number IS NULL OR moved OR before.columns <> stretch.columns THEN
        stretch.number := coalesce(before.number, 0) + 1;
        stretch.is_restored := moved;
        stretch.at := clock_timestamp();
    END IF;
    seal.number := coalesce(last.number, 0) + 1;
    seal.stretch_id := stretch.number;
    seal.from_txid := coalesce(last.to_txid, '0');
    seal.to_txid := pg_snapshot_xmin(pg_current_snapshot());
    seal.parts := '{}';
    seal.last_ids := coalesce(last.last_ids, '{}');
    IF moved THEN
        FOR sealed IN SELECT name FROM jsonb_object_keys(stretch.columns) AS name ORDER BY name LOOP
            EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', sealed);
            EXECUTE format('SELECT coalesce(max(id), 0) FROM %I', sealed) INTO newest;
            stretch.above := stretch.above || jsonb_build_object(sealed, newest);
        END LOOP;
        seal.to_txid := '0';
        condition := '(txid >= $1 OR id > $5) AND id > $3 AND id <= $4';
    END IF;
    FOR sealed IN SELECT name FROM jsonb_object_keys(stretch.columns) AS name ORDER BY name LOOP
        SELECT * INTO part FROM audit_seal_part(
            sealed, stretch.columns->sealed, condition, seal.from_txid, seal.to_txid,
            coalesce((CASE WHEN moved THEN before.above ELSE stretch.above END->>sealed)::bigint, 0),
            (stretch.above->>sealed)::bigint, coalesce((last.last_ids->>sealed)::bigint, 0)
        );
        IF part.number > 0 THEN
            newest := greatest(part.newest, (seal.last_ids->>sealed)::bigint);
            seal.parts := seal.parts || jsonb_build_object(sealed, jsonb_build_array(part.number, part.digest));
            seal.last_ids := seal.last_ids || jsonb_build_object(sealed, newest);
        END IF;
    END LOOP;
    IF seal.parts = '{}' AND stretch.number = before.number THEN
        RETURN NULL;  -- nothing has happened
    END IF;
    seal.last_ids := CASE WHEN moved THEN stretch.above ELSE seal.last_ids END;
    seal.previous := coalesce(last.digest, '');
    seal.at := clock_timestamp();
    seal.digest := encode(sha256(convert_to(concat_ws('|',
        seal.previous, seal.number, seal.from_txid, seal.to_txid, seal.parts, seal.last_ids,
        to_char(seal.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        stretch.number, stretch.cluster, stretch.columns, stretch.above, stretch.is_restored::int
    ), 'UTF8')), 'hex');
    IF stretch.number IS DISTINCT FROM before.number THEN
        INSERT INTO audit_stretch (number, cluster, columns, above, is_restored, at)
        VALUES (stretch.number, stretch.cluster, stretch.columns, stretch.above, stretch.is_restored, stretch.at);
    END IF;
    INSERT INTO audit_seal (number, stretch_id, from_txid, to_txid, parts, last_ids, previous, digest, at)
    VALUES (seal.number, seal.stretch_id, seal.from_txid, seal.to_txid, seal.parts, seal.last_ids,
        seal.previous, seal.digest, seal.at);
    RETURN seal.number;
END $$;
REVOKE EXECUTE ON FUNCTION audit_make_seal() FROM PUBLIC;
"""

# Rights follow the tables: a column that a later migration adds may be filled in, a server's column may not.
SETTLE_RIGHTS = """
CREATE OR REPLACE FUNCTION audit_settle_rights(app text, auditor text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    sealed text;
    may_fill text;
    may_ask regprocedure;
BEGIN
    FOR sealed IN SELECT jsonb_object_keys(audit_sealed_columns()) LOOP
        SELECT string_agg(quote_ident(attname), ', ') INTO may_fill FROM pg_attribute
        WHERE attrelid = sealed::regclass AND attnum > 0 AND NOT attisdropped
            AND attname NOT IN ('id', 'txid', 'written_at') AND attidentity = '' AND attgenerated = '';
        EXECUTE format('REVOKE ALL ON %I FROM %I', sealed, app);
        EXECUTE format('GRANT SELECT ON %I TO %I', sealed, app);
        IF sealed NOT IN ('audit_rowchange', 'audit_disposal') THEN
            EXECUTE format('GRANT INSERT (%s) ON %I TO %I', may_fill, sealed, app);
        END IF;
        IF to_regrole(quote_ident(auditor)) IS NOT NULL THEN
            EXECUTE format('GRANT SELECT ON %I TO %I', sealed, auditor);
        END IF;
    END LOOP;
    EXECUTE format('REVOKE ALL ON audit_seal, audit_stretch FROM %I', app);
    EXECUTE format('GRANT SELECT ON audit_seal, audit_stretch TO %I', app);
    FOR may_ask IN
        SELECT oid FROM pg_proc WHERE proname IN ('audit_make_seal', 'audit_make_partitions', 'audit_dispose')
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', may_ask, app);
    END LOOP;
    IF to_regrole(quote_ident(auditor)) IS NOT NULL THEN
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', auditor);
        EXECUTE format('GRANT SELECT ON audit_seal, audit_stretch, audit_check, audit_discrepancy TO %I', auditor);
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION audit_settle_rights(text, text) FROM PUBLIC;
"""


class ServerColumns(migrations.RunSQL):
    """Let the database write down when and in which transaction each row of `table` came; that also seals the table.

    Rows that are there already count as of this migration.
    """

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            f"""
            ALTER TABLE {table}
                ADD COLUMN written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                ADD COLUMN txid xid8 NOT NULL DEFAULT pg_current_xact_id();
            CREATE INDEX {table}_txid ON {table} (txid);
            """,
            f"ALTER TABLE {table} DROP COLUMN written_at, DROP COLUMN txid",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__name__, [self.table], {})
