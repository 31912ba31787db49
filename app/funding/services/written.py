"""Keeping a page as it was typed, unless somebody else has changed it meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from app.funding.queries.written import PagesRow

MOST_TYPED = 20_000
"""Characters of a page that are kept."""
Typed = Mapping[str, list[str]]


class ChangedMeanwhile(RuleBroken):
    """Somebody else has stored the same page since it was opened; ``typed`` is what stands there now."""

    code = "changed_meanwhile"

    def __init__(self, typed: Typed) -> None:
        super().__init__(_("Somebody else has changed this page in the meantime."))
        self.typed = typed


def check_length(page: str, pages: Collection[str], typed: Typed) -> None:
    """Do nothing when a page can be kept.

    Raises:
        RuleBroken: it is far too long.
    """
    if page not in pages:
        raise ValueError(f"There is no page {page!r}.")
    if sum(len(text) for texts in typed.values() for text in texts) > MOST_TYPED:
        raise RuleBroken(_("This is too much text. Please shorten it."), code="too_long")


def keep_page(row: PagesRow, page: str, *, typed: Typed, values: Mapping[str, Any] | None, seen: int) -> bool:
    """Afterwards the row, which nobody else may write to now, holds the page; answer whether it is another than before.

    Raises:
        ChangedMeanwhile: it was changed since ``seen``, its version when it was opened.
    """
    answer = {"typed": {name: list(texts) for name, texts in typed.items()}, "values": values}
    before = row.answers.get(page, {})
    if before == answer:
        return False
    if int(row.versions.get(page, 0)) != seen:
        raise ChangedMeanwhile(before.get("typed", {}))
    row.answers = {**row.answers, page: answer}
    row.versions = {**row.versions, page: seen + 1}
    return True
