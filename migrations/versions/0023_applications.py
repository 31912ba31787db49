"""applications for flat grants with signatures and papers; the rules of a region as its funding office sets them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table('region_settings',
    sa.Column('region_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('rules', JSON, nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['region_id'], ['funding_region.id'], name=op.f('fk_region_settings_region_id_funding_region')),
    sa.PrimaryKeyConstraint('region_id', name=op.f('pk_region_settings')),
    )
    op.create_table('grant_application',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('answers', JSON, nullable=False),
    sa.Column('versions', JSON, nullable=False),
    sa.Column('copied_from_year', sa.Integer(), nullable=True),
    sa.Column('account_mark', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('posted_on', sa.Date(), nullable=True),
    sa.Column('assessment', JSON, nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state <> 'submitted' OR number IS NOT NULL", name=op.f('ck_grant_application_has_number')),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'withdrawn')", name=op.f('ck_grant_application_state')),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_grant_application_group_id_group')),
    sa.ForeignKeyConstraint(['round_id'], ['grant_round.id'], name=op.f('fk_grant_application_round_id_grant_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant_application')),
    sa.UniqueConstraint('number', name=op.f('uq_grant_application_number')),
    sa.UniqueConstraint('round_id', 'group_id', name=op.f('uq_grant_application_round_id_group_id')),
    )
    op.create_index(op.f('ix_grant_application_account_mark'), 'grant_application', ['account_mark'], unique=False)
    op.create_index(op.f('ix_grant_application_group_id'), 'grant_application', ['group_id'], unique=False)
    op.create_table('application_paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('founding_minutes', 'statutes')", name=op.f('ck_application_paper_kind')),
    sa.ForeignKeyConstraint(['application_id'], ['grant_application.id'], name=op.f('fk_application_paper_application_id_grant_application'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_application_paper_group_id_group')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_paper')),
    )
    op.create_index(op.f('ix_application_paper_application_id'), 'application_paper', ['application_id'], unique=False)
    op.create_index(op.f('ix_application_paper_group_id'), 'application_paper', ['group_id'], unique=False)
    op.create_table('application_signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('is_on_paper', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('position IN (1, 2)', name=op.f('ck_application_signature_position')),
    sa.ForeignKeyConstraint(['application_id'], ['grant_application.id'], name=op.f('fk_application_signature_application_id_grant_application'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_application_signature_group_id_group')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_signature')),
    sa.UniqueConstraint('application_id', 'position', name=op.f('uq_application_signature_application_id_position')),
    )
    op.create_index(op.f('ix_application_signature_application_id'), 'application_signature', ['application_id'], unique=False)
    op.create_index(op.f('ix_application_signature_group_id'), 'application_signature', ['group_id'], unique=False)


def downgrade() -> None:
    for table in ('application_signature', 'application_paper', 'grant_application', 'region_settings'):
        op.drop_table(table)
