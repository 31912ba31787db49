"""Drafts and last year's result beside one another: the columns and rows of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.funding.rules.comparison import (
    Changes,
    Outcome,
    Sums,
    changes,
    fully_met,
    largest_gap_cents,
    sums_by,
    sums_of,
    watched_sums,
)
from app.funding.rules.division import Tier, rules_of
from app.funding.rules.fairness import Fairness, fairness, lorenz

if TYPE_CHECKING:
    from app.funding.pages.trials import Trial
    from app.funding.queries.applicants import Result

PAST = "past"


@dataclass(frozen=True)
class Column:
    """One draft that has a result, or the result of an earlier round (``look`` is ``PAST``), with its figures."""

    look: str
    outcomes: Sequence[Outcome]
    leftover_cents: int
    reserve_cents: int
    unit_cents: int
    tiers: Sequence[Tier]

    @property
    def is_draft(self) -> bool:
        """Whether it is a draft."""
        return self.look != PAST

    @cached_property
    def awards_cents(self) -> dict[int, int]:
        """What each group that is part of it gets."""
        return {each.group_id: each.award_cents for each in self.outcomes}

    @cached_property
    def figures(self) -> Fairness:
        """How even it is."""
        return fairness(self.awards_cents.values())

    @cached_property
    def curve(self) -> Sequence[tuple[Fraction, Fraction]]:
        """The Lorenz curve of the awards."""
        return lorenz(self.awards_cents.values())

    @cached_property
    def fully_met(self) -> int:
        """How many groups get all they asked for."""
        return fully_met(self.outcomes)

    @cached_property
    def changes(self) -> Changes:
        """How it differs from last year."""
        return changes(self.outcomes)

    @cached_property
    def gap_cents(self) -> int:
        """How far groups with equal limits are apart at most."""
        return largest_gap_cents(self.outcomes)

    @cached_property
    def watched(self) -> dict[str, Sums]:
        """Small groups, rare conditions, new groups."""
        return watched_sums(self.outcomes)

    @cached_property
    def everybody(self) -> Sums:
        """All groups together."""
        return sums_of(self.outcomes, given_cents=self.figures.total_cents)

    @cached_property
    def by_topic(self) -> dict[str, Sums]:
        """The sums of each main topic."""
        return sums_by(self.outcomes, lambda each: each.facts.topic)

    @cached_property
    def by_district(self) -> dict[str, Sums]:
        """The sums of each district."""
        return sums_by(self.outcomes, lambda each: each.facts.district)


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of group, and its sums in each column; ``asked`` are those of a draft, since all drafts ask alike."""

    key: Any
    asked: Sums
    sums: Sequence[Sums | None]
    together: int = 1
    """How many kinds are in this row; more than one in the last, when there are too many to show."""


def column_of(trial: Trial) -> Column | None:
    """Answer the column of a draft; None when it has no result."""
    division = trial.division
    if division is None or division.stopped:
        return None
    rules = trial.form.to_rules()
    return Column(
        look=trial.letter,
        outcomes=trial.outcomes,
        leftover_cents=division.leftover_cents,
        reserve_cents=division.reserve_cents,
        unit_cents=rules.unit_cents,
        tiers=rules.tiers,
    )


def column_of_result(result: Result) -> Column:
    """Answer the column of what was posted."""
    rules = rules_of(result.run.rules)
    return Column(
        look=PAST,
        outcomes=result.outcomes,
        leftover_cents=result.run.leftover_cents,
        reserve_cents=result.run.reserve_cents,
        unit_cents=rules.unit_cents,
        tiers=rules.tiers,
    )


def rows_by(
    columns: Sequence[Column], kinds: Callable[[Column], Mapping[Any, Sums]], *, most: int = 0
) -> list[Row]:
    """Answer a row for each kind of group, the one that asks for most first; the smallest in one when over ``most``."""
    found = [kinds(column) for column in columns]
    drafts = [each for each, column in zip(found, columns, strict=True) if column.is_draft] or found
    asked = {key: sums for each in reversed(drafts) for key, sums in each.items()}
    keys = sorted(asked, key=lambda key: (-asked[key].requested_cents, str(key)))
    few = keys if not most or len(keys) <= most + 1 else keys[:most]
    rows = [Row(key, asked[key], [each.get(key) for each in found]) for key in few]
    rest = keys[len(few) :]
    if rest:
        together = [_together([each[key] for key in rest if key in each]) for each in found]
        rows.append(Row(None, _together([asked[key] for key in rest]), together, len(rest)))
    return rows


def _together(some: Sequence[Sums]) -> Sums:
    return Sums(
        groups=sum(each.groups for each in some),
        requested_cents=sum(each.requested_cents for each in some),
        awarded_cents=sum(each.awarded_cents for each in some),
        share=sum((each.share for each in some), Fraction(0)),
        with_nothing=sum(each.with_nothing for each in some),
    )
