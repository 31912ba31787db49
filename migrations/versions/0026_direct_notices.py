"""direct notices: what was told about projects, houses and organisations; never changed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KINDS = "'approval', 'part', 'rejection', 'change', 'revocation'"
PAYEES = {"group_id": "group", "clearinghouse_id": "clearinghouse", "organisation_id": "organisation"}


def upgrade() -> None:
    counted = " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in PAYEES)
    op.create_table(
        "direct_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state_ags", sa.String(2), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in PAYEES),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_direct_notice_kind")),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_direct_notice_cents")),
        sa.CheckConstraint(
            "(kind IN ('change', 'revocation')) = (replaces_id IS NOT NULL)",
            name=op.f("ck_direct_notice_replaces"),
        ),
        sa.CheckConstraint(f"{counted} = 1", name=op.f("ck_direct_notice_payee")),
        sa.ForeignKeyConstraint(["state_ags"], ["state.ags"], name=op.f("fk_direct_notice_state_ags_state")),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_direct_notice_{name}_{table}"))
            for name, table in PAYEES.items()
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["direct_notice.id"],
            name=op.f("fk_direct_notice_replaces_id_direct_notice"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_direct_notice_key")),
        sa.UniqueConstraint("number", name=op.f("uq_direct_notice_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_direct_notice_replaces_id")),
    )
    for name in PAYEES:
        op.create_index(op.f(f"ix_direct_notice_{name}"), "direct_notice", [name], unique=False)
    op.create_table(
        "direct_notice_act",
        sa.Column("notice_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act IN ('mailed', 'posted', 'opened')", name=op.f("ck_direct_notice_act_act")),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["direct_notice.id"],
            name=op.f("fk_direct_notice_act_notice_id_direct_notice"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice_id", "act", name=op.f("pk_direct_notice_act")),
    )
    for table in ("direct_notice", "direct_notice_act"):
        _never_changed(table)


def _never_changed(table: str) -> None:
    """Rows go when their time is over, but what was told does not become something else."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_changed()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'a notice is never changed'); END"
        )


def downgrade() -> None:
    op.drop_table("direct_notice_act")
    op.drop_table("direct_notice")
