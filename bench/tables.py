"""Measured times as lines of a table: median, 95th percentile, and whether they keep what was promised."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from typing import TypeVar

T = TypeVar("T")
missed: list[str] = []
"""Every promise that was not kept in this run, in the words of its line."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of the single calls of one measurement: on the clock, and of this process's own work."""

    seconds: Sequence[float]
    cpu_seconds: Sequence[float] = ()

    @property
    def p50(self) -> float:
        """The median, milliseconds."""
        return median(self.seconds) * 1000

    @property
    def p95(self) -> float:
        """The 95th percentile (nearest rank), milliseconds."""
        return _p95(self.seconds)

    def and_(self, other: Times) -> Times:
        """Answer both together."""
        return Times(
            [*self.seconds, *other.seconds],
            [*self.cpu_seconds, *other.cpu_seconds],
        )

    @property
    def cpu_words(self) -> str:
        """The same of the work alone, which a busy machine does not lengthen so much."""
        if not self.cpu_seconds:
            return ""
        return f"   (CPU {median(self.cpu_seconds) * 1000:.3f} / {_p95(self.cpu_seconds):.3f})"


def _p95(seconds: Sequence[float]) -> float:
    ordered = sorted(seconds)
    return ordered[-(-len(ordered) * 95 // 100) - 1] * 1000


def measure(call: Callable[[T], object], things: Iterable[T]) -> Times:
    """Answer how long the call took with each of the things."""
    seconds, cpu_seconds = [], []
    for thing in things:
        began, cpu_began = perf_counter(), thread_time()
        call(thing)
        seconds.append(perf_counter() - began)
        cpu_seconds.append(thread_time() - cpu_began)
    return Times(seconds, cpu_seconds)


def heading(text: str) -> None:
    """Print the title of a table."""
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def times_line(name: str, times: Times, *, p50_at_most: float = 0, p95_at_most: float = 0) -> None:
    """Print one measurement; targets are milliseconds, 0 means none was set."""
    line = f"{name:<44} n {len(times.seconds):>5}   median {times.p50:>9.3f} ms   p95 {times.p95:>9.3f} ms"
    line += times.cpu_words
    verdicts = [
        verdict(f"{name}, {what}", value, most, unit="ms")
        for what, value, most in (("median", times.p50, p50_at_most), ("p95", times.p95, p95_at_most))
        if most
    ]
    print(line + "".join(f"   {each}" for each in verdicts), flush=True)


def value_line(name: str, value: float, *, unit: str, at_most: float = 0, at_least: float = 0) -> None:
    """Print one number and whether it keeps its target."""
    target = at_most or at_least
    told = verdict(name, value, target, unit=unit, least=bool(at_least)) if target else ""
    print(f"{name:<60} {value:>10.3f} {unit}   {told}".rstrip(), flush=True)


def verdict(name: str, value: float, target: float, *, unit: str, least: bool = False) -> str:
    """Answer the target and ``ok`` or ``MISSED``; what was missed is remembered for the end."""
    kept = value >= target if least else value <= target
    words = f"{'≥' if least else '≤'} {target:g} {unit}"
    if not kept:
        missed.append(f"{name}: {value:.3f} {unit}, promised {words}")
    return f"{words} {'ok' if kept else 'MISSED'}"


def machine() -> str:
    """Answer the machine in one line."""
    cpus = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return f"{len(cpus)} × {cpus[0] if cpus else 'unknown'}, Python {platform.python_version()}"
