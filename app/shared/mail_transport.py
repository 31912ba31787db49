"""How a mail leaves the house: by SMTP as ``MAIL_URL`` says, or as a file for whoever tries the application out."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email import policy
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from config import ConfigError

if TYPE_CHECKING:
    from datetime import datetime
    from email.policy import Policy

    from config import Config

TIMEOUT_SECONDS = 20
"""How long one step of the conversation with the mail server may take."""
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class _UnfoldedHeader(UnstructuredHeader, BaseHeader):
    """A header on one line: the standard library would break a long address into encoded words, and spoil it."""

    def fold(self, *, policy: Policy[Any]) -> str:
        """Answer the header as it is sent."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _UnfoldedHeader)
_POLICY = policy.SMTP.clone(header_factory=_HEADERS)


class MailRefused(Exception):
    """The server does not take this mail, at least not now; it may take others.

    ``is_final`` when it said that no later try will be better, of the recipient or of the mail (a 5xx answer).
    """

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


class MailServerUnreachable(Exception):
    """There is no talking to the server; other mails need not be tried now."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed over. ``tls`` is ``implicit``, ``required`` (STARTTLS) or ``offered`` (if offered)."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    """The address mails come from; ``?from=`` of ``MAIL_URL``."""


def parse_mail_url(url: str) -> MailServer | None:
    """Answer the server that ``MAIL_URL`` names, None when it is empty.

    ``smtps://`` speaks TLS from the start, ``smtp+starttls://`` insists on STARTTLS, ``smtp://`` uses it when offered.
    With a password, ``smtp://`` insists too, unless the server is this machine: else anybody on the way could
    take the offer out and read the password.

    Raises:
        ConfigError: it cannot be used; the message does not repeat it, as it may hold a password.
    """
    if not url:
        return None
    advice = "MAIL_URL cannot be used; write it as smtp://user:password@host:port?from=address."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigError(advice) from None
    sender = parse_qs(parts.query).get("from", [""])[0]
    if parts.scheme not in _PORTS or not parts.hostname or (sender and not is_sendable_address(sender)):
        raise ConfigError(advice)
    tls = {"smtps": "implicit", "smtp+starttls": "required", "smtp": "offered"}[parts.scheme]
    if tls == "offered" and parts.password and not _is_this_machine(parts.hostname):
        tls = "required"
    return MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        tls=tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
    )


def is_sendable_address(address: str) -> bool:
    """Whether this is one plain mail address, in ASCII, that can stand in a header and an envelope."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None


def build_message(
    *,
    mail_id: int,
    to: str,
    subject: str,
    text: str,
    html: str | None,
    unsubscribe_url: str | None,
    language: str,
    created_at: datetime,
    config: Config,
    reply_to: str | None = None,
) -> EmailMessage:
    """Answer the mail as it is sent; its Message-ID depends on its id only, so that a double is known as one.

    A bounce repeats the Message-ID, from which staff find the row, though the row has forgotten the address.

    Raises:
        ValueError: an address or the subject cannot stand in a header.
    """
    server = parse_mail_url(config.mail_url)
    domain = urlsplit(config.public_url).hostname or "localhost"
    if _is_ip_address(domain):
        domain = "localhost"
    message = EmailMessage(policy=_POLICY)
    sender = (server.sender if server else "") or f"wirkreis@{domain}"
    message["From"] = Address("Wirkreis", addr_spec=sender)
    message["To"] = to
    if reply_to:
        message["Reply-To"] = reply_to
    message["Subject"] = subject
    message["Date"] = format_datetime(created_at)
    message["Message-ID"] = f"<outbox-{mail_id}-{created_at:%Y%m%d%H%M%S}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe_url:
        message["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        if unsubscribe_url.startswith("https:"):  # RFC 8058 knows no other
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Quoted-printable is ASCII in short lines: no server on the way has to change it, so signatures stay good.
    message.set_content(text, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # after the content, which would take it away
    return message


def send_by_smtp(message: EmailMessage, *, server: MailServer, sender: str | None = None) -> None:
    """Afterwards the server has taken the mail, which comes back to ``sender`` (else to who it is from) if it must.

    Raises:
        MailRefused: it does not take this mail.
        MailServerUnreachable: it does not answer, does not let us in, or hangs up.
    """
    try:
        connection = _connect(server)
    except OSError as error:  # smtplib's own errors are among them
        raise MailServerUnreachable(_describe(error)) from error
    try:
        connection.send_message(message, from_addr=sender)
    except smtplib.SMTPServerDisconnected as error:
        raise MailServerUnreachable(_describe(error)) from error
    except smtplib.SMTPException as error:
        raise MailRefused(_describe(error), is_final=_is_final(error)) from error
    except OSError as error:
        raise MailServerUnreachable(_describe(error)) from error
    finally:
        # The mail is taken or not by now; a server that hangs up without a good-bye changes nothing.
        with suppress(OSError):
            connection.quit()
        connection.close()


def write_as_file(message: EmailMessage, *, folder: Path, name: str) -> None:
    """Afterwards the folder holds the mail as ``name``, whole or not at all.

    Raises:
        MailServerUnreachable: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{name}.part"
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(folder / name)
    except OSError as error:
        raise MailServerUnreachable(_describe(error)) from error


def _connect(server: MailServer) -> smtplib.SMTP:
    """Answer a connection on which a mail may be sent; it is closed again when that fails."""
    if server.tls == "implicit":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.ehlo_or_helo_if_needed()
        if server.tls == "required" or (server.tls == "offered" and connection.has_extn("starttls")):
            connection.starttls(context=_starttls_context(server))
            connection.ehlo_or_helo_if_needed()
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _starttls_context(server: MailServer) -> ssl.SSLContext:
    """Answer how far the certificate is checked: wholly, unless we would also send without any.

    Where TLS is only used if offered, whoever could show a false certificate could as well take out the offer;
    encryption then keeps out those who only listen, and a relay next door may sign for itself.
    """
    context = ssl.create_default_context()
    if server.tls == "offered":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_final(error: smtplib.SMTPException) -> bool:
    """Whether the server refused this recipient or this mail for good; a refused sender is our own matter."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _describe(error: OSError) -> str:
    """Answer what went wrong in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


def _is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or (_is_ip_address(host) and ip_address(host).is_loopback)
