"""The largest table of the audit lies in one partition a month, so that a month past its time can go as a whole.

Written by the owner's functions: the application's role may ask for partitions, and make or drop none itself.
"""

# The coming months are made ahead each night. What nobody made a partition for goes to `_rest`, and is kept.
MAKE_PARTITIONS = """
CREATE FUNCTION audit_make_partitions() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET TimeZone = 'UTC' AS $$
DECLARE
    first_day timestamptz;
    name text;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(5202612);
    FOR first_day IN
        SELECT generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '3 months', '1 month')
    LOOP
        name := 'audit_rowchange_' || to_char(first_day, 'YYYY_MM');
        IF to_regclass(name) IS NULL AND NOT EXISTS (
            SELECT FROM audit_rowchange_rest WHERE at >= first_day AND at < first_day + interval '1 month'
        ) THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF audit_rowchange FOR VALUES FROM (%L) TO (%L)',
                name, first_day, first_day + interval '1 month');
            PERFORM audit_close_partition(name);
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION audit_make_partitions() FROM PUBLIC;
"""
# Rows are reached through the whole table alone; its row triggers hold in every partition, TRUNCATE needs one of each.
CLOSE_PARTITION = """
CREATE FUNCTION audit_close_partition(name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    other text;
BEGIN
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change(%L)',
        name || '_truncate', name, 'row_change');
    FOR other IN
        SELECT DISTINCT grantee::regrole::text FROM pg_class, aclexplode(relacl)
        WHERE oid = name::regclass AND grantee <> relowner AND grantee <> 0
    LOOP
        EXECUTE format('REVOKE ALL ON %I FROM %s', name, other);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION audit_close_partition(text) FROM PUBLIC;
"""
# Under PostgreSQL 17 the partitions of a table with an identity column have none; a sequence works in all.
ROW_CHANGES = """
CREATE SEQUENCE audit_rowchange_id_seq;
CREATE TABLE audit_rowchange (
    id bigint NOT NULL DEFAULT nextval('audit_rowchange_id_seq'),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    table_name varchar(63) NOT NULL,
    key bigint,
    operation varchar(1) NOT NULL CHECK (operation IN ('I', 'U', 'D', 'T')),
    columns text[] NOT NULL,
    actor_id bigint,
    actor_label varchar(60) NOT NULL,
    request_id varchar(16) NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
ALTER SEQUENCE audit_rowchange_id_seq OWNED BY audit_rowchange.id;
CREATE INDEX audit_rowchange_txid ON audit_rowchange (txid);
CREATE TABLE audit_rowchange_rest PARTITION OF audit_rowchange DEFAULT;
"""
