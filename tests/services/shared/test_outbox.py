"""Mails are written with the change they tell of, sent once, tried again, and forgotten when sent."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.shared.errors import BadInput
from app.shared.extensions import db
from app.shared.outbox import BACK_OFF, LEASE, OutboxMail, deliver_due_mails, queue_mail
from config import Config, ConfigError
from tests.services.shared.smtp_servers import Mailbox, free_port, mailbox, server_that_hangs_up_in_data

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONFIG = Config(app_env="test", public_url="https://wirkreis.example")


def put(session: Session, **changes: Any) -> int:
    """Queue one mail and commit."""
    facts: dict[str, Any] = {
        "to": "anna@example.org",
        "subject": "Deine Anfrage",
        "body": "Liebe Anna,\n.\nbis Mittwoch!",
        "purpose": "enquiry-answer",
        "now": NOW,
        "language": "de",
    }
    mail_id = queue_mail(session, **{**facts, **changes})
    session.commit()
    return mail_id


def get(session: Session, mail_id: int) -> OutboxMail:
    session.rollback()
    return session.get_one(OutboxMail, mail_id, populate_existing=True)


def to_server(box: Mailbox, **changes: Any) -> Config:
    return replace(CONFIG, mail_url=box.url, **changes)


def test_a_mail_reaches_the_server_and_only_its_row_remains(session: Session) -> None:
    mail_id = put(session, subject="Grüße aus Köln", body="Hällo\r\n.\r\nTschüß")
    with mailbox() as box:
        assert deliver_due_mails(session, config=to_server(box), now=NOW) == 1
        assert deliver_due_mails(session, config=to_server(box), now=NOW + timedelta(days=9)) == 0
    (message,) = box.messages
    assert box.recipients == ["anna@example.org"]
    assert box.senders == ["wirkreis@wirkreis.example"]
    assert message["Subject"] == "Grüße aus Köln"
    assert message["Content-Language"] == "de"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].startswith(f"<outbox-{mail_id}-")
    assert message["Message-ID"].endswith("@wirkreis.example>")
    assert message.get_content().replace("\r\n", "\n") == "Hällo\n.\nTschüß\n"  # type: ignore[attr-defined]
    mail = get(session, mail_id)
    assert mail.sent_at is not None
    assert (mail.body_text, mail.next_try_at, mail.last_error, mail.tries) == (None, None, None, 1)


def test_the_sender_may_be_named_in_the_mail_url(session: Session) -> None:
    put(session)
    with mailbox() as box:
        config = replace(CONFIG, mail_url=f"{box.url}?from=kontakt@haus.example")
        assert deliver_due_mails(session, config=config, now=NOW) == 1
    assert box.senders == ["kontakt@haus.example"]


def test_what_is_rolled_back_is_never_sent(session: Session, tmp_path: Path) -> None:
    queue_mail(session, to="a@example.org", subject="s", body="b", purpose="p", now=NOW)
    session.rollback()
    assert deliver_due_mails(session, config=CONFIG, now=NOW, folder=tmp_path / "outbox") == 0
    assert not (tmp_path / "outbox").exists()


def test_without_a_server_a_mail_becomes_a_file(session: Session, tmp_path: Path) -> None:
    mail_id = put(session, subject="Grüße", body="Schön, dass du da bist.")
    folder = tmp_path / "instance" / "outbox"
    assert deliver_due_mails(session, config=CONFIG, now=NOW, folder=folder) == 1
    (file,) = folder.iterdir()
    assert file.name == f"20260302T090000Z-{mail_id:06d}-enquiry-answer.eml"
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["Subject"] == "Grüße"
    assert message["To"] == "anna@example.org"
    assert message.get_content().strip() == "Schön, dass du da bist."


def test_a_folder_that_cannot_be_written_is_noted_and_the_mail_waits(
    session: Session, tmp_path: Path
) -> None:
    mail_id = put(session)
    (tmp_path / "file").write_text("in the way")
    assert deliver_due_mails(session, config=CONFIG, now=NOW, folder=tmp_path / "file") == 0
    assert get(session, mail_id).next_try_at is not None
    assert "FileExistsError" in (get(session, mail_id).last_error or "")


def test_one_who_is_refused_does_not_keep_the_others_waiting(session: Session) -> None:
    refused, fine = put(session, to="nobody@example.org"), put(session, to="bert@example.org")
    with mailbox(Mailbox(refuse="nobody")) as box:
        assert deliver_due_mails(session, config=to_server(box), now=NOW) == 1
    assert box.recipients == ["bert@example.org"]
    assert get(session, fine).sent_at is not None
    mail = get(session, refused)
    assert mail.sent_at is None
    assert mail.body_text is not None
    assert "No such person here" in (mail.last_error or "")


def test_a_row_that_cannot_be_written_as_a_mail_does_not_hold_up_the_others(
    session: Session, tmp_path: Path
) -> None:
    broken, fine = put(session), put(session)
    session.execute(
        sa.update(OutboxMail).where(OutboxMail.id == broken).values(subject="a\nBcc: b@example.org")
    )
    session.commit()
    assert deliver_due_mails(session, config=CONFIG, now=NOW, folder=tmp_path / "outbox") == 1
    assert get(session, fine).sent_at is not None
    assert get(session, broken).last_error == "ValueError: the mail cannot be written."


def test_a_text_that_is_refused_is_kept_with_the_reason(session: Session) -> None:
    mail_id = put(session)
    with mailbox(Mailbox(answer_to_data="554 5.7.1 Looks like spam")) as box:
        assert deliver_due_mails(session, config=to_server(box), now=NOW) == 0
    mail = get(session, mail_id)
    assert "Looks like spam" in (mail.last_error or "")
    assert mail.body_text is not None


def test_a_server_that_hangs_up_in_the_middle_of_a_mail_is_asked_again_and_the_rest_waits(
    session: Session,
) -> None:
    first, second = put(session), put(session, now=NOW + timedelta(seconds=1))
    at = NOW + timedelta(minutes=1)
    with server_that_hangs_up_in_data() as heard:
        config = replace(CONFIG, mail_url=heard[0])
        assert deliver_due_mails(session, config=config, now=at) == 0
    assert sum(line.upper() == "DATA" for line in heard) == 1
    assert (get(session, first).tries, get(session, second).tries) == (1, 0)
    assert "SMTPServerDisconnected" in (get(session, first).last_error or "")
    with mailbox() as box:
        assert deliver_due_mails(session, config=to_server(box), now=at + timedelta(minutes=2)) == 2
    assert len(box.messages) == 2


def test_a_server_that_is_away_costs_one_try_of_one_mail(session: Session) -> None:
    ids = [put(session) for _ in range(3)]
    config = replace(CONFIG, mail_url=f"smtp://127.0.0.1:{free_port()}")
    assert deliver_due_mails(session, config=config, now=NOW) == 0
    assert sorted(get(session, mail_id).tries for mail_id in ids) == [0, 0, 1]


def test_a_mail_is_tried_six_times_over_half_a_day_and_then_given_up(session: Session) -> None:
    mail_id, at, waits = put(session), NOW, []
    with mailbox(Mailbox(refuse="anna")) as box:
        for _ in range(10):
            deliver_due_mails(session, config=to_server(box), now=at)
            due = get(session, mail_id).next_try_at
            if due is None:
                break
            assert deliver_due_mails(session, config=to_server(box), now=due - timedelta(seconds=1)) == 0
            waits.append(round((due - at) / timedelta(minutes=1)))
            at = due
    assert waits == [round(wait / timedelta(minutes=1)) for wait in BACK_OFF] == [1, 5, 30, 120, 720]
    mail = get(session, mail_id)
    assert (mail.tries, mail.sent_at, mail.next_try_at) == (6, None, None)
    assert "No such person here" in (mail.last_error or "")


def test_a_mail_whose_sender_died_is_taken_up_when_the_lease_has_ended(
    session: Session, tmp_path: Path
) -> None:
    mail_id = put(session)
    claim = sa.update(OutboxMail).where(OutboxMail.id == mail_id)
    session.execute(claim.values(next_try_at=NOW + LEASE, tries=1))  # as a process leaves it that is killed
    session.commit()
    assert deliver_due_mails(session, config=CONFIG, now=NOW + timedelta(minutes=5), folder=tmp_path) == 0
    assert deliver_due_mails(session, config=CONFIG, now=NOW + LEASE, folder=tmp_path) == 1
    assert get(session, mail_id).tries == 2


def test_several_senders_at_once_send_each_mail_once(app: Flask, session: Session) -> None:
    for number in range(24):
        put(session, to=f"person{number}@example.org")
    session.rollback()
    sent: list[int] = []
    together = threading.Barrier(4)

    with mailbox() as box:
        config = to_server(box)

        def send() -> None:
            with app.app_context():
                together.wait(timeout=20)
                sent.append(deliver_due_mails(db.session(), config=config, now=NOW))

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    assert sum(sent) == 24
    assert sorted(box.recipients) == sorted(f"person{number}@example.org" for number in range(24))


def test_the_limit_bounds_a_run_and_the_longest_waiting_goes_first(session: Session, tmp_path: Path) -> None:
    late, early = put(session, now=NOW), put(session, now=NOW - timedelta(hours=1))
    assert deliver_due_mails(session, config=CONFIG, now=NOW, limit=1, folder=tmp_path) == 1
    assert get(session, early).sent_at is not None
    assert get(session, late).sent_at is None


def test_an_unusable_mail_url_is_said_before_anything_is_tried(session: Session) -> None:
    mail_id = put(session)
    with pytest.raises(ConfigError, match="MAIL_URL"):
        deliver_due_mails(session, config=replace(CONFIG, mail_url="http://x:secret@y"), now=NOW)
    assert get(session, mail_id).tries == 0


@pytest.mark.parametrize(
    "to",
    [
        "",
        "anna",
        "anna@",
        "@example.org",
        "anna@example.org\nBcc: all@example.org",
        "anna@example.org\r\nBcc: all@example.org",
        "anna@example.org, all@example.org",
        "anna@example.org;all@example.org",
        "Anna <anna@example.org>",
        "anna @example.org",
        "anna@exa\x00mple.org",
        "änna@example.org",
        "anna@example..org",
        "a" * 65 + "@example.org",
    ],
)
def test_what_is_not_one_address_is_refused_with_a_sentence(session: Session, to: str) -> None:
    with pytest.raises(BadInput) as refusal:
        queue_mail(session, to=to, subject="s", body="b", purpose="p", now=NOW)
    assert refusal.value.field == "email"
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0


@pytest.mark.parametrize(
    ("to", "stored"), [("a@straße.de", "a@xn--strae-oqa.de"), (" a@example.org ", "a@example.org")]
)
def test_an_address_is_stored_as_it_is_written_to(session: Session, to: str, stored: str) -> None:
    assert get(session, put(session, to=to)).to_address == stored


@pytest.mark.parametrize(
    "subject", ["Hallo\nBcc: all@example.org", "Hallo\rX: y", "a\x00b", "a\u2028b", "\ud800"]
)
def test_a_subject_of_more_than_one_line_is_refused(session: Session, subject: str) -> None:
    with pytest.raises(BadInput):
        queue_mail(session, to="a@example.org", subject=subject, body="b", purpose="p", now=NOW)


@pytest.mark.parametrize("body", ["a\x00b", "a\udfffb"])
def test_a_text_that_cannot_be_stored_is_refused(session: Session, body: str) -> None:
    with pytest.raises(BadInput):
        queue_mail(session, to="a@example.org", subject="s", body=body, purpose="p", now=NOW)


def test_a_purpose_is_a_word_of_the_program(session: Session) -> None:
    with pytest.raises(ValueError, match="purpose"):
        queue_mail(session, to="a@example.org", subject="s", body="b", purpose="../../etc", now=NOW)


def test_the_job_of_the_application_writes_where_its_instance_is(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    from app.shared.jobs import JobOutcome, run_job_once

    put(session)
    session.rollback()
    app.instance_path = str(tmp_path)
    assert run_job_once(app, "deliver-mails", NOW) is JobOutcome.DONE
    assert len(list((tmp_path / "outbox").iterdir())) == 1
