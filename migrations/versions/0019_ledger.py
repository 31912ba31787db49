"""the ledger of the money: entries that balance and are never changed, and guards that move with their lines"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEPT = ("ledger_account", "ledger_entry", "ledger_line")
CHANGED = "the ledger is never changed"
ADDED = "an entry is never added to"
UNBALANCED = "ck_ledger_entry_balanced"
NEGATIVE = "ck_ledger_account_not_negative"
HOLDINGS = "('pot', 'reserve', 'returned', 'carry')"
OF_PAYEES = "('committed', 'paid')"
GUARDED = ("granted", "committed", "paid", "outstanding")
ACCOUNT = (
    "SELECT kind, coalesce(budget_id, id) AS budget_id FROM ledger_account WHERE id = added.account_id OFFSET 0"
)

POSTGRESQL = (
    f"""
    CREATE FUNCTION ledger_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{CHANGED}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_changed()"
        for table in KEPT
    ),
    "CREATE TRIGGER budget_kept BEFORE DELETE OR TRUNCATE ON budget"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_changed()",
    # Only from within the trigger of a line: then it is two triggers deep.
    """CREATE TRIGGER budget_follows BEFORE UPDATE ON budget FOR EACH STATEMENT
       WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION ledger_is_never_changed()""",
    """
    CREATE FUNCTION ledger_account_gets_budget() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
      INSERT INTO budget (account_id, granted, committed, paid, outstanding) VALUES (NEW.id, 0, 0, 0, 0);
      RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER ledger_account_budget AFTER INSERT ON ledger_account FOR EACH ROW"
    f" WHEN (NEW.kind IN {HOLDINGS}) EXECUTE FUNCTION ledger_account_gets_budget()",
    # Guards are locked in the order of their accounts, so that two acts on the same guards wait and never deadlock.
    # A plan is kept as it was made for the first lines of a connection, when the tables may have been empty. So each
    # line looks up its account by index (OFFSET 0 keeps it from becoming a join), which suits 10,000 lines too.
    f"""
    CREATE FUNCTION ledger_line_moves_budget() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path FROM CURRENT SET enable_seqscan = off AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM added CROSS JOIN LATERAL (SELECT FROM ledger_entry WHERE id = added.entry_id OFFSET 0) e
      ) THEN
        RAISE EXCEPTION '{ADDED}' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      PERFORM FROM budget WHERE account_id IN (
        SELECT a.budget_id FROM added CROSS JOIN LATERAL ({ACCOUNT}) a
      ) ORDER BY account_id FOR UPDATE;
      UPDATE budget SET granted = budget.granted + moved.granted, committed = budget.committed + moved.committed,
        paid = budget.paid + moved.paid, outstanding = budget.outstanding + moved.outstanding
      FROM (
        SELECT a.budget_id, coalesce(sum(added.cents) FILTER (WHERE a.kind <> 'due'), 0) AS granted,
          coalesce(-sum(added.cents) FILTER (WHERE a.kind = 'due'), 0) AS outstanding,
          coalesce(sum(added.cents) FILTER (WHERE a.kind IN {OF_PAYEES}), 0) AS committed,
          coalesce(sum(added.cents) FILTER (WHERE a.kind = 'paid'), 0) AS paid
        FROM added CROSS JOIN LATERAL ({ACCOUNT}) a GROUP BY 1
      ) moved WHERE moved.budget_id = budget.account_id;
      IF EXISTS (
        SELECT FROM added CROSS JOIN LATERAL ({ACCOUNT}) a
        WHERE CASE WHEN added.cents < 0 AND a.kind IN {OF_PAYEES}
          THEN (SELECT sum(cents) FROM ledger_line WHERE account_id = added.account_id) < 0 END
      ) THEN
        RAISE EXCEPTION '{NEGATIVE}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER ledger_line_moves AFTER INSERT ON ledger_line REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_line_moves_budget()",
    f"""
    CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
    DECLARE
      checked bigint;
    BEGIN
      IF TG_TABLE_NAME = 'ledger_line' THEN checked := NEW.entry_id; ELSE checked := NEW.id; END IF;
      IF (SELECT count(*) < 2 OR sum(cents) <> 0 FROM ledger_line WHERE entry_id = checked) THEN
        RAISE EXCEPTION '{UNBALANCED}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$
    """,
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_balances AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances()"
        for table in ("ledger_entry", "ledger_line")
    ),
)

