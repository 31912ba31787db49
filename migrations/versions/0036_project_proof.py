"""proof of use for projects"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ACTS = (
    "submitted", "asked", "answered", "agreed", "part", "declined", "taken_back", "gap", "changing", "decided", "paid",
    "withdrawn",
)  # fmt: skip
PROOF_ACTS = ("proof_submitted", "proof_questioned", "proof_accepted")


def _acts(*acts: str) -> None:
    with op.batch_alter_table("project_act") as batch:
        batch.drop_constraint(op.f("ck_project_act_act"), type_="check")
        batch.create_check_constraint(
            op.f("ck_project_act_act"), "act IN ({})".format(", ".join(f"'{act}'" for act in acts))
        )


def upgrade() -> None:
    _acts(*ACTS, *PROOF_ACTS)
    op.create_table(
        "project_proof",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("remaining_cents", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('submitted', 'questioned', 'accepted')", name=op.f("ck_project_proof_state")),
        sa.CheckConstraint("remaining_cents >= 0", name=op.f("ck_project_proof_remaining")),
        sa.CheckConstraint("(state = 'submitted') = (checked_at IS NULL)", name=op.f("ck_project_proof_checked")),
        sa.CheckConstraint("checked_by <> submitted_by", name=op.f("ck_project_proof_second_person")),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_project_proof_group_id_group")),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project_request.id"],
            name=op.f("fk_project_proof_project_id_project_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_proof")),
    )
    op.create_index(op.f("ix_project_proof_group_id"), "project_proof", ["group_id"], unique=False)


def downgrade() -> None:
    op.drop_table("project_proof")
    op.execute("DELETE FROM project_act WHERE act IN ('proof_submitted', 'proof_questioned', 'proof_accepted')")
    _acts(*ACTS)
