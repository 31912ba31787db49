"""rooms: hours, photos, requests, and bookings that cannot overlap"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
IS_ACTIVE = "state IN ('held', 'confirmed')"
# A range of one room does the work of equality, which GiST has for numbers only with an extension.
POSTGRESQL = (
    "ALTER TABLE room_booking ADD CONSTRAINT ex_room_booking_time EXCLUDE USING gist"
    " (int4range(room_id, room_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)"
    f" WHERE ({IS_ACTIVE})"
)
OVERLAP = (
    "SELECT RAISE(ABORT, 'ex_room_booking_time') WHERE EXISTS (SELECT 1 FROM room_booking AS other"
    " WHERE other.room_id = new.room_id AND other.ends_at > new.starts_at AND other.starts_at < new.ends_at"
    " AND other.state IN ('held', 'confirmed'){but});"
)
SQLITE = (
    "CREATE TRIGGER ex_room_booking_time_insert BEFORE INSERT ON room_booking"
    f" WHEN new.state IN ('held', 'confirmed') BEGIN {OVERLAP.format(but='')} END",
    "CREATE TRIGGER ex_room_booking_time_update BEFORE UPDATE OF room_id, starts_at, ends_at, state"
    " ON room_booking WHEN new.state IN ('held', 'confirmed')"
    f" BEGIN {OVERLAP.format(but=' AND other.id <> old.id')} END",
)


def upgrade() -> None:
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("clearinghouse_id", sa.Integer(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("equipment", JSON, nullable=False),
        sa.Column("access", JSON, nullable=False),
        sa.Column("house_rules", sa.Text(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("price_per", sa.Text(), nullable=False),
        sa.Column("lead_hours", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("is_bookable", sa.Boolean(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 1000", name="ck_room_capacity"),
        sa.CheckConstraint("price_cents >= 0", name="ck_room_price"),
        sa.CheckConstraint("price_per IN ('meeting', 'hour')", name="ck_room_price_per"),
        sa.CheckConstraint("lead_hours BETWEEN 0 AND 2160", name="ck_room_lead"),
        sa.ForeignKeyConstraint(["place_id"], ["meeting_place.id"], name="fk_room_place_id_meeting_place"),
        sa.ForeignKeyConstraint(
            ["clearinghouse_id"], ["clearinghouse.id"], name="fk_room_clearinghouse_id_clearinghouse"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_room"),
        sa.UniqueConstraint("place_id", name="uq_room_place_id"),
    )
    op.create_index("ix_room_clearinghouse_id", "room", ["clearinghouse_id"])
    op.create_table(
        "room_hour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="ck_room_hour_weekday"),
        sa.CheckConstraint("opens_at < closes_at", name="ck_room_hour_order"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_room_hour_room_id_room", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_room_hour"),
    )
    op.create_index("ix_room_hour_room_id", "room_hour", ["room_id"])
    op.create_table(
        "room_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(alt) > 0", name="ck_room_photo_alt"),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name="fk_room_photo_room_id_room", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_room_photo"),
    )
    op.create_index("ix_room_photo_room_id", "room_photo", ["room_id"])
    _requests()
    _bookings()


def _requests() -> None:
    op.create_table(
        "room_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'partly', 'declined', 'countered', 'withdrawn')",
            name="ck_room_request_state",
        ),
        sa.CheckConstraint("people > 0", name="ck_room_request_people"),
        sa.CheckConstraint(
            "state <> 'declined' OR length(reason) > 0", name="ck_room_request_declined_with_reason"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name="fk_room_request_group_id_group", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_room_request_room_id_room"),
        *(
            sa.ForeignKeyConstraint(
                [column], ["user.id"], name=f"fk_room_request_{column}_user", ondelete="SET NULL"
            )
            for column in ("asked_by_id", "decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["meeting_series.id"],
            name="fk_room_request_series_id_meeting_series",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_room_request"),
    )
    for column in ("group_id", "room_id", "series_id"):
        op.create_index(f"ix_room_request_{column}", "room_request", [column])
    op.create_table(
        "room_request_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="ck_room_request_date_order"),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["room_request.id"],
            name="fk_room_request_date_request_id_room_request",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_room_request_date"),
        sa.UniqueConstraint("request_id", "starts_at", name="uq_room_request_date_request_id_starts_at"),
    )


def _bookings() -> None:
    op.create_table(
        "room_booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("request_date_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('held', 'confirmed', 'cancelled')", name="ck_room_booking_state"),
        sa.CheckConstraint("starts_at < ends_at", name="ck_room_booking_order"),
        sa.CheckConstraint("group_id IS NOT NULL OR length(title) > 0", name="ck_room_booking_for_somebody"),
        sa.CheckConstraint("(state = 'held') = (held_until IS NOT NULL)", name="ck_room_booking_held_until"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_room_booking_room_id_room"),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name="fk_room_booking_group_id_group", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_date_id"],
            ["room_request_date.id"],
            name="fk_room_booking_request_date_id_room_request_date",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_room_booking"),
    )
    op.create_index("ix_room_booking_group_id", "room_booking", ["group_id"])
    op.create_index("ix_room_booking_room_id_ends_at", "room_booking", ["room_id", "ends_at"])
    op.create_index(
        "uq_room_booking_request_date",
        "room_booking",
        ["request_date_id"],
        unique=True,
        sqlite_where=sa.text(IS_ACTIVE),
        postgresql_where=sa.text(IS_ACTIVE),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else (POSTGRESQL,):
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "room_booking",
        "room_request_date",
        "room_request",
        "room_photo",
        "room_hour",
        "room",
    ):
        op.drop_table(table)
