"""proofs of use with their items and receipts; money that has to come back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table('reclaim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('back_before_cents', sa.BigInteger(), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_on', sa.Date(), nullable=True),
    sa.Column('written_by', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('interest_from', sa.Date(), nullable=True),
    sa.CheckConstraint("cause IN ('unused', 'not_accepted', 'revoked')", name=op.f('ck_reclaim_cause')),
    sa.CheckConstraint('(written_on IS NULL) = (due_on IS NULL) AND (written_on IS NULL) = (written_by IS NULL)', name=op.f('ck_reclaim_written')),
    sa.CheckConstraint('cents > 0 AND back_before_cents >= 0', name=op.f('ck_reclaim_cents')),
    sa.CheckConstraint('due_on > written_on', name=op.f('ck_reclaim_due')),
    sa.ForeignKeyConstraint(['round_id'], ['grant_round.id'], name=op.f('fk_reclaim_round_id_grant_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reclaim')),
    sa.UniqueConstraint('round_id', 'group_id', name=op.f('uq_reclaim_round_id_group_id')),
    )
    op.create_index(op.f('ix_reclaim_group_id'), 'reclaim', ['group_id'], unique=False)
    op.create_table('use_proof',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('granted_cents', sa.BigInteger(), nullable=False),
    sa.Column('received_cents', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('answers', JSON, nullable=False),
    sa.Column('own_cents', sa.BigInteger(), nullable=False),
    sa.Column('others_cents', sa.BigInteger(), nullable=False),
    sa.Column('remaining_cents', sa.BigInteger(), nullable=True),
    sa.Column('extended_until', sa.Date(), nullable=True),
    sa.Column('answer_until', sa.Date(), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('is_on_paper', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_cents', sa.BigInteger(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state IN ('accepted', 'partly')) = (decided_at IS NOT NULL)", name=op.f('ck_use_proof_decided')),
    sa.CheckConstraint("kind IN ('confirmation', 'full')", name=op.f('ck_use_proof_kind')),
    sa.CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name=op.f('ck_use_proof_submitted')),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'questions', 'accepted', 'partly')", name=op.f('ck_use_proof_state')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (accepted_cents IS NULL)', name=op.f('ck_use_proof_decision')),
    sa.CheckConstraint('accepted_cents >= 0', name=op.f('ck_use_proof_accepted')),
    sa.CheckConstraint('granted_cents >= 0 AND received_cents >= 0', name=op.f('ck_use_proof_sums')),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_use_proof_group_id_group')),
    sa.ForeignKeyConstraint(['round_id'], ['grant_round.id'], name=op.f('fk_use_proof_round_id_grant_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_use_proof')),
    sa.UniqueConstraint('round_id', 'group_id', name=op.f('uq_use_proof_round_id_group_id')),
    )
    op.create_index(op.f('ix_use_proof_group_id'), 'use_proof', ['group_id'], unique=False)
    op.create_table('reclaim_interest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reclaim_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('booked_by', sa.Integer(), nullable=False),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('cents > 0', name=op.f('ck_reclaim_interest_cents')),
    sa.ForeignKeyConstraint(['reclaim_id'], ['reclaim.id'], name=op.f('fk_reclaim_interest_reclaim_id_reclaim')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reclaim_interest')),
    sa.UniqueConstraint('token', name=op.f('uq_reclaim_interest_token')),
    )
    op.create_index(op.f('ix_reclaim_interest_reclaim_id'), 'reclaim_interest', ['reclaim_id'], unique=False)
    op.create_table('reclaim_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reclaim_id', sa.Integer(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('cents > 0', name=op.f('ck_reclaim_plan_cents')),
    sa.ForeignKeyConstraint(['reclaim_id'], ['reclaim.id'], name=op.f('fk_reclaim_plan_reclaim_id_reclaim')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reclaim_plan')),
    )
    op.create_index(op.f('ix_reclaim_plan_reclaim_id'), 'reclaim_plan', ['reclaim_id'], unique=False)
    op.create_table('reclaim_waiver',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reclaim_id', sa.Integer(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_granted', sa.Boolean(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_reclaim_waiver_reason')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (is_granted IS NULL)', name=op.f('ck_reclaim_waiver_decided')),
    sa.CheckConstraint('cents > 0', name=op.f('ck_reclaim_waiver_cents')),
    sa.CheckConstraint('decided_by <> asked_by', name=op.f('ck_reclaim_waiver_second_person')),
    sa.ForeignKeyConstraint(['reclaim_id'], ['reclaim.id'], name=op.f('fk_reclaim_waiver_reclaim_id_reclaim')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reclaim_waiver')),
    )
    op.create_index(op.f('ix_reclaim_waiver_reclaim_id'), 'reclaim_waiver', ['reclaim_id'], unique=False)
    op.create_index('uq_reclaim_waiver_open', 'reclaim_waiver', ['reclaim_id'], unique=True, sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))
    op.create_table('use_proof_act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proof_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("act IN ('submitted', 'asked', 'answered', 'extended', 'decided', 'reminded_soon', 'reminded', 'reminded_late')", name=op.f('ck_use_proof_act_act')),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_use_proof_act_group_id_group')),
    sa.ForeignKeyConstraint(['proof_id'], ['use_proof.id'], name=op.f('fk_use_proof_act_proof_id_use_proof'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_use_proof_act')),
    )
    op.create_index(op.f('ix_use_proof_act_group_id'), 'use_proof_act', ['group_id'], unique=False)
    op.create_index(op.f('ix_use_proof_act_proof_id'), 'use_proof_act', ['proof_id'], unique=False)
    op.create_index('uq_use_proof_reminder', 'use_proof_act', ['proof_id', 'act', 'until'], unique=True, sqlite_where=sa.text("act IN ('reminded_soon', 'reminded', 'reminded_late')"), postgresql_where=sa.text("act IN ('reminded_soon', 'reminded', 'reminded_late')"))
    op.create_table('use_proof_item',
    sa.Column('proof_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('is_accepted', sa.Boolean(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("is_accepted IS NULL OR is_accepted OR reason <> ''", name=op.f('ck_use_proof_item_reason')),
    sa.CheckConstraint('cents > 0', name=op.f('ck_use_proof_item_cents')),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_use_proof_item_group_id_group')),
    sa.ForeignKeyConstraint(['proof_id'], ['use_proof.id'], name=op.f('fk_use_proof_item_proof_id_use_proof'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('proof_id', 'position', name=op.f('pk_use_proof_item')),
    )
    op.create_index(op.f('ix_use_proof_item_group_id'), 'use_proof_item', ['group_id'], unique=False)
    op.create_table('use_proof_receipt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proof_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_use_proof_receipt_group_id_group')),
    sa.ForeignKeyConstraint(['proof_id'], ['use_proof.id'], name=op.f('fk_use_proof_receipt_proof_id_use_proof'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_use_proof_receipt')),
    sa.UniqueConstraint('proof_id', 'mark', name=op.f('uq_use_proof_receipt_proof_id_mark')),
    )
    op.create_index(op.f('ix_use_proof_receipt_group_id'), 'use_proof_receipt', ['group_id'], unique=False)
    op.create_index(op.f('ix_use_proof_receipt_proof_id'), 'use_proof_receipt', ['proof_id'], unique=False)
    op.create_table('reclaim_instalment',
    sa.Column('plan_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('cents > 0', name=op.f('ck_reclaim_instalment_cents')),
    sa.ForeignKeyConstraint(['plan_id'], ['reclaim_plan.id'], name=op.f('fk_reclaim_instalment_plan_id_reclaim_plan')),
    sa.PrimaryKeyConstraint('plan_id', 'position', name=op.f('pk_reclaim_instalment')),
    )


def downgrade() -> None:
    for table in (
        'reclaim_instalment',
        'use_proof_receipt',
        'use_proof_item',
        'use_proof_act',
        'reclaim_waiver',
        'reclaim_plan',
        'reclaim_interest',
        'use_proof',
        'reclaim',
    ):
        op.drop_table(table)
