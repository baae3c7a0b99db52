"""The database's own refusal to change or delete a log entry, on SQLite and on PostgreSQL.

Used by the migration, and by the test suite, which lifts it to empty tables between tests.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "comments_decision"
REFUSAL = "The moderation log is append-only."

SQLITE = [
    f"""CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
    for verb in ("update", "delete")
]
POSTGRESQL = [
    f"""CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    f"""CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()""",
]


def protect(editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP TRIGGER {TABLE}_no_change ON {TABLE}")
        editor.execute(f"DROP FUNCTION {TABLE}_refuse()")
    else:
        for verb in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {TABLE}_no_{verb}")
