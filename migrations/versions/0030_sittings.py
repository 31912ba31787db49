"""joint sittings: agenda, decisions that are replaced and never changed, presence, comments, minutes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
OF_SITTING = ("sitting_minutes", "sitting_presence", "sitting_run", "sitting_comment", "sitting_decision", "sitting_item")
KEPT = {
    "sitting_decision": (
        "id, sitting_id, request_id, group_id, request_version, replaces_id, outcome, cents, reason, words, decided_at"
    ),
    "sitting_comment": "id, sitting_id, request_id, stance, text, written_at",
    "sitting_minutes": "sitting_id, facts, made_at, sha256, body",
}
"""Table → its columns that never change; who did it can become nobody."""
CLOSED = "round_id, held_on, begins, place, link, quorum, state, papers_sent_at, opened_at, closed_at"
"""What does not change of a sitting once it is closed."""


def upgrade() -> None:
    _sitting()
    _decisions()
    _around()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _sitting() -> None:
    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("papers_sent_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('planned', 'papers_sent', 'open', 'closed')", name=op.f("ck_sitting_state")),
        sa.CheckConstraint("quorum >= 1", name=op.f("ck_sitting_quorum")),
        sa.CheckConstraint("(state = 'planned') = (papers_sent_at IS NULL)", name=op.f("ck_sitting_papers")),
        sa.CheckConstraint(
            "(state IN ('open', 'closed')) = (opened_at IS NOT NULL)", name=op.f("ck_sitting_opened")
        ),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_sitting_closed")),
        sa.ForeignKeyConstraint(["round_id"], ["grant_round.id"], name=op.f("fk_sitting_round_id_grant_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
    )
    op.create_index(op.f("ix_sitting_round_id"), "sitting", ["round_id"], unique=False)
    open_one = sa.text("state <> 'closed'")
    op.create_index(
        "uq_sitting_not_closed",
        "sitting",
        ["round_id"],
        unique=True,
        sqlite_where=open_one,
        postgresql_where=open_one,
    )
    op.create_table(
        "sitting_item",
        sa.Column("sitting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_version", sa.Integer(), nullable=False),
        _of_sitting("sitting_item"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["grant_request.id"], name=op.f("fk_sitting_item_request_id_grant_request")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "request_id", name=op.f("pk_sitting_item")),
    )
    op.create_index(op.f("ix_sitting_item_request_id"), "sitting_item", ["request_id"], unique=False)


def _decisions() -> None:
    op.create_table(
        "sitting_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("request_version", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "outcome IN ('granted', 'part', 'rejected', 'put_off')", name=op.f("ck_sitting_decision_outcome")
        ),
        sa.CheckConstraint(
            "cents >= 0 AND (outcome IN ('granted', 'part')) = (cents > 0)", name=op.f("ck_sitting_decision_cents")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id", "request_id"],
            ["sitting_item.sitting_id", "sitting_item.request_id"],
            name="fk_sitting_decision_item",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id", "sitting_id", "request_id"],
            ["sitting_decision.id", "sitting_decision.sitting_id", "sitting_decision.request_id"],
            name="fk_sitting_decision_replaces",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_sitting_decision_group_id_group")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_decision")),
        sa.UniqueConstraint("id", "sitting_id", "request_id", name=op.f("uq_sitting_decision_id_sitting_id_request_id")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_sitting_decision_replaces_id")),
    )
    op.create_index(op.f("ix_sitting_decision_group_id"), "sitting_decision", ["group_id"], unique=False)
    op.create_index(op.f("ix_sitting_decision_request_id"), "sitting_decision", ["request_id"], unique=False)
    op.create_index(op.f("ix_sitting_decision_sitting_id"), "sitting_decision", ["sitting_id"], unique=False)
    first = sa.text("replaces_id IS NULL")
    op.create_index(
        "uq_sitting_decision_first",
        "sitting_decision",
        ["sitting_id", "request_id"],
        unique=True,
        sqlite_where=first,
        postgresql_where=first,
    )


def _around() -> None:
    op.create_table(
        "sitting_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("stance", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.CheckConstraint("stance IN ('agrees', 'disagrees')", name=op.f("ck_sitting_comment_stance")),
        sa.CheckConstraint(
            "stance IS NOT NULL OR text <> ''", name=op.f("ck_sitting_comment_says_something")
        ),
        _of_sitting("sitting_comment"),
        sa.ForeignKeyConstraint(
            ["sitting_id", "request_id"],
            ["sitting_item.sitting_id", "sitting_item.request_id"],
            name="fk_sitting_comment_item",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_comment")),
    )
    op.create_index(op.f("ix_sitting_comment_sitting_id"), "sitting_comment", ["sitting_id"], unique=False)
    op.create_table(
        "sitting_run",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('laid', 'made')", name=op.f("ck_sitting_run_kind")),
        sa.CheckConstraint("outcome IN ('agreed', 'not_agreed')", name=op.f("ck_sitting_run_outcome")),
        sa.CheckConstraint("kind = 'laid' OR outcome IS NULL", name=op.f("ck_sitting_run_made_is_not_decided")),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_sitting_run_decided")),
        sa.ForeignKeyConstraint(["run_id"], ["allocation_run.id"], name=op.f("fk_sitting_run_run_id_allocation_run")),
        _of_sitting("sitting_run"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_sitting_run")),
    )
    op.create_index(op.f("ix_sitting_run_sitting_id"), "sitting_run", ["sitting_id"], unique=False)
    op.create_table(
        "sitting_presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("present_as", sa.Text(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "present_as IN ('decides', 'advises', 'office')", name=op.f("ck_sitting_presence_present_as")
        ),
        _of_sitting("sitting_presence"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_presence")),
        sa.UniqueConstraint("sitting_id", "name", "body", name=op.f("uq_sitting_presence_sitting_id_name_body")),
    )
    op.create_index(op.f("ix_sitting_presence_sitting_id"), "sitting_presence", ["sitting_id"], unique=False)
    op.create_table(
        "sitting_minutes",
        sa.Column("sitting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _of_sitting("sitting_minutes"),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_sitting_minutes")),
    )


def _of_sitting(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["sitting_id"], ["sitting.id"], name=op.f(f"fk_{table}_sitting_id_sitting"), ondelete="CASCADE"
    )


def _guard_postgresql() -> None:
    """Whoever decides holds the sitting and the request until the end, so neither closes nor changes meanwhile."""
    op.execute("""
    CREATE FUNCTION sitting_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'what a sitting decided is never changed' USING ERRCODE = 'restrict_violation';
    END $$""")
    op.execute("""
    CREATE FUNCTION sitting_decides() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM sitting WHERE id = NEW.sitting_id AND state = 'open' FOR SHARE;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'the sitting is not open' USING ERRCODE = 'check_violation';
      END IF;
      PERFORM 1 FROM grant_request r JOIN sitting s ON s.round_id = r.round_id
        WHERE r.id = NEW.request_id AND s.id = NEW.sitting_id AND r.version = NEW.request_version
          AND r.group_id = NEW.group_id AND r.standing <> 'withdrawn' AND NEW.cents <= r.requested_cents FOR SHARE OF r;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'the request is not what was seen' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$""")
    op.execute(
        "CREATE TRIGGER sitting_decision_decides BEFORE INSERT ON sitting_decision"
        " FOR EACH ROW EXECUTE FUNCTION sitting_decides()"
    )
    op.execute(
        "CREATE TRIGGER sitting_decision_conflicted BEFORE INSERT OR UPDATE OF decided_by ON sitting_decision"
        " FOR EACH ROW EXECUTE FUNCTION refuse_conflicted('decided_by', 'decided_at')"
    )
    for table, columns in KEPT.items():
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {columns} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION sitting_is_kept()"
        )
    for table, column in (("sitting_decision", "decided_by"), ("sitting_comment", "written_by")):
        op.execute(
            f"CREATE TRIGGER {table}_by BEFORE UPDATE OF {column} ON {table} FOR EACH ROW"
            f" WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION sitting_is_kept()"
        )
    op.execute(
        f"CREATE TRIGGER sitting_kept BEFORE UPDATE OF {CLOSED} ON sitting FOR EACH ROW"
        " WHEN (OLD.state = 'closed') EXECUTE FUNCTION sitting_is_kept()"
    )
    op.execute(
        "CREATE TRIGGER sitting_run_kept BEFORE UPDATE OF run_id, sitting_id, kind, outcome, decided_at ON sitting_run"
        " FOR EACH ROW WHEN (OLD.outcome IS NOT NULL) EXECUTE FUNCTION sitting_is_kept()"
    )
    # They go with their sitting, when its time is over: then it is gone already.
    op.execute("""
    CREATE FUNCTION sitting_goes_as_a_whole() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM sitting WHERE id = OLD.sitting_id) THEN
        RAISE EXCEPTION 'what a sitting decided is never changed' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN OLD;
    END $$""")
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_goes BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION sitting_goes_as_a_whole()"
        )


def _guard_sqlite() -> None:
    never = "BEGIN SELECT RAISE(ABORT, 'what a sitting decided is never changed'); END"
    op.execute(
        "CREATE TRIGGER sitting_decision_decides BEFORE INSERT ON sitting_decision WHEN NOT EXISTS ("
        "SELECT 1 FROM grant_request r JOIN sitting s ON s.round_id = r.round_id"
        " WHERE r.id = NEW.request_id AND s.id = NEW.sitting_id AND s.state = 'open'"
        " AND r.version = NEW.request_version AND r.group_id = NEW.group_id AND r.standing <> 'withdrawn' AND NEW.cents <= r.requested_cents)"
        " BEGIN SELECT RAISE(ABORT, 'the sitting is not open, or the request not what was seen'); END"
    )
    op.execute(
        "CREATE TRIGGER sitting_decision_conflicted BEFORE INSERT ON sitting_decision BEGIN"
        " SELECT RAISE(ABORT, 'ck_conflict_of_interest') WHERE EXISTS (SELECT 1 FROM conflicted_person c"
        " WHERE c.user_id = NEW.decided_by AND c.group_id = NEW.group_id"
        " AND c.until_year >= CAST(strftime('%Y', NEW.decided_at) AS INTEGER)); END"
    )
    for table, columns in KEPT.items():
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {columns} ON {table} {never}")
        op.execute(
            f"CREATE TRIGGER {table}_goes BEFORE DELETE ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM sitting WHERE id = OLD.sitting_id) {never}"
        )
    for table, column in (("sitting_decision", "decided_by"), ("sitting_comment", "written_by")):
        op.execute(
            f"CREATE TRIGGER {table}_by BEFORE UPDATE OF {column} ON {table} WHEN NEW.{column} IS NOT NULL {never}"
        )
    op.execute(
        f"CREATE TRIGGER sitting_kept BEFORE UPDATE OF {CLOSED} ON sitting WHEN OLD.state = 'closed' {never}"
    )
    op.execute(
        "CREATE TRIGGER sitting_run_kept BEFORE UPDATE OF run_id, sitting_id, kind, outcome, decided_at ON sitting_run"
        f" WHEN OLD.outcome IS NOT NULL {never}"
    )


def downgrade() -> None:
    for table in (*OF_SITTING, "sitting"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in ("sitting_decides", "sitting_is_kept", "sitting_goes_as_a_whole"):
            op.execute(f"DROP FUNCTION {function}()")
