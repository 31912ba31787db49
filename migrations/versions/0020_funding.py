"""regions, levy, rounds of flat grants and their runs; a closed year takes no more entries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEPT = ("contribution_call", "allocation_run", "allocation_line", "allocation_act")
CHANGED = "the ledger is never changed"
CLOSED = "ck_ledger_entry_year_open"

POSTGRESQL = (
    *(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_changed()"
        for table in KEPT
    ),
    "CREATE TRIGGER funding_year_stays_closed BEFORE UPDATE OR DELETE ON funding_year FOR EACH ROW"
    " WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION ledger_is_never_changed()",
    # The row of a year is locked by whoever posts to it, so that a year is closed after or before them, and not during.
    f"""
    CREATE FUNCTION ledger_entry_in_open_year() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
      INSERT INTO funding_year (year) SELECT DISTINCT year FROM added ORDER BY 1 ON CONFLICT DO NOTHING;
      PERFORM FROM funding_year WHERE year IN (SELECT year FROM added) ORDER BY year FOR SHARE;
      IF EXISTS (
        SELECT FROM funding_year WHERE closed_at IS NOT NULL AND year IN (SELECT year FROM added)
      ) THEN
        RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER ledger_entry_year AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_in_open_year()",
)
SQLITE = (
    *(
        f"CREATE TRIGGER {table}_kept_{event.lower()} BEFORE {event} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
        for table in KEPT
        for event in ("UPDATE", "DELETE")
    ),
    *(
        f"CREATE TRIGGER funding_year_stays_closed_{event.lower()} BEFORE {event} ON funding_year"
        f" WHEN OLD.closed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
        for event in ("UPDATE", "DELETE")
    ),
    f"""
    CREATE TRIGGER ledger_entry_year BEFORE INSERT ON ledger_entry BEGIN
      SELECT RAISE(ABORT, '{CLOSED}') FROM funding_year WHERE year = NEW.year AND closed_at IS NOT NULL;
    END
    """,
)


