"""What a round would give by other rules: everything that the page and the files of a trial are made from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from app.funding.forms.division import MOST_MEMBERS
from app.funding.pages.charts import Histogram, Lorenz, histogram, lorenz_curves
from app.funding.pages.comparing import Column, Row, column_of, column_of_result, rows_by
from app.funding.pages.trials import Trial, read_trials
from app.funding.queries.applicants import Asker, Result, district_names, find_last_result, list_askers
from app.funding.queries.rounds import RoundState, read_round
from app.funding.rules.comparison import WATCHED, sums_by_tier
from app.funding.rules.division import DivisionRules, rules_of
from app.funding.rules.fairness import fairness, lorenz, reached
from app.funding.rules.grant_round import LATE, WITHDRAWN
from app.funding.rules.histogram import Bins, bins_for
from app.groups.catalogue import get_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

    from app.funding.models import GrantRound

MOST_ROWS = 15
USUAL = DivisionRules(reserve_percent=5)
"""Where a first draft begins when nothing was ever posted in a region."""


@dataclass(frozen=True)
class Comparison:
    """The drafts of an address, and what was posted before, beside one another."""

    state: RoundState
    askers: Mapping[int, Asker]
    trials: Sequence[Trial]
    past: Result | None
    topic_names: Mapping[str, str]
    district_names: Mapping[str, str]

    @cached_property
    def drafts(self) -> list[Column]:
        """The drafts that have a result."""
        return [column for trial in self.trials if (column := column_of(trial))]

    @cached_property
    def columns(self) -> list[Column]:
        """All that is compared: what was posted before, then the drafts."""
        before = [column_of_result(self.past)] if self.past else []
        return before + self.drafts

    @property
    def asking(self) -> int:
        """How many groups the money is for: in a first round, late ones wait for the next."""
        waits = (LATE, WITHDRAWN) if self.state.number == 1 else (WITHDRAWN,)
        return sum(1 for each in self.state.requests if each.standing not in waits)

    @cached_property
    def requested_cents(self) -> list[int]:
        """What the groups ask for that are part of the drafts."""
        return [each.requested_cents for each in self.drafts[0].outcomes] if self.drafts else []

    @cached_property
    def bins(self) -> Bins:
        """The bins in which sums are counted."""
        return bins_for(self.requested_cents)

    @cached_property
    def counts(self) -> tuple[Sequence[int], list[Sequence[int]]]:
        """How many groups ask for, and in each draft get, a sum in each bin."""
        bins = self.bins
        return bins.counts(self.requested_cents), [
            bins.counts(list(each.awards_cents.values())) for each in self.drafts
        ]

    @property
    def histogram(self) -> Histogram:
        """The picture of that."""
        return histogram(self.bins.starts_cents, *self.counts)

    @cached_property
    def requests_curve(self) -> Sequence[tuple[Fraction, Fraction]]:
        """The Lorenz curve of the requests."""
        return lorenz(self.requested_cents)

    @property
    def lorenz(self) -> Lorenz:
        """The picture of the Lorenz curves: the requests first, then the columns."""
        return lorenz_curves([self.requests_curve, *(each.curve for each in self.columns)])

    @property
    def lorenz_rows(self) -> list[tuple[Fraction, list[Fraction]]]:
        """For each tenth of the groups, those with least first: what part they have of requests and of awards."""
        curves = [self.requests_curve, *(each.curve for each in self.columns)]
        return [
            (Fraction(tenth, 10), [reached(curve, Fraction(tenth, 10)) for curve in curves])
            for tenth in range(1, 10)
        ]

    @cached_property
    def requests_gini(self) -> Fraction:
        """How uneven the requests are."""
        return fairness(self.requested_cents).gini

    @property
    def tiers(self) -> list[Row]:
        """The sums of groups by members, as the tiers of all columns part them; the smallest groups first."""
        starts = [tier.least_members for column in self.columns for tier in column.tiers]
        rows = rows_by(self.columns, lambda each: sums_by_tier(each.outcomes, starts))
        return sorted(rows, key=lambda row: (row.key[0], row.key[1] or MOST_MEMBERS))

    def topics(self, most: int = MOST_ROWS) -> list[Row]:
        """Answer the sums of each main topic."""
        return rows_by(self.columns, lambda each: each.by_topic, most=most)

    def districts(self, most: int = MOST_ROWS) -> list[Row]:
        """Answer the sums of each district."""
        return rows_by(self.columns, lambda each: each.by_district, most=most)

    @property
    def watched(self) -> list[Row]:
        """The sums of small groups, rare conditions and new groups."""
        return [
            Row(kind, self.drafts[0].watched[kind], [each.watched[kind] for each in self.columns])
            for kind in WATCHED
        ]


def compare(session: Session, found: GrantRound, args: MultiDict[str, str], *, language: str) -> Comparison:
    """Answer the drafts of an address, reckoned for a round as it stands now; nothing is stored."""
    state = read_round(session, found.id)
    region, year = state.region.slug, found.year
    last_year = find_last_result(session, region, year - 1)
    past = find_last_result(session, region, year) or last_year
    askers = list_askers(session, found.id, last_year.awards_cents if last_year else {})
    facts = {group_id: asker.facts for group_id, asker in askers.items()}
    return Comparison(
        state=state,
        askers=askers,
        trials=read_trials(args, state, _usual(past), facts),
        past=past,
        topic_names={
            slug: topic.names.get(language) or topic.names["de"]
            for slug, topic in get_catalogue(session).by_slug.items()
        },
        district_names=district_names(session, {each.district for each in facts.values()}),
    )


def _usual(past: Result | None) -> DivisionRules:
    """Answer the rule of the last division; where people decided one by one there is none."""
    rules = rules_of(past.run.rules) if past else USUAL
    return rules if rules.sitting_on is None else USUAL
