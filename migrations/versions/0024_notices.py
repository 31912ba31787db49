"""notices: what a group was told, who issued it, what became of it; a notice is never changed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KINDS = "'approval', 'part', 'rejection', 'change', 'revocation'"


def upgrade() -> None:
    op.create_table(
        "notice_office",
        sa.Column("region_id", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("body", "street", "postcode", "town", "person", "phone", "email")
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["funding_region.id"], name=op.f("fk_notice_office_region_id_funding_region")
        ),
        sa.PrimaryKeyConstraint("region_id", name=op.f("pk_notice_office")),
    )
    op.create_table(
        "notice_order",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordered_by", sa.Integer(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_making", sa.Boolean(), nullable=False),
        sa.Column("is_mailing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["allocation_run.id"], name=op.f("fk_notice_order_run_id_allocation_run")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_notice_order")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_notice_kind")),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_notice_cents")),
        sa.CheckConstraint(
            "(kind IN ('change', 'revocation')) = (replaces_id IS NOT NULL)", name=op.f("ck_notice_replaces")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["grant_round.id"], name=op.f("fk_notice_round_id_grant_round")),
        sa.ForeignKeyConstraint(["run_id"], ["allocation_run.id"], name=op.f("fk_notice_run_id_allocation_run")),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_notice_group_id_group")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["notice.id"], name=op.f("fk_notice_replaces_id_notice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_notice_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_notice_replaces_id")),
    )
    op.create_index(op.f("ix_notice_group_id"), "notice", ["group_id"], unique=False)
    op.create_index(op.f("ix_notice_round_id"), "notice", ["round_id"], unique=False)
    op.create_index(
        "uq_notice_of_run",
        "notice",
        ["run_id", "group_id"],
        unique=True,
        sqlite_where=sa.text("kind <> 'revocation'"),
        postgresql_where=sa.text("kind <> 'revocation'"),
    )
    op.create_table(
        "notice_act",
        sa.Column("notice_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act IN ('mailed', 'posted', 'opened')", name=op.f("ck_notice_act_act")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_act_notice_id_notice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("notice_id", "act", name=op.f("pk_notice_act")),
    )
    op.create_table(
        "notice_held",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signs", sa.Text(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["allocation_run.id"], name=op.f("fk_notice_held_run_id_allocation_run")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_notice_held_group_id_group")),
        sa.PrimaryKeyConstraint("run_id", "group_id", name=op.f("pk_notice_held")),
    )
    op.create_index(op.f("ix_notice_held_group_id"), "notice_held", ["group_id"], unique=False)
    op.create_table(
        "notice_objection",
        sa.Column("notice_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome IN ('upheld', 'rejected')", name=op.f("ck_notice_objection_outcome")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_notice_objection_decided")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_by IS NULL)", name=op.f("ck_notice_objection_decider")
        ),
        sa.CheckConstraint(
            "coalesce(outcome = 'upheld', false) = (cents IS NOT NULL)", name=op.f("ck_notice_objection_sum")
        ),
        sa.CheckConstraint("cents > 0", name=op.f("ck_notice_objection_cents")),
        sa.CheckConstraint(
            "outcome <> 'upheld' OR decided_by <> entered_by", name=op.f("ck_notice_objection_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_objection_notice_id_notice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice_objection")),
    )
    for table in ("notice", "notice_act"):
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
    for table in ("notice_objection", "notice_held", "notice_act", "notice", "notice_order", "notice_office"):
        op.drop_table(table)
