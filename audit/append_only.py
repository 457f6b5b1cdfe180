"""Migration operations for tables whose rows are evidence: nobody changes or removes them (design §6, INV-08)."""

from django.conf import settings
from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def app_role() -> str:
    return '"' + settings.I2A_APP_ROLE.replace('"', '""') + '"'


class GrantToAppRole(migrations.RunSQL):
    """The web and worker role may read and write rows of every table, now and later; it owns none (design §6)."""

    reversible = True

    def __init__(self) -> None:
        role = app_role()
        super().__init__(
            f"""
            GRANT USAGE ON SCHEMA public TO {role};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
            """,
            migrations.RunSQL.noop,
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__name__, [], {})


class AppendOnly(migrations.RunSQL):
    """Triggers for everybody, privileges for the app role: INSERT and SELECT only.

    `label` is how the error names the table, as in "consent_event is append-only" (R-CNS-02).
    """

    def __init__(self, table: str, label: str) -> None:
        self.table, self.label = table, label
        super().__init__(
            f"""
            CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION refuse_change('{label}');
            CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{label}');
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {app_role()};
            """,
            f"""
            DROP TRIGGER {table}_rows ON {table};
            DROP TRIGGER {table}_truncate ON {table};
            GRANT UPDATE, DELETE ON {table} TO {app_role()};
            """,
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__name__, [self.table, self.label], {})
