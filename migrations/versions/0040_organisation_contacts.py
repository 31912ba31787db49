"""a role for one organisation"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ROLES = (
    "group_contact", "desk_staff", "desk_lead", "insurer_officer", "funding_office", "finance", "representative",
    "coordinator",
)  # fmt: skip
BEFORE = (
    "group_id IS NULL AND clearinghouse_id IS NULL AND insurer_id IS NULL AND region_id IS NULL AND state_ags IS NULL"
)
AFTER = f"{BEFORE} AND organisation_id IS NULL"
TABLES = {"role_grant": "ck_role_grant_role", "invitation": "ck_invitation_ck_invitation_role"}
"""Table → how the check of its roles was called."""


def upgrade() -> None:
    kept = _take_views()
    op.drop_index("uq_role_grant_network", table_name="role_grant")
    for table, check in TABLES.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(
                f"fk_{table}_organisation_id_organisation", "organisation", ["organisation_id"], ["id"]
            )
            batch.create_check_constraint(
                op.f(f"ck_{table}_organisation"),
                "(role = 'organisation_contact') = (organisation_id IS NOT NULL)",
            )
            _roles(batch, check, f"ck_{table}_role", (*ROLES, "organisation_contact", "admin"))
    _unique("uq_role_grant_organisation", ["user_id", "role", "organisation_id"], "organisation_id IS NOT NULL")
    _unique("uq_role_grant_network", ["user_id", "role"], AFTER)
    _bring_back(kept)


def downgrade() -> None:
    kept = _take_views()
    for name in ("organisation", "network"):
        op.drop_index(f"uq_role_grant_{name}", table_name="role_grant")
    for table, check in TABLES.items():
        op.execute(f"DELETE FROM {table} WHERE role = 'organisation_contact'")
        with op.batch_alter_table(table) as batch:
            _roles(batch, f"ck_{table}_role", check, (*ROLES, "admin"))
            batch.drop_constraint(op.f(f"ck_{table}_organisation"), type_="check")
            batch.drop_constraint(f"fk_{table}_organisation_id_organisation", type_="foreignkey")
            batch.drop_column("organisation_id")
    _unique("uq_role_grant_network", ["user_id", "role"], BEFORE)
    _bring_back(kept)


def _roles(batch: Any, before: str, after: str, roles: tuple[str, ...]) -> None:
    batch.drop_constraint(op.f(before), type_="check")
    batch.create_check_constraint(op.f(after), "role IN ({})".format(", ".join(f"'{role}'" for role in roles)))


def _unique(name: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, "role_grant", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _take_views() -> list[str]:
    """Drop the views of SQLite, which makes a changed table anew, and answer what brings them back."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return []
    views = bind.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'view'")).tuples().all()
    for name, _sql in views:
        op.execute(f"DROP VIEW {name}")
    return [sql for _name, sql in views]


def _bring_back(views: list[str]) -> None:
    for sql in views:
        op.execute(sql)
