"""The end of a year: it is closed once, and what is left enters the flat pots of the next year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.models import FundingYear
from app.funding.queries.contributions import CallState, called_states, open_until
from app.funding.queries.levy import duties_of
from app.funding.queries.pots import left_over, list_pots
from app.funding.queries.year_end import carried_of, closed_at, inflows, years_of_ledger
from app.funding.rules.ledger_accounts import Account
from app.funding.rules.postings import Because, carry_over
from app.funding.rules.year_end import carried_by_insurer
from app.funding.services.contributions import enter_carried
from app.funding.services.ledger import post
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.money import euro_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

Cell = tuple[str, str | None]
"""An insurer and a Land; the federal level has none."""


@dataclass(frozen=True, slots=True)
class YearEnd:
    """What was given in a year and is left of it, or was when it was closed; and what stands in the way of that.

    ``given`` and ``left`` are cents by insurer and Land; ``sources`` what is left where; ``waiting_cents`` are promised
    and not yet paid, and stay so.
    """

    year: int
    closed_at: datetime | None
    given: Mapping[Cell, int]
    left: Mapping[Cell, int]
    sources: Mapping[Account, int]
    waiting_cents: int
    open_calls: tuple[CallState, ...]
    obstacles: tuple[str, ...]

    @property
    def left_cents(self) -> int:
        """All that is left."""
        return sum(self.sources.values())

    @property
    def given_cents(self) -> int:
        """All that was given."""
        return sum(self.given.values())


def look_at_year(session: Session, year: int, *, now: datetime) -> YearEnd:
    """Answer what closing a year would do, and what stands in the way of it."""
    moved, since = inflows(session), closed_at(session, year)
    carried = (
        carried_by_insurer(left_over(session, year), moved, year=year)
        if since is None
        else carried_of(session, year)
    )
    given: Counter[Cell] = Counter()
    pots = list_pots(session, year)
    for pot in pots:
        for source, cents in moved.get(pot.account, {}).items():
            if source.insurer is not None:
                given[source.insurer, pot.account.state] += cents
    left: Counter[Cell] = Counter()
    for targets in carried.values():
        for target, cents in targets.items():
            left[target.insurer or "", target.state] += cents
    return YearEnd(
        year,
        since,
        given,
        left,
        {source: sum(targets.values()) for source, targets in carried.items()},
        sum(each.waiting for each in pots),
        tuple(open_until(session, year)),
        tuple(_obstacles(session, year, now=now)),
    )


def close_year(session: Session, year: int, *, now: datetime) -> int:
    """Answer how many cents were left; afterwards the year is closed.

    They are carried to the insurers and Länder that they came from, and are in the flat pots of the next year where
    its contributions were called.

    Raises:
        RuleBroken: the year is closed already or not over, an earlier one is open, or contributions are.
    """
    closing = insert_into(session, FundingYear).values(year=year, closed_at=now)
    closing = closing.on_conflict_do_update(
        index_elements=[FundingYear.year], set_={"closed_at": now}, where=FundingYear.closed_at.is_(None)
    )
    if not session.execute(closing.returning(FundingYear.year)).all():
        since = closed_at(session, year) or now
        raise RuleBroken(
            _(
                "%(year)s is closed already since %(day)s. Nothing has changed.",
                year=year,
                day=date_words(day_of(since)),
            ),
            code="closed_already",
        )
    # From here on nobody posts to this year before the transaction ends, and those who had begun are through.
    if obstacles := _obstacles(session, year, now=now):
        raise RuleBroken(" ".join(obstacles), code="not_yet")
    left = left_over(session, year)
    postings = [
        carry_over(
            source, target, cents, Because(f"carried/{year}/{source.name}/{target.insurer}", "year_end")
        )
        for source, targets in carried_by_insurer(left, inflows(session), year=year).items()
        for target, cents in targets.items()
    ]
    if postings:
        post(session, postings, now=now)
    enter_carried(session, year + 1, now=now)
    total = sum(left.values())
    note(session, "funding.year_closed", now=now, year=year, cents=total)
    return total


def _obstacles(session: Session, year: int, *, now: datetime) -> list[str]:
    found = []
    if day_of(now).year <= year:
        found.append(_("%(year)s is not over yet; it can be closed from 1 January.", year=year))
    years = years_of_ledger(session)
    if year not in years:
        found.append(_("Nothing was booked in %(year)s, so there is nothing to close.", year=year))
    if earlier := sorted(each for each, since in years.items() if each < year and since is None):
        found.append(_("%(earlier)s is still open. Please close it first.", earlier=earlier[0]))
    calls = open_until(session, year)
    if calls:
        found.append(
            _(
                "Contributions are open: %(cents)s, %(insurers)s. Please book what has come, or wait for it.",
                cents=euro_words(sum(each.open_cents for each in calls)),
                insurers=_some(sorted({each.insurer_name for each in calls})),
            )
        )
    if uncalled := {duty.state for duty in duties_of(session, year)} - called_states(session, year):
        found.append(
            _(
                "For %(count)s Länder the contributions of %(year)s were never called. Please call them first.",
                count=len(uncalled),
                year=year,
            )
        )
    return found


def _some(names: list[str]) -> str:
    """Answer three names and how many more there are."""
    if len(names) <= 3:
        return ", ".join(names)
    return _("%(names)s and %(count)s more", names=", ".join(names[:3]), count=len(names) - 3)
