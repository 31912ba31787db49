"""Which applications whoever is signed in checks: those of their regions, and of the groups of their houses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.accounts.guard import authorize, get_person
from app.accounts.rules.permissions import Scope, may
from app.clearinghouses.desk_house import houses_of
from app.funding.queries.check_queue import QueueLine, list_queue
from app.funding.queries.checks import UnderCheck, read_under_check
from app.funding.queries.conflicts import conflicts_of
from app.funding.rules.checks import ARITHMETIC, CONTENT, KINDS, STATES, WAITING, open_to
from app.funding.views.my_rounds import my_regions
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.funding.models import FundingRegion

MINE, ALL = "mine", "all"
SHOWN = (MINE, ALL, *STATES)
DOUBTS, DUPLICATES, LATE = "doubts", "duplicates", "late"
ONLY = (DOUBTS, DUPLICATES, LATE)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which lines of the queue are shown."""

    show: str = MINE
    lacks: str = ""
    only: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Filters:
        """Answer the filters of an address; what there is not counts as not given."""
        show, lacks, only = (sent.get(name, "") for name in ("show", "lacks", "only"))
        return cls(
            show if show in SHOWN else MINE, lacks if lacks in KINDS else "", only if only in ONLY else ""
        )

    def arguments(self) -> dict[str, Any]:
        """Answer them as parts of an address."""
        return {
            "show": self.show if self.show != MINE else None,
            "lacks": self.lacks or None,
            "only": self.only or None,
        }


@dataclass(frozen=True, slots=True)
class MyLine:
    """A line of the queue, what I can check of it, and why I do not decide about the group (empty: I may)."""

    line: QueueLine
    kinds: tuple[str, ...]
    conflict: str

    @property
    def is_mine(self) -> bool:
        """Whether I can check something of it now."""
        return self.line.state == WAITING and bool(self.kinds) and not self.conflict

    def fits(self, filters: Filters) -> bool:
        """Whether it is shown."""
        line = self.line
        shown = {MINE: self.is_mine, ALL: True}.get(filters.show, line.state == filters.show)
        lacks = not filters.lacks or not line.results.get(filters.lacks)
        only = {DOUBTS: bool(line.doubts), DUPLICATES: bool(line.shares), LATE: line.is_late}
        return shown and lacks and only.get(filters.only, True)


def my_lines(filters: Filters) -> list[MyLine]:
    """Answer everything that waits in my regions and for the groups of my houses, the oldest first.

    What lines share with others is known where the filters ask for it.
    """
    session, person, now = db.session(), get_person(), clock.now()
    regions = {each.id for each in my_regions("check_sums")}
    houses = {each.id for each in houses_of(session, person)}
    lines = list_queue(
        session,
        region_ids=regions,
        house_ids=houses,
        today=day_of(now),
        finds_alike=filters.only == DUPLICATES,
    )
    conflicts = conflicts_of(session, person.id, [each.group.id for each in lines], now=now)
    return [
        MyLine(
            each,
            tuple(
                open_to(
                    KINDS if each.region.id in regions else (CONTENT,),
                    each.checked_by,
                    each.results,
                    person.id,
                )
            ),
            conflicts.get(each.group.id, ""),
        )
        for each in lines
    ]


def next_after(lines: Collection[MyLine], filters: Filters, application_id: int) -> int | None:
    """Answer the application after this one that is shown, else the first; None when nothing is left."""
    ids = [each.line.application.id for each in lines]
    place = ids.index(application_id) if application_id in ids else -1
    fitting = [
        (number <= place, number, each.line.application.id)
        for number, each in enumerate(lines)
        if each.fits(filters) and each.line.application.id != application_id
    ]
    return min(fitting)[2] if fitting else None


def my_check(application_id: int) -> UnderCheck:
    """Answer an application that I check.

    Raises:
        NotFound: there is none, or I do not.
    """
    under = read_under_check(db.session(), application_id) if application_id < 2**31 else None
    if under is None:
        raise nothing_here()
    authorize("check_applications", **_where(under.found.region), clearinghouse_id=_house(under))
    return under


def my_kinds(under: UnderCheck) -> tuple[str, ...]:
    """Answer the kinds of check that I may do of it: arithmetic is the funding office's."""
    may_sums = may(get_person().actor, "check_sums", Scope(**_where(under.found.region)))
    return (CONTENT, ARITHMETIC) if may_sums else (CONTENT,)


def _where(region: FundingRegion) -> dict[str, Any]:
    return {"region_id": region.id, "state_ags": region.state_ags}


def _house(under: UnderCheck) -> int:
    return under.found.group.clearinghouse_id
