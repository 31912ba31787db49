"""A project of a group: its pages, its plan of costs and financing, what speaks for and against it, how it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.funding.rules.amounts import whole, whole_each
from app.funding.rules.apportion import apportion
from app.funding.rules.counted_costs import NEVER_COUNTS, Cost
from app.funding.rules.eligibility import AGAINST, DOUBLE_FUNDING, FOR, MISSING, WARNING, Assessment, Reason

GOALS, FRAME, MONEY, ACCOUNT, PEOPLE = "goals", "frame", "money", "account", "people"
PAGES = (GOALS, FRAME, MONEY, ACCOUNT, PEOPLE)
DRAFT, SUBMITTED, GAP, CHANGING = "draft", "submitted", "gap", "changing"
DECIDED, WITHDRAWN = "decided", "withdrawn"
"""``GAP``: all have decided, somebody declined, and the group has to say how the rest is paid. ``CHANGING``: the group
writes a new version of what it had submitted; nobody decides meanwhile.
"""
OPEN, AGREED, PART, DECLINED = "open", "agreed", "part", "declined"
VERDICTS = (OPEN, AGREED, PART, DECLINED)
APPROVED, REJECTED = "approved", "rejected"
"""How a project ends, besides ``PART``."""
POOL = "pool"
"""Who is asked when insurers of a Land give the money of their projects together."""
NOT_BEGUN, ALL_MONEY, DUTIES = "not_begun", "all_money", "duties"
STATEMENTS = (NOT_BEGUN, ALL_MONEY, DUTIES)
"""What both who sign declare."""
PAPER_KINDS = ("cost_estimate", "programme", "statutes")
"""What a group can add; a form signed by hand comes with the signatures."""
RULE_VERSION = 3
"""Goes up whenever the same facts would give other reasons."""
_PRACTICE = "GKV-Selbsthilfeförderung Niedersachsen, Bremen"
_NOT_BEGUN = "KISS Stuttgart; Selbsthilfekontaktstelle Lüneburg; GKV-Selbsthilfeförderung Niedersachsen"


@dataclass(frozen=True, slots=True)
class FinancePlan:
    """What a project costs and who pays; ``asked`` is the sum that each insurer, or the pool, is asked for."""

    costs: tuple[Cost, ...] = ()
    own_cents: int = 0
    others_cents: int = 0
    asked: Mapping[str, int] = field(default_factory=dict)

    @property
    def total_cents(self) -> int:
        """All costs."""
        return sum(each.cents_each * each.pieces for each in self.costs)

    @property
    def fundable_cents(self) -> int:
        """All costs but those that insurers never pay for."""
        return sum(each.cents_each * each.pieces for each in self.costs if each.kind not in NEVER_COUNTS)

    @property
    def asked_cents(self) -> int:
        """What all insurers together are asked for."""
        return sum(self.asked.values())

    @property
    def gap_cents(self) -> int:
        """What nobody pays yet; below zero: what is too much."""
        return self.total_cents - self.own_cents - self.others_cents - self.asked_cents

    @property
    def is_balanced(self) -> bool:
        """Whether costs and financing are the same, and insurers are asked for nothing that they never pay."""
        return self.gap_cents == 0 and 0 < self.asked_cents <= self.fundable_cents


def make_plan(
    costs: Iterable[Cost], *, own_cents: int, others_cents: int, asked: Mapping[str, int]
) -> FinancePlan:
    """Answer the plan.

    Raises:
        ValueError: a sum that cannot be.
    """
    whole(own_cents, "The group's own money")
    whole(others_cents, "The money of others")
    whole_each(asked, "What {} is asked for")
    return FinancePlan(tuple(costs), own_cents, others_cents, dict(asked))


def plan_of(values: Mapping[str, Any] | None) -> FinancePlan:
    """Answer the plan of a page about money as it is stored; an empty one where nothing is."""
    if values is None:
        return FinancePlan()
    return make_plan(
        [Cost(each["kind"], each["cents"], each["pieces"]) for each in values["costs"]],
        own_cents=values["own"],
        others_cents=sum(each["cents"] for each in values["others"]),
        asked={each["kind"]: each["cents"] for each in values["asked"]},
    )


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What is known of a project on the day ``on``; ``late_for`` names insurers whose last day is over."""

    on: date
    in_disease_list: bool
    is_described: bool
    """Goals, methods, steps, target group and signs of success are all there."""
    begins_on: date | None
    is_yearly: bool
    members_agree: bool
    plan: FinancePlan | None
    """None while there is none that can be read."""
    has_own_account: bool
    signatures: int
    """How many different people have signed it."""
    statements: frozenset[str] = field(default_factory=frozenset)
    other_grants: frozenset[str] = field(default_factory=frozenset)
    late_for: frozenset[str] = field(default_factory=frozenset)
    owes_proof: bool = False
    """The proof of an earlier project is due and has not come."""


def has_begun(begins_on: date, on: date) -> bool:
    """Answer whether a project is not fundable any more: it begins on the day of its request or before."""
    return begins_on <= on


