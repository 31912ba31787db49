"""What a clearing house or an organisation writes when it asks for a flat grant, and how it proves what it spent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.funding.rules.amounts import whole
from app.funding.rules.ledger_accounts import HOUSE, POT, Account
from app.funding.rules.level_plan import CLEARING_HOUSES, FEDERAL, STATE_ORGANISATIONS
from app.funding.rules.region_rules import day_in

STAFF, HOURS, FIGURES, MONEY, DECLARATIONS = "staff", "hours", "figures", "money", "declarations"
PAGES_OF = {
    "house": (STAFF, HOURS, FIGURES, MONEY, DECLARATIONS),
    "organisation": (STAFF, FIGURES, MONEY, DECLARATIONS),
}
"""Kind of payee → its pages: an organisation keeps no hours for everybody."""
DRAFT, SUBMITTED, RETURNED, DECIDED = "draft", "submitted", "returned", "decided"
OPEN = (DRAFT, RETURNED)
"""States in which it can be changed."""

COSTS = ("staff", "premises", "material", "events", "other")
INCOMES = ("municipality", "land", "care_funds", "own", "others")
MOST_TYPED_CENTS = 1_000_000_000
"""The most that one line of a plan may be: ten million euros."""

CROSS_TOPIC, OPEN_TO_ALL, FREE_ADVICE, FOUNDS = "cross_topic", "open_to_all", "free_advice", "founds"
SELF_HELP, INDEPENDENT, ALL_MONEY, DUTIES = "self_help", "independent", "all_money", "duties"
STATEMENTS_OF = {
    "house": (CROSS_TOPIC, OPEN_TO_ALL, FREE_ADVICE, FOUNDS, ALL_MONEY, DUTIES),
    "organisation": (SELF_HELP, INDEPENDENT, ALL_MONEY, DUTIES),
}

CHANNELS = ("email", "phone", "in_person", "web")
ROLES = ("affected", "relative", "group", "professional", "media", "other")
"""Through which channel somebody asked, and who they were; no names are kept."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Costs of a year and who pays for them; below zero, ``gap_cents`` is income that nobody needs."""

    costs: Mapping[str, int]
    incomes: Mapping[str, int]
    asked_cents: int

    @property
    def total_cents(self) -> int:
        """All costs."""
        return sum(self.costs.values())

    @property
    def income_cents(self) -> int:
        """What others give, and the own money."""
        return sum(self.incomes.values())

    @property
    def gap_cents(self) -> int:
        """What nobody pays yet."""
        return self.total_cents - self.income_cents - self.asked_cents

    @property
    def adds_up(self) -> bool:
        """Whether costs and income are the same, and something is asked for."""
        return self.gap_cents == 0 and self.asked_cents > 0


def plan_of(values: Mapping[str, Any] | None) -> Plan:
    """Answer the plan of a page about money as it is stored; an empty one where nothing is.

    Raises:
        ValueError: a sum that cannot be.
    """
    given = values or {}
    for name, cents in given.items():
        whole(cents, f"The sum of {name}", most=MOST_TYPED_CENTS)
    return Plan(
        {kind: given.get(f"cost_{kind}", 0) for kind in COSTS},
        {kind: given.get(f"income_{kind}", 0) for kind in INCOMES},
        given.get("asked", 0),
    )


def remaining_cents(granted_cents: int, spent_cents: int, income_cents: int) -> int:
    """Answer what is left of a grant: the income that was not spent, at most the grant.

    Raises:
        ValueError: a sum that cannot be.
    """
    whole(granted_cents, "The grant")
    left = granted_cents + whole(income_cents, "The income") - whole(spent_cents, "What was spent")
    return min(granted_cents, max(0, left))


def pot_for(kind: str, state: str | None, year: int) -> Account:
    """Answer the pot that a house or an organisation of a Land, or of the whole country, gets money from.

    Raises:
        ValueError: a house without a Land.
    """
    if kind == HOUSE:
        if state is None:
            raise ValueError("A clearing house belongs to a Land.")
        return Account(POT, year, state=state, level=CLEARING_HOUSES)
    return Account(POT, year, state=state, level=STATE_ORGANISATIONS if state else FEDERAL)


def reported_year(year: int, today: date) -> int:
    """Answer the year whose figures go with a request: the one before, or the present one while that is going on."""
    return min(year - 1, today.year)


def number_of(kind: str, state: str | None, year: int, running: int) -> str:
    """Answer the number of a request, such as ``KS-05-2026-0003``."""
    return f"{'KS' if kind == HOUSE else 'SO'}-{state or 'BUND'}-{year}-{running:04}"


def read_proof_due(text: str) -> str:
    """Answer the day of the following year by which ``data/institutions.json`` wants the proof, such as ``03-31``."""
    due: str = json.loads(text)["proof"]["due"]
    day_in(2024, due)
    return due


def proof_due_on(year: int, due: str) -> date:
    """Answer the last day for the proof of a year."""
    return day_in(year + 1, due)
