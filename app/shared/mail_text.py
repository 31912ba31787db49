"""What a mail says: a subject and blocks, from which its plain text and its HTML are both made.

Both are written by ``app/templates/mail/``, in the language that is spoken (``app/shared/languages.py``). Dates and
numbers come as words of that language, written by the caller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from flask import current_app, render_template

from app.shared.languages import current_language, language_url

if TYPE_CHECKING:
    from config import Config

_WEB_ADDRESS = re.compile(r"https?://[!#-;=?-~]+")  # ASCII without blanks, quotation marks and angle brackets
_WEB_ADDRESS_LENGTH = 900
"""In a header an address stands on one line, which may be 998 characters long (RFC 5322)."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; line breaks stay."""

    kind: ClassVar = "paragraph"
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody else; line breaks stay."""

    kind: ClassVar = "quote"
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, such as when and where a group meets."""

    kind: ClassVar = "facts"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """The one thing to do, and its whole address.

    Raises:
        ValueError: the address is not a plain one of the web.
    """

    kind: ClassVar = "button"
    label: str
    url: str

    def __post_init__(self) -> None:
        check_web_address(self.url)


@dataclass(frozen=True, slots=True)
class SmallPrint:
    """Words that need not be read at once; line breaks stay."""

    kind: ClassVar = "small-print"
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person as it is put into words; who writes it and how to unsubscribe are added by themselves."""

    subject: str
    blocks: tuple[Paragraph | Quote | Facts | Button | SmallPrint, ...]


def check_web_address(url: str) -> None:
    """Afterwards the address can stand in a header, in a text and in HTML.

    Raises:
        ValueError: it does not begin with http, is longer than 900 characters, or holds others than printable ASCII.
    """
    if len(url) > _WEB_ADDRESS_LENGTH or not _WEB_ADDRESS.fullmatch(url):
        raise ValueError("A link in a mail is a whole address of the web, such as https://example.org/x.")


def write_mail(mail: Mail, *, unsubscribe_url: str = "") -> tuple[str, str]:
    """Answer the plain text and the HTML of the mail, in the language that is spoken."""
    config: Config = current_app.config["WIRKREIS"]
    home_url = config.public_url + language_url(current_language(), "/")
    facts = {"mail": mail, "home_url": home_url, "unsubscribe_url": unsubscribe_url}
    text = render_template("mail/mail.txt", **facts)
    return text, render_template("mail/mail.html", **facts)
