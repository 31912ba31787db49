"""What changes the school holidays: the file of this release, and files of the operator."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from app.places import reference_files
from app.places.models import SchoolHoliday, State
from app.places.rules.school_holiday_file import COLUMNS, FileLine, read_lines
from app.shared.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

FILE_NAME = "school_holidays.csv"
MAX_BYTES = 1_000_000
"""A file of all Länder and ten years has about 70,000."""
SHOWN_PROBLEMS = 20
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HolidayCount:
    """How many holidays of how many Länder the file held, and how many rows were added or removed."""

    count: int
    states: int
    changed: int


def load_school_holidays(
    session: Session, *, folder: Path = reference_files.DATA_FOLDER, anew: bool = False
) -> HolidayCount:
    """Afterwards each Land has the school holidays of this release, but for those that the operator has loaded.

    With ``anew`` what the operator has loaded is replaced too.
    """
    lines = _read(session, folder / FILE_NAME)
    operators = set(session.scalars(select(SchoolHoliday.state_ags).where(SchoolHoliday.is_operators)))
    states = set(session.scalars(select(State.ags))) - (set() if anew else operators)
    changed = _store(session, lines, states=states, is_operators=False)
    return HolidayCount(len(lines), len({line.holiday.state_ags for line in lines}), changed)


def replace_school_holidays(session: Session, path: Path) -> HolidayCount:
    """Afterwards each Land that the file names has the school holidays in the file, and no others.

    Raises:
        BadInput: the file cannot be used; the message says line by line why, and nothing has changed.
    """
    lines = _read(session, path)
    states = {line.holiday.state_ags for line in lines}
    changed = _store(session, lines, states=states, is_operators=True)
    return HolidayCount(len(lines), len(states), changed)


def _read(session: Session, path: Path) -> list[FileLine]:
    """Answer the lines of the file; BadInput with every reason when it cannot be used."""
    if path.stat().st_size > MAX_BYTES:
        raise BadInput(f"{path.name} is larger than {MAX_BYTES} bytes; is it the right file?")
    try:
        rows = _rows(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} is not UTF-8; save it as “CSV UTF-8”.") from None
    except csv.Error as error:
        raise BadInput(f"{path.name} is not CSV: {error}.") from None
    lines, problems = read_lines(rows, states=set(session.scalars(select(State.ags))))
    if problems:
        more = len(problems) - SHOWN_PROBLEMS
        shown = [*problems[:SHOWN_PROBLEMS], *([f"… and {more} more."] if more > 0 else [])]
        raise BadInput("\n".join([f"Nothing was changed. Please correct {path.name}:", *shown]))
    if not lines:
        raise BadInput(f"{path.name} holds no school holidays.")
    return lines


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """Answer the rows that are not empty with their line numbers; commas or semicolons separate the columns."""
    header = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text), delimiter="," if "," in header else ";", restval="", strict=True
    )
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(f"Line 1: the columns {', '.join(missing)} are missing.")
    rows = [(reader.line_num, row) for row in reader if any(row.values())]
    for number, row in rows:
        if None in row:
            raise BadInput(f"Line {number}: has more columns than the first line.")
    return rows


def _store(
    session: Session, lines: Sequence[FileLine], *, states: Collection[str], is_operators: bool
) -> int:
    """Afterwards these Länder have exactly these holidays; answers how many rows were added or removed."""
    columns = [column for column in SchoolHoliday.__table__.columns if column.name != "id"]
    wanted = {
        _key(row): row
        for line in lines
        if (row := _row(line, is_operators=is_operators))["state_ags"] in states
    }
    stored = session.execute(select(SchoolHoliday.id, *columns).where(SchoolHoliday.state_ags.in_(states)))
    before = {_key(row): row["id"] for row in stored.mappings()}
    gone = [before[key] for key in before.keys() - wanted.keys()]
    added = [row for key, row in wanted.items() if key not in before]
    if gone:
        session.execute(delete(SchoolHoliday).where(SchoolHoliday.id.in_(gone)))
    if added:
        session.execute(insert(SchoolHoliday), added)
    return len(gone) + len(added)


def _row(line: FileLine, *, is_operators: bool) -> _Row:
    return {**line.holiday._asdict(), "source": line.source, "is_operators": is_operators}


def _key(row: Any) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("state_ags", "kind", "first_on", "last_on", "source", "is_operators"))
