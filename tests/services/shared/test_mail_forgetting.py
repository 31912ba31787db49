"""Whom a mail went to and what it said is forgotten as soon as nobody needs it; that it was there, much later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.shared.mail_delivery import ROW_DAYS, deliver_due_mails, forget_given_up, forget_old_rows
from app.shared.mail_text import Mail
from app.shared.outbox import OutboxMail, queue_mail
from tests.services.shared.mail_rows import CONFIG, NOW, get, get_now, left_of, put
from tests.services.shared.smtp_servers import Mailbox, mailbox

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session


def test_a_mail_that_was_given_up_is_kept_for_some_days_and_then_forgotten(session: Session) -> None:
    given_up, waiting = put(session, once_key="reminder:1"), put(session)
    at = NOW
    with mailbox(Mailbox(refuse="anna")) as box:
        while get(session, given_up).next_try_at is not None:
            deliver_due_mails(session, config=replace(CONFIG, mail_url=box.url), now=at)
            at += timedelta(days=1)
    session.execute(sa.update(OutboxMail).where(OutboxMail.id == waiting).values(next_try_at=at))
    session.commit()
    forget_given_up(session, NOW)
    assert "anna@example.org" in (get_now(session, given_up).last_error or "")
    forget_given_up(session, NOW + timedelta(seconds=1))
    assert left_of(get_now(session, given_up)) == []
    assert get_now(session, given_up).once_key is not None
    assert get_now(session, waiting).to_address == "anna@example.org"


def test_a_row_is_known_for_400_days_so_that_its_mail_is_not_repeated(
    session: Session, tmp_path: Path
) -> None:
    put(session, once_key="reminder:1")
    deliver_due_mails(session, config=CONFIG, now=NOW, folder=tmp_path)
    again = {"to": "anna@example.org", "mail": Mail("s", ()), "purpose": "p", "once_key": "reminder:1"}
    last_day = NOW + timedelta(days=ROW_DAYS)
    forget_old_rows(session, NOW)
    assert queue_mail(session, now=last_day, **again) is None  # type: ignore[arg-type]
    forget_old_rows(session, NOW + timedelta(seconds=1))
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0
    assert queue_mail(session, now=last_day, **again) is not None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [{"sent_at": NOW, "next_try_at": None}, {"to_address": None}, {"subject": None}, {"body_text": None}],
)
def test_the_database_itself_keeps_what_is_due_whole_and_what_is_sent_forgotten(
    session: Session, values: dict[str, Any]
) -> None:
    mail_id = put(session)
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(OutboxMail).where(OutboxMail.id == mail_id).values(values))
    session.rollback()
