"""What waits for the people who work here, oldest first: each package adds its own source in the factory.

The start page under ``/desk`` shows the lines of all sources together; each has one button that leads to where it is
done. A line is there as long as the thing waits: nothing is ticked off by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: of which ``kind``, what and who in a few words, since when, and the one button.

    ``kind`` is a word in the reader's language by which lines are gathered, such as "Review". ``is_urgent`` lifts it to
    the top.
    """

    kind: str
    what: str
    since: datetime
    button: str
    url: str
    who: str = ""
    is_urgent: bool = False


Source = Callable[["Session", int, datetime], Iterable[Waiting]]
"""Answers what waits for the staff of a clearing house (its id) at a moment."""


def init_worklist(app: Flask, sources: Sequence[Source]) -> None:
    """Afterwards the worklist is made of what these sources answer."""
    app.extensions["worklist"] = tuple(sources)


def list_waiting(session: Session, clearinghouse_id: int, *, now: datetime) -> list[Waiting]:
    """Answer what waits for the staff of a house: what is urgent first, then the oldest."""
    sources: tuple[Source, ...] = current_app.extensions["worklist"]
    waiting = [line for source in sources for line in source(session, clearinghouse_id, now)]
    return sorted(waiting, key=lambda line: (not line.is_urgent, line.since))


def waiting_words(since: datetime, now: datetime) -> str:
    """Answer for how long something has waited, in whole hours or days."""
    hours = int((now - since).total_seconds() // 3600)
    if hours < 1:
        return _("just now")
    if hours < 24:
        return ngettext("for %(num)s hour", "for %(num)s hours", hours)
    return ngettext("for %(num)s day", "for %(num)s days", hours // 24)
