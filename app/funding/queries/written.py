"""What is written page by page, each with what was typed and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class PagesRow(Protocol):
    """A row that keeps pages: ``answers`` hold ``typed`` and ``values`` of each."""

    answers: Any


class Written:
    """Somebody's pages; ``row`` is where they are kept, None while nothing was begun."""

    __slots__ = ()
    PAGES: ClassVar[Sequence[str]]

    @property
    def row(self) -> PagesRow | None:
        """Where the pages are kept."""
        raise NotImplementedError

    def values(self, page: str) -> dict[str, Any] | None:
        """Answer what a page means; None while it is not right."""
        found: dict[str, Any] | None = self._answers(page).get("values")
        return found

    def typed(self, page: str) -> dict[str, list[str]]:
        """Answer what was typed on a page."""
        found: dict[str, list[str]] = self._answers(page).get("typed", {})
        return found

    def missing_pages(self) -> list[str]:
        """Answer the pages that are not right yet."""
        return [page for page in self.PAGES if self.values(page) is None]

    def _answers(self, page: str) -> dict[str, Any]:
        found: dict[str, Any] = self.row.answers.get(page, {}) if self.row else {}
        return found
