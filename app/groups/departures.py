"""What else ends when a group closes or goes on as part of another: each package that keeps something adds itself.

Everything is done in the transaction in which the group closes; before that, people read what will be done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Departure:
    """A group closes; or, with ``into_id``, goes on as part of another one, with the series that go along."""

    group_id: int
    into_id: int | None = None
    series_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Keeper:
    """What a package does about it: ``foresee`` answers sentences that say so, ``carry_out`` does it."""

    foresee: Callable[[Session, int, datetime], Iterable[str]]
    carry_out: Callable[[Session, Departure, datetime], None]


def init_departures(app: Flask, keepers: Sequence[Keeper]) -> None:
    """Afterwards these packages are asked when a group closes, in this order."""
    app.extensions["departures"] = tuple(keepers)


def foresee_departure(session: Session, group_id: int, *, now: datetime) -> list[str]:
    """Answer what will be done when the group closes, in sentences; nothing is changed."""
    keepers: tuple[Keeper, ...] = current_app.extensions["departures"]
    return [sentence for keeper in keepers for sentence in keeper.foresee(session, group_id, now)]


def carry_out_departure(session: Session, departure: Departure, *, now: datetime) -> None:
    """Afterwards every package has done it."""
    keepers: tuple[Keeper, ...] = current_app.extensions["departures"]
    for keeper in keepers:
        keeper.carry_out(session, departure, now)
