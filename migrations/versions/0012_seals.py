"""every finished day of the history gets a seal, never to be changed; sealing and writing keep apart"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LOCK = 7_215_316_402


def upgrade() -> None:
    op.create_table(
        "history_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_entry_id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_seal")),
        sa.UniqueConstraint("day", name=op.f("uq_history_seal_day")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER history_seal_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON history_seal"
            " FOR EACH STATEMENT EXECUTE FUNCTION history_is_never_changed()"
        )
        # A trigger for the statement fires before the row, and so before its id is drawn from the sequence.
        op.execute(
            "CREATE FUNCTION history_shares_its_lock() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN PERFORM pg_advisory_xact_lock_shared({LOCK}); RETURN NULL; END $$"
        )
        op.execute(
            "CREATE TRIGGER history_entry_shares BEFORE INSERT ON history_entry"
            " FOR EACH STATEMENT EXECUTE FUNCTION history_shares_its_lock()"
        )
    else:
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER history_seal_kept_{event.lower()} BEFORE {event} ON history_seal"
                " BEGIN SELECT RAISE(ABORT, 'history is never changed'); END"
            )


def downgrade() -> None:
    op.drop_table("history_seal")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER history_entry_shares ON history_entry")
        op.execute("DROP FUNCTION history_shares_its_lock()")
