"""a copy of what was submitted, a form signed by hand, extensions of rounds, limits of release, notices after objections"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("grant_application") as batch:
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
    op.drop_index("uq_notice_of_run", table_name="notice")
    _notices("replaces_id IS NULL")
    op.create_index("uq_notice_replaces", "notice", ["replaces_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_notice_replaces", table_name="notice")
    op.drop_index("uq_notice_of_run", table_name="notice")
    _notices("kind <> 'revocation'")
    with op.batch_alter_table("grant_application") as batch:
        batch.drop_column("copy")
    op.drop_table("release_limit")
    with op.batch_alter_table("grant_round") as batch:
        batch.drop_column("extension_reason")
    op.execute("DELETE FROM application_paper WHERE kind = 'signed_form'")
    _papers("'founding_minutes', 'statutes'")


def _notices(where: str) -> None:
    op.create_index(
        "uq_notice_of_run",
        "notice",
        ["run_id", "group_id"],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _papers(kinds: str) -> None:
    with op.batch_alter_table("application_paper") as batch:
        batch.drop_constraint(op.f("ck_application_paper_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_application_paper_kind"), f"kind IN ({kinds})")
