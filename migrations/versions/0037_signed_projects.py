"""projects are signed, have papers and receipts, as requests for flat grants and their proofs; payments are taken back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0038"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OWNERS = {
    "application_signature": ("application_id", "position"),
    "application_paper": ("application_id", None),
    "use_proof_receipt": ("proof_id", "mark"),
}
"""Table → the column that names its owner until now, and what is there once for an owner."""
KINDS = "'founding_minutes', 'statutes', 'signed_form'"
NEW_KINDS = f"{KINDS}, 'cost_estimate', 'programme'"
ACTS = (
    "'submitted', 'asked', 'answered', 'agreed', 'part', 'declined', 'taken_back', 'gap', 'changing', 'decided', 'paid', "
    "'withdrawn', 'proof_submitted', 'proof_questioned', 'proof_accepted'"
)
YEAR = {
    "postgresql": "CAST(extract(year FROM at AT TIME ZONE 'UTC') AS integer)",
    "sqlite": "CAST(strftime('%Y', at) AS INTEGER)",
}
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
OF_PROJECTS = """
UNION ALL
SELECT s.user_id, s.group_id, 'signer', p.year FROM application_signature s
JOIN project_request p ON p.id = s.project_id
WHERE s.user_id IS NOT NULL AND p.year IS NOT NULL
"""


def upgrade() -> None:
    op.execute("DROP VIEW conflicted_person")
    with op.batch_alter_table("project_request") as batch:
        batch.add_column(sa.Column("copy", JSON, nullable=True))
        batch.add_column(sa.Column("received_on", sa.Date(), nullable=True))
    for table, (owner, once) in OWNERS.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("project_id", sa.Integer(), nullable=True))
            batch.alter_column(owner, existing_type=sa.Integer(), nullable=True)
            batch.create_foreign_key(
                op.f(f"fk_{table}_project_id_project_request"),
                "project_request",
                ["project_id"],
                ["id"],
                ondelete="CASCADE",
            )
            batch.create_check_constraint(
                op.f(f"ck_{table}_one_owner"), f"({owner} IS NULL) <> (project_id IS NULL)"
            )
            if once is not None:
                batch.create_unique_constraint(op.f(f"uq_{table}_project_id_{once}"), ["project_id", once])
        op.create_index(op.f(f"ix_{table}_project_id"), table, ["project_id"], unique=False)
    _one_of("application_paper", "kind", NEW_KINDS)
    _one_of("project_act", "act", f"{ACTS}, 'payment_undone'")
    op.execute((VIEW + OF_PROJECTS).format(year=YEAR[op.get_bind().dialect.name]))


def downgrade() -> None:
    op.execute("DROP VIEW conflicted_person")
    for table, (owner, once) in OWNERS.items():
        op.execute(f"DELETE FROM {table} WHERE project_id IS NOT NULL")
        op.drop_index(op.f(f"ix_{table}_project_id"), table_name=table)
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_one_owner"), type_="check")
            batch.drop_constraint(op.f(f"fk_{table}_project_id_project_request"), type_="foreignkey")
            if once is not None:
                batch.drop_constraint(op.f(f"uq_{table}_project_id_{once}"), type_="unique")
            batch.drop_column("project_id")
            batch.alter_column(owner, existing_type=sa.Integer(), nullable=False)
    _one_of("application_paper", "kind", KINDS)
    op.execute("DELETE FROM project_act WHERE act = 'payment_undone'")
    _one_of("project_act", "act", ACTS)
    with op.batch_alter_table("project_request") as batch:
        batch.drop_column("received_on")
        batch.drop_column("copy")
    op.execute(VIEW.format(year=YEAR[op.get_bind().dialect.name]))


def _one_of(table: str, column: str, words: str) -> None:
    name = op.f(f"ck_{table}_{column}")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"{column} IN ({words})")
