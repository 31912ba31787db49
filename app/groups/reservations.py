"""What groups have reserved in places, beside their meetings: each package that knows of such adds a source.

A closed place concerns both, and a group reads of both in one mail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from app.groups.meetings.closures import Owner


@dataclass(frozen=True, slots=True)
class Reservation:
    """A group has reserved a place from a moment on, by the clock on its wall; ``path`` leads the contact to it."""

    group_id: int
    place_name: str
    starts_at: datetime
    path: str


Source = Callable[["Session", "Owner", date, date, datetime], Iterable[Reservation]]
"""Answers, by time, what is reserved in places closed with an owner from a day to a day and not over at a moment."""


def init_reservations(app: Flask, sources: Sequence[Source]) -> None:
    """Afterwards closures know of what these sources answer."""
    app.extensions["reservations"] = tuple(sources)


def list_reservations(
    session: Session, owner: Owner, *, first_on: date, last_on: date, now: datetime
) -> list[Reservation]:
    """Answer what is reserved in the places that an owner closes, on these days and still to come."""
    sources: tuple[Source, ...] = current_app.extensions["reservations"]
    return [each for source in sources for each in source(session, owner, first_on, last_on, now)]
