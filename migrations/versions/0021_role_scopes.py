"""roles for one insurer, one funding region, one Land"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEYS = {
    "insurer_id": ("insurer", "id", sa.Integer()),
    "region_id": ("funding_region", "id", sa.Integer()),
    "state_ags": ("state", "ags", sa.String(2)),
}
CHECKS = {
    "insurer": "(role = 'insurer_officer') = (insurer_id IS NOT NULL)",
    "region": "(role = 'funding_office') = (region_id IS NOT NULL)",
    "state": "role = 'coordinator' OR state_ags IS NULL",
}
SCOPED = {"insurer": "insurer_id", "region": "region_id", "state": "state_ags"}
BEFORE = "group_id IS NULL AND clearinghouse_id IS NULL"
AFTER = f"{BEFORE} AND insurer_id IS NULL AND region_id IS NULL AND state_ags IS NULL"


def upgrade() -> None:
    op.drop_index("uq_role_grant_network", table_name="role_grant")
    for table in ("role_grant", "invitation"):
        # A role for the network as a whole that is now for one insurer or region is given anew, for the right one.
        op.execute(f"DELETE FROM {table} WHERE role IN ('insurer_officer', 'funding_office')")
        with op.batch_alter_table(table) as batch_op:
            for column, (target, key, kind) in KEYS.items():
                batch_op.add_column(sa.Column(column, kind, nullable=True))
                batch_op.create_foreign_key(f"fk_{table}_{column}_{target}", target, [column], [key])
            for name, check in CHECKS.items():
                batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), check)
    for kind, column in SCOPED.items():
        _unique(f"uq_role_grant_{kind}", ["user_id", "role", column], f"{column} IS NOT NULL")
    _unique("uq_role_grant_network", ["user_id", "role"], AFTER)


def downgrade() -> None:
    for name in (*SCOPED, "network"):
        op.drop_index(f"uq_role_grant_{name}", table_name="role_grant")
    for table in ("role_grant", "invitation"):
        op.execute(f"DELETE FROM {table} WHERE role IN ('insurer_officer', 'funding_office', 'coordinator')")
        with op.batch_alter_table(table) as batch_op:
            for name in CHECKS:
                batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            for column, (target, _key, _kind) in KEYS.items():
                batch_op.drop_constraint(f"fk_{table}_{column}_{target}", type_="foreignkey")
                batch_op.drop_column(column)
    _unique("uq_role_grant_network", ["user_id", "role"], BEFORE)


def _unique(name: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, "role_grant", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
