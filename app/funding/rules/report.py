"""Reports about grants of groups: sums of requests and money, by year, region, topic or insurer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from app.funding.rules.small_counts import split_small

YEAR, REGION, TOPIC, INSURER = "year", "region", "topic", "insurer"
DIMENSIONS = (YEAR, REGION, TOPIC, INSURER)
FLAT, PROJECTS = "flat", "projects"
GRANTS = (FLAT, PROJECTS)
"""Flat grants, where the insurer is the one that leads the region; projects, where it is the one that is asked."""


def overlapping(grant: str) -> tuple[str, ...]:
    """Answer by what a group may be in several lines: years; for projects insurers, too."""
    return (YEAR,) if grant == FLAT else (YEAR, INSURER)


OTHERS = "*"
"""The key of the lines that are told together only."""
NONE = ""
"""The key of what has no topic, or no leading insurer."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums in cents, and how many: groups, their requests, those decided, given something, given nothing."""

    groups: int = 0
    requests: int = 0
    asked: int = 0
    decided: int = 0
    given: int = 0
    rejected: int = 0
    granted: int = 0
    paid: int = 0
    returned: int = 0

    def __add__(self, other: Figures) -> Figures:
        """Answer both together; groups that are in both count twice."""
        return Figures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Figures)))

    @property
    def average_asked(self) -> int | None:
        """What a request asks for on average, in whole cents."""
        return _part(self.asked, self.requests)

    @property
    def average_granted(self) -> int | None:
        """What those have on average who were given something, in whole cents."""
        return _part(self.granted, self.given)

    @property
    def rejected_permille(self) -> int | None:
        """How many of a thousand decided requests were given nothing."""
        return _part(1_000 * self.rejected, self.decided)


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of a year, region, topic or insurer, by its ``key``."""

    key: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Report:
    """The lines in their order, and all of them together; None when even that would tell of too few."""

    by: str
    lines: tuple[Line, ...]
    total: Figures | None


def whole_report(by: str, lines: Iterable[Line], *, groups: int) -> Report:
    """Answer the report for those who decide; ``groups`` is how many different ones there are in all lines."""
    kept = tuple(lines)
    return Report(by, kept, _total(kept, groups))


def guarded_report(by: str, lines: Sequence[Line], *, groups: int, grant: str = FLAT) -> Report:
    """Answer the report for others: what tells of fewer than five groups is put together, or left out."""
    split = split_small([each.figures.groups for each in lines], overlap=by in overlapping(grant))
    shown = [lines[place] for place in split.shown]
    if split.is_hidden:
        return Report(by, (), None)
    if split.together:
        gathered = sum((lines[place].figures for place in split.together), Figures())
        shown.append(Line(OTHERS, gathered))
    return Report(by, tuple(shown), _total(shown, groups))


def _total(lines: Iterable[Line], groups: int) -> Figures | None:
    together = sum((each.figures for each in lines), Figures())
    return Figures(
        **{each.name: getattr(together, each.name) for each in fields(Figures)} | {"groups": groups}
    )


def _part(cents: int, count: int) -> int | None:
    """Answer the average, halves up; None of nobody."""
    return (2 * cents + count) // (2 * count) if count else None
