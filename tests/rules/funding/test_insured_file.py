"""Insured by insurer and Land, from a file."""

from __future__ import annotations

import pytest

from app.funding.rules.insured_file import read_insured

HEADER = "insurer,state,insured"
RIGHT = ["AOK,05,3", "AOK,09,4", "AOK,sum,7", "TK,05,5", "TK,sum,5", "sum,05,8", "sum,09,4", "sum,sum,12"]


def read(*lines):
    return read_insured(lines, insurers={"AOK", "TK"}, states={"05", "09"})


def test_a_file_with_right_sums_is_read_with_commas_and_with_semicolons():
    expected = {("AOK", "05"): 3, ("AOK", "09"): 4, ("TK", "05"): 5}
    assert read(HEADER, *RIGHT) == expected
    assert read(*(line.replace(",", ";") for line in (HEADER, *RIGHT))) == expected
    assert read(HEADER) == {}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "Line 1: the column insurer is missing"),
        (["insurer,insured"], "Line 1: the column state is missing"),
        ([HEADER, "XY,05,3"], "Line 2, insurer: 'XY' is not known"),
        ([HEADER, "AOK,5,3"], "Line 2, state: '5' is not known"),
        ([HEADER, "AOK,05,3", "AOK,05,4"], "Line 3: AOK in 05 is there already"),
        ([HEADER, "AOK,05,0"], "Line 2, insured is 0; at least 1"),
        ([HEADER, "AOK,05,-3"], "Line 2, insured is negative: -3"),
        ([HEADER, "AOK,05,3.000"], "Line 2, insured: '3.000' is not a whole number"),
        ([HEADER, "AOK,05,--3"], "Line 2, insured: '--3' is not a whole number"),
        ([HEADER, "AOK,05,٣"], "Line 2, insured: '٣' is not a whole number"),
        ([HEADER, "AOK,05"], "Line 2, insured: '' is not a whole number"),
        ([HEADER, "AOK,05,99999999999"], "Line 2, insured is 99999999999; at most"),
        ([HEADER, *RIGHT[:2], "AOK,sum,8"], "Line 4, insured: the sum is given as 8, the lines add up to 7"),
        (
            [HEADER, *RIGHT[:-1], "sum,sum,13"],
            "Line 9, insured: the sum is given as 13, the lines add up to 12",
        ),
        ([HEADER, "A" * 200_000 + ",05,3"], "Line 2: field larger than field limit"),
        ([HEADER, "sum,09,1"], "Line 2, insured: the sum is given as 1, the lines add up to 0"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_column(lines, told):
    with pytest.raises(ValueError, match=told):
        read(*lines)
