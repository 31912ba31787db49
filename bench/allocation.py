"""A pot divided among many groups, through the functions that the application calls, beside one argsort of the caps."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from math import log2
from statistics import median

import numpy as np

from app.funding.rules.allocation import fill, weighted
from bench.tables import heading, measure, times_line, value_line

REPEATS = {5_000: 40, 100_000: 15, 1_000_000: 5}
PROMISED_MS = {5_000: 10, 100_000: 150, 1_000_000: 2_000}
SEED = "round-2026"
MAX_GROWTH = 2.0


def run() -> None:
    """Print both rules at each size, their ratio to sorting, and how they grow."""
    medians: dict[str, dict[int, float]] = {}
    for size, repeats in REPEATS.items():
        heading(f"A pot divided among {size} groups")
        calls, caps = _calls(size)
        asked = np.fromiter(caps.values(), np.int64, size)
        sorting = measure(lambda _, asked=asked: np.argsort(asked), range(repeats))
        times_line("floor: one numpy argsort of the caps", sorting)
        for name, call in calls.items():
            call()
            times = measure(lambda _, call=call: call(), range(repeats))
            times_line(name, times, p50_at_most=PROMISED_MS[size])
            value_line(f"{name} : argsort", times.p50 / sorting.p50, unit="×")
            medians.setdefault(name, {})[size] = median(times.cpu_seconds)
    heading("Growth against n · log n, work of this process")
    sizes = list(REPEATS)
    for name, by_size in medians.items():
        for few, many in pairwise(sizes):
            due = many * log2(many) / (few * log2(few))
            value_line(
                f"{name}, {few} to {many}", by_size[many] / by_size[few] / due, unit="×", at_most=MAX_GROWTH
            )


def _calls(size: int) -> tuple[dict[str, Callable[[], object]], dict[int, int]]:
    """Answer what is measured by name, and the caps: log-normal, as requests are, three fifths of them in the pot."""
    dice = random.Random(size)
    caps = {number * 3 + 1: int(dice.lognormvariate(11.3, 0.9)) for number in range(size)}
    pot = sum(caps.values()) * 3 // 5
    weights = {group_id: dice.choice((2, 3, 4)) for group_id in caps}
    above_all = dict.fromkeys(caps, 10**7)
    granted = fill(pot // 2, caps, seed=SEED).awards_cents
    calls: dict[str, Callable[[], object]] = {
        "equal lump sum with caps": lambda: fill(pot, caps, seed=SEED),
        "the same, every group in the draw": lambda: fill(size * 500 + size // 2, above_all, seed=SEED),
        "the same, second round": lambda: fill(pot, caps, seed=SEED, floors_cents=granted),
        "weights 2, 3 and 4": lambda: weighted(pot, caps, weights, seed=SEED),
    }
    return calls, caps
