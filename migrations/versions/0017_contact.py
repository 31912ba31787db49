"""messages passed on, the inbox of a clearing house, mails that come back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FORGOTTEN = "to_address, subject, body_text, body_html, unsubscribe_url"
MOMENT = sa.DateTime(timezone=True)


def _ways(*ways: str) -> str:
    return "contact_way IN ({})".format(", ".join(f"'{way}'" for way in ways))


def upgrade() -> None:
    usual = ("clearinghouse", "phone", "email", "website")
    with op.batch_alter_table("group") as batch:
        batch.drop_constraint(op.f("ck_group_contact_way"), type_="check")
        batch.create_check_constraint(op.f("ck_group_contact_way"), _ways("relay", *usual))
    with op.batch_alter_table("outbox_mail") as batch:
        batch.add_column(sa.Column("reply_to", sa.Text(), nullable=True))
        batch.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("clearinghouse_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("bounced_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("seen_at", MOMENT, nullable=True))
        batch.create_foreign_key(
            op.f("fk_outbox_mail_group_id_group"), "group", ["group_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_foreign_key(
            op.f("fk_outbox_mail_clearinghouse_id_clearinghouse"),
            "clearinghouse",
            ["clearinghouse_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_index(op.f("ix_outbox_mail_group_id"), ["group_id"])
        batch.create_index(op.f("ix_outbox_mail_clearinghouse_id"), ["clearinghouse_id"])
        batch.drop_constraint(op.f("ck_outbox_mail_sent_is_forgotten"), type_="check")
        batch.create_check_constraint(
            op.f("ck_outbox_mail_sent_is_forgotten"),
            f"sent_at IS NULL OR coalesce({FORGOTTEN}, reply_to) IS NULL",
        )
    op.create_index(
        "ix_outbox_mail_returned",
        "outbox_mail",
        ["bounced_at"],
        sqlite_where=sa.text("bounced_at IS NOT NULL"),
        postgresql_where=sa.text("bounced_at IS NOT NULL"),
    )
    op.create_table(
        "used_proof",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_proof")),
    )
    op.create_index(op.f("ix_used_proof_used_at"), "used_proof", ["used_at"])
    _create_conversation()
    _create_house_message()
    _move_reports()


def _create_conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("seeker_email", sa.Text(), nullable=False),
        sa.Column("seeker_token", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("contact_token", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("count_on_day", sa.Integer(), nullable=False),
        sa.Column("last_mail_to", sa.Text(), nullable=False),
        sa.Column("last_mail_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("language IN ('de', 'en', 'nl')", name=op.f("ck_conversation_language")),
        sa.CheckConstraint("last_mail_to IN ('seeker', 'contact')", name=op.f("ck_conversation_last_mail_to")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_conversation_group_id_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["last_mail_id"],
            ["outbox_mail.id"],
            name=op.f("fk_conversation_last_mail_id_outbox_mail"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("seeker_token", name=op.f("uq_conversation_seeker_token")),
        sa.UniqueConstraint("contact_token", name=op.f("uq_conversation_contact_token")),
    )
    for column in ("group_id", "seeker_email", "last_at", "last_mail_id"):
        op.create_index(op.f(f"ix_conversation_{column}"), "conversation", [column])


def _create_house_message() -> None:
    op.create_table(
        "house_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clearinghouse_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("kind", "reason", "name", "email", "phone", "token", "language", "state")
        ),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("created_at", "waiting_since", "last_at")),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('question', 'report')", name=op.f("ck_house_message_kind")),
        sa.CheckConstraint("state IN ('new', 'answered', 'done')", name=op.f("ck_house_message_state")),
        sa.CheckConstraint("language IN ('de', 'en', 'nl')", name=op.f("ck_house_message_language")),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_house_message_done")),
        sa.ForeignKeyConstraint(
            ["clearinghouse_id"],
            ["clearinghouse.id"],
            name=op.f("fk_house_message_clearinghouse_id_clearinghouse"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_house_message_group_id_group"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_message")),
        sa.UniqueConstraint("token", name=op.f("uq_house_message_token")),
    )
    op.create_index(
        "ix_house_message_inbox", "house_message", ["clearinghouse_id", "state", "waiting_since"]
    )
    op.create_index(op.f("ix_house_message_group_id"), "house_message", ["group_id"])
    op.create_index(op.f("ix_house_message_done_at"), "house_message", ["done_at"])
    op.create_table(
        "house_message_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("clearinghouse_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.CheckConstraint("author IN ('seeker', 'house', 'note')", name=op.f("ck_house_message_text_author")),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["house_message.id"],
            name=op.f("fk_house_message_text_message_id_house_message"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clearinghouse_id"],
            ["clearinghouse.id"],
            name=op.f("fk_house_message_text_clearinghouse_id_clearinghouse"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_message_text")),
    )
    op.create_index(op.f("ix_house_message_text_message_id"), "house_message_text", ["message_id"])


def _move_reports() -> None:
    """What was said of listings goes to the inbox of the house that looks after the group."""
    op.execute(
        "INSERT INTO house_message (id, clearinghouse_id, group_id, kind, reason, name, email, phone, token, language,"
        " state, created_at, waiting_since, last_at)"
        " SELECT r.id, g.clearinghouse_id, g.id, 'report', r.reason, '', r.reply_to, '',"
        " 'report-' || CAST(r.id AS VARCHAR), 'de', 'new', r.created_at, r.created_at, r.created_at"
        """ FROM listing_report r JOIN "group" g ON g.id = r.group_id"""
    )
    op.execute(
        "INSERT INTO house_message_text (message_id, author, text, written_at)"
        " SELECT id, 'seeker', message, created_at FROM listing_report WHERE message != ''"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval('house_message_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM house_message), false)"
        )
    op.drop_table("listing_report")


def downgrade() -> None:
    op.create_table(
        "listing_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_listing_report_group_id_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_report")),
    )
    op.create_index(op.f("ix_listing_report_group_id"), "listing_report", ["group_id"])
    op.execute(
        "INSERT INTO listing_report (group_id, reason, message, reply_to, created_at)"
        " SELECT m.group_id, m.reason, coalesce((SELECT t.text FROM house_message_text t WHERE t.message_id = m.id"
        " AND t.author = 'seeker' ORDER BY t.id LIMIT 1), ''), m.email, m.created_at"
        " FROM house_message m WHERE m.kind = 'report' AND m.group_id IS NOT NULL ORDER BY m.id"
    )
    op.drop_table("house_message_text")
    op.drop_table("house_message")
    op.drop_table("conversation")
    op.drop_table("used_proof")
    op.execute("UPDATE outbox_mail SET reply_to = NULL")
    with op.batch_alter_table("outbox_mail") as batch:
        batch.drop_constraint(op.f("ck_outbox_mail_sent_is_forgotten"), type_="check")
        batch.create_check_constraint(
            op.f("ck_outbox_mail_sent_is_forgotten"), f"sent_at IS NULL OR coalesce({FORGOTTEN}) IS NULL"
        )
        batch.drop_index("ix_outbox_mail_returned")
        for column in ("group_id", "clearinghouse_id"):
            batch.drop_index(op.f(f"ix_outbox_mail_{column}"))
        batch.drop_constraint(op.f("fk_outbox_mail_group_id_group"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_outbox_mail_clearinghouse_id_clearinghouse"), type_="foreignkey")
        for column in ("reply_to", "group_id", "clearinghouse_id", "bounced_at", "seen_at"):
            batch.drop_column(column)
    op.execute("""UPDATE "group" SET contact_way = 'clearinghouse' WHERE contact_way = 'relay'""")
    with op.batch_alter_table("group") as batch:
        batch.drop_constraint(op.f("ck_group_contact_way"), type_="check")
        batch.create_check_constraint(
            op.f("ck_group_contact_way"), _ways("clearinghouse", "phone", "email", "website")
        )
