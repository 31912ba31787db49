"""Headers of mails that others wrote: what nobody can read is as if it were not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

_FAULTS = (ValueError, TypeError, LookupError, AttributeError, RecursionError, AssertionError)


def header(message: Message, name: str) -> str:
    """Answer the first header of a name as text, empty when there is none or nobody can read it."""
    try:
        return str(message.get(name, "")).strip()
    except _FAULTS:
        return ""


def content_type(message: Message) -> str:
    """Answer what a mail or a part of it is, such as ``text/plain``."""
    try:
        return message.get_content_type()
    except _FAULTS:
        return "application/octet-stream"
