"""Whether a request can be granted: every reason for it, against it, and what is missing, each with its source.

Nobody has a right to a sum, but everybody to a decision whose reasons can be told. So the answer is never yes or no
alone: applicants see the reasons while they write, staff see them frozen with the request and ``RULE_VERSION``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from app.funding.rules.deadlines import Arrival, is_in_time, is_old_enough
from app.funding.rules.region_rules import RegionRules

RULE_VERSION = 1
"""Goes up whenever the same facts would give other reasons."""
LEAST_MEMBERS = 6

FOR, AGAINST, MISSING, WARNING = "for", "against", "missing", "warning"
"""What a reason does: it speaks for the request, it excludes it, something must still come, or people have to look."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a group and its request on the day it is looked at."""

    in_disease_list: bool
    members: int
    meets_regularly: bool
    has_contact: bool
    is_new: bool
    founded_on: date
    has_founding_minutes: bool
    is_public: bool
    """Its offer is published: in the finder, at a clearing house, in the press."""
    is_listed: bool
    """It can be found in our own finder."""
    is_open: bool
    is_led_by_professional: bool
    has_guest_experts: bool
    is_unpaid: bool
    has_own_account: bool
    is_in_region: bool
    is_independent: bool
    declares_money: bool
    signatures: int
    """How many different people have signed."""
    accepts_duties: bool
    """It will cooperate, keep data safe and prove what it spent."""
    owes_proof: bool
    """The proof for an earlier year is due and has not come."""
    arrival: Arrival | None
    last_day: date
    """Until when requests can come (``rules/deadlines.py``), a recorded extension included."""
    requests_elsewhere: bool = False
    """The same account or contact stands in a request to another region."""
    other_grants: frozenset[str] = field(default_factory=frozenset)
    """What else pays for the same purpose, such as ``sgb_xi_45d``."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: ``code`` names it, ``effect`` says what it does, ``source`` where it is written."""

    code: str
    effect: str
    source: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """All reasons, in the order of the rules."""

    reasons: tuple[Reason, ...]
    rule_version: int = RULE_VERSION

    def having(self, effect: str) -> tuple[Reason, ...]:
        """Answer the reasons of one effect."""
        return tuple(each for each in self.reasons if each.effect == effect)


_LEITFADEN = "Leitfaden Selbsthilfeförderung A.5.3"
DOUBLE_FUNDING = "sgb_xi_45d"


def assess(facts: Facts, rules: RegionRules) -> Assessment:
    """Answer every reason for and against a request in a region.

    Sources: Leitfaden zur Selbsthilfeförderung A.5.1 and A.5.3; the region's own rules; § 45d SGB XI.
    """
    return Assessment((*_of_group(facts), *_of_region(facts, rules), *_of_request(facts, rules)))


def _of_group(facts: Facts) -> Iterator[Reason]:
    """Yield what the group is."""
    yield _either(
        facts.in_disease_list, "disease_listed", AGAINST, "Krankheitsverzeichnis, Leitfaden Anlage 2"
    )
    yield _either(facts.members >= LEAST_MEMBERS, "enough_members", AGAINST, _LEITFADEN)
    yield _either(facts.meets_regularly, "meets_regularly", AGAINST, _LEITFADEN)
    yield _either(facts.has_contact, "has_contact", MISSING, _LEITFADEN)
    yield _either(facts.is_public, "offer_published", AGAINST, _LEITFADEN)
    yield _either(facts.is_open, "open_to_new", AGAINST, _LEITFADEN)
    yield _either(not facts.is_led_by_professional, "self_managed", AGAINST, _LEITFADEN)
    if facts.has_guest_experts and not facts.is_led_by_professional:
        yield Reason("guests_are_welcome", FOR, _LEITFADEN)
    yield _either(facts.is_unpaid, "unpaid", AGAINST, _LEITFADEN)
    yield _either(facts.is_independent, "independent", AGAINST, _LEITFADEN)


def _of_region(facts: Facts, rules: RegionRules) -> Iterator[Reason]:
    """Yield what the region wants besides."""
    yield _either(facts.is_in_region, "in_region", AGAINST, _LEITFADEN)
    if rules.must_be_listed:
        yield _either(facts.is_listed, "listed_in_finder", AGAINST, rules.source)
    if facts.is_new:
        yield _either(facts.has_founding_minutes, "founding_minutes", MISSING, _LEITFADEN)
        if rules.new_after_months:
            on = facts.arrival.received_on if facts.arrival else facts.last_day
            yield _either(is_old_enough(facts.founded_on, on, rules), "old_enough", AGAINST, rules.source)


def _of_request(facts: Facts, rules: RegionRules) -> Iterator[Reason]:
    """Yield what is to be said of the request itself."""
    yield _either(facts.has_own_account, "own_account", MISSING, _LEITFADEN)
    yield _either(facts.declares_money, "money_declared", MISSING, _LEITFADEN)
    yield _either(facts.signatures >= 2, "two_signatures", MISSING, _LEITFADEN)
    yield _either(facts.accepts_duties, "duties_accepted", MISSING, _LEITFADEN)
    yield _either(not facts.owes_proof, "proof_delivered", MISSING, _LEITFADEN)
    if facts.arrival is not None:
        yield _either(is_in_time(facts.arrival, facts.last_day, rules), "in_time", AGAINST, rules.source)
    if facts.requests_elsewhere:
        yield Reason("requests_elsewhere", WARNING, rules.source)
    if DOUBLE_FUNDING in facts.other_grants:
        yield Reason("double_funding", WARNING, "§ 45d SGB XI")


def _either(holds: bool, code: str, otherwise: str, source: str) -> Reason:  # noqa: FBT001 - the fact itself
    return Reason(code if holds else f"not_{code}", FOR if holds else otherwise, source)
