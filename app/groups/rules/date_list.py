"""Days as people list them: “3.12., 7.1. und 4.2.2027”, one a line or all in one, also as 2027-02-04."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

EARLIEST_YEAR = 1950
LATEST_YEAR = 2100

LONGEST_DAY = 40
"""Characters that a day with what stands before and after it may have on average."""

_BETWEEN = re.compile(r"[,;\n\r&+]|\b(?:und|and|en|u\.)(?=\s)", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)
_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})(?:\.\s?(\d{4}|\d{2})?)?\Z", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z", re.ASCII)
_WEEKDAY = re.compile(
    r"\b(?:mo|di|mi|do|fr|sa|so|tu|we|th|su|ma|wo|vr|za|zo)[a-zäö]{0,8}\.?,?\s+(?=\d)", re.IGNORECASE
)
_SPACE_BETWEEN = re.compile(r"(?<=\d{4})\s+(?=\d)|(?<=-\d\d)\s+(?=\d)|(?<=\d\.)\s+(?=\d{1,2}\.\s?\d{1,2}\.)")


class ListFault(ValueError):
    """A list that cannot be understood; ``piece`` is what of it, as it was typed, and ``kind`` why.

    ``kind`` is ``unreadable``, ``no_such_day`` or ``too_many``.
    """

    def __init__(self, kind: str, piece: str = "") -> None:
        super().__init__(f"{kind}: {piece}")
        self.kind = kind
        self.piece = piece[:60]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A day as it was typed; without a year where none was given."""

    text: str
    day: int
    month: int
    year: int | None


def read_days(text: str, *, today: date, most: int) -> tuple[date, ...]:
    """Answer the days of a list, ascending, each once.

    A day without a year is the last such day before the next one in the list that has a year; where none follows, the
    first such day on or after the one before it, at the beginning on or after today.

    Args:
        text: what was typed.
        today: for days without a year.
        most: how many days there may be.

    Raises:
        ListFault: a piece is no day, or there are more than ``most``.
    """
    if len(text) > LONGEST_DAY * most:
        raise ListFault("too_many")
    found = (word.strip() for word in _BETWEEN.split(_WEEKDAY.sub("", text)))
    words = [word for each in found for word in _SPACE_BETWEEN.split(each) if word.strip(".")]
    if len(words) > most:
        raise ListFault("too_many")
    return tuple(sorted(set(_with_years([_piece(word) for word in words], today))))


def read_day(text: str) -> date:
    """Answer one day with its year, as 24.12.2026 or 2026-12-24.

    Raises:
        ListFault: it is none.
    """
    piece = _piece(text)
    if piece.year is None:
        raise ListFault("unreadable", text)
    return _day(piece, piece.year)


def _piece(text: str) -> _Piece:
    bare = _WEEKDAY.sub("", text[:60]).strip()
    if found := _ISO.match(bare):
        return _Piece(text, int(found[3]), int(found[2]), int(found[1]))
    if found := _GERMAN.match(bare) or _SLASHED.match(bare):
        year = found[3] and int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return _Piece(text, int(found[1]), int(found[2]), year or None)
    raise ListFault("unreadable", text.strip())


def _with_years(pieces: list[_Piece], today: date) -> list[date]:
    days: list[date | None] = [None if each.year is None else _day(each, each.year) for each in pieces]
    for at in reversed(range(len(days) - 1)):
        following = days[at + 1]
        if days[at] is None and following is not None:
            days[at] = _nearest(pieces[at], following, step=-1)
    known: list[date] = []
    for piece, day in zip(pieces, days, strict=True):
        known.append(day or _nearest(piece, known[-1] if known else today, step=1))
    return known


def _nearest(piece: _Piece, other: date, *, step: int) -> date:
    """Answer the first such day on or after another (``step`` 1), or the last on or before it (-1)."""
    for years in range(9):  # a 29 February is eight years away at most
        try:
            day = date(other.year + step * years, piece.month, piece.day)
        except ValueError:
            continue
        if (day - other).days * step >= 0:
            return day
    raise ListFault("no_such_day", piece.text.strip())


def _day(piece: _Piece, year: int) -> date:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ListFault("no_such_day", piece.text.strip())
    try:
        return date(year, piece.month, piece.day)
    except ValueError:
        raise ListFault("no_such_day", piece.text.strip()) from None
