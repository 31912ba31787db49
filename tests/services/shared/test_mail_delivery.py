"""Mails are sent once, tried again, and forgotten when sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.shared.extensions import db
from app.shared.languages import speaking
from app.shared.mail_delivery import BACK_OFF, LEASE, deliver_due_mails
from app.shared.mail_text import Mail
from app.shared.outbox import OutboxMail, queue_mail
from config import Config, ConfigError
from tests.services.shared.mail_rows import CONFIG, NOW, get, left_of, parse, part, put
from tests.services.shared.smtp_servers import Mailbox, free_port, mailbox, server_that_fails
from tests.support.page import read
from tests.support.threads import at_once

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session


def to_server(box: Mailbox, **changes: Any) -> Config:
    return replace(CONFIG, mail_url=box.url, **changes)


def test_a_mail_reaches_the_server_and_whom_it_went_to_is_forgotten(session: Session) -> None:
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
    assert part(message, "plain").startswith("Hällo\n.\nTschüß\n\nZur Gruppe:\nhttps://wirkreis.example/")
    mail = get(session, mail_id)
    assert mail.sent_at is not None
    assert (mail.purpose, mail.language, mail.tries, mail.next_try_at) == ("enquiry-answer", "de", 1, None)
    assert left_of(mail) == []


def test_the_sender_may_be_named_in_the_mail_url(session: Session) -> None:
    put(session)
    with mailbox() as box:
        config = replace(CONFIG, mail_url=f"{box.url}?from=kontakt@haus.example")
        assert deliver_due_mails(session, config=config, now=NOW) == 1
    assert box.senders == ["kontakt@haus.example"]


def test_what_is_rolled_back_is_never_sent(session: Session, tmp_path: Path) -> None:
    queue_mail(session, to="a@example.org", mail=Mail("s", ()), purpose="p", now=NOW)
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
    assert part(message, "plain").startswith("Schön, dass du da bist.\n")


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
    with server_that_fails("DATA") as heard:
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
    with mailbox(Mailbox(refuse="anna", refusal="450 4.2.1 Not now")) as box:
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
    assert mail.bounced_at is not None
    assert "Not now" in (mail.last_error or "")


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
    with mailbox() as box:
        config = to_server(box)
        sent = at_once(app, *[lambda: deliver_due_mails(db.session(), config=config, now=NOW)] * 4)
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


def test_a_mail_is_text_and_html_in_one_and_says_how_to_unsubscribe(session: Session) -> None:
    stop = "https://wirkreis.example/mails/stop/" + "x" * 300 + "?of=1&kind=_reminder="
    put(session, unsubscribe_url=stop)
    with mailbox() as box:
        deliver_due_mails(session, config=to_server(box), now=NOW)
    (message,) = box.messages
    assert message.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[attr-defined]
    assert message["List-Unsubscribe"] == f"<{stop}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert part(message, "plain").rstrip().splitlines()[-1] == f"Solche E-Mails abbestellen: {stop}"
    page = parse(part(message, "html"))
    links = {read(link): link.get("href") for link in page.iter("a")}
    assert links["Zur Gruppe"] == "https://wirkreis.example/groups/x?a=1&b=2"
    assert links["Solche E-Mails abbestellen"] == stop


def test_an_address_to_unsubscribe_stands_in_its_header_as_it_is(session: Session, tmp_path: Path) -> None:
    stop = "https://wirkreis.example/mails/stop/" + "x" * 300
    put(session, unsubscribe_url=stop)
    deliver_due_mails(session, config=CONFIG, now=NOW, folder=tmp_path)
    (file,) = tmp_path.iterdir()
    assert f"\r\nList-Unsubscribe: <{stop}>\r\n".encode() in file.read_bytes()


def test_one_click_is_promised_only_over_https_and_nothing_without_an_address(session: Session) -> None:
    put(session, unsubscribe_url="http://127.0.0.1:8000/mails/stop/x")
    put(session)
    with mailbox() as box:
        deliver_due_mails(session, config=to_server(box), now=NOW)
    assert [message["List-Unsubscribe"] for message in box.messages] == [
        "<http://127.0.0.1:8000/mails/stop/x>",
        None,
    ]
    assert [message["List-Unsubscribe-Post"] for message in box.messages] == [None, None]


def test_every_line_that_is_sent_is_short_ascii(session: Session, tmp_path: Path) -> None:
    put(session, subject="Grüße " * 30, body="Schönes langes Wort " * 200 + "ü" * 2000)
    deliver_due_mails(session, config=CONFIG, now=NOW, folder=tmp_path)
    (file,) = tmp_path.iterdir()
    sent = file.read_bytes()
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 78
    message = message_from_bytes(sent, policy=policy.default)
    assert message["Subject"].strip() == ("Grüße " * 30).strip()
    assert "ü" * 2000 in part(message, "plain")


def test_nothing_of_a_mail_becomes_a_header(session: Session) -> None:
    """What queue_mail refuses is put into the row behind its back."""
    tricks = (
        ("to_address", "a@example.org\r\nBcc: b@example.org"),
        ("unsubscribe_url", "https://x\r\nBcc: b@x"),
    )
    for column, value in (*tricks, ("subject", "a\r\nBcc: b@example.org")):
        broken = put(session)
        session.execute(sa.update(OutboxMail).where(OutboxMail.id == broken).values({column: value}))
        session.commit()
    put(session, body="Hallo\r\nBcc: b@example.org\r\n\r\n.\r\nMAIL FROM:<x@example.org>")
    with mailbox() as box:
        assert deliver_due_mails(session, config=to_server(box), now=NOW) == 1
    (message,) = box.messages
    assert box.recipients == ["anna@example.org"]
    assert message["Bcc"] is None
    assert "Bcc: b@example.org\n\n.\nMAIL FROM" in part(message, "plain")


def test_a_mail_that_was_written_before_there_was_html_goes_out_as_text(session: Session) -> None:
    mail_id = put(session)
    session.execute(sa.update(OutboxMail).where(OutboxMail.id == mail_id).values(body_html=None))
    session.commit()
    with mailbox() as box:
        assert deliver_due_mails(session, config=to_server(box), now=NOW) == 1
    assert box.messages[0].get_content_type() == "text/plain"


@pytest.mark.parametrize(("language", "words"), [("en", "No more mails"), ("nl", "Zulke e-mails")])
def test_a_mail_is_in_the_language_that_was_spoken_when_it_was_queued(
    session: Session, language: str, words: str
) -> None:
    with speaking(language):
        put(session, unsubscribe_url="https://wirkreis.example/stop")
    with mailbox() as box:
        deliver_due_mails(session, config=to_server(box), now=NOW)
    (message,) = box.messages
    assert message["Content-Language"] == language
    assert words in part(message, "plain")
    page = parse(part(message, "html"))
    assert page.get("lang") == language
    assert f"http://localhost/{language}/" in [link.get("href") for link in page.iter("a")]


def test_the_job_of_the_application_writes_where_its_instance_is(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    from app.shared.jobs import JobOutcome, run_job_once

    put(session)
    session.rollback()
    app.instance_path = str(tmp_path)
    assert run_job_once(app, "deliver-mails", NOW) is JobOutcome.DONE
    assert len(list((tmp_path / "outbox").iterdir())) == 1
