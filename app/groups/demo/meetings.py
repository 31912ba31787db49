"""When demo groups meet: mostly on weekday evenings, weekly, every two weeks or by weekday of the month.

Many rest on public holidays, some in the school holidays.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from app.groups.rules.recurrence import DATES, LAST, MONTHLY_DAY, MONTHLY_WEEKDAY, WEEKLY, Rule

if TYPE_CHECKING:
    from random import Random

WITHOUT = 0.04
WITH_TWO = 0.12
KINDS = ("weekly", "twice_a_week", "every_two_weeks", "monthly", "monthly_last", "monthly_day", "dates")
KIND_WEIGHTS = (33, 2, 20, 35, 7, 1.5, 1.5)
RESTS_ON_HOLIDAYS = 0.45
RESTS_IN_SCHOOL_HOLIDAYS = 0.12
LISTED_DATES = 8
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
        second = _rule(chance, today=today, is_founding=is_founding)
        if first.weekdays and second.weekdays:  # two series of a group are never on the same day
            taken = chance.randrange(1, 5)
            second = replace(second, weekdays=((first.weekdays[-1] + taken) % 7 + 1,))
        return first, second
    return (first,)


def _rule(chance: Random, *, today: date, is_founding: bool) -> Rule:
    kind = chance.choices(KINDS, KIND_WEIGHTS)[0]
    days = chance.randrange(3, 60) if is_founding else -chance.randrange(LONGEST_PAST_DAYS)
    ends = not is_founding and chance.random() < 0.02
    rule = Rule(
        frequency=WEEKLY,
        weekdays=(chance.choices(range(1, 8), WEEKDAY_WEIGHTS)[0],),
        starts_at_local=_starts_at(chance),
        duration_minutes=chance.choices(DURATIONS, DURATION_WEIGHTS)[0],
        first_on=today + timedelta(days=days),
        until_on=today + timedelta(days=chance.randrange(60, 300)) if ends else None,
        skips_public_holidays=chance.random() < RESTS_ON_HOLIDAYS,
        skips_school_holidays=chance.random() < RESTS_IN_SCHOOL_HOLIDAYS,
    )
    return replace(rule, **_rhythm(chance, kind, rule, today=today))


def _rhythm(chance: Random, kind: str, rule: Rule, *, today: date) -> dict[str, Any]:
    """Answer what makes a weekly rule one of another kind."""
    if kind == "twice_a_week":
        (weekday,) = rule.weekdays
        return {"weekdays": tuple(sorted({weekday, (weekday + 2) % 7 + 1}))}
    if kind == "every_two_weeks":
        return {"interval": 2}
    if kind in {"monthly", "monthly_last"}:
        return {
            "frequency": MONTHLY_WEEKDAY,
            "ordinals": _ordinals(chance) if kind == "monthly" else (LAST,),
        }
    if kind == "monthly_day":
        return {
            "frequency": MONTHLY_DAY,
            "weekdays": (),
            "month_days": (chance.choice((1, 10, 15, 20, LAST)),),
        }
    if kind == "dates":
        start = max(today, rule.first_on)
        days = sorted(chance.sample(range(300), LISTED_DATES))
        dates = tuple(start + timedelta(days=ahead) for ahead in days)
        return {"frequency": DATES, "weekdays": (), "dates": dates, "until_on": None}
    return {}


def _starts_at(chance: Random) -> time:
    lot = chance.random()
    if lot < 0.80:
        return chance.choices(EVENINGS, EVENING_WEIGHTS)[0]
    return chance.choice(MORNINGS if lot < 0.90 else AFTERNOONS)


def _ordinals(chance: Random) -> tuple[int, ...]:
    if chance.random() < 0.2:
        return chance.choice(((1, 3), (2, 4)))
    return (chance.randrange(1, 5),)
