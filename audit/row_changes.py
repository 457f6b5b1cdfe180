"""Row triggers: what really changed in a table, whoever changed it and however (design §6, N13, T1).

A model that is registered with auditlog has its table watched: its migration ends with `Watch("app_table")`. Names of
columns are kept, never values. `audit.signing` says who it was; a write that came past it is "unsigned", which is not
refused but told to the privacy officers (`audit.reconciliation`).

The tables of survey answers must never be watched: a record of when would lead from an answer to a person (INV-19).
"""

from django.db import migrations

NOT_WATCHED = {
    "surveys_answerrelease": "a record of when would lead from an answer to a person (INV-19)",
}
# Not even registered with auditlog; here so that nobody adds them.
NEVER_WATCHED = {"surveys_ballotbox", "surveys_ticket", "surveys_response", "surveys_answer", *NOT_WATCHED}

# One INSERT for each statement, however many rows it changed. The two transition tables are joined by a hash: the
# plan is kept from a statement that changed one row to one that changes 100 000. `*<>` compares any type of column.
# Written as the owner of the table, so the application's role needs no right to write it.
# The signature is what the application says, so nothing in it may break a write.
FUNCTION = r"""
CREATE FUNCTION audit_row_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET enable_nestloop = off AS $$
DECLARE
    v_signature text[] := string_to_array(coalesce(current_setting('i2a.actor', true), ''), '|');
    v_actor_id bigint := CASE WHEN v_signature[1] ~ '^[0-9]{1,18}$' THEN v_signature[1]::bigint END;
    v_actor_label text := left(coalesce(nullif(v_signature[3], ''), 'unsigned'), 60);
    v_request_id text := left(coalesce(v_signature[2], ''), 16);
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_rowchange (table_name, key, operation, columns, actor_id, actor_label, request_id)
        SELECT TG_TABLE_NAME, id, 'I', '{}', v_actor_id, v_actor_label, v_request_id FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_rowchange (table_name, key, operation, columns, actor_id, actor_label, request_id)
        SELECT TG_TABLE_NAME, id, 'D', '{}', v_actor_id, v_actor_label, v_request_id FROM old_rows;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO audit_rowchange (table_name, key, operation, columns, actor_id, actor_label, request_id)
        SELECT TG_TABLE_NAME, id, 'U',
            ARRAY(SELECT name FROM jsonb_object_keys(after) AS name WHERE after->name IS DISTINCT FROM before->name),
            v_actor_id, v_actor_label, v_request_id
        FROM (
            SELECT one.id, to_jsonb(other) AS before, to_jsonb(one) AS after
            FROM new_rows AS one JOIN old_rows AS other USING (id) WHERE one *<> other OFFSET 0
        ) AS changed;
    ELSE
        INSERT INTO audit_rowchange (table_name, key, operation, columns, actor_id, actor_label, request_id)
        VALUES (TG_TABLE_NAME, NULL, 'T', '{}', v_actor_id, v_actor_label, v_request_id);
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION audit_row_change() FROM PUBLIC;
"""
TRANSITION_TABLES = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
    "TRUNCATE": "",
}


def trigger_name(table: str, operation: str) -> str:
    return f"{table}_watch_{operation.lower()}"


class Watch(migrations.RunSQL):
    """Record every change of `table`, which has a key `id`. A migration that renames the table renames no trigger."""

    def __init__(self, table: str) -> None:
        if table in NEVER_WATCHED:
            raise ValueError(f"{table} must never be watched: see audit.row_changes")
        self.table = table
        create, drop = [], []
        for operation, tables in TRANSITION_TABLES.items():
            name = trigger_name(table, operation)
            create.append(
                f"CREATE TRIGGER {name} AFTER {operation} ON {table} {tables}"
                " FOR EACH STATEMENT EXECUTE FUNCTION audit_row_change()"
            )
            drop.append(f"DROP TRIGGER {name} ON {table}")
        super().__init__(";\n".join(create), ";\n".join(drop))

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__name__, [self.table], {})
