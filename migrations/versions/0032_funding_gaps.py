"""pages of an application are merged by field, so versions go; a copy of what was submitted, a form signed by hand"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0025"
branch_labels = None
depends_on = None
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("grant_application") as batch:
        batch.drop_column("versions")
        batch.add_column(sa.Column("copy", _JSON, nullable=True))
    _papers("'founding_minutes', 'statutes', 'signed_form'")


def downgrade() -> None:
    with op.batch_alter_table("grant_application") as batch:
        batch.drop_column("copy")
        batch.add_column(sa.Column("versions", _JSON, nullable=False, server_default="{}"))
    op.execute("DELETE FROM application_paper WHERE kind = 'signed_form'")
    _papers("'founding_minutes', 'statutes'")


def _papers(kinds: str) -> None:
    with op.batch_alter_table("application_paper") as batch:
        batch.drop_constraint(op.f("ck_application_paper_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_application_paper_kind"), f"kind IN ({kinds})")
