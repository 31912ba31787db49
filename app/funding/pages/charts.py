"""Pictures of a comparison: from numbers to places on a canvas. How they look is the style sheet's business."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

Points = Sequence[tuple[Fraction, Fraction]]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where it is, and the number it stands for."""

    at: float
    value: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle that stands on the ground line."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """The part of a canvas in which data are drawn; the axes' words stand around it."""

    width: int
    height: int
    left: int
    top: int
    right: int
    bottom: int

    @property
    def ground(self) -> int:
        """Where the ground line is."""
        return self.height - self.bottom

    @property
    def end(self) -> int:
        """Where the ground line ends."""
        return self.width - self.right

    def x(self, part: Fraction) -> float:
        """Answer the place of a part, from 0 at the left to 1."""
        return _place(self.left + (self.end - self.left) * part)

    def y(self, part: Fraction) -> float:
        """Answer the place of a part, from 0 on the ground line to 1."""
        return _place(self.ground - (self.ground - self.top) * part)


HISTOGRAM = Plot(600, 400, left=64, top=24, right=12, bottom=64)
LORENZ = Plot(400, 400, left=48, top=24, right=16, bottom=56)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of each series beside one another in every bin, before the outline of what they are compared with."""

    outline: str
    series: tuple[tuple[Bar, ...], ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    plot: Plot = HISTOGRAM


@dataclass(frozen=True, slots=True)
class Lorenz:
    """A line for each series, and the ticks of both axes in per cent."""

    lines: tuple[str, ...]
    even: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    plot: Plot = LORENZ


def histogram(
    starts_cents: Sequence[int], compared: Sequence[int], series: Sequence[Sequence[int]]
) -> Histogram:
    """Answer the picture of how many groups lie in each bin: ``compared`` as an outline, ``series`` as bars."""
    plot, bins = HISTOGRAM, len(starts_cents)
    most = max([1, *compared, *(each for one in series for each in one)])
    step = next(step for step in _round_steps() if step * 5 >= most)
    top = -(-most // step) * step
    edges = [plot.x(Fraction(number, bins)) for number in range(bins + 1)]
    heights = [plot.y(Fraction(each, top)) for each in compared]
    outline = f"M{edges[0]} {plot.ground}" + "".join(
        f"V{height}H{right}" for height, right in zip(heights, edges[1:], strict=True)
    )
    return Histogram(
        outline=f"{outline}V{plot.ground}",
        series=tuple(
            tuple(
                _bar(plot, edges[number], edges[number + 1], (place, len(series)), Fraction(each, top))
                for number, each in enumerate(one)
            )
            for place, one in enumerate(series)
        ),
        x_ticks=tuple(Tick(edge, cents) for edge, cents in zip(edges, starts_cents, strict=False)),
        y_ticks=tuple(Tick(plot.y(Fraction(value, top)), value) for value in range(0, top + 1, step)),
    )


def lorenz_curves(curves: Sequence[Points]) -> Lorenz:
    """Answer the picture of Lorenz curves, the line of an even division beside them."""
    plot, quarters = LORENZ, [Fraction(number, 4) for number in range(5)]
    return Lorenz(
        lines=tuple(_line(plot, points) for points in curves),
        even=_line(plot, [(Fraction(0), Fraction(0)), (Fraction(1), Fraction(1))]),
        x_ticks=tuple(Tick(plot.x(part), int(part * 100)) for part in quarters),
        y_ticks=tuple(Tick(plot.y(part), int(part * 100)) for part in quarters),
    )


def _bar(plot: Plot, left: float, right: float, place: tuple[int, int], part: Fraction) -> Bar:
    """Answer a bar in its place among those of a bin; a gap stays free on both sides of the bin."""
    number, together = place
    gap = (right - left) / 10
    width = (right - left - 2 * gap) / together
    y = plot.y(part)
    return Bar(round(left + gap + number * width + 0.5, 1), y, round(width - 1, 1), round(plot.ground - y, 1))


def _line(plot: Plot, points: Points) -> str:
    return " ".join(f"{plot.x(groups)},{plot.y(having)}" for groups, having in points)


def _place(value: Fraction) -> float:
    return round(float(value), 1)


def _round_steps() -> Iterator[int]:
    return (digit * 10**zeros for zeros in count() for digit in (1, 2, 5))
