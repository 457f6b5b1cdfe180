"""The tables of the audit lie in one partition a month, so that a month past its time can go as a whole.

Written by the owner's functions: the application's role may ask for partitions, and make none itself. Which tables are
partitioned, and by which column, they read from the database's own catalogue.
"""

# `clock`: the column the database itself fills in. `begins` of the first partition is empty, of `_rest` `ends` as well.
# The coming months are made ahead each night. What nobody made a partition for goes to `_rest`, and is kept.
MAKE_PARTITIONS = r"""
CREATE OR REPLACE FUNCTION audit_partitions(
    OUT parent text, OUT name text, OUT key text, OUT clock text, OUT begins timestamptz, OUT ends timestamptz
) RETURNS SETOF record LANGUAGE sql STABLE SET search_path = public, pg_temp SET TimeZone = 'UTC' AS $$
    SELECT whole.relname, part.relname, key.attname, coalesce(written.attname, key.attname),
        substring(bound FROM 'FROM \(''([^'']+)''\)')::timestamptz,
        substring(bound FROM 'TO \(''([^'']+)''\)')::timestamptz
    FROM pg_partitioned_table AS divided
    JOIN pg_class AS whole ON whole.oid = divided.partrelid
        AND whole.relnamespace = 'public'::regnamespace AND starts_with(whole.relname, 'audit_')
    JOIN pg_attribute AS key ON key.attrelid = whole.oid AND key.attnum = divided.partattrs[0]
    LEFT JOIN pg_attribute AS written ON written.attrelid = whole.oid AND written.attname = 'written_at'
    JOIN pg_inherits ON inhparent = whole.oid
    JOIN pg_class AS part ON part.oid = inhrelid,
    LATERAL pg_get_expr(part.relpartbound, part.oid) AS bound
$$;
CREATE OR REPLACE FUNCTION audit_make_partitions() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET TimeZone = 'UTC' AS $$
DECLARE
    divided record;
    first_day timestamptz;
    next_day timestamptz;
    new_name text;
    is_taken boolean;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(5202612);
    FOR divided IN SELECT DISTINCT parent, key FROM audit_partitions() ORDER BY parent LOOP
        FOR months IN 0..3 LOOP
            first_day := date_trunc('month', now()) + make_interval(months => months);
            next_day := first_day + interval '1 month';
            new_name := divided.parent || '_' || to_char(first_day, 'YYYY_MM');
            EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I >= $1 AND %2$I < $2)',
                divided.parent || '_rest', divided.key) INTO is_taken USING first_day, next_day;
            IF NOT is_taken AND NOT EXISTS (
                SELECT FROM audit_partitions()
                WHERE parent = divided.parent AND coalesce(begins, '-infinity') < next_day AND ends > first_day
            ) THEN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                    new_name, divided.parent, first_day, next_day);
                PERFORM audit_close_partition(new_name);
                made := made + 1;
            END IF;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION audit_make_partitions() FROM PUBLIC;
"""
# Rows are reached through the whole table alone; its row triggers hold in every partition, TRUNCATE needs one of each.
CLOSE_PARTITION = """
CREATE OR REPLACE FUNCTION audit_close_partition(name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    other text;
BEGIN
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change(%L)',
        name || '_truncate', name, name);
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
# A table that is there becomes the first partition of a new one of its name: no row is moved. It holds all until the
# end of this month, or of its newest row's. The new one has its columns in their order, so sealed rows keep their text.
# Django's keys, indexes, constraints and triggers are made again on the new one, by the same names.
DIVIDE = """
CREATE FUNCTION audit_divide(name text, key text) RETURNS void LANGUAGE plpgsql SET TimeZone = 'UTC' AS $$
DECLARE
    first_part text := name || '_first';
    sequence text := name || '_id_seq';
    last_id bigint;
    newest timestamptz;
    made_again text[];
    old text;
BEGIN
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', name);
    EXECUTE format('SELECT coalesce(max(id), 0), greatest(max(%I), now()) FROM %I', key, name) INTO last_id, newest;
    EXECUTE format('SELECT greatest(%s, last_value) FROM %I', last_id, sequence) INTO last_id;
    made_again := ARRAY(
        SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = name::regclass AND NOT indisprimary
        UNION ALL SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', name, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = name::regclass AND contype = 'f'
        UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = name::regclass AND NOT tgisinternal
    );
    FOR old IN SELECT tgname FROM pg_trigger WHERE tgrelid = name::regclass AND NOT tgisinternal LOOP
        EXECUTE format('DROP TRIGGER %I ON %I', old, name);
    END LOOP;
    FOR old IN SELECT indexrelid::regclass FROM pg_index WHERE indrelid = name::regclass AND NOT indisprimary LOOP
        EXECUTE format('ALTER INDEX %s RENAME TO %I', old, old || '_first');
    END LOOP;
    EXECUTE format('ALTER TABLE %I ALTER id DROP IDENTITY, DROP CONSTRAINT %I', name, name || '_pkey');
    EXECUTE format('ALTER TABLE %I RENAME TO %I', name, first_part);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id, %I))'
        ' PARTITION BY RANGE (%3$I)', name, first_part, key);
    EXECUTE format('CREATE SEQUENCE %I OWNED BY %I.id', sequence, name);
    EXECUTE format('SELECT setval(%L, %s)', sequence, greatest(last_id, 1));
    EXECUTE format('ALTER TABLE %I ALTER id SET DEFAULT nextval(%L)', name, sequence);
    FOREACH old IN ARRAY made_again LOOP
        EXECUTE old;
    END LOOP;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
        name, first_part, date_trunc('month', newest) + interval '1 month');
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', name || '_rest', name);
    PERFORM audit_close_partition(first_part), audit_close_partition(name || '_rest');
END $$;
SELECT audit_divide('audit_accessevent', 'at'), audit_divide('audit_logentry', 'timestamp');
DROP FUNCTION audit_divide(text, text);
"""
