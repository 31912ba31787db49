"""the postmark of requests on paper"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("grant_request", sa.Column("posted_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE grant_request SET posted_on = (SELECT a.posted_on FROM grant_application a "
        "WHERE a.round_id = grant_request.round_id AND a.group_id = grant_request.group_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("grant_request") as batch:
        batch.drop_column("posted_on")
