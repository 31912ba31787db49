"""outbox: HTML, a key against repeats, an address to unsubscribe; what is sent is forgotten wholly"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW_COLUMNS = ("once_key", "body_html", "unsubscribe_url")
CHECKS = {
    "sent_is_forgotten": "sent_at IS NULL OR coalesce(to_address, subject, body_text, body_html, unsubscribe_url) IS NULL",
    "due_is_whole": "next_try_at IS NULL OR"
    " (to_address IS NOT NULL AND subject IS NOT NULL AND body_text IS NOT NULL)",
}


def upgrade() -> None:
    with op.batch_alter_table("outbox_mail") as batch:
        for name in NEW_COLUMNS:
            batch.add_column(sa.Column(name, sa.Text(), nullable=True))
        batch.alter_column("to_address", existing_type=sa.Text(), nullable=True)
        batch.alter_column("subject", existing_type=sa.Text(), nullable=True)
        batch.create_unique_constraint(op.f("uq_outbox_mail_once_key"), ["once_key"])
    op.execute("UPDATE outbox_mail SET to_address = NULL, subject = NULL, body_text = NULL WHERE sent_at IS NOT NULL")
    with op.batch_alter_table("outbox_mail") as batch:
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_outbox_mail_{name}"), condition)


def downgrade() -> None:
    with op.batch_alter_table("outbox_mail") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_outbox_mail_{name}"), type_="check")
    op.execute("UPDATE outbox_mail SET to_address = coalesce(to_address, ''), subject = coalesce(subject, '')")
    with op.batch_alter_table("outbox_mail") as batch:
        batch.drop_constraint(op.f("uq_outbox_mail_once_key"), type_="unique")
        batch.alter_column("to_address", existing_type=sa.Text(), nullable=False)
        batch.alter_column("subject", existing_type=sa.Text(), nullable=False)
        for name in NEW_COLUMNS:
            batch.drop_column(name)
