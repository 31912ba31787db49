"""A list of requests as a file: what each line says, and what is wrong in which cell.

Columns, in this order: group (the slug), requested, members, expenses, own, others, new, received; after them, if
supplements are told, one for each of them; headings in German or Dutch are read as well. Sums in euros, days as
2026-01-31 or 31.1.2026, new as yes or empty. A last line that begins with “total” holds sums, which must be right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.funding.rules.euros import cents_of
from app.funding.rules.grant_round import SUPPLEMENTS

COLUMNS = ("group", "requested", "members", "expenses", "own", "others", "new", "received")
WITH_SUPPLEMENTS = (*COLUMNS, *SUPPLEMENTS)
_HEADINGS = {
    **{name: name for name in WITH_SUPPLEMENTS},
    **dict.fromkeys(("gruppe", "groep"), "group"),
    **dict.fromkeys(("beantragt", "aangevraagd"), "requested"),
    **dict.fromkeys(("mitglieder", "leden"), "members"),
    **dict.fromkeys(("ausgaben", "uitgaven"), "expenses"),
    **dict.fromkeys(("eigenes geld", "eigen geld"), "own"),
    **dict.fromkeys(("geld von anderen", "van anderen"), "others"),
    **dict.fromkeys(("neu", "nieuw"), "new"),
    **dict.fromkeys(("eingang", "ontvangen"), "received"),
    **dict.fromkeys(("anfang", "begin"), "start_up"),
    **dict.fromkeys(("dolmetschen", "tolken"), "interpreters"),
    **dict.fromkeys(("barrierefreiheit", "toegankelijkheid"), "access"),
    **dict.fromkeys(("fahrten", "reizen"), "travel"),
}
"""What stands above a column → its name."""
SUMS = ("requested", "expenses", "own", "others")
TOTAL = "total"
_TOTALS = {TOTAL, "summe", "gesamt", "totaal"}
_YES = {"yes", "ja", "1", "x", "true", "wahr"}
_NO = {"", "no", "nein", "nee", "0", "false", "falsch"}
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
MOST_CENTS = 10**12
MOST_MEMBERS = 10_000

WRONG_HEAD, NO_LINES = "wrong_head", "no_lines"
UNKNOWN_GROUP, IS_WITHDRAWN, IN_FUTURE = "unknown_group", "is_withdrawn", "in_future"
NOT_MONEY, NOT_MEMBERS, NOT_DAY, NOT_YES, MISSING, TWICE, WRONG_TOTAL, AFTER_TOTAL = (
    "not_money", "not_members", "not_a_day", "not_yes_or_no", "missing", "twice", "wrong_total", "after_total",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a cell; row and column are counted from 0. ``value`` is what stands there."""

    row: int
    column: int
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class FileLine:
    """What a line says of a group; ``row`` is where it stands."""

    row: int
    group: str
    requested_cents: int
    members: int
    received_on: date
    expenses_cents: int | None
    own_cents: int
    others_cents: int
    is_new: bool
    supplements: Mapping[str, int] | None = None
    """None when the file has no columns for them."""


@dataclass
class ReadFile:
    """The lines of a file, and every fault that was found."""

    lines: list[FileLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_file(rows: Sequence[Sequence[str]]) -> ReadFile:
    """Answer what the rows of a file say."""
    read = ReadFile()
    head = [_HEADINGS.get(each.strip().casefold(), each) for each in rows[0]] if rows else []
    columns = WITH_SUPPLEMENTS if set(head[len(COLUMNS) :]) & set(SUPPLEMENTS) else COLUMNS
    _check_head(head, columns, read)
    if read.faults:
        return read
    seen: set[str] = set()
    total_row: int | None = None
    for number, row in enumerate(rows[1:], start=1):
        if not any(row):
            continue
        cells = {name: _cell(row, column) for column, name in enumerate(columns)}
        if total_row is not None:
            read.faults.append(Fault(number, 0, AFTER_TOTAL))
        elif cells["group"].casefold() in _TOTALS:
            total_row = number
            _check_totals(number, cells, read)
        else:
            _read_line(number, cells, read, seen)
    if not read.lines and not read.faults:
        read.faults.append(Fault(1, 0, NO_LINES))
    return read


def _check_head(head: Sequence[str], columns: Sequence[str], read: ReadFile) -> None:
    for column in range(max(len(head), len(columns))):
        name = head[column] if column < len(head) else ""
        wanted = columns[column] if column < len(columns) else ""
        if name != wanted:
            read.faults.append(Fault(0, column, WRONG_HEAD, wanted))


def _read_line(number: int, cells: dict[str, str], read: ReadFile, seen: set[str]) -> None:
    found = _Cells(number, cells, [])
    group = cells["group"]
    if not group:
        found.fault("group", MISSING)
    elif group in seen:
        found.fault("group", TWICE)
    seen.add(group)
    line = FileLine(
        row=number,
        group=group,
        requested_cents=found.cents("requested", least=1) or 0,
        members=found.members(),
        received_on=found.day(),
        expenses_cents=found.cents("expenses"),
        own_cents=found.cents("own") or 0,
        others_cents=found.cents("others") or 0,
        is_new=found.is_new(),
        supplements=found.supplements(),
    )
    read.faults += found.faults
    if not found.faults:
        read.lines.append(line)


@dataclass
class _Cells:
    """The cells of a line, and what is wrong in them."""

    row: int
    cells: dict[str, str]
    faults: list[Fault]

    def fault(self, name: str, code: str) -> None:
        self.faults.append(Fault(self.row, WITH_SUPPLEMENTS.index(name), code, self.cells[name]))

    def cents(self, name: str, *, least: int = 0) -> int | None:
        text = self.cells[name]
        if not text:
            if least:
                self.fault(name, MISSING)
            return None
        try:
            cents = cents_of(text)
        except ValueError:
            self.fault(name, NOT_MONEY)
            return None
        if not least <= cents <= MOST_CENTS:
            self.fault(name, NOT_MONEY)
        return cents

    def members(self) -> int:
        text = self.cells["members"]
        is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_MEMBERS))
        if not is_number or not 1 <= int(text) <= MOST_MEMBERS:
            self.fault("members", NOT_MEMBERS if text else MISSING)
            return 1
        return int(text)

    def day(self) -> date:
        text = self.cells["received"]
        found = _DAY.fullmatch(text)
        try:
            if found:
                return date(int(found[3]), int(found[2]), int(found[1]))
            return date.fromisoformat(text)
        except ValueError:
            self.fault("received", NOT_DAY if text else MISSING)
            return date.min

    def supplements(self) -> dict[str, int] | None:
        if SUPPLEMENTS[0] not in self.cells:
            return None
        return {kind: cents for kind in SUPPLEMENTS if (cents := self.cents(kind))}

    def is_new(self) -> bool:
        text = self.cells["new"].casefold()
        if text not in _YES | _NO:
            self.fault("new", NOT_YES)
        return text in _YES


def _check_totals(number: int, cells: dict[str, str], read: ReadFile) -> None:
    if read.faults:  # what cannot be read cannot be added up
        return
    for name in SUMS:
        told = cells[name]
        if not told:
            continue
        try:
            is_right = cents_of(told) == sum(getattr(line, f"{name}_cents") or 0 for line in read.lines)
        except ValueError:
            is_right = False
        if not is_right:
            read.faults.append(Fault(number, COLUMNS.index(name), WRONG_TOTAL, told))


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""
