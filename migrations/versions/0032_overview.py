"""calendars of deadlines to subscribe to; groups that want no reminders to apply"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deadline_feed",
        sa.Column("user_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_deadline_feed_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_deadline_feed")),
    )
    op.create_table(
        "funding_reminder_stop",
        sa.Column("group_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_funding_reminder_stop_group_id_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_funding_reminder_stop")),
    )


def downgrade() -> None:
    op.drop_table("funding_reminder_stop")
    op.drop_table("deadline_feed")
