"""letters by which money is claimed back, kept as they were made"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table('reclaim_letter',
    sa.Column('reclaim_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('facts', JSON, nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reclaim_id'], ['reclaim.id'], name=op.f('fk_reclaim_letter_reclaim_id_reclaim')),
    sa.PrimaryKeyConstraint('reclaim_id', name=op.f('pk_reclaim_letter')),
    )
    op.create_index(op.f('ix_reclaim_letter_group_id'), 'reclaim_letter', ['group_id'], unique=False)


def downgrade() -> None:
    op.drop_table('reclaim_letter')
