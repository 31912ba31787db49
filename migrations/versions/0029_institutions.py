"""requests of clearing houses and organisations for flat grants, what was done with them, and their proof"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('institution_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clearinghouse_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('state_ags', sa.String(length=2), nullable=True),
    sa.Column('answers', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('versions', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('asked_cents', sa.BigInteger(), nullable=False),
    sa.Column('figures', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('assessment', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('submitted_by', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('granted_cents', sa.BigInteger(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name=op.f('ck_institution_request_decided')),
    sa.CheckConstraint("(state = 'decided') = (granted_cents IS NOT NULL)", name=op.f('ck_institution_request_granted')),
    sa.CheckConstraint("state = 'draft' OR (number IS NOT NULL AND submitted_at IS NOT NULL)", name=op.f('ck_institution_request_submitted')),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'returned', 'decided')", name=op.f('ck_institution_request_state')),
    sa.CheckConstraint('(clearinghouse_id IS NULL) <> (organisation_id IS NULL)', name=op.f('ck_institution_request_one_payee')),
    sa.CheckConstraint('clearinghouse_id IS NULL OR state_ags IS NOT NULL', name=op.f('ck_institution_request_house_has_land')),
    sa.CheckConstraint('decided_by <> submitted_by', name=op.f('ck_institution_request_second_person')),
    sa.CheckConstraint('granted_cents >= 0 AND granted_cents <= asked_cents', name=op.f('ck_institution_request_sum')),
    sa.ForeignKeyConstraint(['clearinghouse_id'], ['clearinghouse.id'], name=op.f('fk_institution_request_clearinghouse_id_clearinghouse')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_institution_request_entry_id_ledger_entry')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_institution_request_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['state_ags'], ['state.ags'], name=op.f('fk_institution_request_state_ags_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institution_request')),
    sa.UniqueConstraint('clearinghouse_id', 'year', name=op.f('uq_institution_request_clearinghouse_id_year')),
    sa.UniqueConstraint('number', name=op.f('uq_institution_request_number')),
    sa.UniqueConstraint('organisation_id', 'year', name=op.f('uq_institution_request_organisation_id_year')),
    )
    op.create_index(op.f('ix_institution_request_year'), 'institution_request', ['year'], unique=False)

    op.create_table('institution_act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=True),
    sa.Column('done_by', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("act IN ('begun', 'changed', 'submitted', 'returned', 'decided', 'proof_submitted', 'proof_questioned', 'proof_accepted')", name=op.f('ck_institution_act_act')),
    sa.CheckConstraint('cents >= 0', name=op.f('ck_institution_act_cents')),
    sa.ForeignKeyConstraint(['request_id'], ['institution_request.id'], name=op.f('fk_institution_act_request_id_institution_request'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institution_act')),
    )
    op.create_index(op.f('ix_institution_act_request_id'), 'institution_act', ['request_id'], unique=False)

    op.create_table('institution_proof',
    sa.Column('request_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('answers', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('figures', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('remaining_cents', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('submitted_by', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_by', sa.Integer(), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'submitted') = (checked_at IS NULL)", name=op.f('ck_institution_proof_checked')),
    sa.CheckConstraint("state IN ('submitted', 'questioned', 'accepted')", name=op.f('ck_institution_proof_state')),
    sa.CheckConstraint('checked_by <> submitted_by', name=op.f('ck_institution_proof_second_person')),
    sa.CheckConstraint('remaining_cents >= 0', name=op.f('ck_institution_proof_remaining')),
    sa.ForeignKeyConstraint(['request_id'], ['institution_request.id'], name=op.f('fk_institution_proof_request_id_institution_request'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('request_id', name=op.f('pk_institution_proof')),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER institution_act_kept BEFORE UPDATE ON institution_act"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_changed()"
        )
    else:
        op.execute(
            "CREATE TRIGGER institution_act_kept BEFORE UPDATE ON institution_act"
            " BEGIN SELECT RAISE(ABORT, 'what was done is never changed'); END"
        )


def downgrade() -> None:
    for table in ("institution_proof", "institution_act", "institution_request"):
        op.drop_table(table)
