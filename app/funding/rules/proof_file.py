"""A list of expenses as a file: what each line says, and what is wrong in which cell.

Columns, in this order: kind, day, what for, euros; the headings may be English, German or Dutch. A last line that
begins with “total” holds the sum, which must be right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.funding.rules.euros import cents_of
from app.funding.rules.request_file import (
    AFTER_TOTAL,
    MISSING,
    NO_LINES,
    NOT_DAY,
    NOT_MONEY,
    WRONG_HEAD,
    WRONG_TOTAL,
    Fault,
)

COLUMNS = ("kind", "day", "what", "euros")
_HEADS = (
    {"kind", "art", "soort"},
    {"day", "tag", "datum", "dag"},
    {"what", "what for", "wofür", "wofuer", "zweck", "waarvoor"},
    {"euros", "euro", "betrag", "sum", "bedrag"},
)
_TOTALS = {"total", "summe", "gesamt", "totaal"}
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
MOST_LINES = 200
LONGEST = 120
UNKNOWN_KIND, OTHER_YEAR, TOO_LONG, TOO_MANY = "unknown_kind", "other_year", "too_long", "too_many"


@dataclass(frozen=True, slots=True)
class Expense:
    """One expense: its kind, its day, what it was for."""

    kind: str
    on_day: date
    what: str
    cents: int


@dataclass
class ReadExpenses:
    """The expenses of a file, and every fault that was found."""

    expenses: list[Expense] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_expenses(
    rows: Sequence[Sequence[str]], kinds: Mapping[str, str], *, year: int, most_cents: int
) -> ReadExpenses:
    """Answer what the rows of a file say; ``kinds`` are the names of kinds of cost, in small letters, with their codes.

    An expense lies in the funding year, or in January after it, when the last bills come.
    """
    read = ReadExpenses()
    _check_head(rows[0] if rows else [], read)
    if read.faults:
        return read
    has_total = False
    for number, row in enumerate(rows[1:], start=1):
        cells = [row[column].strip() if column < len(row) else "" for column in range(len(COLUMNS))]
        if has_total and any(cells):
            read.faults.append(Fault(number, 0, AFTER_TOTAL))
        elif cells[0].casefold() in _TOTALS:
            has_total = True
            _check_total(number, cells[3], read)
        elif any(cells):
            _read_line(number, cells, kinds, read, year=year, most_cents=most_cents)
    if not read.expenses and not read.faults:
        read.faults.append(Fault(1, 0, NO_LINES))
    elif len(read.expenses) > MOST_LINES:
        read.faults.append(Fault(MOST_LINES + 1, 0, TOO_MANY, str(MOST_LINES)))
    return read


def _check_head(head: Sequence[str], read: ReadExpenses) -> None:
    for column, names in enumerate(_HEADS):
        told = head[column].strip().casefold() if column < len(head) else ""
        if told not in names:
            read.faults.append(Fault(0, column, WRONG_HEAD, COLUMNS[column]))


def read_day(text: str) -> date:
    """Answer a day such as 2027-03-31 or 31.3.2027.

    Raises:
        ValueError: it is none.
    """
    found = _DAY.fullmatch(text.strip())
    if found:
        return date(int(found[3]), int(found[2]), int(found[1]))
    return date.fromisoformat(text.strip())


def is_of_year(day: date, year: int) -> bool:
    """Answer whether an expense of this day belongs to a funding year."""
    return date(year, 1, 1) <= day <= date(year + 1, 1, 31)


def _read_line(
    number: int, cells: list[str], kinds: Mapping[str, str], read: ReadExpenses, *, year: int, most_cents: int
) -> None:
    faults: list[Fault] = []
    kind = kinds.get(cells[0].casefold())
    if kind is None:
        faults.append(Fault(number, 0, UNKNOWN_KIND if cells[0] else MISSING, cells[0]))
    if not cells[2] or len(cells[2]) > LONGEST:
        faults.append(Fault(number, 2, TOO_LONG if cells[2] else MISSING, str(LONGEST)))
    day = _day(number, cells[1], year, faults)
    cents = _cents(number, cells[3], most_cents, faults)
    read.faults += sorted(faults, key=lambda each: each.column)
    if not faults:
        read.expenses.append(Expense(kind or "", day, cells[2], cents))


def _day(number: int, text: str, year: int, faults: list[Fault]) -> date:
    try:
        day = read_day(text)
    except ValueError:
        faults.append(Fault(number, 1, NOT_DAY if text else MISSING, text))
        return date.min
    if not is_of_year(day, year):
        faults.append(Fault(number, 1, OTHER_YEAR, text))
    return day


def _cents(number: int, text: str, most_cents: int, faults: list[Fault]) -> int:
    try:
        cents = cents_of(text)
    except ValueError:
        cents = 0
    if not 1 <= cents <= most_cents:
        faults.append(Fault(number, 3, NOT_MONEY if text else MISSING, text))
    return cents


def _check_total(number: int, told: str, read: ReadExpenses) -> None:
    if read.faults or not told:  # what cannot be read cannot be added up
        return
    try:
        is_right = cents_of(told) == sum(each.cents for each in read.expenses)
    except ValueError:
        is_right = False
    if not is_right:
        read.faults.append(Fault(number, 3, WRONG_TOTAL, told))
