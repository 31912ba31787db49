"""What differs from one funding region to the next: deadlines, thresholds, limits of costs. Data, never code."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from app.funding.rules.amounts import whole

RECEIVED, POSTED = "received", "posted"
"""Which day decides whether a request is in time: that on which it came, or that on its postmark."""
NEXT_WORKING_DAY, NONE = "next_working_day", "none"
"""What a deadline on a Saturday, Sunday or holiday becomes (§ 26 (3) SGB X), or that it stays."""
WITH_NEXT_REQUEST = "with_next_request"
"""Proof of use comes with the request for the next year; else by a day of the following year."""
LEAST_YEARS, MOST_YEARS = 5, 12
LONGEST_NOTE = 600
MOST_TIERS = 4
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


@dataclass(frozen=True, slots=True)
class CostLimit:
    """What counts of a kind of cost: at most so many cents each, at most so many pieces."""

    cents_each: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class RegionRules:
    """The rules of a region; days are month and day such as ``03-31``."""

    deadline: str
    source: str
    deadline_new: str | None = None
    """For groups that are new; None: as for all."""
    new_after_months: int = 0
    """How old a new group must be on the day of its request."""
    counts: str = RECEIVED
    weekend: str = NEXT_WORKING_DAY
    confirmation_up_to_cents: int | None = None
    """Grants up to this are proven by a simple confirmation; None: all of them in full."""
    plain_up_to_cents: int | None = None
    """Who asks for more says why; None: nobody has to."""
    proof_due: str = WITH_NEXT_REQUEST
    must_be_listed: bool = False
    """Whether only groups get money that can be found in the finder."""
    tiers: tuple[tuple[int, int], ...] = ()
    """From how many members a group gets at most how many cents, the smallest first; empty: no such limit."""
    keep_years: int = 6
    """How long what a group sent is kept after the end of its funding year, and the group keeps its receipts."""
    note: str = ""
    """What the region tells its groups, in its own words: while they apply, and in every notice."""
    caps: Mapping[str, CostLimit] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    """What the sources leave open, in words for whoever sets a region up."""

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: the sentence names the field.
        """
        for name, value in (("deadline", self.deadline), ("deadline_new", self.deadline_new)):
            if value is not None:
                _day_of(value, name)
        if self.proof_due != WITH_NEXT_REQUEST:
            _day_of(self.proof_due, "proof_due")
        if self.counts not in (RECEIVED, POSTED) or self.weekend not in (NEXT_WORKING_DAY, NONE):
            raise ValueError(f"{self.counts!r} or {self.weekend!r} is no way to keep a deadline.")
        whole(self.new_after_months, "The age of new groups in months", most=24)
        whole(self.keep_years, "The years of keeping", least=LEAST_YEARS, most=MOST_YEARS)
        if len(self.note) > LONGEST_NOTE:
            raise ValueError("The note is too long.")
        _check_tiers(self.tiers)
        for name in ("confirmation_up_to_cents", "plain_up_to_cents"):
            if getattr(self, name) is not None:
                whole(getattr(self, name), name)


def read_presets(text: str) -> dict[str, RegionRules]:
    """Answer the rules of each Land (AGS) from a JSON list of objects whose fields are those of ``RegionRules``.

    Raises:
        ValueError: no JSON, a field that there is not, or one that cannot be; the sentence names the Land.
    """
    presets: dict[str, RegionRules] = {}
    for row in json.loads(text):
        state = row.pop("state")
        if state in presets:
            raise ValueError(f"{state} stands there twice.")
        try:
            presets[state] = rules_from(row)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{state}: {error}") from error
    return presets


def rules_from(row: Mapping[str, Any]) -> RegionRules:
    """Answer the rules that a JSON object says.

    Raises:
        TypeError: a field that there is not.
        ValueError: one that cannot be.
    """
    caps = {kind: CostLimit(**limit) for kind, limit in row.get("caps", {}).items()}
    tiers = tuple((members, cents) for members, cents in row.get("tiers", ()))
    return RegionRules(**{**row, "caps": caps, "tiers": tiers, "doubts": tuple(row.get("doubts", ()))})


def row_of(rules: RegionRules) -> dict[str, Any]:
    """Answer rules as a JSON object, which ``rules_from`` reads."""
    return {**asdict(rules), "tiers": [list(each) for each in rules.tiers], "doubts": list(rules.doubts)}


def proof_is_simple(granted_cents: int, rules: RegionRules) -> bool:
    """Answer whether a grant of this sum is proven by a confirmation alone."""
    limit = rules.confirmation_up_to_cents
    return limit is not None and whole(granted_cents, "The grant") <= limit


def most_for(members: int, rules: RegionRules) -> int | None:
    """Answer what a group of so many members gets at most; None where the region names no sum."""
    fitting = [cents for least, cents in rules.tiers if members >= least]
    return fitting[-1] if fitting else None


def must_say_why(requested_cents: int, rules: RegionRules) -> bool:
    """Answer whether who asks for this sum has to give reasons."""
    limit = rules.plain_up_to_cents
    return limit is not None and requested_cents > limit


def day_in(year: int, day: str) -> date:
    """Answer a day such as ``03-31`` in a year; the 29th of February is the 28th where there is none.

    Raises:
        ValueError: there is no such day.
    """
    month, number = _day_of(day, "the day")
    if (month, number) == (2, 29) and not _is_leap(year):
        number = 28
    return date(year, month, number)


def _day_of(day: str, name: str) -> tuple[int, int]:
    found = _DAY.fullmatch(day)
    if not found:
        raise ValueError(f"{name} is {day!r}; a month and a day such as 03-31 are needed.")
    month, number = int(found[1]), int(found[2])
    date(2024, month, number)  # a leap year: any day there can be
    return month, number


def _check_tiers(tiers: tuple[tuple[int, int], ...]) -> None:
    members = [least for least, _cents in tiers]
    for least, cents in tiers:
        whole(least, "The members of a tier", least=1)
        whole(cents, "The most of a tier", least=1)
    if members and (members[0] != 1 or members != sorted(set(members)) or len(members) > MOST_TIERS):
        raise ValueError(f"Tiers begin with 1 member, and each with more than the one before: {members}.")


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
