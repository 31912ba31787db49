"""Insured by insurer and Land, from a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.insured_file import (
    INSURED,
    INSURER,
    NO_COLUMN,
    NO_NUMBER,
    NOTHING,
    STATE,
    TOO_LARGE,
    TOO_MANY_CELLS,
    TOO_SMALL,
    TWICE,
    UNKNOWN,
    WRONG_SUM,
    Fault,
    read_insured,
)

HEADER = "insurer,state,insured"
RIGHT = ["aok,05,3", "aok,09,4", "aok,sum,7", "tk,05,5", "tk,sum,5", "sum,05,8", "sum,09,4", "sum,sum,12"]
CELLS = {("aok", "05"): 3, ("aok", "09"): 4, ("tk", "05"): 5}


def read(*lines):
    return read_insured(
        [line.split(";" if ";" in line else ",") for line in lines],
        insurers={"aok": "aok", "aok am meer": "aok", "tk": "tk"},
        states={"05": "05", "09": "09", "bayern": "09"},
    )


def test_a_file_with_right_sums_is_read_with_names_in_any_language_and_empty_lines():
    assert read(HEADER, *RIGHT).insured == CELLS
    assert read(HEADER, *RIGHT).faults == ()
    named = read("Krankenkasse;Land ;Versicherte", "AOK am Meer;05;3", ";;", "AOK; Bayern;4", "Summe;Summe;7")
    assert (named.insured, named.faults) == ({("aok", "05"): 3, ("aok", "09"): 4}, ())


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([], Fault(NO_COLUMN, 1, INSURER)),
        (["insurer,insured"], Fault(NO_COLUMN, 1, STATE)),
        ([HEADER], Fault(NOTHING, 2)),
        ([HEADER, "sum,09,0"], Fault(TOO_SMALL, 2, INSURED, "0")),
        ([HEADER, "XY,05,3"], Fault(UNKNOWN, 2, INSURER, "XY")),
        ([HEADER, "AOK,5,3"], Fault(UNKNOWN, 2, STATE, "5")),
        ([HEADER, "AOK,05,3", "aok,05,4"], Fault(TWICE, 3, found="aok, 05")),
        ([HEADER, "AOK,05,0"], Fault(TOO_SMALL, 2, INSURED, "0")),
        ([HEADER, "AOK,05,-3"], Fault(TOO_SMALL, 2, INSURED, "-3")),
        ([HEADER, "AOK,05,3.000"], Fault(NO_NUMBER, 2, INSURED, "3.000")),
        ([HEADER, "AOK,05,--3"], Fault(NO_NUMBER, 2, INSURED, "--3")),
        ([HEADER, "AOK,05,٣"], Fault(NO_NUMBER, 2, INSURED, "٣")),
        ([HEADER, "AOK,05"], Fault(NO_NUMBER, 2, INSURED, "")),
        ([HEADER, "AOK,05,1,000"], Fault(TOO_MANY_CELLS, 2)),
        ([HEADER, "AOK,05,100000000"], Fault(TOO_LARGE, 2, INSURED, "100000000")),
        ([HEADER, *RIGHT[:2], "AOK,sum,8"], Fault(WRONG_SUM, 4, INSURED, "8", "7")),
        ([HEADER, *RIGHT[:-1], "sum,sum,13"], Fault(WRONG_SUM, 9, INSURED, "13", "12")),
        ([HEADER, "sum,09,1"], Fault(WRONG_SUM, 2, INSURED, "1", "0")),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_column(lines, fault):
    assert read(*lines).faults == (fault,)


def test_every_fault_is_named_not_only_the_first():
    found = read(HEADER, "XY,05,0", "AOK,99,3", "AOK,05,1").faults
    assert [(fault.line, fault.column) for fault in found] == [(2, INSURER), (2, INSURED), (3, STATE)]


@given(st.lists(st.lists(st.text(max_size=20), max_size=5), max_size=5))
def test_any_table_is_read_or_refused(rows):
    found = read_insured([HEADER.split(","), *rows], insurers={"aok": "aok"}, states={"05": "05"})
    assert found.faults or all(number > 0 for number in found.insured.values())
