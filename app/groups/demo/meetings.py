"""When demo groups meet: mostly on weekday evenings, weekly, every two weeks or by weekday of the month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from app.groups.rules.recurrence import LAST, MONTHLY_WEEKDAY, WEEKLY, Rule

if TYPE_CHECKING:
    from random import Random

WITHOUT = 0.04
WITH_TWO = 0.12
KINDS = ("weekly", "every_two_weeks", "monthly", "monthly_last")
KIND_WEIGHTS = (35, 20, 38, 7)
WEEKDAY_WEIGHTS = (20, 22, 22, 20, 7, 6, 3)
EVENINGS = (time(17), time(17, 30), time(18), time(18, 30), time(19), time(19, 30))
EVENING_WEIGHTS = (14, 13, 25, 18, 22, 8)
MORNINGS = (time(9, 30), time(10), time(10, 30), time(11))
AFTERNOONS = (time(14), time(15), time(15, 30), time(16))
DURATIONS = (90, 105, 120)
DURATION_WEIGHTS = (50, 8, 42)
LONGEST_PAST_DAYS = 1_200


def draw_series(chance: Random, *, today: date, is_founding: bool) -> tuple[Rule, ...]:
    """Answer the series of a group: none, one or two; those of a group in foundation begin after today."""
    lot = chance.random()
    if lot < WITHOUT:
        return ()
    first = _rule(chance, today=today, is_founding=is_founding)
    if lot < WITHOUT + WITH_TWO:
        weekday = (first.weekdays[0] + chance.randrange(1, 5)) % 7 + 1
        return first, replace(_rule(chance, today=today, is_founding=is_founding), weekdays=(weekday,))
    return (first,)


def _rule(chance: Random, *, today: date, is_founding: bool) -> Rule:
    kind = chance.choices(KINDS, KIND_WEIGHTS)[0]
    days = chance.randrange(3, 60) if is_founding else -chance.randrange(LONGEST_PAST_DAYS)
    ends = not is_founding and chance.random() < 0.02
    return Rule(
        frequency=WEEKLY if kind in {"weekly", "every_two_weeks"} else MONTHLY_WEEKDAY,
        weekdays=(chance.choices(range(1, 8), WEEKDAY_WEIGHTS)[0],),
        starts_at_local=_starts_at(chance),
        duration_minutes=chance.choices(DURATIONS, DURATION_WEIGHTS)[0],
        first_on=today + timedelta(days=days),
        interval=2 if kind == "every_two_weeks" else 1,
        ordinals=_ordinals(chance) if kind == "monthly" else (LAST,) if kind == "monthly_last" else (),
        until_on=today + timedelta(days=chance.randrange(60, 300)) if ends else None,
    )


def _starts_at(chance: Random) -> time:
    lot = chance.random()
    if lot < 0.80:
        return chance.choices(EVENINGS, EVENING_WEIGHTS)[0]
    return chance.choice(MORNINGS if lot < 0.90 else AFTERNOONS)


def _ordinals(chance: Random) -> tuple[int, ...]:
    if chance.random() < 0.2:
        return chance.choice(((1, 3), (2, 4)))
    return (chance.randrange(1, 5),)
