"""versions of a listing, and what the clearing house said to each"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "listing_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unmet", JSON, nullable=False),
        sa.Column("remarks", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'changes_asked', 'approved', 'declined', 'superseded', 'withdrawn')",
            name=op.f("ck_listing_version_state"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_listing_version_number")),
        sa.CheckConstraint(
            "state <> 'declined' OR reason <> ''", name=op.f("ck_listing_version_declined_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_listing_version_group_id_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["user.id"],
            name=op.f("fk_listing_version_submitted_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user.id"],
            name=op.f("fk_listing_version_decided_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_version")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_listing_version_group_id_number")),
    )
    for column in ("submitted_by_id", "decided_by_id"):
        op.create_index(op.f(f"ix_listing_version_{column}"), "listing_version", [column])
    is_open = sa.text("state IN ('pending', 'changes_asked')")
    op.create_index(
        "uq_listing_version_open",
        "listing_version",
        ["group_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    op.drop_table("listing_version")
