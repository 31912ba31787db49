"""MAIL_URL says how mails leave: encrypted or not, with a password or without."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.shared.mail_transport import (
    MailServer,
    MailServerUnreachable,
    build_message,
    parse_mail_url,
    send_by_smtp,
)
from config import Config, ConfigError
from tests.services.shared.smtp_servers import Mailbox, mailbox
from tests.support.requirements import missing

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", MailServer("localhost", 25, "offered")),
        ("smtp://mail.example:2525", MailServer("mail.example", 2525, "offered")),
        ("smtps://u:p%40ss%2F@mail.example", MailServer("mail.example", 465, "implicit", "u", "p@ss/")),
        ("smtp+starttls://u%40x:p@mail.example", MailServer("mail.example", 587, "required", "u@x", "p")),
        ("smtp://u:p@mail.example", MailServer("mail.example", 25, "required", "u", "p")),
        ("smtp://u:p@127.0.0.1", MailServer("127.0.0.1", 25, "offered", "u", "p")),
        ("smtp://h?from=a@b.example", MailServer("h", 25, "offered", sender="a@b.example")),
    ],
)
def test_a_mail_url_names_server_encryption_and_password(url: str, server: MailServer) -> None:
    assert parse_mail_url(url) == server


def test_no_mail_url_means_no_server() -> None:
    assert parse_mail_url("") is None


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://h",
        "smtp://",
        "smtp://h:port",
        "smtp://h:99999",
        "smtp://[x",
        "smtp://h?from=a%0ab",
    ],
)
def test_an_unusable_mail_url_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse_mail_url(url.replace("://", "://u:geheim@", 1))
    assert "MAIL_URL" in str(refusal.value)
    assert "geheim" not in str(refusal.value)


def test_a_password_is_not_shown_by_accident() -> None:
    assert "geheim" not in repr(parse_mail_url("smtps://u:geheim@h"))


def test_user_and_password_are_handed_over(tmp_path: Path) -> None:
    box = Mailbox()
    with mailbox(box, authenticator=box.authenticate, auth_require_tls=False):
        send_by_smtp(_message(), server=_server(f"smtp://u:p%40ss%2Fword@127.0.0.1:{box.port}"))
    assert box.logins == [("u", "p@ss/word")]
    assert len(box.messages) == 1


def test_a_wrong_password_is_a_matter_of_the_server_not_of_the_mail() -> None:
    box = Mailbox()
    with (
        mailbox(box, authenticator=box.authenticate, auth_require_tls=False),
        pytest.raises(MailServerUnreachable, match="SMTPAuthenticationError"),
    ):
        send_by_smtp(_message(), server=_server(f"smtp://u:wrong@127.0.0.1:{box.port}"))
    assert box.messages == []


def test_encryption_that_is_required_and_not_offered_sends_nothing() -> None:
    with mailbox() as box, pytest.raises(MailServerUnreachable, match="STARTTLS"):
        send_by_smtp(_message(), server=_server(f"smtp+starttls://127.0.0.1:{box.port}"))
    assert box.messages == []


def test_encryption_that_is_offered_is_used_even_if_the_relay_signs_for_itself(tmp_path: Path) -> None:
    with mailbox(tls_context=_self_signed(tmp_path)) as box:
        send_by_smtp(_message(), server=_server(f"smtp://127.0.0.1:{box.port}"))
    assert box.was_encrypted == [True]


def test_a_certificate_nobody_vouches_for_is_refused_where_encryption_is_required(tmp_path: Path) -> None:
    with (
        mailbox(tls_context=_self_signed(tmp_path)) as box,
        pytest.raises(MailServerUnreachable, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        send_by_smtp(_message(), server=_server(f"smtp+starttls://127.0.0.1:{box.port}"))
    assert box.messages == []


def test_encryption_from_the_start_checks_the_certificate_too(tmp_path: Path) -> None:
    with (
        mailbox(ssl_context=_self_signed(tmp_path)) as box,
        pytest.raises(MailServerUnreachable, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        send_by_smtp(_message(), server=_server(f"smtps://127.0.0.1:{box.port}"))
    assert box.messages == []


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8000", "http://[::1]:8000", ""])
def test_a_site_without_a_name_writes_from_localhost(public_url: str) -> None:
    message = _message(Config(app_env="test", public_url=public_url))
    assert message["From"] == "Wirkreis <wirkreis@localhost>"
    assert message["Message-ID"] == "<outbox-7-20260302090000@localhost>"


def _message(config: Config | None = None) -> EmailMessage:
    return build_message(
        mail_id=7,
        to="anna@example.org",
        subject="s",
        text="b",
        html=None,
        unsubscribe_url=None,
        language="de",
        created_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        config=config or Config(app_env="test"),
    )


def _server(url: str) -> MailServer:
    server = parse_mail_url(url)
    assert server is not None
    return server


def _self_signed(folder: Path) -> ssl.SSLContext:
    """Answer a server's side of TLS with a certificate that nobody vouches for."""
    openssl = shutil.which("openssl")
    if openssl is None:
        missing("openssl is not installed", instead="Install openssl.")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    key_kind = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    make = f"req -x509 {key_kind} -days 2 -subj /CN=localhost -keyout {key} -out {certificate}"
    subprocess.run([str(openssl), *make.split()], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
