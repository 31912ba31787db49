"""What is written page by page, each with what was typed and what it means; and what of it two people sign."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import sqlalchemy as sa

from app.funding.models import ApplicationPaper, ApplicationSignature

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.funding.models import FundingRegion
    from app.groups.models import Group


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


class Signed(Written):
    """Pages that two people sign, with papers beside them: a request for a flat grant or for a project."""

    __slots__ = ()
    OWNER: ClassVar[str]
    """The column by which signatures and papers name its row."""
    PAPER_KINDS: ClassVar[Sequence[str]]
    """What a group can add; a form signed by hand comes with the signatures."""
    group: Group
    region: FundingRegion
    signatures: tuple[ApplicationSignature, ...]
    papers: tuple[ApplicationPaper, ...]

    @property
    def written(self) -> Any:
        """The row, once something was written.

        Raises:
            LookupError: nothing was.
        """
        if self.row is None:
            raise LookupError("nothing was begun")
        return self.row

    @property
    def owner(self) -> dict[str, int]:
        """How signatures and papers name its row."""
        return {self.OWNER: self.written.id}

    @property
    def title(self) -> str:
        """What the group calls it; empty for a flat grant, of which there is one a year."""
        return ""

    @property
    def year(self) -> int:
        """The year whose money is asked for."""
        raise NotImplementedError

    @property
    def asked_cents(self) -> int:
        """What is asked for."""
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        """Whether its pages can be changed."""
        raise NotImplementedError

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was submitted and is not to be decided any more."""
        return False

    @property
    def mark(self) -> str:
        """A mark of everything that is signed: another as soon as something of it is changed."""
        answers = self.row.answers if self.row else {}
        return signed_mark(self.PAGES, answers, [each.mark for each in self.papers])

    @property
    def signed(self) -> int:
        """How many have signed what is there now."""
        return sum(each.signed_at is not None for each in self.signatures)


def signed_mark(pages: Iterable[str], answers: Mapping[str, Any], paper_marks: Iterable[str]) -> str:
    """Answer a mark of what is signed of these answers and papers."""
    signed = {
        "pages": {page: answers.get(page, {}).get("values") for page in pages},
        "papers": sorted(paper_marks),
    }
    return hashlib.sha256(json.dumps(signed, sort_keys=True).encode()).hexdigest()[:32]


def read_signatures(session: Session, owner: Mapping[str, int]) -> tuple[ApplicationSignature, ...]:
    """Answer who signed a request, or is asked to, the first first."""
    found = sa.select(ApplicationSignature).filter_by(**owner).order_by(ApplicationSignature.position)
    return tuple(session.scalars(found.execution_options(populate_existing=True)))


def read_papers(session: Session, owner: Mapping[str, int]) -> tuple[ApplicationPaper, ...]:
    """Answer the papers of a request without what they hold."""
    found = sa.select(ApplicationPaper).filter_by(**owner).order_by(ApplicationPaper.id)
    return tuple(session.scalars(found.options(sa.orm.defer(ApplicationPaper.body))))
