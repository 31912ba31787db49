"""The rhythms that most groups have, each one choice of a list, and an address that is typed as one line."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from app.groups.rules.recurrence import LAST, MONTHLY_WEEKDAY, WEEKLY, Rule

EVERY_WEEK = "weekly"
EVEN_WEEKS = "even_weeks"
ODD_WEEKS = "odd_weeks"
NO_RHYTHM = "none"
"""By appointment, or not fixed yet."""
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": LAST}
RHYTHMS = (EVERY_WEEK, EVEN_WEEKS, ODD_WEEKS, *_ORDINALS, NO_RHYTHM)
USUAL_MINUTES = 90
_FORTNIGHT = 2


def simple_rule(rhythm: str, *, weekday: int, starts_at: time, today: date) -> Rule:
    """Answer the series that begins with its first date from today on, an hour and a half each time.

    Even and odd weeks are those of the calendar (ISO 8601) at its first date; from there on it is every other week.

    Raises:
        KeyError: the rhythm is none of the list, or has no dates.
    """
    first_on = today + timedelta(days=(weekday - today.isoweekday()) % 7)
    if rhythm in {EVERY_WEEK, EVEN_WEEKS, ODD_WEEKS}:
        is_other_week = first_on.isocalendar().week % 2 != (1 if rhythm == ODD_WEEKS else 0)
        if rhythm != EVERY_WEEK and is_other_week:
            first_on += timedelta(weeks=1)
            if first_on.isocalendar().week % 2 != (1 if rhythm == ODD_WEEKS else 0):
                first_on += timedelta(weeks=1)  # week 53 is followed by week 1: two odd ones
        return Rule(
            WEEKLY,
            starts_at,
            USUAL_MINUTES,
            first_on,
            weekdays=(weekday,),
            interval=1 if rhythm == EVERY_WEEK else _FORTNIGHT,
        )
    return Rule(
        MONTHLY_WEEKDAY,
        starts_at,
        USUAL_MINUTES,
        today,
        weekdays=(weekday,),
        ordinals=(_ORDINALS[rhythm],),
    )


def split_address(line: str) -> tuple[str, str]:
    """Answer the name of a place, and its street with number; either may be empty.

    What holds a number is a street, what stands before a comma in front of it the name: “Bürgerhaus, Lindenallee 3”.
    """
    text = " ".join(line.split())
    before, comma, after = text.partition(",")
    if comma and re.search(r"\d", after):
        return before.strip(), after.strip()
    return ("", text) if re.search(r"\d", text) else (text, "")


def join_address(name: str, street: str) -> str:
    """Answer the line that ``split_address`` takes apart again."""
    return ", ".join(part for part in (name, street) if part)