def last_day_to_ask(begins_on: date | None, last_days: Iterable[date | None], on: date) -> date | None:
    """Answer until when a project is to be submitted, seen from a day: before it begins, and before anybody closes.

    ``last_days`` are those of the insurers that are asked, None: all year; days that are over no longer count.
    """
    days = [each for each in last_days if each is not None]
    if begins_on is not None:
        days.append(begins_on - timedelta(days=1))
    return min((each for each in days if each >= on), default=None)


def assess_project(facts: ProjectFacts) -> Assessment:
    """Answer every reason for and against a project.

    Sources: domain dossier § 4, from pages of the insurers and clearing houses named with each reason; § 45d SGB XI.
    """
    return Assessment((*_of_project(facts), *_of_money(facts)), RULE_VERSION)


def _of_project(facts: ProjectFacts) -> Iterator[Reason]:
    yield _either(
        facts.in_disease_list, "disease_listed", AGAINST, "Krankheitsverzeichnis, Leitfaden Anlage 2"
    )
    yield _either(facts.is_described, "project_described", MISSING, _PRACTICE)
    if facts.begins_on is None:
        yield Reason("no_begin", MISSING, _NOT_BEGUN)
    else:
        yield _either(not has_begun(facts.begins_on, facts.on), "yet_to_begin", AGAINST, _NOT_BEGUN)
    yield _either(facts.members_agree, "members_agree", MISSING, _PRACTICE)
    if facts.is_yearly:
        yield Reason("recurs_yearly", WARNING, _PRACTICE)
    for insurer in sorted(facts.late_for):
        yield Reason(f"late_for:{insurer}", WARNING, "Antragsfristen der Krankenkassen")
    yield _either(facts.signatures >= 2, "two_signatures", MISSING, "Leitfaden Selbsthilfeförderung A.5.3")
    if facts.owes_proof:
        yield Reason("owes_project_proof", WARNING, "Leitfaden Selbsthilfeförderung A.5.3")
    declared = set(STATEMENTS) <= facts.statements
    yield _either(declared, "project_declared", MISSING, "Leitfaden Selbsthilfeförderung A.5.3")


def _of_money(facts: ProjectFacts) -> Iterator[Reason]:
    plan = facts.plan
    if plan is None or not plan.costs:
        yield Reason(
            "no_financing_plan", MISSING, "GKV-Selbsthilfeförderung Niedersachsen; § 45 SGB IX (Haufe)"
        )
    else:
        yield _either(plan.is_balanced, "plan_balanced", MISSING, "GKV-Selbsthilfeförderung Niedersachsen")
        if plan.fundable_cents < plan.total_cents:
            yield Reason("costs_never_funded", WARNING, _PRACTICE)
        if not plan.own_cents and not plan.others_cents:
            yield Reason("no_own_share", WARNING, "GKV-Selbsthilfeförderung Bayern")
    yield _either(facts.has_own_account, "own_account", MISSING, "Leitfaden Selbsthilfeförderung A.5.3")
    if DOUBLE_FUNDING in facts.other_grants:
        yield Reason("double_funding", WARNING, "§ 45d SGB XI")


def _either(holds: bool, code: str, otherwise: str, source: str) -> Reason:  # noqa: FBT001 - the fact itself
    return Reason(code if holds else f"not_{code}", FOR if holds else otherwise, source)


@dataclass(frozen=True, slots=True)
class Share:
    """What one insurer was asked for, and what it decided; ``cents`` is what it gives."""

    asked_cents: int
    verdict: str = OPEN
    cents: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: the sum does not fit the verdict.
        """
        whole(self.asked_cents, "What is asked for", least=1)
        whole(self.cents, "What is given")
        fits = {
            OPEN: self.cents == 0,
            AGREED: self.cents == self.asked_cents,
            PART: 0 < self.cents < self.asked_cents,
            DECLINED: self.cents == 0,
        }
        if not fits.get(self.verdict, False):
            raise ValueError(f"{self.verdict!r} with {self.cents} of {self.asked_cents} cannot be.")


def outcome(shares: Sequence[Share]) -> str:
    """Answer what follows from the shares: ``OPEN``, ``APPROVED``, ``PART``, ``REJECTED``, or ``GAP``.

    A gap is there when somebody gives and somebody declines: what is given is of no use until the group says how the
    rest is paid. Who gives less knows what it is for, so that is a decision.
    """
    verdicts = {each.verdict for each in shares}
    if not shares or OPEN in verdicts:
        return OPEN
    if verdicts == {DECLINED}:
        return REJECTED
    if DECLINED in verdicts:
        return GAP
    return APPROVED if verdicts == {AGREED} else PART


def draw_from_pool(cents: int, free: Mapping[str, int], *, seed: str) -> dict[str, int] | None:
    """Answer what each insurer of a pool gives of a sum, in proportion to what it has free; None: it is not there.

    Nobody gives more than is free; those that give nothing are not there.
    """
    whole_each(free, "What {} has free")
    if whole(cents, "The sum", least=1) > sum(free.values()):
        return None
    return {insurer: part for insurer, part in apportion(cents, free, seed=seed).items() if part}
