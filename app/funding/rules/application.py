"""What a group writes when it applies for a flat grant: its pages, its plan of money, its number."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.funding.rules.amounts import whole
from app.funding.rules.counted_costs import Cost, Counted, count
from app.funding.rules.region_rules import RegionRules

GROUP, MONEY, ACCOUNT, DECLARATIONS = "group", "money", "account", "declarations"
PAGES = (GROUP, MONEY, ACCOUNT, DECLARATIONS)
DRAFT, SUBMITTED, WITHDRAWN = "draft", "submitted", "withdrawn"
MINUTES = "founding_minutes"
PAPER_KINDS = (MINUTES, "statutes")
"""What a group can add; a form signed by hand comes with the signatures."""
SIGNED_FORM = "signed_form"
UNPAID, INDEPENDENT, ALL_MONEY, DUTIES = "unpaid", "independent", "all_money", "duties"
STATEMENTS = (UNPAID, INDEPENDENT, ALL_MONEY, DUTIES)
"""What both signers declare."""
NOBODY_LEADS, GUESTS, LED = "none", "guests", "led"
"""Professionals in the group: none, as guests now and then, or they lead it."""
PROOF = "proof"
PAGE_OF_REASON = {
    **dict.fromkeys(
        ("enough_members", "meets_regularly", "open_to_new", "self_managed", "old_enough"), GROUP
    ),
    "offer_published": GROUP,
    "own_account": ACCOUNT,
    **dict.fromkeys(("unpaid", "independent", "duties_accepted", "founding_minutes"), DECLARATIONS),
    "proof_delivered": PROOF,
}
"""A reason of ``rules/eligibility.py`` → the page that it follows from; what speaks against begins with ``not_``."""
LEAST_MEETINGS = 4
"""Meetings a year from which a group is taken to meet regularly; the Leitfaden wants continuity and names no number."""
MOST_TYPED_CENTS = 10_000_000
"""The most that one item of a group's plan may be: 100,000 euros; more is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Income and expenditure of a group's year; what it asks for follows from the rest.

    ``gap_cents`` is what nobody pays yet; below zero there is more income than costs.
    """

    items: tuple[Counted, ...]
    own_cents: int
    others_cents: int
    requested_cents: int

    @property
    def total_cents(self) -> int:
        """All costs, whether they count or not."""
        return sum(each.cost.cents_each * each.cost.pieces for each in self.items)

    @property
    def counted_cents(self) -> int:
        """What the grant may be used for."""
        return sum(each.cents for each in self.items)

    @property
    def gap_cents(self) -> int:
        """What is missing; below zero: what is too much."""
        return self.total_cents - self.own_cents - self.others_cents - self.requested_cents

    @property
    def others_counted_cents(self) -> int:
        """What others give for costs that count; money that is there pays first for what does not count."""
        return min(self.others_cents, self.counted_cents - self.requested_cents)

    @property
    def own_counted_cents(self) -> int:
        """What the group itself gives for costs that count, so that own, others' and the grant pay all of them."""
        return self.counted_cents - self.requested_cents - self.others_counted_cents

    @property
    def adds_up(self) -> bool:
        """Whether income and costs are the same and something is asked for."""
        return self.gap_cents == 0 and self.requested_cents > 0


def make_plan(costs: Iterable[Cost], *, own_cents: int, others_cents: int, rules: RegionRules) -> Plan:
    """Answer the plan: asked for is what own and others' money leave open, at most what counts.

    Raises:
        ValueError: a sum or kind that cannot be.
    """
    whole(own_cents, "The group's own money")
    whole(others_cents, "The money of others")
    items = count(costs, rules)
    total = sum(each.cost.cents_each * each.cost.pieces for each in items)
    open_cents = max(0, total - own_cents - others_cents)
    return Plan(items, own_cents, others_cents, min(open_cents, sum(each.cents for each in items)))


def plan_of(values: Mapping[str, Any] | None, rules: RegionRules) -> Plan:
    """Answer the plan of a page about money as it is stored; an empty one where nothing is."""
    if values is None:
        return Plan((), 0, 0, 0)
    costs = [Cost(each["kind"], each["cents"], each["pieces"]) for each in values["costs"]]
    others = sum(each["cents"] for each in values["others"])
    return make_plan(costs, own_cents=values["own"], others_cents=others, rules=rules)


def page_of_reason(code: str, plan: Plan) -> str:
    """Answer the page from which a reason follows; empty when it is none of them."""
    bare = code.removeprefix("not_")
    if bare == "money_declared":
        return DECLARATIONS if plan.adds_up else MONEY
    return PAGE_OF_REASON.get(bare, "")


def month_of(text: str) -> date | None:
    """Answer the first day of a month such as ``2019-03``, ``03.2019`` or ``3/2019``; None when it is none."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", text.strip(), re.ASCII)
    year, month = (found[1], found[2]) if found else ("", "")
    if not found:
        found = re.fullmatch(r"(\d{1,2})[./ ](\d{4})", text.strip(), re.ASCII)
        year, month = (found[2], found[1]) if found else ("0", "0")
    if not (int(year) >= 1900 and 1 <= int(month) <= 12):
        return None
    return date(int(year), int(month), 1)


def is_new(founded_on: date, year: int, *, had_earlier: bool) -> bool:
    """Answer whether a group is new in a funding year: founded in it or the year before, and never funded here."""
    return not had_earlier and founded_on.year >= year - 1


def number_of(region_slug: str, year: int, running: int) -> str:
    """Answer the number of a request such as ``KOELN-2026-0042``."""
    return f"{region_slug.upper()}-{year}-{running:04}"


def are_two_people(names: Sequence[str], addresses: Collection[str] = ()) -> bool:
    """Answer whether two signers are different people, as far as names and addresses can tell."""
    folded = {" ".join(each.split()).casefold() for each in names}
    return len(folded) == 2 and "" not in folded and len(set(addresses)) in {0, 2}
