"""Mails as mail programs and mail servers write them, for what comes in."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

DSN = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 2 Mar 2026 10:00:00 +0100

Final-Recipient: rfc822; anna@example.org
Action: {action}
Status: 5.1.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 <anna@example.org>: Recipient address
    rejected: User unknown

--b
Content-Type: message/rfc822

Subject: Your request
From: wirkreis@wirkreis.example

Secret words
--b--
"""


def bounce(to: str, action: str = "failed") -> bytes:
    """Answer the report of a mail server that a mail was not delivered, or what else happened to it."""
    return DSN.format(to=to, action=action).replace("\n", "\r\n").encode()


def reply(
    to: str,
    text: str = "",
    *,
    by: str = '"Petra Geheimnisvoll" <petra@muster.example>',
    html: str = "",
    **headers: str,
) -> bytes:
    """Answer a mail as a person's mail program writes it, with all it tells of its writer."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = by
    message["To"] = to
    message["Subject"] = "AW: Eine Nachricht"
    message["Message-ID"] = "<4711@laptop-petra.muster.example>"
    message["X-Originating-IP"] = "[203.0.113.77]"
    message["Received"] = "from laptop-petra (203.0.113.77) by mx.muster.example"
    message["User-Agent"] = "Thunderbird Petras Laptop"
    for name, value in headers.items():
        if name.replace("_", "-") in message:
            del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    if text:
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message.as_bytes()


def with_attachment(raw: bytes) -> bytes:
    """Answer the mail with a photo."""
    message = message_from_bytes(raw, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    message.add_attachment(
        b"\xff\xd8 petra@muster.example", maintype="image", subtype="jpeg", filename="petra.jpg"
    )
    return message.as_bytes()
