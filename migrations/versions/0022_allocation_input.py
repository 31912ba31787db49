"""everything that went into an allocation run, as the text that was hashed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allocation_input",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["allocation_run.id"], name=op.f("fk_allocation_input_run_id_allocation_run")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_allocation_input")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER allocation_input_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation_input"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_changed()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER allocation_input_kept_{event.lower()} BEFORE {event} ON allocation_input"
            " BEGIN SELECT RAISE(ABORT, 'the ledger is never changed'); END"
        )


def downgrade() -> None:
    op.drop_table("allocation_input")
