"""Why a group got the sum it got: steps of code and numbers, put into words elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.funding.rules.caps import MAXIMUM, REQUEST, Cap
from app.funding.rules.grant_round import (
    LATE,
    MAIN,
    WITHDRAWN,
    Applicant,
    Granted,
    RoundRules,
    entitlement_cents,
)

ASKED = "asked"
"""The group asked for ``cents``."""
CAPPED = {"need": "capped_by_need", MAXIMUM: "capped_by_maximum"}
"""It can get ``cents`` at most, since the rest is covered otherwise, or since nobody gets more."""
WITHDREW, WAITS = "withdrew", "waits_for_second_round"
SUPPLEMENT, SUPPLEMENT_IN_PART = "supplement", "supplement_in_part"
"""From the sub-pot ``kind`` it got ``cents``: all of ``entitled_cents``, or as much as others who got a part."""
CAN_GET_NOTHING = "can_get_nothing"
"""Its cap is 0."""
GOT_ALL = "got_all"
"""It got ``cents``: its cap."""
GOT_ENTITLEMENT = "got_entitlement"
"""It got ``cents``: base and supplements."""
GOT_LEVEL = "got_level"
"""It got the common sum of ``level_cents``, like all of weight ``weight`` who wanted more."""
GOT_ROUNDED = "got_rounded"
"""It got ``cents``: what it could get, rounded down to whole ``unit_cents``."""
KEPT = "kept"
"""It keeps ``cents`` from before, which is more than this round would give it."""
POT_TOO_SMALL = "pot_too_small"
"""It got nothing, since the pot did not reach a unit for everybody, and the draw went to others."""
ODD_CENT = "odd_cent"
"""``cents`` (the smallest unit) came by the draw."""
RAISED = "raised"
"""This round added ``added_cents`` to the ``cents`` of the round before."""
DECIDED_IN_SITTING, REJECTED_IN_SITTING = "decided_in_sitting", "rejected_in_sitting"
"""A joint sitting granted ``cents``, or nothing, for a ``reason`` of ``rules/sittings.py``."""
PUT_OFF_IN_SITTING, NOT_DECIDED = "put_off_in_sitting", "not_decided"
"""It was put off for a ``reason``, or nothing was decided about it: it waits for another sitting."""
WAITING = frozenset({WITHDREW, WAITS, PUT_OFF_IN_SITTING, NOT_DECIDED})
"""Of a group with one of these nothing was decided."""


@dataclass(frozen=True, slots=True)
class Step:
    """One reason: a code of this module and the numbers or names that belong to it."""

    code: str
    numbers: Mapping[str, int | str] = field(default_factory=dict)


def explain(
    applicant: Applicant,
    cap: Cap,
    requested_cents: int,
    *,
    rules: RoundRules,
    granted: Granted,
    earlier: Granted | None = None,
) -> tuple[Step, ...]:
    """Answer the reasons for the sum of one group, in the order in which they are told.

    ``cap`` says how the cap of the applicant came about; ``granted`` is the round that is explained, ``earlier`` the
    one before it when this is a second round.
    """
    if applicant.standing == WITHDRAWN:
        return (Step(WITHDREW),)
    steps = [Step(ASKED, {"cents": requested_cents})]
    if applicant.group_id not in granted.parts_cents and applicant.standing == LATE:
        return (*steps, Step(WAITS))
    if cap.set_by != REQUEST:
        steps.append(Step(CAPPED[cap.set_by], {"cents": cap.cents}))
    parts = granted.parts_cents[applicant.group_id]
    before = earlier.parts_cents.get(applicant.group_id, {}) if earlier else {}
    steps += _supplements(applicant, parts)
    steps += _main(applicant, parts, before.get(MAIN, 0), rules, granted)
    if before and (added := sum(parts.values()) - sum(before.values())):
        steps.append(Step(RAISED, {"cents": sum(before.values()), "added_cents": added}))
    return tuple(steps)


def _supplements(applicant: Applicant, parts: Mapping[str, int]) -> list[Step]:
    steps = []
    for kind, entitled in sorted(applicant.supplements_cents.items()):
        if kind in parts and entitled:
            code = SUPPLEMENT if parts[kind] >= entitled else SUPPLEMENT_IN_PART
            steps.append(Step(code, {"kind": kind, "cents": parts[kind], "entitled_cents": entitled}))
    return steps


def _main(
    applicant: Applicant, parts: Mapping[str, int], before: int, rules: RoundRules, granted: Granted
) -> list[Step]:
    """Answer why the part from the main pot is what it is."""
    cents, unit = parts[MAIN], rules.unit_cents
    most = max(0, applicant.cap_cents - (sum(parts.values()) - cents))
    if not applicant.cap_cents and not cents:
        return [Step(CAN_GET_NOTHING)]
    if cents > most:
        return [Step(KEPT, {"cents": cents})]
    if cents == most:
        return [Step(GOT_ALL, {"cents": cents})] if most else []
    if cents >= most // unit * unit:
        return [Step(GOT_ROUNDED, {"cents": cents, "unit_cents": unit})]
    if cents == entitlement_cents(applicant, rules, parts) // unit * unit:
        return [Step(GOT_ENTITLEMENT, {"cents": cents})]
    weight = applicant.weight if rules.is_weighted else 1
    level = granted.levels_cents.get(weight, 0)
    if cents > level and cents == before:
        return [Step(KEPT, {"cents": cents})]
    if not cents:
        return [Step(POT_TOO_SMALL)]
    steps = [Step(GOT_LEVEL, {"level_cents": level, "weight": weight})]
    return [*steps, Step(ODD_CENT, {"cents": unit})] if cents > level else steps
