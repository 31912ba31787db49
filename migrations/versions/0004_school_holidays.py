"""school holidays of the Länder"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = "'autumn', 'christmas', 'winter', 'spring', 'easter', 'whitsun', 'summer', 'other'"


def upgrade() -> None:
    op.create_table(
        "school_holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_ags", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_operators", sa.Boolean(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_school_holiday_kind")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_school_holiday_order")),
        sa.ForeignKeyConstraint(
            ["state_ags"], ["state.ags"], name=op.f("fk_school_holiday_state_ags_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_holiday")),
        sa.UniqueConstraint("state_ags", "first_on", name=op.f("uq_school_holiday_state_ags_first_on")),
    )


def downgrade() -> None:
    op.drop_table("school_holiday")
