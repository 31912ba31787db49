"""Insured by insurer and Land of residence, read from a file that carries its own sums."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable

from app.funding.rules.amounts import read_number
from app.funding.rules.levy import Cell

SUM = "sum"
"""In the place of a Land or an insurer: the line is the sum over all of them, to be checked and not to be counted."""
COLUMNS = ("insurer", "state", "insured")


def read_insured(
    lines: Iterable[str], *, insurers: Collection[str], states: Collection[str]
) -> dict[Cell, int]:
    """Answer the insured of a file with the columns ``insurer,state,insured``; a semicolon separates as well.

    A sum that the file carries must be the sum of its lines: of an insurer (state ``sum``), a Land (insurer ``sum``),
    or of all (both).

    Raises:
        ValueError: the sentence names line and column: an unknown insurer or Land, one that comes twice, a number that
            is not whole or below 1, a sum that is not what the lines add up to, or a line that is no CSV.
    """
    rows = list(lines)
    header = rows[0] if rows else ""
    reader = csv.DictReader(rows, delimiter=";" if ";" in header else ",")
    try:
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise ValueError(f"Line 1: the column {missing[0]} is missing.")
        counted, sums = _read_lines(reader, insurers=insurers, states=states)
    except csv.Error as error:
        raise ValueError(f"Line {reader.line_num + 1}: {error}.") from error
    _check_sums(counted, sums)
    return counted


def _read_lines(
    reader: csv.DictReader[str], *, insurers: Collection[str], states: Collection[str]
) -> tuple[dict[Cell, int], dict[Cell, tuple[int, int]]]:
    """Answer the counts, and the sums with their lines."""
    counted: dict[Cell, int] = {}
    sums: dict[Cell, tuple[int, int]] = {}
    for row in reader:
        line = reader.line_num
        cell = (
            _named(row["insurer"], insurers, "insurer", line),
            _named(row["state"], states, "state", line),
        )
        if cell in counted or cell in sums:
            raise ValueError(f"Line {line}: {' in '.join(cell)} is there already.")
        number = read_number(row, "insured", line, least=1)
        if SUM in cell:
            sums[cell] = line, number
        else:
            counted[cell] = number
    return counted, sums


def _named(text: str | None, known: Collection[str], column: str, line: int) -> str:
    name = (text or "").strip()
    if name != SUM and name not in known:
        raise ValueError(f"Line {line}, {column}: {name!r} is not known.")
    return name


def _check_sums(counted: dict[Cell, int], sums: dict[Cell, tuple[int, int]]) -> None:
    true: dict[Cell, int] = defaultdict(int)
    for (insurer, state), number in counted.items():
        for cell in ((insurer, SUM), (SUM, state), (SUM, SUM)):
            true[cell] += number
    for cell, (line, number) in sums.items():
        if number != true[cell]:
            raise ValueError(
                f"Line {line}, insured: the sum is given as {number}, the lines add up to {true[cell]}."
            )
