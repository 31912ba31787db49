"""reminders, how many came, and who is told of a cancelled meeting"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("group") as batch:
        batch.add_column(sa.Column("reminder_hours", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("reminds_after_break", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch.create_check_constraint(op.f("ck_group_reminder_hours"), "reminder_hours IN (24, 48, 72, 168)")
    op.create_table(
        "meeting_attendance",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("count BETWEEN 0 AND 1000", name=op.f("ck_meeting_attendance_count")),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["meeting_series.id"],
            name=op.f("fk_meeting_attendance_series_id_meeting_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("series_id", "on_day", name=op.f("pk_meeting_attendance")),
    )
    op.create_table(
        "meeting_confirmation",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["meeting_series.id"],
            name=op.f("fk_meeting_confirmation_series_id_meeting_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("series_id", "on_day", name=op.f("pk_meeting_confirmation")),
    )
    op.create_index(op.f("ix_meeting_confirmation_starts_at"), "meeting_confirmation", ["starts_at"])
    op.create_table(
        "meeting_watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('de', 'en', 'nl')", name=op.f("ck_meeting_watch_language")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_meeting_watch_group_id_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_watch")),
        sa.UniqueConstraint("group_id", "email", name=op.f("uq_meeting_watch_group_id_email")),
    )
    op.create_index(op.f("ix_meeting_watch_email"), "meeting_watch", ["email"])
    op.create_table(
        "meeting_told",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_meeting_told_group_id_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_meeting_told")),
    )


def downgrade() -> None:
    op.drop_table("meeting_told")
    op.drop_index(op.f("ix_meeting_watch_email"), "meeting_watch")
    op.drop_table("meeting_watch")
    op.drop_index(op.f("ix_meeting_confirmation_starts_at"), "meeting_confirmation")
    op.drop_table("meeting_confirmation")
    op.drop_table("meeting_attendance")
    with op.batch_alter_table("group") as batch:
        batch.drop_constraint(op.f("ck_group_reminder_hours"), type_="check")
        batch.drop_column("reminds_after_break")
        batch.drop_column("reminder_hours")