def upgrade() -> None:
    op.create_table('funding_year',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_funding_year')),
    )
    op.create_table('levy_rate',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('cents', sa.Integer(), nullable=False),
    sa.Column('reference_cents', sa.Integer(), nullable=False),
    sa.Column('standing', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.CheckConstraint("standing IN ('statute', 'published', 'secondary', 'reckoned')", name=op.f('ck_levy_rate_standing')),
    sa.CheckConstraint('cents > 0 AND reference_cents > 0', name=op.f('ck_levy_rate_cents')),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_levy_rate')),
    )
    op.create_table('flat_share',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('insurer_id', sa.Integer(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.CheckConstraint('percent BETWEEN 50 AND 100', name=op.f('ck_flat_share_percent')),
    sa.ForeignKeyConstraint(['insurer_id'], ['insurer.id'], name=op.f('fk_flat_share_insurer_id_insurer')),
    sa.PrimaryKeyConstraint('year', 'insurer_id', name=op.f('pk_flat_share')),
    )
    op.create_table('funding_region',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('state_ags', sa.String(length=2), nullable=False),
    sa.Column('lead_insurer_id', sa.Integer(), nullable=True),
    sa.Column('share', sa.Integer(), nullable=False),
    sa.CheckConstraint('share > 0', name=op.f('ck_funding_region_share')),
    sa.ForeignKeyConstraint(['lead_insurer_id'], ['insurer.id'], name=op.f('fk_funding_region_lead_insurer_id_insurer')),
    sa.ForeignKeyConstraint(['state_ags'], ['state.ags'], name=op.f('fk_funding_region_state_ags_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_funding_region')),
    sa.UniqueConstraint('slug', name=op.f('uq_funding_region_slug')),
    )
    op.create_index(op.f('ix_funding_region_state_ags'), 'funding_region', ['state_ags'], unique=False)

    op.create_table('insured_count',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('insurer_id', sa.Integer(), nullable=False),
    sa.Column('state_ags', sa.String(length=2), nullable=False),
    sa.Column('insured', sa.Integer(), nullable=False),
    sa.CheckConstraint('insured > 0', name=op.f('ck_insured_count_insured')),
    sa.ForeignKeyConstraint(['insurer_id'], ['insurer.id'], name=op.f('fk_insured_count_insurer_id_insurer')),
    sa.ForeignKeyConstraint(['state_ags'], ['state.ags'], name=op.f('fk_insured_count_state_ags_state')),
    sa.PrimaryKeyConstraint('year', 'insurer_id', 'state_ags', name=op.f('pk_insured_count')),
    )
    op.create_table('level_shares',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('state_ags', sa.String(length=2), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('federal', sa.Integer(), nullable=False),
    sa.Column('state_organisations', sa.Integer(), nullable=False),
    sa.Column('clearing_houses', sa.Integer(), nullable=False),
    sa.Column('groups', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.CheckConstraint("unit IN ('per_insured', 'per_cent')", name=op.f('ck_level_shares_unit')),
    sa.CheckConstraint('federal >= 0 AND state_organisations >= 0 AND clearing_houses >= 0 AND groups >= 0', name=op.f('ck_level_shares_shares')),
    sa.ForeignKeyConstraint(['state_ags'], ['state.ags'], name=op.f('fk_level_shares_state_ags_state')),
    sa.PrimaryKeyConstraint('year', 'state_ags', name=op.f('pk_level_shares')),
    )
    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('state_ags', sa.String(length=2), nullable=True),
    sa.ForeignKeyConstraint(['state_ags'], ['state.ags'], name=op.f('fk_organisation_state_ags_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('slug', name=op.f('uq_organisation_slug')),
    )
    op.create_index(op.f('ix_organisation_state_ags'), 'organisation', ['state_ags'], unique=False)

    op.create_table('contribution_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('cents > 0', name=op.f('ck_contribution_call_cents')),
    sa.ForeignKeyConstraint(['account_id'], ['ledger_account.id'], name=op.f('fk_contribution_call_account_id_ledger_account')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_contribution_call_entry_id_ledger_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contribution_call')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_contribution_call_entry_id')),
    )
    op.create_index(op.f('ix_contribution_call_account_id'), 'contribution_call', ['account_id'], unique=False)

    op.create_table('funding_region_district',
    sa.Column('district_ags', sa.String(length=5), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['district_ags'], ['district.ags'], name=op.f('fk_funding_region_district_district_ags_district')),
    sa.ForeignKeyConstraint(['region_id'], ['funding_region.id'], name=op.f('fk_funding_region_district_region_id_funding_region')),
    sa.PrimaryKeyConstraint('district_ags', name=op.f('pk_funding_region_district')),
    )
    op.create_index(op.f('ix_funding_region_district_region_id'), 'funding_region_district', ['region_id'], unique=False)

    op.create_table('grant_round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('seed', sa.Text(), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('opens_on <= closes_on', name=op.f('ck_grant_round_order')),
    sa.ForeignKeyConstraint(['region_id'], ['funding_region.id'], name=op.f('fk_grant_round_region_id_funding_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant_round')),
    sa.UniqueConstraint('region_id', 'year', name=op.f('uq_grant_round_region_id_year')),
    )
    op.create_index(op.f('ix_grant_round_year'), 'grant_round', ['year'], unique=False)

    op.create_table('allocation_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('drafted_by', sa.Integer(), nullable=False),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('rules', JSON, nullable=False),
    sa.Column('seed', sa.Text(), nullable=False),
    sa.Column('input_hash', sa.Text(), nullable=False),
    sa.Column('result_hash', sa.Text(), nullable=False),
    sa.Column('pot_cents', sa.BigInteger(), nullable=False),
    sa.Column('reserve_cents', sa.BigInteger(), nullable=False),
    sa.Column('awarded_cents', sa.BigInteger(), nullable=False),
    sa.Column('leftover_cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('pot_cents = awarded_cents + leftover_cents', name=op.f('ck_allocation_run_adds_up')),
    sa.ForeignKeyConstraint(['round_id'], ['grant_round.id'], name=op.f('fk_allocation_run_round_id_grant_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocation_run')),
    sa.UniqueConstraint('id', 'drafted_by', name=op.f('uq_allocation_run_id_drafted_by')),
    sa.UniqueConstraint('round_id', 'number', 'input_hash', name=op.f('uq_allocation_run_round_id_number_input_hash')),
    )
    op.create_table('grant_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('requested_cents', sa.BigInteger(), nullable=False),
    sa.Column('expenses_cents', sa.BigInteger(), nullable=True),
    sa.Column('own_cents', sa.BigInteger(), nullable=False),
    sa.Column('others_cents', sa.BigInteger(), nullable=False),
    sa.Column('supplements', JSON, nullable=False),
    sa.Column('members', sa.Integer(), nullable=False),
    sa.Column('is_new', sa.Boolean(), nullable=False),
    sa.Column('standing', sa.Text(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("standing IN ('in_time', 'extended', 'late', 'withdrawn')", name=op.f('ck_grant_request_standing')),
    sa.CheckConstraint('members >= 1', name=op.f('ck_grant_request_members')),
    sa.CheckConstraint('requested_cents > 0 AND own_cents >= 0 AND others_cents >= 0 AND expenses_cents >= 0', name=op.f('ck_grant_request_cents')),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_grant_request_group_id_group')),
    sa.ForeignKeyConstraint(['round_id'], ['grant_round.id'], name=op.f('fk_grant_request_round_id_grant_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant_request')),
    sa.UniqueConstraint('round_id', 'group_id', name=op.f('uq_grant_request_round_id_group_id')),
    )
    op.create_index(op.f('ix_grant_request_group_id'), 'grant_request', ['group_id'], unique=False)
    op.create_index(op.f('ix_grant_request_round_id'), 'grant_request', ['round_id'], unique=False)

    op.create_table('allocation_act',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('drafted_by', sa.Integer(), nullable=False),
    sa.Column('done_by', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("act <> 'approved' OR done_by <> drafted_by", name=op.f('ck_allocation_act_second_person')),
    sa.CheckConstraint("act IN ('checked', 'approved', 'posted', 'discarded')", name=op.f('ck_allocation_act_act')),
    sa.ForeignKeyConstraint(['round_id'], ['grant_round.id'], name=op.f('fk_allocation_act_round_id_grant_round')),
    sa.ForeignKeyConstraint(['run_id', 'drafted_by'], ['allocation_run.id', 'allocation_run.drafted_by'], name='fk_allocation_act_drafted_by'),
    sa.PrimaryKeyConstraint('run_id', 'act', name=op.f('pk_allocation_act')),
    )
    op.create_index('uq_allocation_act_posted', 'allocation_act', ['round_id', 'number'], unique=True, sqlite_where=sa.text("act = 'posted'"), postgresql_where=sa.text("act = 'posted'"))

    op.create_table('allocation_line',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('request_version', sa.Integer(), nullable=False),
    sa.Column('requested_cents', sa.BigInteger(), nullable=False),
    sa.Column('cap_cents', sa.BigInteger(), nullable=False),
    sa.Column('before_cents', sa.BigInteger(), nullable=False),
    sa.Column('award_cents', sa.BigInteger(), nullable=False),
    sa.Column('parts', JSON, nullable=False),
    sa.Column('steps', JSON, nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.CheckConstraint('0 <= before_cents AND before_cents <= award_cents', name=op.f('ck_allocation_line_cents')),
    sa.ForeignKeyConstraint(['request_id'], ['grant_request.id'], name=op.f('fk_allocation_line_request_id_grant_request')),
    sa.ForeignKeyConstraint(['run_id'], ['allocation_run.id'], name=op.f('fk_allocation_line_run_id_allocation_run')),
    sa.PrimaryKeyConstraint('run_id', 'group_id', name=op.f('pk_allocation_line')),
    )
    op.create_index(op.f('ix_allocation_line_group_id'), 'allocation_line', ['group_id'], unique=False)
    op.create_index(op.f('ix_allocation_line_request_id'), 'allocation_line', ['request_id'], unique=False)


    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER ledger_entry_year ON ledger_entry")
        op.execute("DROP FUNCTION ledger_entry_in_open_year()")
    else:
        op.execute("DROP TRIGGER ledger_entry_year")
    for table in ("allocation_line", "allocation_act", "grant_request", "allocation_run", "grant_round", "funding_region_district", "contribution_call", "organisation", "level_shares", "insured_count", "funding_region", "flat_share", "levy_rate", "funding_year"):
        op.drop_table(table)
