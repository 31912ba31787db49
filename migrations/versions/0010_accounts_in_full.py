"""sessions that the database knows, links by mail, second factor, invitations"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user") as batch_op:
        batch_op.add_column(sa.Column("roles_changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("totp_secret", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("totp_last_step", sa.Integer(), nullable=True))
        batch_op.alter_column("password_hash", existing_type=sa.Text(), nullable=True)
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("key_made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_user_session_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_user_session"),
        sa.UniqueConstraint("key_hash", name="uq_user_session_key_hash"),
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"])
    op.create_index("ix_user_session_seen_at", "user_session", ["seen_at"])
    op.create_table(
        "mailed_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('sign_up', 'sign_in', 'reset')", name="ck_mailed_link_purpose"),
        sa.PrimaryKeyConstraint("id", name="pk_mailed_link"),
        sa.UniqueConstraint("key_hash", name="uq_mailed_link_key_hash"),
    )
    op.create_index("ix_mailed_link_email", "mailed_link", ["email"])
    op.create_table(
        "address_change",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("new_email", sa.Text(), nullable=False),
        sa.Column("old_key_hash", sa.Text(), nullable=False),
        sa.Column("new_key_hash", sa.Text(), nullable=False),
        sa.Column("old_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_address_change_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_address_change"),
        sa.UniqueConstraint("old_key_hash", name="uq_address_change_old_key_hash"),
        sa.UniqueConstraint("new_key_hash", name="uq_address_change_new_key_hash"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("clearinghouse_id", sa.Integer(), nullable=True),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('group_contact', 'desk_staff', 'desk_lead', 'insurer_officer', 'funding_office', 'finance', "
            "'representative', 'coordinator', 'admin')",
            name="ck_invitation_role",
        ),
        sa.CheckConstraint("(role = 'group_contact') = (group_id IS NOT NULL)", name="ck_invitation_group"),
        sa.CheckConstraint(
            "(role IN ('desk_staff', 'desk_lead')) = (clearinghouse_id IS NOT NULL)",
            name="ck_invitation_clearinghouse",
        ),
        sa.ForeignKeyConstraint(
            ["clearinghouse_id"],
            ["clearinghouse.id"],
            name="fk_invitation_clearinghouse_id_clearinghouse",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name="fk_invitation_group_id_group", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["user.id"], name="fk_invitation_invited_by_user", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("key_hash", name="uq_invitation_key_hash"),
    )
    for column in ("email", "group_id", "clearinghouse_id", "invited_by"):
        op.create_index(f"ix_invitation_{column}", "invitation", [column])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_recovery_code_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint("code_hash", name="uq_recovery_code_code_hash"),
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"])


def downgrade() -> None:
    op.drop_table("recovery_code")
    op.drop_table("invitation")
    op.drop_table("address_change")
    op.drop_table("mailed_link")
    op.drop_table("user_session")
    # Whoever signs in by links only has no password; no hash fits this.
    op.execute("UPDATE \"user\" SET password_hash = '' WHERE password_hash IS NULL")
    with op.batch_alter_table("user") as batch_op:
        batch_op.alter_column("password_hash", existing_type=sa.Text(), nullable=False)
        batch_op.drop_column("totp_last_step")
        batch_op.drop_column("totp_secret")
        batch_op.drop_column("roles_changed_at")
