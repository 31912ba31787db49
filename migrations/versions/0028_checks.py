"""conflicts of interest that the database enforces; checks of applications by two people, changes asked for, more time"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
CONFLICTED = "ck_conflict_of_interest"
SAME_PERSON = "ck_application_check_two_people"
GUARDED = {
    "application_check": ("checked_by", "checked_at"),
    "change_request": ("asked_by", "asked_at"),
    "deadline_extension": ("extended_by", "extended_at"),
}
"""Table → the column of who decides, and of when; ``group_id`` says about whom."""
YEAR = {
    "postgresql": "CAST(extract(year FROM {} AT TIME ZONE 'UTC') AS integer)",
    "sqlite": "CAST(strftime('%Y', {}) AS INTEGER)",
}

# Who is too close to which group, and until which year: what was declared; who is contact of the group, or was in that
# year; who signed its application of that year. Services ask this view, and so do the guards of every table in which
# somebody decides about a group.
VIEW = """
CREATE VIEW conflicted_person AS
SELECT user_id, group_id, why, 9999 AS until_year FROM conflict_of_interest WHERE ended_at IS NULL
UNION ALL
SELECT user_id, group_id, 'contact', 9999 FROM role_grant WHERE group_id IS NOT NULL
UNION ALL
SELECT record_id, group_id, 'was_contact', {year} FROM history_entry
WHERE action = 'account.role_removed' AND group_id IS NOT NULL AND record_id IS NOT NULL
UNION ALL
SELECT s.user_id, s.group_id, 'signer', r.year FROM application_signature s
JOIN grant_application a ON a.id = s.application_id JOIN grant_round r ON r.id = a.round_id
WHERE s.user_id IS NOT NULL
"""

POSTGRESQL = (
    # For any table with a group_id: CREATE TRIGGER … EXECUTE FUNCTION refuse_conflicted('decided_by', 'decided_at').
    f"""
    CREATE FUNCTION refuse_conflicted() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      added jsonb := to_jsonb(NEW);
    BEGIN
      IF EXISTS (
        SELECT FROM conflicted_person c
        WHERE c.user_id = (added ->> TG_ARGV[0])::integer AND c.group_id = (added ->> 'group_id')::integer
          AND c.until_year >= extract(year FROM (added ->> TG_ARGV[1])::timestamptz AT TIME ZONE 'UTC')
      ) THEN
        RAISE EXCEPTION '{CONFLICTED}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_conflicted BEFORE INSERT OR UPDATE OF {person} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION refuse_conflicted('{person}', '{at}')"
        for table, (person, at) in GUARDED.items()
    ),
    # The application is locked, so that of two checks in the same moment the second sees the first.
    f"""
    CREATE FUNCTION application_check_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM FROM grant_application WHERE id = NEW.application_id FOR UPDATE;
      IF EXISTS (
        SELECT FROM application_check WHERE application_id = NEW.application_id AND seen = NEW.seen
          AND kind <> NEW.kind AND checked_by = NEW.checked_by
      ) THEN
        RAISE EXCEPTION '{SAME_PERSON}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER application_check_two_people BEFORE INSERT ON application_check"
    " FOR EACH ROW EXECUTE FUNCTION application_check_needs_two()",
)

SQLITE = (
    *(
        f"""
        CREATE TRIGGER {table}_conflicted_{number} BEFORE {event} ON {table} BEGIN
          SELECT RAISE(ABORT, '{CONFLICTED}') WHERE EXISTS (
            SELECT 1 FROM conflicted_person c WHERE c.user_id = NEW.{person} AND c.group_id = NEW.group_id
              AND c.until_year >= {YEAR["sqlite"].format(f"NEW.{at}")});
        END
        """
        for table, (person, at) in GUARDED.items()
        for number, event in enumerate(("INSERT", f"UPDATE OF {person}"), start=1)
    ),
    f"""
    CREATE TRIGGER application_check_two_people BEFORE INSERT ON application_check BEGIN
      SELECT RAISE(ABORT, '{SAME_PERSON}') WHERE EXISTS (
        SELECT 1 FROM application_check WHERE application_id = NEW.application_id AND seen = NEW.seen
          AND kind <> NEW.kind AND checked_by = NEW.checked_by);
    END
    """,
)


def upgrade() -> None:
    op.add_column("application_signature", sa.Column("user_id", sa.Integer(), nullable=True))
    op.create_table('conflict_of_interest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("why IN ('member', 'relative', 'work', 'money', 'other')", name=op.f('ck_conflict_of_interest_why')),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_conflict_of_interest_group_id_group')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_conflict_of_interest_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict_of_interest')),
    )
    op.create_index(op.f('ix_conflict_of_interest_group_id'), 'conflict_of_interest', ['group_id'], unique=False)
    _open_once("uq_conflict_of_interest_open", "conflict_of_interest", ["user_id", "group_id"])
    op.create_table('application_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('seen', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('is_ok', sa.Boolean(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('checked_by', sa.Integer(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("is_ok OR words <> ''", name=op.f('ck_application_check_objection_has_words')),
    sa.CheckConstraint("kind IN ('content', 'arithmetic')", name=op.f('ck_application_check_kind')),
    sa.ForeignKeyConstraint(['application_id'], ['grant_application.id'], name=op.f('fk_application_check_application_id_grant_application'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_application_check_group_id_group')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_check')),
    sa.UniqueConstraint('application_id', 'seen', 'kind', 'number', name=op.f('uq_application_check_application_id_seen_kind_number')),
    )
    for column in ("application_id", "group_id"):
        op.create_index(op.f(f'ix_application_check_{column}'), 'application_check', [column], unique=False)
    _changes()
    op.create_table('deadline_extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('extended_by', sa.Integer(), nullable=True),
    sa.Column('extended_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_deadline_extension_group_id_group')),
    sa.ForeignKeyConstraint(['round_id'], ['grant_round.id'], name=op.f('fk_deadline_extension_round_id_grant_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline_extension')),
    sa.UniqueConstraint('round_id', 'group_id', 'number', name=op.f('uq_deadline_extension_round_id_group_id_number')),
    )
    op.create_index(op.f('ix_deadline_extension_group_id'), 'deadline_extension', ['group_id'], unique=False)
    dialect = op.get_bind().dialect.name
    op.execute(sa.text(VIEW.format(year=YEAR[dialect].format("at"))))
    for statement in POSTGRESQL if dialect == "postgresql" else SQLITE:
        op.execute(statement)


def _changes() -> None:
    op.create_table('change_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('fields', JSON, nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('seen', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_as', sa.Text(), nullable=True),
    sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name=op.f('ck_change_request_ended')),
    sa.CheckConstraint("ended_as IN ('answered', 'taken_back', 'withdrawn')", name=op.f('ck_change_request_ended_as')),
    sa.ForeignKeyConstraint(['application_id'], ['grant_application.id'], name=op.f('fk_change_request_application_id_grant_application'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_change_request_group_id_group')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_request')),
    )
    for column in ("application_id", "group_id"):
        op.create_index(op.f(f'ix_change_request_{column}'), 'change_request', [column], unique=False)
    _open_once("uq_change_request_open", "change_request", ["application_id"])
    op.create_table('change_extension',
    sa.Column('change_request_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('extended_by', sa.Integer(), nullable=False),
    sa.Column('extended_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['change_request_id'], ['change_request.id'], name=op.f('fk_change_extension_change_request_id_change_request'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_change_extension_group_id_group')),
    sa.PrimaryKeyConstraint('change_request_id', 'number', name=op.f('pk_change_extension')),
    )
    op.create_index(op.f('ix_change_extension_group_id'), 'change_extension', ['group_id'], unique=False)


def _open_once(name: str, table: str, columns: list[str]) -> None:
    where = sa.text("ended_at IS NULL")
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.execute("DROP VIEW conflicted_person")
    for table in ("change_extension", "change_request", "deadline_extension", "application_check", "conflict_of_interest"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_conflicted()")
        op.execute("DROP FUNCTION application_check_needs_two()")
    with op.batch_alter_table("application_signature") as batch:
        batch.drop_column("user_id")
