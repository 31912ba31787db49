"""the state of a group instead of listed or not; who did what, never to be changed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
REFUSED = "history is never changed"


def upgrade() -> None:
    with op.batch_alter_table("group") as batch:
        batch.add_column(sa.Column("state", sa.Text(), nullable=True))
    op.execute("""UPDATE "group" SET state = CASE WHEN is_listed THEN 'listed' ELSE 'paused' END""")
    with op.batch_alter_table("group") as batch:
        batch.alter_column("state", existing_type=sa.Text(), nullable=False)
        batch.drop_column("is_listed")
        batch.create_check_constraint(
            op.f("ck_group_state"),
            "state IN ('submitted', 'listed', 'paused', 'dormant', 'closed', 'declined', 'merged')",
        )
        batch.create_index(op.f("ix_group_state"), ["state"])
    op.create_table(
        "history_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("clearinghouse_id", sa.Integer(), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('person', 'visitor', 'link', 'job', 'command')",
            name=op.f("ck_history_entry_actor_kind"),
        ),
        sa.CheckConstraint(
            "(actor_kind = 'person') = (actor_id IS NOT NULL)", name=op.f("ck_history_entry_person_has_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
    )
    for column in ("at", "actor_id", "group_id", "clearinghouse_id"):
        op.create_index(op.f(f"ix_history_entry_{column}"), "history_entry", [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION history_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER history_entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON history_entry"
            " FOR EACH STATEMENT EXECUTE FUNCTION history_is_never_changed()"
        )
    else:
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER history_entry_kept_{event.lower()} BEFORE {event} ON history_entry"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )


def downgrade() -> None:
    op.drop_table("history_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION history_is_never_changed()")
    with op.batch_alter_table("group") as batch:
        batch.add_column(sa.Column("is_listed", sa.Boolean(), nullable=True))
    op.execute("""UPDATE "group" SET is_listed = (state = 'listed')""")
    with op.batch_alter_table("group") as batch:
        batch.alter_column("is_listed", existing_type=sa.Boolean(), nullable=False)
        batch.drop_index(op.f("ix_group_state"))
        batch.drop_constraint(op.f("ck_group_state"), type_="check")
        batch.drop_column("state")
