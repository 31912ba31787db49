"""What the application's own role may do on PostgreSQL: everything with rows, nothing with tables, and never undo.

``flask db upgrade`` grants it each time, as the owner of the tables (``MIGRATION_DATABASE_URL``). Tables that say
``append_only`` can be read and added to, and that is all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from config import Config

_ROWS = "SELECT, INSERT, UPDATE, DELETE"
_ONLY_MORE = "SELECT, INSERT"


def grant_rights(connection: sa.Connection, config: Config, metadata: sa.MetaData) -> None:
    """Afterwards the role of ``DATABASE_URL`` may do what the application does, unless it owns the tables itself."""
    role = sa.make_url(config.database_url).username
    owner = sa.make_url(config.migration_database_url or config.database_url).username
    if connection.dialect.name != "postgresql" or role is None or role == owner:
        return
    quote = connection.dialect.identifier_preparer.quote
    kept = {table.name for table in metadata.tables.values() if table.info.get("append_only")}
    me = quote(role)
    schema = connection.scalar(sa.text("SELECT quote_ident(current_schema())"))
    statements = [
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {me}",
        f"GRANT USAGE ON SCHEMA {schema} TO {me}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {me}",
    ]
    for table in sa.inspect(connection).get_table_names():
        rights = "SELECT" if table == "alembic_version" else _ONLY_MORE if table in kept else _ROWS
        name = f"{schema}.{quote(table)}"
        statements += [f"REVOKE ALL ON {name} FROM {me}", f"GRANT {rights} ON {name} TO {me}"]
    for view in sa.inspect(connection).get_view_names():
        statements.append(f"GRANT SELECT ON {schema}.{quote(view)} TO {me}")
    for statement in statements:
        connection.exec_driver_sql(statement)
