"""Everything that goes into a division and comes out of it as one text, and its hash.

The same input gives the same bytes on any machine: keys sorted, no white space, ASCII, whole numbers only. So anybody
who has a text can hash it with a program of their own, and whoever has the rule can divide anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.funding.rules.allocation import RULE_VERSION
from app.funding.rules.division import (
    DividedLine,
    Division,
    DivisionRules,
    Parts,
    Request,
    divide,
    rules_of,
    told,
)
from app.funding.rules.sittings import Decision, divide_decided


@dataclass(frozen=True, slots=True)
class DivisionInput:
    """Everything that decides about a division. ``attempt`` counts drafts of the same that were given up before.

    ``decided`` are the decisions of a joint sitting, by group; then they are the division.
    """

    money_cents: int
    requests: tuple[Request, ...]
    rules: DivisionRules
    seed: str
    earlier: Mapping[int, Parts] | None = None
    attempt: int = 0
    decided: Mapping[int, Decision] | None = None


def divide_input(given: DivisionInput) -> Division:
    """Answer the division of this input.

    Raises:
        ValueError: as `divide`, or `divide_decided`.
    """
    if given.decided is not None:
        return divide_decided(given.money_cents, given.requests, given.decided, earlier=given.earlier)
    return divide(given.money_cents, given.requests, given.rules, seed=given.seed, earlier=given.earlier)


def input_text(given: DivisionInput, *, rule_version: int = RULE_VERSION) -> str:
    """Answer everything that decides about a division, the version of the rule included, as one text."""
    earlier = (
        None if given.earlier is None else {str(number): dict(has) for number, has in given.earlier.items()}
    )
    everything = {
        "rule": rule_version,
        "money": given.money_cents,
        "requests": [_told(each) for each in sorted(given.requests, key=lambda each: each.group_id)],
        "rules": given.rules.as_row(),
        "seed": given.seed,
        "earlier": earlier,
    }
    if given.decided is not None:
        everything["decided"] = {str(number): asdict(each) for number, each in given.decided.items()}
    return text_of(everything | ({"attempt": given.attempt} if given.attempt else {}))


def read_input(text: str) -> DivisionInput:
    """Answer what such a text says.

    Raises:
        ValueError: it is no such text.
    """
    try:
        read = json.loads(text)
        earlier, decided = read["earlier"], read.get("decided")
        return DivisionInput(
            read["money"],
            tuple(Request(**each) for each in read["requests"]),
            rules_of(read["rules"]),
            read["seed"],
            None if earlier is None else {int(group_id): has for group_id, has in earlier.items()},
            read.get("attempt", 0),
            None if decided is None else {int(number): Decision(**each) for number, each in decided.items()},
        )
    except (TypeError, KeyError) as error:
        raise ValueError(f"This is no input of a division: {error}.") from error


def result_text(division: Division) -> str:
    """Answer everything that a division says, as one text."""
    return result_text_of(
        money_cents=division.money_cents,
        reserve_cents=division.reserve_cents,
        leftover_cents=division.leftover_cents,
        lines=map(line_of, division.lines),
    )


def result_text_of(
    *, money_cents: int, reserve_cents: int, leftover_cents: int, lines: Iterable[Sequence[Any]]
) -> str:
    """Answer the same text of a result that was stored; its lines are as `line_of` answers them, by group."""
    return text_of(
        {"money": money_cents, "reserve": reserve_cents, "leftover": leftover_cents, "lines": list(lines)}
    )


def line_of(line: DividedLine) -> list[Any]:
    """Answer what a line says: group, award, what it had before, parts, reasons."""
    return [
        line.request.group_id,
        line.award_cents,
        line.before_cents,
        dict(line.parts_cents),
        told(line.steps),
    ]


def hash_of(text: str) -> str:
    """Answer the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def text_of(everything: object) -> str:
    """Answer the one text of a document."""
    return json.dumps(everything, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _told(request: Request) -> dict[str, Any]:
    return {
        "group_id": request.group_id,
        "requested_cents": request.requested_cents,
        "members": request.members,
        "expenses_cents": request.expenses_cents,
        "own_cents": request.own_cents,
        "others_cents": request.others_cents,
        "supplements_cents": dict(request.supplements_cents),
        "standing": request.standing,
    }
