"""pages of an application are merged by field, so versions go; a copy of what was submitted, a form signed by hand"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0026"
branch_labels = None
depends_on = None
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("grant_application") as batch:
        batch.drop_column("versions")
        batch.add_column(sa.Column("copy", _JSON, nullable=True))
    _papers("'founding_minutes', 'statutes', 'signed_form'")
    op.create_table(
        "release_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_release_limit_cents")),
        sa.CheckConstraint("set_by <> user_id", name=op.f("ck_release_limit_somebody_else")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_limit")),
    )
    op.create_index(op.f("ix_release_limit_user_id"), "release_limit", ["user_id"], unique=False)
    op.add_column("grant_round", sa.Column("extension_reason", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("grant_application") as batch:
        batch.drop_column("copy")
        batch.add_column(sa.Column("versions", _JSON, nullable=False, server_default="{}"))
    op.drop_table("release_limit")
    with op.batch_alter_table("grant_round") as batch:
        batch.drop_column("extension_reason")
    op.execute("DELETE FROM application_paper WHERE kind = 'signed_form'")
    _papers("'founding_minutes', 'statutes'")


def _papers(kinds: str) -> None:
    with op.batch_alter_table("application_paper") as batch:
        batch.drop_constraint(op.f("ck_application_paper_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_application_paper_kind"), f"kind IN ({kinds})")
