"""why groups that were listed are not to be found now"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_absence",
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resumes_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("merged_into_id <> group_id", name=op.f("ck_group_absence_not_into_itself")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_group_absence_group_id_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["group.id"],
            name=op.f("fk_group_absence_merged_into_id_group"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_group_absence")),
    )
    for column in ("resumes_on", "merged_into_id"):
        op.create_index(op.f(f"ix_group_absence_{column}"), "group_absence", [column])


def downgrade() -> None:
    op.drop_table("group_absence")
