"""An equal lump sum as shapes: a vessel for every request, all filled to the same level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH, HEIGHT, FOOT, HEAD = 328, 260, 28, 24
VESSEL, GAP = 52, 16


@dataclass(frozen=True, slots=True)
class Vessel:
    """What a group asked for, as a frame, and what it gets, as its filling; both stand on the same ground."""

    group: int
    x: int
    top: int
    filled_to: int


@dataclass(frozen=True, slots=True)
class LevelChart:
    """Vessels on a ground, in a frame; ``level_y`` is how high all are filled, None when all are full."""

    width: int
    height: int
    vessel_width: int
    ground: int
    level_y: int | None
    vessels: tuple[Vessel, ...]


def level_chart(caps: Mapping[int, int], awards: Mapping[int, int], level: int | None) -> LevelChart:
    """Answer the picture of an allocation to a few groups.

    Raises:
        ValueError: nobody asked for anything.
    """
    highest = max(caps.values(), default=0)
    if highest <= 0:
        raise ValueError("Nobody asked for anything.")
    ground = HEIGHT - FOOT

    def at(cents: int) -> int:
        return ground - cents * (ground - HEAD) // highest

    left = (WIDTH - len(caps) * (VESSEL + GAP) + GAP) // 2
    vessels = tuple(
        Vessel(group, left + number * (VESSEL + GAP), at(cap), at(awards[group]))
        for number, (group, cap) in enumerate(caps.items())
    )
    return LevelChart(WIDTH, HEIGHT, VESSEL, ground, None if level is None else at(level), vessels)
