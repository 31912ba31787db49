"""An application beside that of the year before: what it says now, what it said, what the group got and held."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.funding.models import GrantRound
from app.funding.queries.applications import OpenRound, find_earlier, read_round_of
from app.funding.queries.outcomes import award_of
from app.funding.rules.application import ACCOUNT, GROUP, MONEY
from app.funding.words.applications import COSTS, summary
from app.groups.meetings.attendance import attendance_of
from app.shared.money import euro_words

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.groups.rules.attendance import Attendance


@dataclass(frozen=True, slots=True)
class Beside:
    """A fact of both years."""

    name: str
    before: str
    now: str

    @property
    def is_changed(self) -> bool:
        """Whether both years say something else."""
        return self.before != self.now


@dataclass(frozen=True, slots=True)
class LastYear:
    """The earlier application; ``award_cents`` is what the group got by it."""

    year: int
    number: str
    rows: tuple[Beside, ...]
    award_cents: int | None


def compare_with_last(session: Session, found: OpenRound) -> LastYear | None:
    """Answer an application beside the newest earlier one; None where there is none."""
    earlier = find_earlier(session, found.group.id, before=found.round.year)
    if earlier is None:
        return None
    then = read_round_of(session, found.group.id, session.get_one(GrantRound, earlier.round_id))
    facts = [
        dict(fact for page in (GROUP, MONEY, ACCOUNT) for fact in summary(each, page))
        for each in (then, found)
    ]
    costs = [_costs(each) for each in (then, found)]
    rows = [Beside(name, facts[0].get(name, ""), facts[1].get(name, "")) for name in {**facts[1], **facts[0]}]
    rows += [
        Beside(str(label), _sum(costs[0][kind]), _sum(costs[1][kind]))
        for kind, label in COSTS.items()
        if costs[0][kind] or costs[1][kind]
    ]
    award = award_of(session, found.group.id, then.round.id)
    return LastYear(then.round.year, earlier.number or "", tuple(rows), award)


def attendance_beside(session: Session, found: OpenRound, *, now: datetime) -> list[tuple[int, Attendance]]:
    """Answer how many came to the meetings of the group in the year before the funding year, and the one before."""
    years = (found.round.year - 1, found.round.year - 2)
    return [(year, attendance_of(session, found.group.id, year, now=now)) for year in years]


def _costs(found: OpenRound) -> Counter[str]:
    together: Counter[str] = Counter()
    for item in found.plan.items:
        together[item.cost.kind] += item.cost.cents_each * item.cost.pieces
    return together


def _sum(cents: int) -> str:
    return euro_words(cents) if cents else ""
