"""A flow of money as shapes: boxes side by side for a wide page, bars below each other for a telephone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.funding.rules.contribution import Part

WIDE, BOX_WIDTH, COLUMN_GAP, FLOW_HEIGHT, BOX_GAP = 1040, 215, 60, 440, 20
NARROW, ROW_HEIGHT, BAR_HEIGHT, LABEL_HEIGHT = 328, 68, 22, 30


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle for a part; words begin, or end when ``ends``, at ``words_x``."""

    name: str
    x: int
    y: int
    width: int
    height: int
    words_x: int
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The way of money into a part, as the path of an SVG."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class FlowChart:
    """Shapes in a frame; bands are drawn first. Areas of bands and boxes are in proportion to the money."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]


def wide_chart(whole: Part) -> FlowChart:
    """Answer the flow from left to right: a column of boxes for every step, their heights the sums."""
    boxes: list[Box] = []
    bands: list[Band] = []

    def draw(part: Part, column: int, top: int) -> tuple[int, int]:
        """Draw a part and what is in it below ``top``; answer where its box begins and where the next may."""
        height = _scaled(part.hundredths, whole.hundredths, FLOW_HEIGHT)
        tops, below = [], top
        for inner in part.parts:
            inner_top, below = draw(inner, column + 1, below)
            tops.append(inner_top)
        end = below - BOX_GAP if part.parts else top + height
        y = top + (end - top - height) // 2
        x = column * (BOX_WIDTH + COLUMN_GAP)
        boxes.append(Box(part.name, x, y, BOX_WIDTH, height, x + BOX_WIDTH // 2))
        leaving = y
        for inner, inner_top in zip(part.parts, tops, strict=True):
            size = _scaled(inner.hundredths, whole.hundredths, FLOW_HEIGHT)
            bands.append(Band(inner.name, _across(x + BOX_WIDTH, leaving, inner_top, size)))
            leaving += size
        return y, max(end, y + height) + BOX_GAP

    _, below = draw(whole, 0, 0)
    return FlowChart(WIDE, below - BOX_GAP, tuple(boxes), tuple(bands))


def narrow_chart(whole: Part) -> FlowChart:
    """Answer the flow from top to bottom: a row for every part, its words above a bar whose width is the sum."""
    boxes: list[Box] = []
    bands: list[Band] = []

    def draw(part: Part, left: int) -> None:
        """Draw a part in the next row, beginning at ``left`` hundredths, then what is in it."""
        x, end = (_scaled(at, whole.hundredths, NARROW) for at in (left, left + part.hundredths))
        y = len(boxes) * ROW_HEIGHT + LABEL_HEIGHT
        is_right = x > NARROW // 2
        boxes.append(Box(part.name, x, y, end - x, BAR_HEIGHT, end if is_right else x, is_right))
        starts = {inner.name: left + sum(before.hundredths for before in part.parts[:number])
                  for number, inner in enumerate(part.parts)}  # fmt: skip
        for inner in sorted(part.parts, key=lambda inner: len(inner.parts)):  # what goes on comes last
            row = len(boxes)
            draw(inner, starts[inner.name])
            bands.append(_down(boxes[row], y + BAR_HEIGHT))

    draw(whole, 0)
    height = (len(boxes) - 1) * ROW_HEIGHT + LABEL_HEIGHT + BAR_HEIGHT
    return FlowChart(NARROW, height, tuple(boxes), tuple(bands))


def _scaled(amount: int, whole: int, length: int) -> int:
    """Answer the whole number next to ``length × amount / whole``."""
    return (2 * length * amount + whole) // (2 * whole)


def _across(x: int, from_y: int, to_y: int, size: int) -> str:
    """Answer a band to the next column, bent in the middle."""
    half, end = x + COLUMN_GAP // 2, x + COLUMN_GAP
    return (
        f"M{x} {from_y}C{half} {from_y} {half} {to_y} {end} {to_y}V{to_y + size}"
        f"C{half} {to_y + size} {half} {from_y + size} {x} {from_y + size}Z"
    )


def _down(box: Box, from_y: int) -> Band:
    """Answer a straight band from the bar above to a bar."""
    return Band(box.name, f"M{box.x} {from_y}H{box.x + box.width}V{box.y}H{box.x}Z")
