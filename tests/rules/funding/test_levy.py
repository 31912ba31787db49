"""What insurers owe, in which parts, and what becomes of what they did not spend."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.funding.reference_files import level_plans, levy_rates
from app.funding.rules.level_plan import LEVELS, LevelPlan, needed_together, read_plans, split_flat
from app.funding.rules.levy import Split, duties, flat_floor_percent, split_levy
from app.funding.rules.levy_rates import check_rate, read_rates
from app.funding.rules.pot import Reserve, reserve_cents

HEADER = "year,cents,reference_cents,standing,source"
MONEY = st.integers(0, 10**13)


@pytest.mark.parametrize(
    ("total", "percent", "floor", "expected"),
    [
        (9_062_000_000, 70, 70, Split(6_343_400_000, 2_718_600_000)),  # 2023
        (9_511_000_000, 70, 70, Split(6_657_700_000, 2_853_300_000)),  # 2024
        (1, 70, 70, Split(1, 0)),
        (101, 70, 70, Split(71, 30)),
        (100, 100, 70, Split(100, 0)),
        (15_359_877 * 105, 50, 50, Split(806_393_543, 806_393_542)),
        (0, 70, 70, Split(0, 0)),
    ],
)
def test_the_flat_part_is_the_percentage_rounded_up(total, percent, floor, expected):
    assert split_levy(total, percent, floor_percent=floor) == expected


@pytest.mark.parametrize(
    ("total", "percent", "told"),
    [
        (100, 69, r"The flat grants in per cent is 69; at least 70"),
        (100, 101, r"is 101; at most 100"),
        (-1, 70, r"The levy is negative: -1\."),
        (1.5, 70, r"The levy is not a whole number: 1\.5\."),
        (True, 70, r"The levy is not a whole number: True\."),
        (2**63, 70, r"The levy is 9223372036854775808; at most"),
        (100, 70.5, r"The flat grants in per cent is not a whole number: 70\.5\."),
    ],
)
def test_a_split_that_the_law_does_not_allow_is_refused(total, percent, told):
    with pytest.raises(ValueError, match=told):
        split_levy(total, percent)


def test_half_is_flat_until_2019_and_seven_tenths_from_2020_and_more_is_welcome():
    assert [flat_floor_percent(year) for year in (2008, 2016, 2019, 2020, 2026)] == [50, 50, 50, 70, 70]


@given(MONEY, st.integers(70, 100))
def test_12_the_flat_part_is_the_least_that_reaches_the_percentage(total, percent):
    split = split_levy(total, percent)
    assert split.flat_cents + split.project_cents == total
    assert 100 * split.flat_cents >= percent * total
    assert split.flat_cents == 0 or 100 * (split.flat_cents - 1) < percent * total


INSURED = st.dictionaries(
    st.tuples(st.sampled_from(["AOK", "BKK", "TK"]), st.sampled_from(["05", "09", "16"])),
    st.integers(1, 10**7),
    min_size=1,
)


@given(INSURED, st.sampled_from([105, 128, 144]), st.sampled_from([2016, 2026]))
def test_12_and_13_each_insurer_owes_for_those_who_live_there(insured, rate, year):
    owed = duties(insured, rate_cents=rate, year=year)
    assert {(each.insurer, each.state): each.total_cents for each in owed} == {
        cell: rate * count for cell, count in insured.items()
    }
    for each in owed:
        assert 100 * each.split.flat_cents >= flat_floor_percent(year) * each.total_cents
        assert each.split.flat_cents + each.split.project_cents == each.total_cents
    cell = min(insured)
    moved = duties(insured | {cell: insured[cell] + 1}, rate_cents=rate, year=year)
    assert sum(each.total_cents for each in moved) - sum(each.total_cents for each in owed) == rate


def test_an_insurer_may_give_more_as_flat_grants():
    (owed,) = duties({("TK", "05"): 100}, rate_cents=144, year=2026, flat_percents={"TK": 80})
    assert owed.split == Split(11_520, 2_880)


@pytest.mark.parametrize(
    ("insured", "percents", "told"),
    [
        ({("TK", "05"): 0}, {}, "The number of insured of TK in 05 is 0; at least 1"),
        ({("TK", "05"): -4}, {}, "The number of insured of TK in 05 is negative"),
        ({("TK", "05"): 1.5}, {}, "The number of insured of TK in 05 is not a whole number"),
        ({("TK", "05"): 10**18}, {}, "The number of insured of TK in 05 is 1000000000000000000; at most"),
        ({("TK", "05"): 1}, {"AOK": 70}, "AOK has a percentage of flat grants and no insured"),
        ({("TK", "05"): 1}, {"TK": 60}, "TK: The flat grants in per cent is 60; at least 70"),
    ],
)
def test_a_wrong_count_or_percentage_is_named_with_its_insurer(insured, percents, told):
    with pytest.raises(ValueError, match=told):
        duties(insured, rate_cents=144, year=2026, flat_percents=percents)


def test_the_published_rates_are_there_with_their_sources():
    rates = levy_rates()
    published = {2016: 105, 2017: 108, 2021: 119, 2022: 119, 2023: 123, 2024: 128, 2025: 136, 2026: 144}
    assert {year: rates[year].cents for year in published} == published
    assert sorted(rates) == list(range(2016, 2027))
    assert all(rate.source for rate in rates.values())


def test_the_formula_only_shows_where_it_differs():
    rates = levy_rates()
    checks = {year: check_rate(rates, year) for year in rates}
    assert [checks[year].direct_cents for year in (2021, 2023, 2024, 2025, 2026)] == [119, 123, 128, 135, 143]
    assert [checks[year].chained_cents for year in (2025, 2026)] == [136, 144]
    assert [year for year, check in checks.items() if check.deviates] == [2018, 2020, 2025, 2026]
    assert checks[2026].published_cents == 144
    assert checks[2016].chained_cents is None


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["2026,144,395500,published,TK", "2026,143,395500,published,TK"], "Line 3, year: 2026 has a rate"),
        (["2026,1.44,395500,published,TK"], "Line 2, cents: '1.44' is not a whole number"),
        (["2026,-144,395500,published,TK"], "Line 2, cents is negative"),
        (["2026,0,395500,published,TK"], "Line 2, cents is 0; at least 1"),
        (["1990,144,395500,published,TK"], "Line 2, year is 1990; at least 2016"),
        (["2026,144,395500,heard,TK"], "Line 2, standing: 'heard' is none of"),
        (["2026,144,395500,published, "], "Line 2, source: where is the rate from"),
        (["2026,144"], "Line 2, standing: None is none of"),
    ],
)
def test_a_wrong_rate_is_refused_with_line_and_column(lines, told):
    with pytest.raises(ValueError, match=told):
        read_rates([HEADER, *lines])
    with pytest.raises(ValueError, match="There is no rate for 2016"):
        check_rate({}, 2016)


def test_the_published_sums_of_north_rhine_westphalia_in_2016_come_out_to_the_cent():
    plan = level_plans()["05", 2016]
    rate = levy_rates()[2016].cents
    assert sum(plan.shares.values()) == needed_together(
        plan.unit, rate_cents=rate, flat_percent=flat_floor_percent(2016)
    )
    (owed,) = duties({("all", "05"): 15_359_877}, rate_cents=105, year=2016)
    levels = split_flat(owed.split.flat_cents, plan)
    assert levels == {
        "federal": 161_278_709,
        "state_organisations": 155_134_758,
        "clearing_houses": 322_557_417,
        "groups": 167_422_659,
    }
    assert owed.split.flat_cents - levels["federal"] == 645_114_834
    in_per_cent = LevelPlan(
        "05", 2016, "per_cent", {**dict.fromkeys(LEVELS, 0), "federal": 2000, "state_organisations": 8000}
    )
    assert split_flat(owed.split.flat_cents, in_per_cent)["state_organisations"] == 645_114_834


def test_a_plan_divides_one_euro_and_eight_tenths_of_a_cent_in_2026_or_a_hundred_per_cent():
    assert needed_together("per_insured", rate_cents=144, flat_percent=70) == 10_080
    assert needed_together("per_cent", rate_cents=144, flat_percent=70) == 10_000


def test_two_plans_of_a_land_for_a_year_are_refused():
    line = "05,2016,per_cent,2000,2000,4000,2000,agreed"
    with pytest.raises(ValueError, match="Line 3: 05 has a plan for 2016 already"):
        read_plans([f"state,year,unit,{','.join(LEVELS)},source", line, line])


def test_a_reserve_is_the_percentage_rounded_up_and_at_least_its_floor():
    assert reserve_cents(1_001, Reserve(percent=5, floor_cents=20)) == 51
    assert reserve_cents(100, Reserve(percent=5, floor_cents=20)) == 20
    with pytest.raises(ValueError, match="The least reserve is 20; at most 10"):
        reserve_cents(10, Reserve(floor_cents=20))


@given(MONEY, st.integers(0, 100))
def test_a_reserve_is_never_more_than_there_is(money, percent):
    assume(money)
    assert 100 * reserve_cents(money, Reserve(percent)) >= percent * money
    assert reserve_cents(money, Reserve(percent)) <= money
