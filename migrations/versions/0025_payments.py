"""payments of awards: accounts, batches made and released by two people, payments, lines of the bank's files"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('payment_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('debtor_name', sa.Text(), nullable=False),
    sa.Column('debtor_iban', sa.Text(), nullable=False),
    sa.Column('execution_on', sa.Date(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_by', sa.Integer(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('built', 'dropped') OR (released_by IS NOT NULL AND sha256 IS NOT NULL)", name=op.f('ck_payment_batch_released')),
    sa.CheckConstraint("state IN ('built', 'released', 'sent', 'unknown', 'dropped')", name=op.f('ck_payment_batch_state')),
    sa.CheckConstraint('cents > 0 AND count > 0', name=op.f('ck_payment_batch_not_empty')),
    sa.CheckConstraint('released_by <> made_by', name=op.f('ck_payment_batch_second_person')),
    sa.ForeignKeyConstraint(['region_id'], ['funding_region.id'], name=op.f('fk_payment_batch_region_id_funding_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_batch')),
    sa.UniqueConstraint('reference', name=op.f('uq_payment_batch_reference')),
    )
    op.create_table('region_account',
    sa.Column('region_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('iban', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['region_id'], ['funding_region.id'], name=op.f('fk_region_account_region_id_funding_region')),
    sa.PrimaryKeyConstraint('region_id', name=op.f('pk_region_account')),
    )
    op.create_table('payee_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('holder', sa.Text(), nullable=False),
    sa.Column('iban', sa.Text(), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(confirmed_by IS NULL) = (confirmed_at IS NULL)', name=op.f('ck_payee_account_confirmed')),
    sa.CheckConstraint('confirmed_by <> entered_by', name=op.f('ck_payee_account_second_person')),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_payee_account_group_id_group')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payee_account')),
    )
    op.create_index(op.f('ix_payee_account_group_id'), 'payee_account', ['group_id'], unique=False)
    op.create_table('payment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('award_key', sa.Text(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('holder', sa.Text(), nullable=False),
    sa.Column('iban', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('end_to_end_id', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('settled_on', sa.Date(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('bank_reason', sa.Text(), nullable=True),
    sa.Column('is_due_again', sa.Boolean(), nullable=False),
    sa.CheckConstraint("NOT is_due_again OR state = 'returned'", name=op.f('ck_payment_due_again')),
    sa.CheckConstraint("state IN ('prepared', 'sent', 'unknown', 'executed', 'returned', 'dropped')", name=op.f('ck_payment_state')),
    sa.CheckConstraint('cents > 0', name=op.f('ck_payment_cents')),
    sa.ForeignKeyConstraint(['batch_id'], ['payment_batch.id'], name=op.f('fk_payment_batch_id_payment_batch')),
    sa.ForeignKeyConstraint(['request_id'], ['grant_request.id'], name=op.f('fk_payment_request_id_grant_request')),
    sa.ForeignKeyConstraint(['run_id'], ['allocation_run.id'], name=op.f('fk_payment_run_id_allocation_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment')),
    sa.UniqueConstraint('batch_id', 'position', name=op.f('uq_payment_batch_id_position')),
    sa.UniqueConstraint('end_to_end_id', name=op.f('uq_payment_end_to_end_id')),
    )
    op.create_index(op.f('ix_payment_award_key'), 'payment', ['award_key'], unique=False)
    op.create_index(op.f('ix_payment_batch_id'), 'payment', ['batch_id'], unique=False)
    op.create_index(op.f('ix_payment_group_id'), 'payment', ['group_id'], unique=False)
    op.create_index('uq_payment_live', 'payment', ['award_key'], unique=True, sqlite_where=sa.text("state IN ('prepared', 'sent', 'unknown', 'executed')"), postgresql_where=sa.text("state IN ('prepared', 'sent', 'unknown', 'executed')"))
    op.create_table('bank_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=True),
    sa.Column('booked_on', sa.Date(), nullable=True),
    sa.Column('end_to_end_id', sa.Text(), nullable=True),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('bank_reason', sa.Text(), nullable=True),
    sa.Column('payment_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('executed', 'returned', 'refused', 'pending')", name=op.f('ck_bank_line_kind')),
    sa.CheckConstraint("outcome IN ('matched', 'known', 'unmatched', 'contradicts', 'settled')", name=op.f('ck_bank_line_outcome')),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_bank_line_payment_id_payment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_line')),
    sa.UniqueConstraint('mark', name=op.f('uq_bank_line_mark')),
    )
    op.create_index(op.f('ix_bank_line_payment_id'), 'bank_line', ['payment_id'], unique=False)


def downgrade() -> None:
    for table in ('bank_line', 'payment', 'payment_batch', 'payee_account', 'region_account'):
        op.drop_table(table)
