"""the words of each listed group: FTS5 on SQLite, GIN on PostgreSQL; and the finder's first state"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TABLE group_text (group_id INTEGER PRIMARY KEY, tokens TEXT NOT NULL)",
    # The words are made in Python, so the tokenizer only splits at spaces; positions and sizes are not needed.
    "CREATE VIRTUAL TABLE group_text_fts USING fts5("
    "tokens, content='group_text', content_rowid='group_id', tokenize='ascii', detail=none, columnsize=0)",
    "CREATE TRIGGER group_text_insert AFTER INSERT ON group_text BEGIN"
    " INSERT INTO group_text_fts (rowid, tokens) VALUES (new.group_id, new.tokens); END",
    "CREATE TRIGGER group_text_delete AFTER DELETE ON group_text BEGIN"
    " INSERT INTO group_text_fts (group_text_fts, rowid, tokens) VALUES ('delete', old.group_id, old.tokens); END",
    "CREATE TRIGGER group_text_update AFTER UPDATE ON group_text BEGIN"
    " INSERT INTO group_text_fts (group_text_fts, rowid, tokens) VALUES ('delete', old.group_id, old.tokens);"
    " INSERT INTO group_text_fts (rowid, tokens) VALUES (new.group_id, new.tokens); END",
)
POSTGRESQL = (
    "CREATE TABLE group_text (group_id BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL)",
    "CREATE INDEX ix_group_text_tokens ON group_text USING gin (tokens) WITH (fastupdate = off)",
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)
    state = sa.table("finder_state", sa.column("id"), sa.column("version"), sa.column("epoch"))
    op.execute(sa.insert(state).values(id=1, version=0, epoch=secrets.token_hex(8)))


def downgrade() -> None:
    op.execute("DELETE FROM finder_state")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE group_text_fts")
    op.execute("DROP TABLE group_text")
