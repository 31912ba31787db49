"""series with every rhythm, changes of single dates, closures"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _extend_places()
    _extend_series()
    op.create_table(
        "meeting_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("new_on", sa.Date(), nullable=True),
        sa.Column("starts_at_local", sa.Time(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('cancelled', 'moved', 'added')", name=op.f("ck_meeting_change_kind")),
        sa.CheckConstraint("(kind = 'added') = (on_day IS NULL)", name=op.f("ck_meeting_change_day_unless_added")),
        sa.CheckConstraint(
            "(kind = 'cancelled') = (new_on IS NULL)", name=op.f("ck_meeting_change_new_day_unless_cancelled")
        ),
        sa.CheckConstraint("duration_minutes BETWEEN 1 AND 1440", name=op.f("ck_meeting_change_duration")),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["meeting_series.id"],
            name=op.f("fk_meeting_change_series_id_meeting_series"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["meeting_place.id"], name=op.f("fk_meeting_change_place_id_meeting_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_change")),
        sa.UniqueConstraint("series_id", "on_day", name=op.f("uq_meeting_change_series_id_on_day")),
    )
    op.create_index("ix_meeting_change_series_id", "meeting_change", ["series_id"])
    op.create_index("ix_meeting_change_place_id", "meeting_change", ["place_id"])
    op.create_index(
        "uq_meeting_change_added",
        "meeting_change",
        ["series_id", "new_on", "starts_at_local"],
        unique=True,
        sqlite_where=sa.text("kind = 'added'"),
        postgresql_where=sa.text("kind = 'added'"),
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("clearinghouse_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_closure_order")),
        sa.CheckConstraint(
            "(place_id IS NOT NULL AND clearinghouse_id IS NULL AND group_id IS NULL)"
            " OR (place_id IS NULL AND clearinghouse_id IS NOT NULL AND group_id IS NULL)"
            " OR (place_id IS NULL AND clearinghouse_id IS NULL AND group_id IS NOT NULL)",
            name=op.f("ck_closure_of_one"),
        ),
        sa.ForeignKeyConstraint(["place_id"], ["meeting_place.id"], name=op.f("fk_closure_place_id_meeting_place")),
        sa.ForeignKeyConstraint(
            ["clearinghouse_id"], ["clearinghouse.id"], name=op.f("fk_closure_clearinghouse_id_clearinghouse")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_closure_group_id_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    for column in ("place_id", "clearinghouse_id", "group_id", "last_on"):
        op.create_index(f"ix_closure_{column}", "closure", [column])
    with op.batch_alter_table("finder_entry") as batch_op:
        batch_op.add_column(sa.Column("meetings_until", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_finder_entry_meetings_until"), ["meetings_until"], unique=False)


def _extend_places() -> None:
    """A place may be a room of a building and be kept by a clearing house."""
    with op.batch_alter_table("meeting_place") as batch_op:
        batch_op.add_column(sa.Column("part_of_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("clearinghouse_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_meeting_place_part_of_id_meeting_place"), "meeting_place", ["part_of_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_meeting_place_clearinghouse_id_clearinghouse"),
            "clearinghouse",
            ["clearinghouse_id"],
            ["id"],
        )
        batch_op.create_check_constraint(batch_op.f("ck_meeting_place_not_part_of_itself"), "part_of_id <> id")
        batch_op.create_index(batch_op.f("ix_meeting_place_part_of_id"), ["part_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_place_clearinghouse_id"), ["clearinghouse_id"], unique=False)


NEW_IN_SERIES = (
    ("uid", sa.Text(), "'series-' || id"),
    ("weekdays", JSON, None),
    ("month_days", JSON, "'[]'"),
    ("dates", JSON, "'[]'"),
    ("skips_public_holidays", sa.Boolean(), "false"),
    ("skips_school_holidays", sa.Boolean(), "false"),
    ("format", sa.Text(), None),
    ("where_note", sa.Text(), "''"),
    ("online_link", sa.Text(), "''"),
    ("shows_link", sa.Boolean(), "false"),
    ("revision", sa.Integer(), "0"),
    ("changed_at", sa.DateTime(timezone=True), None),
)
"""Column, type, and what rows that are there get (None: from elsewhere)."""


def _extend_series() -> None:
    """More rhythms, holidays, a place and a link of its own, and what calendars need."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("meeting_series") as batch_op:
        for name, kind, _value in NEW_IN_SERIES:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.add_column(sa.Column("place_id", sa.Integer(), nullable=True))
    values = ", ".join(f"{name} = {value}" for name, _kind, value in NEW_IN_SERIES if value)
    weekdays = "json_array(weekday)" if is_sqlite else "jsonb_build_array(weekday)"
    of_group = '(SELECT {} FROM "group" WHERE "group".id = meeting_series.group_id)'
    op.execute(
        f"UPDATE meeting_series SET {values}, weekdays = {weekdays},"
        f" format = {of_group.format('format')}, changed_at = {of_group.format('updated_at')}"
    )
    with op.batch_alter_table("meeting_series") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_meeting_series_frequency"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_meeting_series_weekday"), type_="check")
        batch_op.drop_column("weekday")
        for name, kind, _value in NEW_IN_SERIES:
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_meeting_series_frequency"),
            "frequency IN ('weekly', 'monthly_weekday', 'monthly_day', 'dates', 'appointment')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_meeting_series_format"), "format IN ('in_person', 'online', 'hybrid')"
        )
        batch_op.create_check_constraint(batch_op.f("ck_meeting_series_revision"), "revision >= 0")
        batch_op.create_unique_constraint(batch_op.f("uq_meeting_series_uid"), ["uid"])
        batch_op.create_foreign_key(
            batch_op.f("fk_meeting_series_place_id_meeting_place"), "meeting_place", ["place_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_meeting_series_place_id"), ["place_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("finder_entry") as batch_op:
        batch_op.drop_index(batch_op.f("ix_finder_entry_meetings_until"))
        batch_op.drop_column("meetings_until")
    op.drop_table("closure")
    op.drop_table("meeting_change")
    # What the old table cannot say is gone: it knew weekdays only, and one a series.
    op.execute("DELETE FROM meeting_series WHERE frequency NOT IN ('weekly', 'monthly_weekday')")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("meeting_series") as batch_op:
        batch_op.add_column(sa.Column("weekday", sa.Integer(), nullable=True))
    first = "json_extract(weekdays, '$[0]')" if is_sqlite else "CAST(weekdays->>0 AS integer)"
    op.execute(f"UPDATE meeting_series SET weekday = {first}")
    with op.batch_alter_table("meeting_series") as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_series_place_id"))
        batch_op.drop_constraint(batch_op.f("fk_meeting_series_place_id_meeting_place"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_meeting_series_uid"), type_="unique")
        for name in ("frequency", "format", "revision"):
            batch_op.drop_constraint(batch_op.f(f"ck_meeting_series_{name}"), type_="check")
        batch_op.alter_column("weekday", existing_type=sa.Integer(), nullable=False)
        for name, _kind, _value in NEW_IN_SERIES:
            batch_op.drop_column(name)
        batch_op.drop_column("place_id")
        batch_op.create_check_constraint(
            batch_op.f("ck_meeting_series_frequency"), "frequency IN ('weekly', 'monthly_weekday')"
        )
        batch_op.create_check_constraint(batch_op.f("ck_meeting_series_weekday"), "weekday BETWEEN 1 AND 7")
    with op.batch_alter_table("meeting_place") as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_place_clearinghouse_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_place_part_of_id"))
        batch_op.drop_constraint(batch_op.f("ck_meeting_place_not_part_of_itself"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_meeting_place_clearinghouse_id_clearinghouse"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_meeting_place_part_of_id_meeting_place"), type_="foreignkey")
        batch_op.drop_column("clearinghouse_id")
        batch_op.drop_column("part_of_id")
