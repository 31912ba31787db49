"""Real SMTP servers on this machine: one that takes mails, and some that behave badly."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message


class Mailbox:
    """Keeps what it is given; refuses the recipients it is told to."""

    def __init__(
        self,
        *,
        refuse: str = "",
        refusal: str = "550 5.1.1 No such person here",
        answer_to_data: str = "250 OK",
    ) -> None:
        self.refuse = refuse
        self.refusal = refusal
        self.answer_to_data = answer_to_data
        self.messages: list[Message] = []
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self.recipients: list[str] = []
        self.was_encrypted: list[bool] = []
        self.logins: list[tuple[str, str]] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.refuse and address.startswith(self.refuse):
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer_to_data.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            self.raw.append(envelope.content)
            self.senders.append(envelope.mail_from)
            self.recipients.extend(envelope.rcpt_tos)
            self.was_encrypted.append(session.ssl is not None)
        return self.answer_to_data

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"p@ss/word", handled=False)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def mailbox(mailbox: Mailbox | None = None, **smtp: Any) -> Iterator[Mailbox]:
    """A server on a free port of this machine; ``smtp`` goes to aiosmtpd's SMTP."""
    box = mailbox or Mailbox()
    box.port = free_port()
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=box.port,
        server_hostname="mail.invalid",
        **smtp,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


PHASES = ("connect", "EHLO", "STARTTLS", "MAIL", "RCPT", "DATA", ".")
"""The steps of the dialogue, each named by what the client says; ``.`` ends the mail."""


@contextmanager
def server_that_fails(phase: str, answer: str = "") -> Iterator[list[str]]:
    """A server that answers a step so, or without an answer hangs up; yields its URL and then what it was told."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard = [f"smtp://127.0.0.1:{listener.getsockname()[1]}"]

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as lines, suppress(OSError):
                _talk(lines, heard, phase, answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=5)


def _talk(lines: Any, heard: list[str], phase: str, answer: str) -> None:
    is_text = False
    said = "connect"
    while True:
        usual = {
            "connect": "220 mail.invalid",
            "EHLO": "250-mail.invalid\r\n250 STARTTLS" if phase == "STARTTLS" else "250 mail.invalid",
            "DATA": "354 Go on",
            "QUIT": "221 Bye",
        }
        if said == phase and not answer:
            return
        if not is_text:
            lines.write(f"{answer if said == phase else usual.get(said, '250 OK')}\r\n".encode())
            lines.flush()
            is_text = said == "DATA" and phase != "DATA"
        line = lines.readline()
        if not line:
            return
        heard.append(line.decode().strip())
        if is_text and line != b".\r\n":
            continue
        is_text = False
        said = line.decode().strip().split(" ")[0].upper().replace("HELO", "EHLO")


def free_port() -> int:
    """Answer a port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
