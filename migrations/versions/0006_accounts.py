"""people who sign in, and the roles they have for groups, clearing houses or the network"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('session_version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_signed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("language IN ('de', 'en', 'nl')", name=op.f('ck_user_language')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('email', name=op.f('uq_user_email'))
    )
    op.create_table('role_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('clearinghouse_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(role = 'group_contact') = (group_id IS NOT NULL)", name=op.f('ck_role_grant_group')),
    sa.CheckConstraint("(role IN ('desk_staff', 'desk_lead')) = (clearinghouse_id IS NOT NULL)", name=op.f('ck_role_grant_clearinghouse')),
    sa.CheckConstraint("role IN ('group_contact', 'desk_staff', 'desk_lead', 'insurer_officer', 'funding_office', 'finance', 'representative', 'coordinator', 'admin')", name=op.f('ck_role_grant_role')),
    sa.ForeignKeyConstraint(['clearinghouse_id'], ['clearinghouse.id'], name=op.f('fk_role_grant_clearinghouse_id_clearinghouse'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_role_grant_group_id_group'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_role_grant_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_grant_clearinghouse_id'), ['clearinghouse_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_role_grant_group_id'), ['group_id'], unique=False)
        batch_op.create_index('uq_role_grant_clearinghouse', ['user_id', 'role', 'clearinghouse_id'], unique=True, sqlite_where=sa.text('clearinghouse_id IS NOT NULL'), postgresql_where=sa.text('clearinghouse_id IS NOT NULL'))
        batch_op.create_index('uq_role_grant_group', ['user_id', 'role', 'group_id'], unique=True, sqlite_where=sa.text('group_id IS NOT NULL'), postgresql_where=sa.text('group_id IS NOT NULL'))
        batch_op.create_index('uq_role_grant_network', ['user_id', 'role'], unique=True, sqlite_where=sa.text('group_id IS NULL AND clearinghouse_id IS NULL'), postgresql_where=sa.text('group_id IS NULL AND clearinghouse_id IS NULL'))


def downgrade() -> None:
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.drop_index('uq_role_grant_network', sqlite_where=sa.text('group_id IS NULL AND clearinghouse_id IS NULL'), postgresql_where=sa.text('group_id IS NULL AND clearinghouse_id IS NULL'))
        batch_op.drop_index('uq_role_grant_group', sqlite_where=sa.text('group_id IS NOT NULL'), postgresql_where=sa.text('group_id IS NOT NULL'))
        batch_op.drop_index('uq_role_grant_clearinghouse', sqlite_where=sa.text('clearinghouse_id IS NOT NULL'), postgresql_where=sa.text('clearinghouse_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_role_grant_group_id'))
        batch_op.drop_index(batch_op.f('ix_role_grant_clearinghouse_id'))
    op.drop_table('role_grant')
    op.drop_table('user')
