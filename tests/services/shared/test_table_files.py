"""Files from a spreadsheet that somebody sends."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from app.shared.errors import BadInput
from app.shared.table_files import MOST_ROWS, cell_name, read_table


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_member(content, name, data):
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def test_openpyxl_reads_xml_without_entities():
    assert openpyxl.DEFUSEDXML


def test_cells_are_called_as_a_spreadsheet_calls_them():
    assert [cell_name(0, 0), cell_name(6, 1), cell_name(9, 25), cell_name(0, 26)] == [
        "A1",
        "B7",
        "Z10",
        "AA1",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "a;b\n1,5;x\n\n".encode("utf-8-sig"),
        b'a,b\n"1,5",x',
        "a\tb\n1,5\tx".encode("cp1252"),
        workbook([["a", "b"], ["1,5", "x"], [None, None]]),
    ],
)
def test_csv_of_every_kind_and_workbooks_are_read_alike(content):
    assert read_table(content) == [["a", "b"], ["1,5", "x"]]


def test_numbers_days_and_empty_cells_of_a_workbook_are_text():
    rows = read_table(workbook([["a"], [1234.5, 7, date(2027, 1, 31), None, True], [], [" x "]]))
    assert rows == [["a"], ["1234.5", "7", "2027-01-31", "", "1"], [], ["x"]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"PK\x03\x04 damaged",
        b"a;b\n\x00",
        b"a;b\n" * (MOST_ROWS + 1),
        b";".join([b"x"] * 60),
        b"a\n" + b"x" * 2_000,
        workbook([["x"]])[:-30],
        with_member(workbook([["x"]]), "xl/vbaProject.bin", b"macro"),
        with_member(workbook([["x"]]), "xl/extra.xml", b'<!DOCTYPE x [<!ENTITY y "z">]>'),
        with_member(workbook([["x"]]), "xl/zeros.bin", b"\0" * (49 * 1024 * 1024)),
    ],
    ids=["empty", "blank", "damaged", "nul", "long", "wide", "cell", "cut", "macro", "entity", "bomb"],
)
def test_what_is_empty_damaged_too_large_or_dangerous_is_refused_with_a_sentence(app, content):
    with app.test_request_context(), pytest.raises(BadInput) as refused:
        read_table(content)
    assert refused.value.field == "file"
