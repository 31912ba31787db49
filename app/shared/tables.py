"""Lists as files for a spreadsheet: CSV and XLSX from the same columns and rows."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from babel.numbers import format_decimal
from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.shared.languages import current_locale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | date | Decimal | None
"""A decimal is written with two places, as sums of money are."""
CSV = "csv"
XLSX = "xlsx"
_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_TITLE = 31
_WIDEST = 60


def table_response(
    kind: str, *, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Response:
    """Answer the list as a file ``name.csv`` or ``name.xlsx`` to be stored.

    Raises:
        KeyError: it is to be another kind of file.
    """
    content_type = _TYPES[kind]
    body = to_csv(columns, rows) if kind == CSV else to_xlsx(name, columns, rows)
    response = Response(body, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return response


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Answer the list as spreadsheets in Europe read it by a double click: UTF-8 with its mark, semicolons.

    A text that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection).
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Answer the list as a workbook of one sheet: dates and numbers are such, texts are never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:_LONGEST_TITLE])
    kept = [list(row) for row in rows]
    for number, column in enumerate(columns):
        longest = max((len(str(row[number] or "")) for row in kept), default=0)
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(
            _WIDEST, max(len(column), longest) + 2
        )
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, value=column) for column in columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in kept:
        sheet.append([_workbook_cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(kept) + 1}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _plain(cell: Cell) -> str:
    """Answer a cell as text."""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):  # as spreadsheets read it as a number where the page's language is spoken
        return str(format_decimal(cell, "0.00", locale=current_locale()))
    if isinstance(cell, int) or cell is None:
        return "" if cell is None else str(cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _workbook_cell(sheet: WriteOnlyWorksheet, value: Cell) -> object:
    if isinstance(value, Decimal):
        number = WriteOnlyCell(
            sheet, value=cast("float", value)
        )  # openpyxl takes decimals and says it does not
        number.number_format = "#,##0.00"
        return number
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=_NOT_IN_XML.sub("", value))
    cell.data_type = "s"  # else what begins with = would be a formula
    return cell
