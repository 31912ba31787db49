"""What somebody can do here, as links on the pages they start from: each package adds its own source in the factory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from flask import current_app

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.accounts.person import Person
    from app.shared.worklist import Waiting


@dataclass(frozen=True, slots=True)
class StartLink:
    """A link in the reader's language, in a few words what it leads to, and the group or house it is about.

    ``title`` is what the page calls itself, for lists that name the house already; ``waits`` marks what the reader has
    to do something about.
    """

    text: str
    url: str
    note: str = ""
    about: str = ""
    title: str = ""
    waits: bool = False


Source = Callable[["Session", "Person"], Iterable[StartLink]]
"""Answers the links of one package for somebody; none when there is nothing for them."""


class WaitingSource(Protocol):
    """Answers what waits for somebody in one package, the oldest first."""

    def __call__(self, session: Session, person: Person, *, now: datetime) -> Sequence[Waiting]:
        """Answer it."""


START = "start"
FUNDING = "funding"
"""The pages that people start from: everybody, and whoever has to do with money."""


def init_start_links(
    app: Flask, sources: Mapping[str, Sequence[Source]], waiting: Sequence[WaitingSource]
) -> None:
    """Afterwards each of these pages shows the links of its sources, in this order, and the first what waits."""
    app.extensions["start_links"] = sources
    app.extensions["start_waiting"] = waiting


def list_waiting_for(session: Session, person: Person, *, now: datetime) -> list[Waiting]:
    """Answer what waits for somebody."""
    return [
        line
        for source in current_app.extensions["start_waiting"]
        for line in source(session, person, now=now)
    ]


def list_start_links(session: Session, person: Person, page: str = START) -> dict[str, list[StartLink]]:
    """Answer the links on a page for somebody, by what they are about, in the order in which it is first named."""
    by_about: dict[str, list[StartLink]] = {}
    for source in current_app.extensions["start_links"][page]:
        for link in source(session, person):
            by_about.setdefault(link.about, []).append(link)
    return by_about
