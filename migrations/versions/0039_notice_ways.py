"""how notices reach somebody, consent to electronic ones; letters that came back and were sent anew"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0037"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PAYEES = {"group_id": "group", "clearinghouse_id": "clearinghouse", "organisation_id": "organisation"}
TABLES = ("notice", "direct_notice")
OLD = ("notice_id", "act", "at")


def upgrade() -> None:
    counted = " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in PAYEES)
    op.create_table(
        "notice_way",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in PAYEES),
        sa.Column("is_electronic", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"{counted} = 1", name=op.f("ck_notice_way_payee")),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_notice_way_{name}_{table}"))
            for name, table in PAYEES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_way")),
    )
    for name in PAYEES:
        op.create_index(op.f(f"ix_notice_way_{name}"), "notice_way", [name], unique=False)
    _never_changed("notice_way")
    day = "date(at)"
    if op.get_bind().dialect.name == "postgresql":
        day = "(at AT TIME ZONE 'Europe/Berlin')::date"
    for table in TABLES:
        checks = {
            "act": "act IN ('mailed', 'posted', 'returned', 'opened')",
            "day": "(act IN ('posted', 'returned')) = (day IS NOT NULL)",
            "turn": "turn >= 0 AND (turn = 0 OR act IN ('posted', 'returned'))",
        }
        more = [
            sa.Column("turn", sa.Integer(), nullable=False),
            sa.Column("day", sa.Date(), nullable=True),
            sa.Column("done_by", sa.Integer(), nullable=True),
            sa.Column("address", JSON, nullable=True),
        ]
        _new_acts(table, checks, ["notice_id", "act", "turn"], more)
        op.execute(
            f"INSERT INTO {table}_act_new (notice_id, act, turn, at, day)"
            f" SELECT notice_id, act, 0, at, CASE WHEN act = 'posted' THEN {day} END FROM {table}_act"
        )
        _put_in_place(table)


def downgrade() -> None:
    for table in TABLES:
        _new_acts(table, {"act": "act IN ('mailed', 'posted', 'opened')"}, ["notice_id", "act"], [])
        op.execute(
            f"INSERT INTO {table}_act_new (notice_id, act, at)"
            f" SELECT notice_id, act, at FROM {table}_act WHERE turn = 0 AND act <> 'returned'"
        )
        _put_in_place(table)
    op.drop_table("notice_way")


def _new_acts(
    table: str, checks: dict[str, str], key: Sequence[str], more: Sequence[sa.Column[object]]
) -> None:
    """Make a table beside the one that is there: a trigger refuses to change rows, and SQLite to change keys."""
    name = f"{table}_act"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {name} RENAME CONSTRAINT pk_{name} TO pk_{name}_old")
    op.create_table(
        f"{name}_new",
        sa.Column("notice_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *more,
        *(sa.CheckConstraint(said, name=op.f(f"ck_{name}_{part}")) for part, said in checks.items()),
        sa.ForeignKeyConstraint(
            ["notice_id"], [f"{table}.id"], name=op.f(f"fk_{name}_notice_id_{table}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
    )


def _put_in_place(table: str) -> None:
    op.drop_table(f"{table}_act")
    op.rename_table(f"{table}_act_new", f"{table}_act")
    _never_changed(f"{table}_act")


def _never_changed(table: str) -> None:
    """Rows go when their time is over, but what was said or done does not become something else."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_changed()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'a notice is never changed'); END"
        )
