"""What is said of rhythms and dates, as somebody would say it in each language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.groups.meetings.words import remark_words, rule_words
from app.groups.rules.recurrence import Rule
from app.groups.rules.schedule import Change, Series, meetings
from app.shared.languages import speaking
from tests.builders.groups import make_rule

BERLIN = ZoneInfo("Europe/Berlin")
FEBRUARY = {"starts_at_local": time(19), "duration_minutes": 90, "first_on": date(2026, 2, 1)}


@pytest.fixture(autouse=True)
def request_context(request):
    """Words come from files, so one kind of database says enough."""
    from tests.builders.finder_world import get_world

    with get_world(request.getfixturevalue("_sqlite")).app.app_context():
        yield


def in_each_language(rule: Rule) -> list[str]:
    found = []
    for language in ("de", "en", "nl"):
        with speaking(language):
            found.append(rule_words(rule).split(", 19:00")[0])
    return found


@pytest.mark.parametrize(
    ("parts", "german", "english", "dutch"),
    [
        (
            {"frequency": "monthly_weekday", "weekdays": (2,), "ordinals": (1, 3)},
            "jeden 1. und 3. Dienstag im Monat",
            "every 1st and 3rd Tuesday of the month",
            "elke 1e en 3e dinsdag van de maand",
        ),
        (
            {"frequency": "monthly_day", "month_days": (15, -1)},
            "am 15. und am letzten Tag jedes Monats",
            "on the 15th and the last day of each month",
            "op de 15e en de laatste dag van elke maand",
        ),
        (
            {"frequency": "monthly_day", "month_days": (-1,)},
            "am letzten Tag jedes Monats",
            "on the last day of each month",
            "op de laatste dag van elke maand",
        ),
        (
            {"frequency": "monthly_day", "month_days": (14, -1), "interval": 12},
            "jedes Jahr am 14. Februar und am letzten Tag im Februar",
            "every year on 14 February and the last day of February",
            "elk jaar op 14 februari en de laatste dag van februari",
        ),
        (
            {"frequency": "dates", "dates": tuple(date(2027, 2, day) for day in range(1, 6))},
            "am 1. Feb. 2027, 2. Feb. 2027, 3. Feb. 2027 und 2 weiteren Terminen",
            "on 1 Feb 2027, 2 Feb 2027, 3 Feb 2027 and 2 more dates",
            "op 1 feb 2027, 2 feb 2027, 3 feb 2027 en nog 2 data",
        ),
    ],
)
def test_a_rhythm_is_said_as_people_say_it(parts, german, english, dutch):
    assert in_each_language(Rule(**FEBRUARY, **parts)) == [german, english, dutch]


@pytest.mark.parametrize(("new_on", "remark"), [(date(2026, 6, 2), "Domhof"), (date(2026, 6, 3), "statt Di")])
def test_a_date_that_only_goes_elsewhere_does_not_take_place_instead_of_itself(new_on, remark):
    on = date(2026, 6, 2)
    moved = Change("moved", on=on, new_on=new_on, place=2, reason="Domhof")
    series = Series(1, make_rule(weekday=2, first_on=on), place=1, changes=(moved,))
    start = datetime(2026, 6, 1, tzinfo=BERLIN)
    (meeting,) = meetings([series], start=start, end=start + timedelta(days=7))
    with speaking("de"):
        assert remark_words(meeting).startswith(remark)
        assert remark_words(replace(meeting, note="", moved_from=None)) == ""
