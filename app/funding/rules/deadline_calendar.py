"""A calendar of deadlines: months, and what stands on a day, with the same thing of many places said once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

OPENS, EXPECTED, LAST_DAY, LAST_DAY_NEW, CHANGE_DUE, SITTING, OBJECTION_ENDS, ANSWER_DUE, CALL_DUE, PROOF_DUE = (
    "opens", "expected", "last_day", "last_day_new", "change_due",
    "sitting", "objection_ends", "answer_due", "call_due", "proof_due",
)  # fmt: skip
"""A round begins, will end by rule, ends, for new groups; a change, a sitting, objections, money, a proof is due."""
BACK_DUE = "back_due"
"""Money has to be given back."""
PROJECT_LAST_DAY, PROJECT_LAST_DAY_NEW, PROJECT_PROOF_DUE = (
    "project_last_day",
    "project_last_day_new",
    "project_proof",
)
"""Until when insurers take projects, and those of new groups; until when a project is proven."""
UNTIL_DONE = frozenset((CHANGE_DUE, ANSWER_DUE, CALL_DUE, PROOF_DUE, BACK_DUE, PROJECT_PROOF_DUE))
"""What stays to be done when its day has passed."""
KINDS = (
    OPENS,
    EXPECTED,
    LAST_DAY,
    LAST_DAY_NEW,
    CHANGE_DUE,
    SITTING,
    OBJECTION_ENDS,
    ANSWER_DUE,
    CALL_DUE,
    PROOF_DUE,
    BACK_DUE,
    PROJECT_LAST_DAY,
    PROJECT_LAST_DAY_NEW,
    PROJECT_PROOF_DUE,
)
_MONTH = re.compile(r"(\d{4})-(\d{2})")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due on a day: its kind, the funding year, and of whom or where (``names``, by name).

    ``key`` tells it from others of the same kind on other days; ``cents`` is a sum that is due, ``path`` the page on
    which it is done.
    """

    on: date
    kind: str
    year: int
    names: tuple[str, ...]
    key: str
    cents: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a calendar."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.moved(1).first

    def moved(self, months: int) -> Month:
        """Answer the month so many later."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    @property
    def text(self) -> str:
        """The month as addresses have it: ``2026-11``."""
        return f"{self.year}-{self.number:02}"


def month_from(text: str) -> Month | None:
    """Answer the month that a text such as ``2026-11`` names; None when it names none from 2000 to 2099."""
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or not FIRST_YEAR <= int(found[1]) < LAST_YEAR:
        return None
    return Month(int(found[1]), int(found[2]))


def month_of(day: date) -> Month:
    """Answer the month of a day."""
    return Month(day.year, day.month)


def gathered(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """Answer the deadlines in order of their days and kinds; the same thing on the same day in many places is one.

    Its names are those of all, its sum is theirs together, its page is kept where they all have the same.
    """
    found: dict[tuple[date, int, int], Deadline] = {}
    for each in sorted(deadlines, key=lambda one: (one.on, KINDS.index(one.kind), one.year, one.names)):
        key = (each.on, KINDS.index(each.kind), each.year)
        had = found.get(key)
        if had is None:
            found[key] = each
            continue
        names = had.names + tuple(name for name in each.names if name not in had.names)
        path = had.path if had.path == each.path else ""
        found[key] = replace(had, names=names, cents=had.cents + each.cents, path=path)
    return list(found.values())
