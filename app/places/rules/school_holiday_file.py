"""What a file of school holidays says, and what is wrong with it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from app.places.rules.free_days import SCHOOL_HOLIDAY_NAMES, SchoolHoliday

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

COLUMNS = ("state_ags", "kind", "first_on", "last_on")
"""Columns that a file must have; ``source`` may be missing."""
LONGEST_DAYS = 70
"""No holidays are longer; a mistyped year is."""
EARLIEST = date(1990, 1, 1)
LATEST = date(2099, 12, 31)


class FileLine(NamedTuple):
    """A line of the file that can be used, with its number as an editor shows it."""

    number: int
    holiday: SchoolHoliday
    source: str


def read_lines(
    rows: Iterable[tuple[int, Mapping[str, str]]], *, states: Collection[str]
) -> tuple[list[FileLine], list[str]]:
    """Answer the lines that can be used, and a sentence for each that cannot; ``rows`` are numbered lines.

    A Land may have lost its zero to a spreadsheet. Lines of one Land may not share a day.
    """
    lines: list[FileLine] = []
    problems: list[str] = []
    for number, row in rows:
        try:
            lines.append(FileLine(number, _holiday(row, states), row.get("source", "").strip()))
        except ValueError as problem:
            problems.append(f"Line {number}: {problem}")
    lines.sort(key=lambda line: (line.holiday.state_ags, line.holiday.first_on, line.number))
    return lines, problems + _overlaps(lines)


def _holiday(row: Mapping[str, str], states: Collection[str]) -> SchoolHoliday:
    state, kind = row["state_ags"].strip().zfill(2), row["kind"].strip()
    if state not in states:
        raise ValueError(f"state_ags “{row['state_ags']}” is not the key of a Land, such as 05.")
    if kind not in SCHOOL_HOLIDAY_NAMES:
        raise ValueError(f"kind “{kind}” must be one of {', '.join(SCHOOL_HOLIDAY_NAMES)}.")
    first, last = _day(row, "first_on"), _day(row, "last_on")
    if last < first:
        raise ValueError(f"last_on {last} is before first_on {first}.")
    if (last - first).days >= LONGEST_DAYS:
        raise ValueError(f"{first} to {last} is longer than {LONGEST_DAYS} days; look at the years.")
    return SchoolHoliday(state, kind, first, last)


def _day(row: Mapping[str, str], column: str) -> date:
    text = row[column].strip()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{column} “{text}” is not a date; write it as 2027-07-19.") from None
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"{column} {day} must be between {EARLIEST.year} and {LATEST.year}.")
    return day


def _overlaps(lines: list[FileLine]) -> list[str]:
    """Answer a sentence for each line that begins before an earlier one of its Land has ended."""
    problems = []
    longest: FileLine | None = None
    for line in lines:
        if longest is None or longest.holiday.state_ags != line.holiday.state_ags:
            longest = line
        elif line.holiday.first_on <= longest.holiday.last_on:
            later, earlier = max(line.number, longest.number), min(line.number, longest.number)
            problems.append(f"Line {later}: shares a day with line {earlier}; join them or correct one.")
        if line.holiday.last_on >= longest.holiday.last_on:
            longest = line
    return problems
