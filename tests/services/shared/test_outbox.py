"""Mails are written with the change they tell of, each as often as it should be, and without tricks."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.shared.errors import BadInput
from app.shared.mail_text import Mail, Paragraph
from app.shared.outbox import OutboxMail, queue_mail
from app.shared.transactions import transaction
from tests.support.threads import at_once

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MAIL = Mail("Deine Anfrage", (Paragraph("Liebe Anna, bis Mittwoch!"),))


def put(session: Session, once_key: str | None, *, to: str = "anna@example.org") -> int | None:
    return queue_mail(session, to=to, mail=MAIL, purpose="reminder", now=NOW, once_key=once_key)


def count(session: Session) -> int:
    return session.scalars(sa.select(sa.func.count()).select_from(OutboxMail)).one()


def test_the_same_mail_is_queued_once_and_others_as_often_as_asked(session: Session) -> None:
    first = put(session, "reminder:412:member:77")
    assert first is not None
    session.commit()
    assert put(session, "reminder:412:member:77") is None
    assert put(session, "reminder:412:member:78") is not None
    assert None not in {put(session, None), put(session, None)}
    assert count(session) == 4


def test_a_repeat_leaves_the_work_of_the_caller_whole(session: Session) -> None:
    with transaction(session):
        put(session, "reminder:1")
    with transaction(session):
        before = put(session, None, to="before@example.org")
        assert put(session, "reminder:1") is None
        after = put(session, None, to="after@example.org")
    session.rollback()
    assert {before, after} <= set(session.scalars(sa.select(OutboxMail.id)))


def test_a_mail_that_was_rolled_back_may_be_queued_again(session: Session) -> None:
    assert put(session, "reminder:1") is not None
    session.rollback()
    assert put(session, "reminder:1") is not None


def test_ten_at_once_queue_a_mail_once_and_keep_what_else_they_do(app: Flask, session: Session) -> None:
    """Each with a connection of its own; each commits a mail of its own beside the one that all of them want."""
    session.rollback()

    def queue(number: int) -> int | None:
        with transaction() as own:
            put(own, None, to=f"person{number}@example.org")
            return put(own, "reminder:412:member:77")

    answers = at_once(app, *(partial(queue, number) for number in range(10)))
    assert len(answers) == 10
    (winner,) = [answer for answer in answers if answer is not None]
    stored = session.execute(sa.select(OutboxMail.id, OutboxMail.to_address)).all()
    assert sorted(address or "" for _, address in stored) == [
        "anna@example.org",
        *(f"person{number}@example.org" for number in range(10)),
    ]
    assert winner in {mail_id for mail_id, _ in stored}


def test_the_one_that_gives_up_lets_the_one_that_waited_queue_the_mail(app: Flask, session: Session) -> None:
    session.rollback()
    answers: list[int | None] = []
    has_queued = threading.Event()

    def wait_for_the_first() -> None:
        with app.app_context():
            has_queued.wait(timeout=20)
            with transaction() as own:  # waits here or at the insert until the first has rolled back
                answers.append(put(own, "reminder:1"))

    thread = threading.Thread(target=wait_for_the_first)
    thread.start()

    def fail() -> None:
        with transaction(session):
            put(session, "reminder:1")
            has_queued.set()
            thread.join(timeout=0.3)
            assert thread.is_alive()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    thread.join(timeout=20)
    assert [answer is not None for answer in answers] == [True]
    assert count(session) == 1


def test_of_a_key_only_a_digest_is_stored(session: Session) -> None:
    put(session, "reminder:412:member:77")
    (stored,) = session.scalars(sa.select(OutboxMail.once_key))
    assert stored is not None
    assert (len(stored), "77" in stored.split(":")) == (64, False)


@pytest.mark.parametrize("once_key", ["", "reminder:anna@example.org"])
def test_a_key_is_not_made_of_addresses(session: Session, once_key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        put(session, once_key)


@pytest.mark.parametrize(
    "url",
    ["", "mailto:a@example.org", "javascript:alert(1)", "https://x/>, <mailto:b@x", "https://x/ y", "https://x/ü",
     "https://x\r\nBcc: b@example.org", "https://x/" + "y" * 900],
)  # fmt: skip
def test_a_link_to_unsubscribe_is_a_plain_address_of_the_web(session: Session, url: str) -> None:
    with pytest.raises(ValueError, match="link"):
        queue_mail(session, to="a@example.org", mail=MAIL, purpose="p", now=NOW, unsubscribe_url=url)


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
        queue_mail(session, to=to, mail=MAIL, purpose="p", now=NOW)
    assert refusal.value.field == "email"
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0


@pytest.mark.parametrize(
    ("to", "stored"), [("a@straße.de", "a@xn--strae-oqa.de"), (" a@example.org ", "a@example.org")]
)
def test_an_address_is_stored_as_it_is_written_to(session: Session, to: str, stored: str) -> None:
    assert queue_mail(session, to=to, mail=MAIL, purpose="p", now=NOW)
    assert session.scalars(sa.select(OutboxMail.to_address)).all() == [stored]


@pytest.mark.parametrize(
    "subject", ["Hallo\nBcc: all@example.org", "Hallo\rX: y", "a\x00b", "a\u2028b", "\ud800"]
)
def test_a_subject_of_more_than_one_line_is_refused(session: Session, subject: str) -> None:
    with pytest.raises(BadInput):
        queue_mail(session, to="a@example.org", mail=Mail(subject, ()), purpose="p", now=NOW)


@pytest.mark.parametrize("body", ["a\x00b", "a\udfffb"])
def test_a_text_that_cannot_be_stored_is_refused(session: Session, body: str) -> None:
    with pytest.raises(BadInput):
        queue_mail(session, to="a@example.org", mail=Mail("s", (Paragraph(body),)), purpose="p", now=NOW)


def test_a_purpose_is_a_word_of_the_program(session: Session) -> None:
    with pytest.raises(ValueError, match="purpose"):
        queue_mail(session, to="a@example.org", mail=MAIL, purpose="../../etc", now=NOW)
