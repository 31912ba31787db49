"""The duties of a year added up: by Land with the shares of the levels, by insurer, and all together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.funding.rules.level_plan import LEVELS, LevelPlan, split_flat
from app.funding.rules.levy import Cell, Duty

BIG_PER_CENT = 10
"""A change of insured by more than this is looked at twice."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is due of a Land, an insurer, or of all; ``levels`` is None where no plan says which level gets what."""

    key: str
    insured: int
    total_cents: int
    flat_cents: int
    project_cents: int
    levels_cents: Mapping[str, int] | None = None


def by_state(duties: Iterable[Duty], plans: Mapping[str, LevelPlan]) -> list[Line]:
    """Answer a line for each Land: its flat grants are split over the levels in one go, to the cent."""
    lines = []
    for state, own in sorted(_grouped(duties, "state").items()):
        flat = sum(duty.split.flat_cents for duty in own)
        levels = split_flat(flat, plans[state]) if state in plans else None
        lines.append(_line(state, own, levels))
    return lines


def by_insurer(duties: Iterable[Duty]) -> dict[str, Line]:
    """Answer a line for each insurer."""
    return {insurer: _line(insurer, own) for insurer, own in _grouped(duties, "insurer").items()}


def together(key: str, lines: Sequence[Line]) -> Line:
    """Answer the sum of lines; the levels of those that have a plan, None when none has."""
    planned = [line.levels_cents for line in lines if line.levels_cents is not None]
    return Line(
        key,
        sum(line.insured for line in lines),
        sum(line.total_cents for line in lines),
        sum(line.flat_cents for line in lines),
        sum(line.project_cents for line in lines),
        {level: sum(levels[level] for levels in planned) for level in LEVELS} if planned else None,
    )


def _grouped(duties: Iterable[Duty], attribute: str) -> dict[str, list[Duty]]:
    grouped: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        grouped[getattr(duty, attribute)].append(duty)
    return grouped


def _line(key: str, duties: Sequence[Duty], levels: Mapping[str, int] | None = None) -> Line:
    return Line(
        key,
        sum(duty.insured for duty in duties),
        sum(duty.total_cents for duty in duties),
        sum(duty.split.flat_cents for duty in duties),
        sum(duty.split.project_cents for duty in duties),
        levels,
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar: where it begins and how wide it is."""

    start: int
    width: int


def pieces(parts: Sequence[int], width: int) -> list[Piece]:
    """Answer a bar cut in proportion to its parts: no gap, nothing left, each end off by less than one."""
    whole, done, answer = sum(parts), 0, []
    for part in parts:
        start, done = done * width // whole, done + part
        answer.append(Piece(start, done * width // whole - start))
    return answer


@dataclass(frozen=True, slots=True)
class Change:
    """Insured before and after; 0 is none at all."""

    key: Cell | str
    before: int
    after: int

    @property
    def per_mille(self) -> int | None:
        """The change in whole per mille, cut off towards nothing; None from nothing."""
        if not self.before:
            return None
        size = 1_000 * abs(self.after - self.before) // self.before
        return size if self.after >= self.before else -size

    @property
    def is_big(self) -> bool:
        """Whether it is more than `BIG_PER_CENT` of what was before, or begins or ends."""
        return 100 * abs(self.after - self.before) > BIG_PER_CENT * self.before or not self.after


def changes(before: Mapping[Cell, int], after: Mapping[Cell, int]) -> list[Change]:
    """Answer the change of every insurer in every Land that is in one of the two."""
    cells = sorted(before.keys() | after.keys())
    return [Change(cell, before.get(cell, 0), after.get(cell, 0)) for cell in cells]


def changes_by_insurer(before: Mapping[Cell, int], after: Mapping[Cell, int]) -> list[Change]:
    """Answer the change of every insurer over all Länder."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for position, cells in enumerate((before, after)):
        for (insurer, _state), insured in cells.items():
            sums[insurer][position] += insured
    return [Change(insurer, *sums[insurer]) for insurer in sorted(sums)]
