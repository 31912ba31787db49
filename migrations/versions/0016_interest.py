"""who would come to a group that does not exist yet, and groups being founded"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("district_ags", sa.String(length=5), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("radius_km", sa.Integer(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("consent_version", sa.Text(), nullable=False),
        sa.Column("consent_purpose", sa.Text(), nullable=False),
        sa.Column("consent_way", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(email IS NULL) <> (phone IS NULL)", name=op.f("ck_interest_one_way")),
        sa.CheckConstraint(
            "(place = '') = (radius_km IS NULL)", name=op.f("ck_interest_circle_has_place")
        ),
        sa.CheckConstraint("radius_km BETWEEN 1 AND 200", name=op.f("ck_interest_radius")),
        sa.CheckConstraint("consent_way IN ('form', 'telephone')", name=op.f("ck_interest_consent_way")),
        sa.CheckConstraint("language IN ('de', 'en', 'nl')", name=op.f("ck_interest_language")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_interest_topic_id_topic")),
        sa.ForeignKeyConstraint(
            ["district_ags"], ["district.ags"], name=op.f("fk_interest_district_ags_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint("topic_id", "email", name=op.f("uq_interest_topic_id_email")),
        sa.UniqueConstraint("topic_id", "phone", name=op.f("uq_interest_topic_id_phone")),
    )
    op.create_index("ix_interest_topic_id_district_ags", "interest", ["topic_id", "district_ags"])
    for column in ("district_ags", "email", "expires_at"):
        op.create_index(op.f(f"ix_interest_{column}"), "interest", [column])
    op.create_table(
        "founding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("clearinghouse_id", sa.Integer(), nullable=False),
        sa.Column("district_ags", sa.String(length=5), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("meeting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meeting_place", sa.Text(), nullable=False),
        sa.Column("moderator", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'founded', 'given_up')", name=op.f("ck_founding_state")),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL)", name=op.f("ck_founding_open_has_no_end")
        ),
        sa.CheckConstraint(
            "meeting_at IS NULL OR meeting_place <> ''", name=op.f("ck_founding_meeting_has_place")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_founding_topic_id_topic")),
        sa.ForeignKeyConstraint(
            ["clearinghouse_id"],
            ["clearinghouse.id"],
            name=op.f("fk_founding_clearinghouse_id_clearinghouse"),
        ),
        sa.ForeignKeyConstraint(
            ["district_ags"], ["district.ags"], name=op.f("fk_founding_district_ags_district")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_founding_group_id_group"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_founding")),
    )
    op.create_index(op.f("ix_founding_clearinghouse_id"), "founding", ["clearinghouse_id"])
    op.create_index(
        "uq_founding_open",
        "founding",
        ["topic_id", "district_ags"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "founding_step",
        sa.Column("founding_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["founding_id"],
            ["founding.id"],
            name=op.f("fk_founding_step_founding_id_founding"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("founding_id", "step", name=op.f("pk_founding_step")),
    )
    op.create_table(
        "founding_invitation",
        sa.Column("founding_id", sa.Integer(), nullable=False),
        sa.Column("interest_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_founding_invitation_answer")),
        sa.ForeignKeyConstraint(
            ["founding_id"],
            ["founding.id"],
            name=op.f("fk_founding_invitation_founding_id_founding"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["interest_id"],
            ["interest.id"],
            name=op.f("fk_founding_invitation_interest_id_interest"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("founding_id", "interest_id", name=op.f("pk_founding_invitation")),
    )
    op.create_index(
        op.f("ix_founding_invitation_interest_id"), "founding_invitation", ["interest_id"]
    )


def downgrade() -> None:
    for table in ("founding_invitation", "founding_step", "founding", "interest"):
        op.drop_table(table)
