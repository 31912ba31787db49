"""Keeping a page that several people write: what each changed stays, the same field changed twice asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.funding.rules.page_merge import Merged, Typed, merge
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from app.funding.queries.written import PagesRow

MOST_TYPED = 20_000
"""Characters of a page that are kept."""
Read = Callable[[Typed], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a page: what is kept and shown, what was stored before, and whether anything is new."""

    merged: Merged
    stored: Typed
    values: Mapping[str, Any] | None
    is_new: bool


def check_page(page: str, pages: Collection[str], typed: Typed) -> None:
    """Do nothing when a page can be kept.

    Raises:
        RuleBroken: it is far too long.
    """
    if page not in pages:
        raise ValueError(f"There is no page {page!r}.")
    if sum(len(text) for texts in typed.values() for text in texts) > MOST_TYPED:
        raise RuleBroken(_("This is too much text. Please shorten it."), code="too_long")


def keep_page(row: PagesRow, page: str, *, typed: Typed, seen: str, read: Read) -> Kept:
    """Afterwards the row, which nobody else may write to now, holds every field that nobody else has changed.

    ``seen`` are the marks of the fields when the page was opened. ``read`` answers what a page means, None while
    something is not right.
    """
    stored: Typed = row.answers.get(page, {}).get("typed", {})
    merged = merge(typed, stored, seen)
    values = read(merged.kept)
    answer = {"typed": merged.kept, "values": values}
    if row.answers.get(page) == answer:
        return Kept(merged, stored, values, is_new=False)
    row.answers = {**row.answers, page: answer}
    return Kept(merged, stored, values, is_new=True)