# SQLite has no trigger at the end of a transaction. So lines come before their entry, which the entry checks, and
# within an act those that receive come first, so that a guard is never too low before the last line.
SQLITE = (
    *(
        f"CREATE TRIGGER {table}_kept_{event.lower()} BEFORE {event} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
        for table in KEPT
        for event in ("UPDATE", "DELETE")
    ),
    f"CREATE TRIGGER budget_kept BEFORE DELETE ON budget BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END",
    f"""
    CREATE TRIGGER ledger_account_budget AFTER INSERT ON ledger_account WHEN NEW.kind IN {HOLDINGS} BEGIN
      INSERT INTO budget (account_id, granted, committed, paid, outstanding) VALUES (NEW.id, 0, 0, 0, 0);
    END
    """,
    f"""
    CREATE TRIGGER ledger_line_to_new_entry BEFORE INSERT ON ledger_line BEGIN
      SELECT RAISE(ABORT, '{ADDED}') WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id);
    END
    """,
    f"""
    CREATE TRIGGER ledger_line_moves AFTER INSERT ON ledger_line BEGIN
      UPDATE budget SET granted = granted + CASE WHEN a.kind = 'due' THEN 0 ELSE NEW.cents END,
        outstanding = outstanding - CASE WHEN a.kind = 'due' THEN NEW.cents ELSE 0 END,
        committed = committed + CASE WHEN a.kind IN {OF_PAYEES} THEN NEW.cents ELSE 0 END,
        paid = paid + CASE WHEN a.kind = 'paid' THEN NEW.cents ELSE 0 END
      FROM ledger_account a
      WHERE a.id = NEW.account_id AND budget.account_id = coalesce(a.budget_id, a.id);
    END
    """,
    f"""
    CREATE TRIGGER ledger_line_not_negative AFTER INSERT ON ledger_line WHEN NEW.cents < 0 BEGIN
      SELECT RAISE(ABORT, '{NEGATIVE}') FROM ledger_account WHERE id = NEW.account_id AND CASE WHEN kind IN {OF_PAYEES}
        THEN (SELECT sum(cents) FROM ledger_line WHERE account_id = NEW.account_id) < 0 END;
    END
    """,
    # Without the first half, INSERT OR REPLACE would do away with an entry and ask no trigger.
    f"""
    CREATE TRIGGER ledger_entry_balances BEFORE INSERT ON ledger_entry BEGIN
      SELECT RAISE(ABORT, '{CHANGED}') WHERE EXISTS (
        SELECT 1 FROM ledger_entry WHERE id = NEW.id OR key = NEW.key OR reverses_id = NEW.reverses_id);
      SELECT RAISE(ABORT, '{UNBALANCED}') WHERE
        (SELECT count(*) < 2 OR sum(cents) <> 0 FROM ledger_line WHERE entry_id = NEW.id);
    END
    """,
)


def upgrade() -> None:
    op.create_table(
        "insurer",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("slug", "name", "family")),
        sa.CheckConstraint(
            "family IN ('aok', 'bkk', 'ikk', 'knappschaft', 'lkk', 'vdek')", name=op.f("ck_insurer_family")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_insurer"),
        sa.UniqueConstraint("slug", name="uq_insurer_slug"),
    )
    _accounts()
    _entries()
    op.create_table(
        "budget",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in GUARDED),
        sa.CheckConstraint("0 <= paid AND paid <= committed", name=op.f("ck_budget_paid")),
        sa.CheckConstraint("committed <= granted", name=op.f("ck_budget_committed")),
        sa.CheckConstraint("outstanding >= 0", name=op.f("ck_budget_outstanding")),
        sa.CheckConstraint("paid = 0 OR paid + outstanding <= granted", name=op.f("ck_budget_filled")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_account.id"], name="fk_budget_account_id_ledger_account"
        ),
        sa.PrimaryKeyConstraint("account_id", name="pk_budget"),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def _accounts() -> None:
    op.create_table(
        "ledger_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("insurer_id", sa.Integer(), nullable=True),
        sa.Column("state_ags", sa.String(2), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("payee_kind", sa.Text(), nullable=True),
        sa.Column("payee_id", sa.Integer(), nullable=True),
        sa.Column("budget_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('levy', 'due', 'pot', 'reserve', 'returned', 'carry', 'committed', 'paid')",
            name=op.f("ck_ledger_account_kind"),
        ),
        sa.CheckConstraint(
            "(kind IN ('committed', 'paid')) = (payee_kind IS NOT NULL AND payee_id IS NOT NULL)",
            name=op.f("ck_ledger_account_of_payee"),
        ),
        sa.CheckConstraint(
            "(kind IN ('due', 'committed', 'paid')) = (budget_id IS NOT NULL)",
            name=op.f("ck_ledger_account_moves_budget"),
        ),
        sa.CheckConstraint(
            "payee_kind IN ('group', 'house', 'organisation')", name=op.f("ck_ledger_account_payee_kind")
        ),
        sa.ForeignKeyConstraint(["insurer_id"], ["insurer.id"], name="fk_ledger_account_insurer_id_insurer"),
        sa.ForeignKeyConstraint(["state_ags"], ["state.ags"], name="fk_ledger_account_state_ags_state"),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["ledger_account.id"], name="fk_ledger_account_budget_id_ledger_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_account"),
        sa.UniqueConstraint("name", name="uq_ledger_account_name"),
    )
    op.create_index("ix_ledger_account_budget_id", "ledger_account", ["budget_id"])
    op.create_index("ix_ledger_account_payee", "ledger_account", ["payee_kind", "payee_id"])


def _entries() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("history_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversed') = (reverses_id IS NOT NULL)", name=op.f("ck_ledger_entry_reversal")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_ledger_entry_{column}_{table}")
            for column, table in (
                ("reverses_id", "ledger_entry"),
                ("corrects_id", "ledger_entry"),
                ("history_id", "history_entry"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_entry"),
        sa.UniqueConstraint("key", name="uq_ledger_entry_key"),
        sa.UniqueConstraint("reverses_id", name="uq_ledger_entry_reverses_id"),
    )
    for column in ("year", "history_id"):
        op.create_index(f"ix_ledger_entry_{column}", "ledger_entry", [column])
    op.create_table(
        "ledger_line",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_ledger_line_cents")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["ledger_entry.id"],
            name="fk_ledger_line_entry_id_ledger_entry",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_account.id"], name="fk_ledger_line_account_id_ledger_account"
        ),
        sa.PrimaryKeyConstraint("entry_id", "account_id", name="pk_ledger_line"),
    )
    op.create_index("ix_ledger_line_account_id", "ledger_line", ["account_id"])


def downgrade() -> None:
    for table in ("budget", "ledger_line", "ledger_entry", "ledger_account", "insurer"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in (
            "ledger_is_never_changed",
            "ledger_account_gets_budget",
            "ledger_line_moves_budget",
            "ledger_entry_balances",
        ):
            op.execute(f"DROP FUNCTION {function}()")
