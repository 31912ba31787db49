"""A mail server may fail in every step of the dialogue: nothing is lost, nothing is sent twice, and it is known why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.shared.mail_delivery import deliver_due_mails
from tests.services.shared.mail_rows import CONFIG, NOW, get, put
from tests.services.shared.smtp_servers import PHASES, mailbox, server_that_fails

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LATER = {"connect": "421 Too busy", "EHLO": "421 Too busy", "STARTTLS": "454 Not now"}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_whatever_fails_for_a_while_is_tried_again_and_then_arrives_once(session: Session) -> None:
    at = NOW
    for phase in PHASES:
        for answer in (LATER.get(phase, "451 4.3.0 Not now"), ""):
            mail_id = put(session, now=at)
            with server_that_fails(phase, answer) as heard:
                assert deliver_due_mails(session, config=replace(CONFIG, mail_url=heard[0]), now=at) == 0
            mail = get(session, mail_id)
            seen = (phase, answer, mail.tries, mail.sent_at, mail.bounced_at, mail.next_try_at is None)
            assert seen == (phase, answer, 1, None, None, False)
            assert mail.last_error, (phase, answer)
            at += timedelta(minutes=2)
            with mailbox() as box:
                config = replace(CONFIG, mail_url=box.url)
                assert deliver_due_mails(session, config=config, now=at) == 1
                assert deliver_due_mails(session, config=config, now=at + timedelta(days=1)) == 0
            assert [message["Message-ID"].split("-")[1] for message in box.messages] == [str(mail_id)]
            assert get(session, mail_id).sent_at is not None


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_refused_for_good_is_given_up_at_once_unless_it_is_a_matter_of_ours(session: Session) -> None:
    at = NOW
    for phase, is_final in (("MAIL", False), ("RCPT", True), ("DATA", True), (".", True)):
        mail_id = put(session, now=at)
        with server_that_fails(phase, "554 5.7.1 Never") as heard:
            deliver_due_mails(session, config=replace(CONFIG, mail_url=heard[0]), now=at)
        mail = get(session, mail_id)
        assert (phase, mail.bounced_at is not None, mail.next_try_at is None) == (phase, is_final, is_final)
        assert "Never" in (mail.last_error or "")
        assert mail.body_text is not None  # kept for some days, as every mail that was given up
        at += timedelta(days=1)
        with mailbox() as box:
            sent = deliver_due_mails(session, config=replace(CONFIG, mail_url=box.url), now=at)
        assert (phase, sent) == (phase, 0 if is_final else 1)
        at += timedelta(days=1)
