"""Hours and languages in the words of the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from app.clearinghouses.presentation import channels_of, language_names, written_hours
from app.clearinghouses.rules.opening_hours import Interval

MONDAY_NINE_IN_BERLIN = datetime(2026, 11, 23, 8, tzinfo=UTC)
WEEK = [Interval(day, time(9), time(12)) for day in (1, 2, 5)]


@pytest.mark.parametrize(
    ("path", "days", "times"),
    [
        ("/", "Mo, Di, Fr", "09:00–12:00"),
        ("/nl/", "ma, di, vr", "09:00–12:00"),
    ],
)
def test_a_week_is_written_in_the_language_of_the_page(app, path, days, times):
    with app.test_request_context(path, environ_overrides={"wirkreis.language": path[1:3] or "de"}):
        (line,) = written_hours(WEEK)
    assert (line.days, line.times) == (days, times)


@pytest.mark.parametrize(
    ("week", "words", "is_open"),
    [
        (WEEK, "Open now, until", True),
        ([Interval(1, time(10), time(12))], "Closed now, today from", False),
        ([Interval(2, time(10), time(12))], "Closed now, tomorrow from", False),
        (
            [Interval(1, time(8), time(9)), Interval(4, time(10), time(12))],
            "Closed now, next on Thursday",
            False,
        ),
    ],
)
def test_what_holds_now_is_a_short_sentence(app, week, words, is_open):
    with app.test_request_context("/en/", environ_overrides={"wirkreis.language": "en"}):
        (channel,) = channels_of({"phone": week}, MONDAY_NINE_IN_BERLIN)
    assert channel.now.startswith(words)
    assert channel.is_open is is_open


def test_hours_by_appointment_do_not_say_open_now(app):
    with app.test_request_context("/en/", environ_overrides={"wirkreis.language": "en"}):
        (channel,) = channels_of({"by_appointment": WEEK, "visit": []}, MONDAY_NINE_IN_BERLIN)
    assert (channel.channel, channel.now, channel.is_open) == ("by_appointment", "", False)


def test_an_unknown_language_stays_as_it_is(app):
    with app.test_request_context("/"):
        assert language_names(["tr", "xx"]) == ["Türkisch", "xx"]
