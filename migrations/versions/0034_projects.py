"""projects of groups with the shares of insurers, what was said and decided of them, and insurers' terms"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "project_terms",
        sa.Column("insurer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state_ags", sa.Text(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["insurer_id"], ["insurer.id"], name=op.f("fk_project_terms_insurer_id_insurer")
        ),
        sa.PrimaryKeyConstraint("insurer_id", "state_ags", name=op.f("pk_project_terms")),
    )
    op.create_table(
        "project_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("assessment", JSON, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_at IS NOT NULL)", name=op.f("ck_project_request_decided")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'gap', 'changing', 'decided', 'withdrawn')",
            name=op.f("ck_project_request_state"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR number IS NOT NULL",
            name=op.f("ck_project_request_has_number"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_project_request_group_id_group")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["funding_region.id"], name=op.f("fk_project_request_region_id_funding_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_request")),
        sa.UniqueConstraint("number", name=op.f("uq_project_request_number")),
    )
    op.create_index(op.f("ix_project_request_group_id"), "project_request", ["group_id"], unique=False)

    op.create_table(
        "project_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("insurer_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers", JSON, nullable=True),
        sa.CheckConstraint(
            "act IN ('submitted', 'asked', 'answered', 'agreed', 'part', 'declined', 'taken_back', 'gap', 'changing', 'decided', 'paid', 'withdrawn')",
            name=op.f("ck_project_act_act"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_project_act_group_id_group")),
        sa.ForeignKeyConstraint(
            ["insurer_id"], ["insurer.id"], name=op.f("fk_project_act_insurer_id_insurer")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project_request.id"],
            name=op.f("fk_project_act_project_id_project_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_act")),
    )
    op.create_index(op.f("ix_project_act_group_id"), "project_act", ["group_id"], unique=False)
    op.create_index(op.f("ix_project_act_project_id"), "project_act", ["project_id"], unique=False)

    op.create_table(
        "project_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("insurer_id", sa.Integer(), nullable=False),
        sa.Column("is_pool", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_cents", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parts", JSON, nullable=False),
        sa.Column("paid_by", sa.Integer(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(verdict = 'open' AND cents IS NULL) OR (verdict = 'agreed' AND cents = asked_cents) OR (verdict = 'part' AND cents > 0 AND cents < asked_cents) OR (verdict = 'declined' AND cents = 0)",
            name=op.f("ck_project_share_verdict"),
        ),
        sa.CheckConstraint(
            "(verdict = 'open') = (decided_by IS NULL)", name=op.f("ck_project_share_decider")
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_project_share_decided")
        ),
        sa.CheckConstraint("(paid_by IS NULL) = (paid_at IS NULL)", name=op.f("ck_project_share_paid")),
        sa.CheckConstraint("asked_cents > 0", name=op.f("ck_project_share_asked")),
        sa.CheckConstraint(
            "paid_by IS NULL OR paid_by <> decided_by", name=op.f("ck_project_share_second_person")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_project_share_group_id_group")),
        sa.ForeignKeyConstraint(
            ["insurer_id"], ["insurer.id"], name=op.f("fk_project_share_insurer_id_insurer")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project_request.id"],
            name=op.f("fk_project_share_project_id_project_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_share")),
        sa.UniqueConstraint(
            "project_id", "insurer_id", "is_pool", name=op.f("uq_project_share_project_id_insurer_id_is_pool")
        ),
    )
    op.create_index(op.f("ix_project_share_group_id"), "project_share", ["group_id"], unique=False)
    op.create_index(op.f("ix_project_share_insurer_id"), "project_share", ["insurer_id"], unique=False)
    op.create_index(op.f("ix_project_share_project_id"), "project_share", ["project_id"], unique=False)


def downgrade() -> None:
    for table in ("project_share", "project_act", "project_request", "project_terms"):
        op.drop_table(table)
