"""Files from a spreadsheet that somebody sends: CSV or XLSX, read as rows of text and never believed.

An XLSX is a packed archive of XML. Before a library opens it, it is unpacked piece by piece and counted, for what it
says of its own size can be a lie; macros, encryption and document types are refused.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from openpyxl import load_workbook

from app.shared.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_FILE_BYTES = 2_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 50
_MOST_MEMBERS = 200
_MOST_UNPACKED = 48 * 1024 * 1024
_LONGEST_CELL = 1_000
_CHUNK = 1 << 16
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, EOFError,
    NotImplementedError, RuntimeError, OSError,
)  # fmt: skip
"""What the libraries raise over an archive that is damaged or was made to do damage."""


def read_table(content: bytes) -> list[list[str]]:
    """Answer the rows of the file, of the first sheet of a workbook; empty rows stand in their place, but for the last.

    Raises:
        BadInput: with a sentence; it is empty, too large, or neither CSV nor XLSX.
    """
    rows = _read_workbook(content) if content.startswith(b"PK") else _read_csv(content)
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise BadInput(
            _("There is nothing in this file, or none was chosen. Please choose one."),
            code="empty_file",
            field="file",
        )
    return rows


def cell_name(row: int, column: int) -> str:
    """Answer what a spreadsheet calls a cell, both counted from 0: “B7”."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _read_csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise _unreadable()
    first_line = text.lstrip().split("\n", 1)[0]
    delimiter = max(";\t,", key=first_line.count)
    try:
        return _within_limits(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _unreadable() from error


def _read_workbook(content: bytes) -> list[list[str]]:
    try:
        _check_archive(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size can be a lie
            return _within_limits(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1))
        finally:
            book.close()
    except _BROKEN as error:
        raise _unreadable() from error


def _check_archive(content: bytes) -> None:
    """Do nothing when the archive holds a small workbook and nothing else."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS:
            raise _too_large()
        unpacked = 0
        for member in members:
            if member.flag_bits & _ENCRYPTED or member.filename.lower().endswith("vbaproject.bin"):
                raise BadInput(
                    _("This workbook has a password or macros. Please save it as a plain XLSX or CSV file."),
                    code="unreadable_file",
                    field="file",
                )
            before = b""
            with archive.open(member) as stream:
                while piece := stream.read(_CHUNK):
                    unpacked += len(piece)
                    if unpacked > _MOST_UNPACKED:
                        raise _too_large()
                    if b"<!DOCTYPE" in before + piece or b"<!ENTITY" in before + piece:
                        raise _unreadable()
                    before = piece[-16:]


def _within_limits(found: Iterable[Iterable[object]]) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in found:
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(rows) >= MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise _too_large()
        rows.append(cells)
    return rows


def _text(cell: object) -> str:
    """Answer a cell as text: numbers as they would be typed, days in ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    if len(text) > _LONGEST_CELL:
        raise _too_large()
    return text


def _too_large() -> BadInput:
    return BadInput(
        _(
            "This file is larger than a list can be: at most %(rows)s rows and %(columns)s columns.",
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
        ),
        code="file_too_large",
        field="file",
    )


def _unreadable() -> BadInput:
    return BadInput(
        _("This file cannot be read. Please save it as CSV (UTF-8) or XLSX and choose it again."),
        code="unreadable_file",
        field="file",
    )
