"""The groups of a round as a list: what each gets in each draft, searched and sorted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.groups.text import fold

if TYPE_CHECKING:
    from app.funding.pages.comparing import Column
    from app.funding.queries.applicants import Asker
    from app.funding.rules.division import Request

LESS, MORE, APART, REQUESTED, NAME = "less", "more", "apart", "requested", "name"


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group: what it asks for, had last year, and gets in each draft; None where it is not part of it."""

    group_id: int
    asker: Asker
    requested_cents: int
    awards_cents: Sequence[int | None]

    @property
    def changes_cents(self) -> list[int | None]:
        """In each draft, how much more than last year; None when there is nothing to compare."""
        last = self.asker.facts.last_cents
        return [None if each is None or last is None else each - last for each in self.awards_cents]

    @property
    def apart_cents(self) -> int:
        """How much the drafts differ for this group."""
        there = [each for each in self.awards_cents if each is not None]
        return max(there, default=0) - min(there, default=0)


def group_rows(
    requests: Sequence[Request], askers: Mapping[int, Asker], columns: Sequence[Column]
) -> list[GroupRow]:
    """Answer a row for every group that asks, whether or not a draft has money for it."""
    awards = [column.awards_cents for column in columns]
    return [
        GroupRow(
            each.group_id,
            askers[each.group_id],
            each.requested_cents,
            [some.get(each.group_id) for some in awards],
        )
        for each in requests
    ]


def chosen(rows: Sequence[GroupRow], *, words: str = "", order: str = LESS) -> list[GroupRow]:
    """Answer the rows whose name holds the words, in an order; who lost most comes first unless told otherwise."""
    wanted = fold(words)
    found = [row for row in rows if wanted in fold(row.asker.name)] if wanted else list(rows)
    return sorted(found, key=_ORDERS.get(order, _ORDERS[LESS]))


def _by_change(sign: int) -> Callable[[GroupRow], tuple[bool, int, str]]:
    def key(row: GroupRow) -> tuple[bool, int, str]:
        award, last = next(iter(row.awards_cents), None), row.asker.facts.last_cents
        if award is None or last is None:
            return True, 0, row.asker.name
        return False, sign * (award - last), row.asker.name

    return key


_ORDERS: dict[str, Callable[[GroupRow], Any]] = {
    LESS: _by_change(1),
    MORE: _by_change(-1),
    APART: lambda row: (-row.apart_cents, row.asker.name),
    REQUESTED: lambda row: (-row.requested_cents, row.asker.name),
    NAME: lambda row: fold(row.asker.name),
}
ORDERS = tuple(_ORDERS)
