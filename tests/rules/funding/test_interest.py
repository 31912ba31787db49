"""Interest on money that has to come back, and claims."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.reference_files import base_rates
from app.funding.rules.interest import (
    POINTS_ABOVE,
    BaseRates,
    Owed,
    interest_cents,
    owed_over_time,
    read_base_rates,
)
from app.funding.rules.reclaim import (
    LAPSED,
    NEW,
    SETTLED,
    WRITTEN,
    Claim,
    Instalment,
    equal_plan,
    lapses_on,
    left_of,
    next_part,
    overdue_cents,
    state_of,
    to_claim,
)

DAYS = st.dates(date(2019, 6, 1), date(2028, 12, 31))
SUMS = st.integers(0, 10**9)


def test_the_published_base_rates_are_those_of_the_bundesbank():
    rates = base_rates()
    told = {"2022-12-31": -88, "2023-01-01": 162, "2023-07-01": 312, "2024-01-01": 362}
    told |= {"2024-12-31": 337, "2025-01-01": 227, "2025-07-01": 127, "2030-01-01": 127, "2019-01-01": -88}
    assert {day: rates.on(date.fromisoformat(day)) for day in told} == told
    assert rates.doubt
    assert rates.known_until == date(2025, 12, 31)


def test_a_year_bears_the_rate_of_a_year_and_a_leap_year_no_more():
    year_of_2023 = [Owed(date(2023, 7, 1), 100_000)]
    half_and_half = interest_cents(year_of_2023, date(2024, 1, 1), base_rates())
    assert half_and_half == 100_000 * 812 * 184 // (10_000 * 365)
    leap = [Owed(date(2024, 1, 1), 100_000)]
    assert interest_cents(leap, date(2024, 7, 1), base_rates()) == 100_000 * 862 * 182 // (10_000 * 366)
    flat = BaseRates(((date(2020, 1, 1), 127),), date(2030, 1, 1), "")
    for year in (2023, 2024, 2025):
        owed = [Owed(date(year, 1, 1), 10_000)]
        assert interest_cents(owed, date(year + 1, 1, 1), flat) == 627


def _day_by_day(owed: list[Owed], until: date, rates: BaseRates) -> int:
    total = Fraction(0)
    day = owed[0].since
    while day < until:
        cents = next(each.cents for each in reversed(owed) if each.since <= day)
        of_year = 366 if (day.year % 4 == 0 and day.year % 100 != 0) or day.year % 400 == 0 else 365
        total += Fraction(cents * max(0, rates.on(day) + POINTS_ABOVE), 10_000 * of_year)
        day += timedelta(days=1)
    return int(total)


@given(st.lists(st.tuples(DAYS, SUMS), min_size=1, max_size=4, unique_by=lambda each: each[0]), DAYS)
def test_interest_is_what_every_single_day_bears_rounded_once(steps, until):
    owed = [Owed(*each) for each in sorted(steps)]
    assert interest_cents(owed, until, base_rates()) == _day_by_day(owed, until, base_rates())


@given(SUMS, DAYS, st.lists(st.tuples(DAYS, SUMS), max_size=4), DAYS, DAYS)
def test_who_pays_earlier_or_more_owes_no_more_interest(cents, since, less, one, other):
    first, later = sorted((one, other))
    owed = owed_over_time(cents, since, less)
    assert interest_cents(owed, first, base_rates()) <= interest_cents(owed, later, base_rates())
    paid_more = owed_over_time(cents, since, [*less, (since, 1)])
    assert interest_cents(paid_more, later, base_rates()) <= interest_cents(owed, later, base_rates())


@pytest.mark.parametrize("wrong", ["1.6", "1,62", "x.62", "162"])
def test_a_rate_that_is_not_written_out_is_refused(wrong):
    told = {"rates": [{"since": "2023-01-01", "percent": wrong}], "known_until": "2023-06-30", "source": ""}
    with pytest.raises(ValueError, match=r"."):
        read_base_rates(json.dumps(told))


def test_days_that_do_not_rise_are_refused():
    with pytest.raises(ValueError, match="rise"):
        BaseRates(((date(2023, 1, 1), 1), (date(2022, 1, 1), 1)), date(2023, 1, 1), "")
    with pytest.raises(ValueError, match="rise"):
        interest_cents([Owed(date(2024, 1, 2), 1), Owed(date(2024, 1, 1), 1)], date(2025, 1, 1), base_rates())


@given(st.integers(1, 10**9), st.integers(1, 60), DAYS)
def test_instalments_are_equal_to_a_cent_and_add_up(cents, count, first_on):
    plan = equal_plan(cents, min(count, cents), first_on)
    assert sum(each.cents for each in plan) == cents
    assert max(each.cents for each in plan) - min(each.cents for each in plan) <= 1
    days = [each.due_on for each in plan]
    assert days == sorted(set(days))
    assert days[0] == first_on


@given(SUMS, SUMS, SUMS)
def test_what_is_open_is_never_below_zero_and_each_cent_that_comes_counts_once(claimed, came, waived):
    claim = Claim(claimed, came, waived)
    assert claim.open_cents == max(0, claimed - came - waived)
    assert Claim(claimed, came + waived, 0).open_cents == claim.open_cents


def test_instalments_are_paid_in_their_order():
    plan = (Instalment(date(2027, 1, 31), 50), Instalment(date(2027, 2, 28), 50))
    assert left_of(plan, 60) == [0, 40]
    assert next_part(plan, 60) == Instalment(date(2027, 2, 28), 40)
    assert next_part(plan, 100) is None
    assert overdue_cents(plan, 20, date(2027, 2, 1)) == 30
    assert overdue_cents(plan, 50, date(2027, 2, 28)) == 0
    assert equal_plan(100, 2, date(2027, 1, 31)) == plan


def test_a_claim_lapses_four_years_after_the_year_in_which_it_became_final():
    last = lapses_on(date(2027, 5, 3))
    assert last == date(2031, 12, 31)
    claim = Claim(100)
    assert state_of(claim, lapses=None, on=last) == NEW
    assert state_of(claim, lapses=last, on=last) == WRITTEN
    assert state_of(claim, lapses=last, on=last + timedelta(days=1)) == LAPSED
    assert state_of(Claim(100, 100), lapses=last, on=last) == SETTLED


def test_only_what_somebody_has_and_may_not_keep_is_claimed():
    assert to_claim(500, 400) == 100
    assert to_claim(400, 500) == 0
