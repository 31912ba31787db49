"""Insured by insurer and Land of residence, read from a table that may carry its own sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.funding.rules.levy import Cell

INSURER, STATE, INSURED = "insurer", "state", "insured"
COLUMNS: dict[str, tuple[str, ...]] = {
    INSURER: ("insurer", "krankenkasse", "kasse", "zorgverzekeraar"),
    STATE: ("state", "land", "bundesland", "deelstaat"),
    INSURED: ("insured", "versicherte", "verzekerden"),
}
"""Column → how a file may call it."""
SUM = "sum"
"""In the place of a Land or an insurer: the line is the sum over all of them, to be checked and not to be counted."""
SUM_WORDS = frozenset({"sum", "summe", "som"})
MOST_INSURED = 99_999_999
"""More than people in the country is a slip of the keyboard."""

NO_COLUMN, TOO_MANY_CELLS = "no_column", "too_many_cells"
UNKNOWN, TWICE, NO_NUMBER, TOO_SMALL, TOO_LARGE = "unknown", "twice", "no_number", "too_small", "too_large"
WRONG_SUM, NOTHING = "wrong_sum", "nothing"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, and where: the line, and the column where it is about one."""

    kind: str
    line: int
    column: str = ""
    found: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class InsuredFile:
    """What a file says; only without faults it is to be used."""

    insured: Mapping[Cell, int]
    faults: tuple[Fault, ...] = ()


def read_insured(
    rows: Sequence[Sequence[str]], *, insurers: Mapping[str, str], states: Mapping[str, str]
) -> InsuredFile:
    """Answer the insured of a table with the columns insurer, state, insured, and all that is wrong with it.

    ``insurers`` and ``states`` say for each name in small letters which one is meant. A sum that the table carries must
    be the sum of its lines: of an insurer (state ``sum``), a Land (insurer ``sum``), or of all (both).
    """
    heads = [head.strip().lower() for head in (rows[0] if rows else ())]
    columns = {
        column: next((heads.index(name) for name in known if name in heads), None)
        for column, known in COLUMNS.items()
    }
    if missing := [column for column, place in columns.items() if place is None]:
        return InsuredFile({}, (Fault(NO_COLUMN, 1, missing[0]),))
    reading = _Reading({INSURER: insurers, STATE: states})
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(heads):
            reading.faults.append(Fault(TOO_MANY_CELLS, line))
            continue
        padded = [*row, *[""] * (len(heads) - len(row))]
        reading.take({column: padded[place or 0].strip() for column, place in columns.items()}, line)
    return reading.result()


class _Reading:
    """Gathers what the lines say."""

    def __init__(self, known: Mapping[str, Mapping[str, str]]) -> None:
        self.faults: list[Fault] = []
        self._known = known
        self._counted: dict[Cell, int] = {}
        self._sums: dict[Cell, tuple[int, int]] = {}

    def take(self, row: dict[str, str], line: int) -> None:
        """Afterwards the line is counted, or a sum to be checked, or a fault."""
        faults = len(self.faults)
        cell = self._name(row, INSURER, line), self._name(row, STATE, line)
        number = self._number(row, line)
        if len(self.faults) > faults:
            return
        if cell in self._counted or cell in self._sums:
            self.faults.append(Fault(TWICE, line, found=f"{cell[0]}, {cell[1]}"))
        elif SUM in cell:
            self._sums[cell] = line, number
        else:
            self._counted[cell] = number

    def result(self) -> InsuredFile:
        """Answer what was read; sums are checked once every line is right."""
        if not self.faults:
            true: dict[Cell, int] = defaultdict(int)
            for (insurer, state), number in self._counted.items():
                for cell in ((insurer, SUM), (SUM, state), (SUM, SUM)):
                    true[cell] += number
            self.faults = [
                Fault(WRONG_SUM, line, INSURED, str(number), str(true[cell]))
                for cell, (line, number) in self._sums.items()
                if number != true[cell]
            ]
        if not self.faults and not self._counted:
            self.faults = [Fault(NOTHING, 2)]
        return InsuredFile(self._counted, tuple(self.faults))

    def _name(self, row: dict[str, str], column: str, line: int) -> str:
        name = row[column]
        if name.lower() in SUM_WORDS:
            return SUM
        if name.lower() not in self._known[column]:
            self.faults.append(Fault(UNKNOWN, line, column, name))
        return self._known[column].get(name.lower(), name)

    def _number(self, row: dict[str, str], line: int) -> int:
        text = row[INSURED]
        if not (text.isascii() and text.removeprefix("-").isdigit()):
            self.faults.append(Fault(NO_NUMBER, line, INSURED, text))
            return 0
        if text.startswith("-") or not text.strip("0"):
            self.faults.append(Fault(TOO_SMALL, line, INSURED, text))
            return 0
        if len(text) > len(str(MOST_INSURED)):
            self.faults.append(Fault(TOO_LARGE, line, INSURED, text))
            return 0
        return int(text)
