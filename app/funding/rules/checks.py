"""How an application is checked: two kinds of check by two people, and where it stands between them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

CONTENT, ARITHMETIC = "content", "arithmetic"
KINDS = (CONTENT, ARITHMETIC)
OVERDUE, OBJECTION, WAITING, ASKED, CHECKED = "overdue", "objection", "waiting", "asked", "checked"
STATES = (WAITING, OBJECTION, ASKED, OVERDUE, CHECKED)
"""Where an application stands: a check is missing, somebody objects, the group is asked and (not) answering, done."""
ANSWERED, TAKEN_BACK, WITHDRAWN = "answered", "taken_back", "withdrawn"
"""How a change that was asked for ends."""
MOST_WORDS = 2_000
REMIND_DAYS = 3
"""So many days before its day a group is reminded of a change that it was asked for."""


def state_of(results: Mapping[str, bool], due_on: date | None, today: date) -> str:
    """Answer where an application stands by the last result of each kind, and until when a change is asked for."""
    if due_on is not None:
        return OVERDUE if due_on < today else ASKED
    if False in results.values():
        return OBJECTION
    return CHECKED if all(kind in results for kind in KINDS) else WAITING


def lacking(results: Mapping[str, bool]) -> tuple[str, ...]:
    """Answer the kinds of check that are not there, or ended with an objection."""
    return tuple(kind for kind in KINDS if not results.get(kind))


def open_to(
    kinds: Collection[str], checked_by: Mapping[str, int], results: Mapping[str, bool], user_id: int
) -> list[str]:
    """Answer the kinds that somebody who may do ``kinds`` can still do: lacking, and the other is not theirs."""
    return [
        kind
        for kind in lacking(results)
        if kind in kinds and not any(checked_by.get(other) == user_id for other in KINDS if other != kind)
    ]


def seen_mark(signed_mark: str, sums: Sequence[Any]) -> str:
    """Answer a mark of what somebody sees who checks: everything that is signed, and the sums of the round."""
    return hashlib.sha256(json.dumps([signed_mark, *sums], sort_keys=True).encode()).hexdigest()[:32]


def pages_of(fields: Collection[str]) -> set[str]:
    """Answer the pages on which these fields stand, such as ``money.own``."""
    return {each.split(".", 1)[0] for each in fields}
