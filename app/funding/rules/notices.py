"""Which notice a group gets because of a run, when it counts as served, and until when it can be objected to."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.funding.rules.dispatch import Sent
from app.funding.rules.explanation import WAITING

APPROVAL, PART, REJECTION, CHANGE, REVOCATION = "approval", "part", "rejection", "change", "revocation"
KINDS = (APPROVAL, PART, REJECTION, CHANGE, REVOCATION)
_SHORT = {
    "baden-wuerttemberg": "bw",
    "bayern": "by",
    "berlin": "be",
    "brandenburg": "bb",
    "bremen": "hb",
    "hamburg": "hh",
    "hessen": "he",
    "mecklenburg-vorpommern": "mv",
    "niedersachsen": "ni",
    "nordrhein-westfalen": "nrw",
    "rheinland-pfalz": "rp",
    "saarland": "sl",
    "sachsen": "sn",
    "sachsen-anhalt": "st",
    "schleswig-holstein": "sh",
    "thueringen": "th",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """What a run decided about a group: cents asked for, had before and has now, codes of its reasons."""

    requested_cents: int
    before_cents: int
    award_cents: int
    codes: Collection[str]


def kind_of(decided: Decided, *, has_notice: bool) -> str | None:
    """Answer the notice that follows from a run; None when nothing was decided, or nothing changed.

    ``has_notice``: the group was told of an earlier run of the round.
    """
    if not WAITING.isdisjoint(decided.codes):
        return None
    if has_notice:
        return CHANGE if decided.award_cents > decided.before_cents else None
    if not decided.award_cents:
        return REJECTION
    return PART if decided.award_cents < decided.requested_cents else APPROVAL


@dataclass(frozen=True, slots=True)
class ServedRule:
    """From which day of dispatch a notice counts as served after how many days."""

    since: date
    days: int
    source: str


def read_served_rules(text: str) -> tuple[ServedRule, ...]:
    """Answer the rules of a JSON list of ``since``, ``days`` and ``source``, the newest first.

    Raises:
        ValueError: none, two of one day, or days below one.
    """
    rules = sorted(
        (
            ServedRule(date.fromisoformat(row["since"]), row["days"], row["source"])
            for row in json.loads(text)
        ),
        key=lambda rule: rule.since,
        reverse=True,
    )
    if not rules or len({rule.since for rule in rules}) < len(rules) or any(rule.days < 1 for rule in rules):
        raise ValueError("Rules of service need a day each, and at least one day to wait.")
    return tuple(rules)


def rule_on(sent_on: date, rules: Sequence[ServedRule]) -> ServedRule:
    """Answer the rule that holds for what is sent on a day; before the first of them, the oldest."""
    return next((rule for rule in rules if rule.since <= sent_on), rules[-1])


def served_on(sent: Sent, rules: Sequence[ServedRule]) -> date:
    """Answer the day on which a notice counts as served; it may be a Sunday.

    Source: § 37 (2) and (2a) SGB X; that the day does not move: BSG, 6 May 2010, B 14 AS 12/09 R.
    """
    return sent.on if sent.is_read else sent.on + timedelta(days=rule_on(sent.on, rules).days)


def objection_until(served: date, free_days: Collection[date] = ()) -> date:
    """Answer the last day for an objection: the same day of the next month, or the last there is.

    One that is free moves to the next working day; ``free_days`` are the public holidays around it.

    Source: §§ 84 (1), 64 (2) and (3) SGG.
    """
    year, month = (served.year + 1, 1) if served.month == 12 else (served.year, served.month + 1)
    last = date(year, month, min(served.day, monthrange(year, month)[1]))
    while last.weekday() >= 5 or last in free_days:
        last += timedelta(days=1)
    return last


def notice_number(region_slug: str, year: int, running: int) -> str:
    """Answer the number of a notice such as ``NRW-2026-B00042``; that of a request has no letter.

    A region that is a whole Land is known by the short name of the Land, any other by its slug.
    """
    return f"{_SHORT.get(region_slug, region_slug).upper()}-{year}-B{running:05}"
