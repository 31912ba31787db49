"""pages of an application are merged field by field, so their versions go"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("grant_application") as batch:
        batch.drop_column("versions")


def downgrade() -> None:
    with op.batch_alter_table("grant_application") as batch:
        batch.add_column(sa.Column("versions", sa.JSON(), nullable=False, server_default="{}"))
