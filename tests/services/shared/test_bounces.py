"""A mail that comes back is known, by an address that nobody can invent, and of the report only the reason is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.shared.bounces import read_failure
from app.shared.incoming_mail import IncomingMail, Outcome, receive
from app.shared.mail_delivery import deliver_due_mails, forget_given_up
from config import Config, ConfigError
from tests.services.shared.mail_rows import CONFIG, NOW, get_now, left_of, put
from tests.services.shared.smtp_servers import mailbox
from tests.support.incoming import bounce, reply

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

DOMAIN = "reply.wirkreis.example"


@pytest.fixture
def config(app: Flask) -> Config:
    config = replace(CONFIG, reply_domain=DOMAIN, secret_key=app.config["SECRET_KEY"])
    app.config["WIRKREIS"] = config
    return config


def sent(session: Session, config: Config) -> tuple[int, str]:
    """A mail that was sent, and the address it would come back to."""
    mail_id = put(session)
    with mailbox() as box:
        assert deliver_due_mails(session, config=replace(config, mail_url=box.url), now=NOW) == 1
    return mail_id, box.senders[0]


def take(session: Session, raw: bytes, *, recipient: str | None = None, sender: str | None = "") -> Outcome:
    return receive(session, raw, recipient=recipient, sender=sender, now=NOW + timedelta(hours=1))


def test_a_report_marks_its_mail_with_the_reason_and_without_addresses(
    session: Session, config: Config
) -> None:
    mail_id, address = sent(session, config)
    assert address.startswith(f"bounce+{mail_id}-")
    assert address.endswith(f"@{DOMAIN}")
    for action in ("delayed", "relayed", "delivered"):
        assert take(session, bounce(address, action), recipient=address) is Outcome.TAKEN
        assert get_now(session, mail_id).bounced_at is None
    assert take(session, reply(address, "Ich bin im Urlaub"), recipient=address) is Outcome.TAKEN
    assert get_now(session, mail_id).bounced_at is None
    assert take(session, bounce(address.upper()), sender=None) is Outcome.TAKEN  # the envelope is not known
    mail = get_now(session, mail_id)
    assert mail.bounced_at == NOW + timedelta(hours=1)
    assert mail.last_error == "5.1.1 550 5.1.1 …: Recipient address rejected: User unknown"
    session.commit()
    take(session, bounce(address), recipient=address)
    assert get_now(session, mail_id).bounced_at == NOW + timedelta(hours=1)
    forget_given_up(session, NOW + timedelta(days=1))
    assert left_of(get_now(session, mail_id)) == []


def test_an_address_that_is_not_ours_is_nobodys(session: Session, config: Config) -> None:
    mail_id, address = sent(session, config)
    forged = [
        address.replace("+", f"+{mail_id}", 1),
        f"bounce+{mail_id}-{'0' * 20}@{DOMAIN}",
        f"bounce+{10**17}-{'0' * 20}@{DOMAIN}",
        f"reply+{'0' * 24}@{DOMAIN}",
        address.replace(DOMAIN, "anderswo.example"),
        "wirkreis@wirkreis.example",
        "",
    ]
    for each in forged:
        assert take(session, bounce(each or "x"), recipient=each) is Outcome.NO_SUCH_ADDRESS, each
    assert get_now(session, mail_id).bounced_at is None


def test_without_a_domain_mails_come_back_to_their_sender_and_nothing_comes_in(
    app: Flask, session: Session
) -> None:
    app.config["WIRKREIS"] = CONFIG
    put(session)
    with mailbox() as box:
        deliver_due_mails(session, config=replace(CONFIG, mail_url=box.url), now=NOW)
    assert box.senders == ["wirkreis@wirkreis.example"]
    assert take(session, bounce("bounce+1-00000000000000000000@"), recipient=None) is Outcome.NO_SUCH_ADDRESS


@given(
    junk=st.binary(max_size=80) | st.text('=?;:<>@"(), \r\nutf8bq-', max_size=80).map(str.encode),
    place=st.integers(0, 1200),
)
def test_a_mail_full_of_nonsense_is_read(junk: bytes, place: int) -> None:
    raw = bounce(f"bounce+1-{'0' * 20}@{DOMAIN}")
    message = message_from_bytes(raw[:place] + junk + raw[place:], policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert isinstance(read_failure(message), str | None)
    mail = IncomingMail("x", "x@y.example", message)
    assert isinstance(mail.is_automatic, bool)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@given(junk=st.binary(max_size=400), place=st.integers(0, 1200))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_comes_in_has_an_outcome(session: Session, config: Config, junk: bytes, place: int) -> None:
    raw = bounce(f"bounce+1-{'0' * 20}@{DOMAIN}")
    for mail in (junk, raw[:place] + junk + raw[place:]):
        for recipient in (None, f"bounce+1-{'0' * 20}@{DOMAIN}"):
            assert take(session, mail, recipient=recipient) is Outcome.NO_SUCH_ADDRESS


@pytest.mark.parametrize("domain", ["a b.example", "x@y.example", "ä.example", "a..b", "x\n"])
def test_a_domain_that_is_none_is_refused_at_the_start(domain: str) -> None:
    with pytest.raises(ConfigError, match="REPLY_DOMAIN"):
        Config.from_environment({"APP_ENV": "test", "SECRET_KEY": "x" * 20, "REPLY_DOMAIN": domain})
