"""What insurers are asked for adds up for everybody: insurer, level, region, to the cent."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.reference_files import level_plans, levy_rates
from app.funding.rules.calls import asked_in, pots_of_carried, project_pots, spread
from app.funding.rules.ledger_accounts import CARRY, DUE, POT, RESERVE, RETURNED, Account
from app.funding.rules.level_plan import LEVELS, PER_CENT, LevelPlan, split_flat
from app.funding.rules.levy import duties
from app.funding.rules.year_end import carried_by_insurer, givers_of

NAMES = st.sampled_from([f"kasse-{n}" for n in range(12)])
INSURED = st.dictionaries(NAMES, st.integers(1, 9_000_000), min_size=1)
SHARES = st.lists(st.integers(0, 5_000), min_size=4, max_size=4).filter(any)
REGIONS = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.integers(1, 10**6), min_size=1)


def owed_in(insured, year=2026, rate=144):
    return duties({(name, "05"): count for name, count in insured.items()}, rate_cents=rate, year=year)


@given(INSURED, SHARES, REGIONS)
def test_each_insurer_level_and_region_gets_exactly_its_part(insured, shares, regions):
    plan = LevelPlan("05", 2026, PER_CENT, dict(zip(LEVELS, shares, strict=True)))
    owed = owed_in(insured)
    asked = asked_in("05", owed, plan, regions)
    by_insurer, by_level, by_region = Counter(), Counter(), Counter()
    for each in asked:
        assert each.cents > 0
        assert (each.due.state is None) == (each.due.level == "federal")
        by_insurer[each.due.insurer] += each.cents
        by_level[each.due.level] += each.cents
        if each.due.region:
            by_region[each.due.region] += each.cents
    assert by_insurer == Counter({duty.insurer: duty.split.flat_cents for duty in owed})
    flat = sum(duty.split.flat_cents for duty in owed)
    assert by_level == Counter({level: cents for level, cents in split_flat(flat, plan).items() if cents})
    assert sum(by_region.values()) == by_level["groups"]
    assert asked == asked_in("05", owed[::-1], plan, dict(reversed(regions.items())))


@given(
    st.dictionaries(NAMES, st.integers(0, 10**12), min_size=1),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**6), min_size=1).filter(
        lambda w: any(w.values())
    ),
)
def test_no_cell_is_two_cents_from_its_exact_part(rows, weights):
    together = sum(weights.values())
    total = sum(rows.values())
    odd = total - sum(total * weight // together for weight in weights.values())
    takers = [column for column, weight in weights.items() if weight][:odd]
    totals = {column: total * weight // together + (column in takers) for column, weight in weights.items()}
    totals[max(weights, key=lambda c: weights[c])] += total - sum(totals.values())
    cells = spread(rows, weights, totals, seed="x")
    assert {row: sum(parts.values()) for row, parts in cells.items()} == rows
    assert {column: sum(parts[column] for parts in cells.values()) for column in weights} == totals
    for row, cents in rows.items():
        for column, weight in weights.items():
            assert cells[row][column] >= 0
            assert abs(cells[row][column] * together - cents * weight) < 2 * together


def test_north_rhine_westphalia_2016_gives_the_published_sums_whoever_pays_them():
    plan = level_plans()["05", 2016]
    insured = {"kasse-1": 8_000_002, "kasse-2": 4_359_874, "kasse-3": 3_000_000, "kasse-4": 1}
    owed = owed_in(insured, year=2016, rate=levy_rates()[2016].cents)
    assert sum(duty.insured for duty in owed) == 15_359_877
    got = Counter()
    for each in asked_in("05", owed, plan, {"rheinland": 96, "westfalen": 82}):
        got[each.due.level] += each.cents
    assert (got["state_organisations"], got["clearing_houses"], got["groups"]) == (
        155_134_758,
        322_557_417,
        167_422_659,
    )


def test_money_for_projects_stays_with_the_insurer_and_its_land():
    owed = owed_in({"kasse-1": 1_000_000})
    assert project_pots(owed, 2026) == {Account(POT, 2026, "kasse-1", "05"): 43_200_000}


def test_the_groups_of_a_land_without_a_region_get_nothing_by_accident():
    plan = LevelPlan("05", 2026, PER_CENT, dict.fromkeys(LEVELS, 2500))
    with pytest.raises(ValueError, match="no funding region"):
        asked_in("05", owed_in({"kasse-1": 10}), plan, {})
    with pytest.raises(ValueError, match="together"):
        spread({"a": 3}, {"x": 1}, {"x": 2}, seed="")


@given(st.integers(1, 10**12), SHARES, REGIONS)
def test_what_is_carried_over_enters_the_flat_pots_of_its_land_and_no_other(cents, shares, regions):
    plan = LevelPlan("05", 2027, PER_CENT, dict(zip(LEVELS, shares, strict=True)))
    pots = pots_of_carried(Account(CARRY, 2027, "kasse-1", "05"), cents, plan, regions)
    assert sum(pots.values()) == (cents if any(shares[1:]) else 0)
    assert all(pot.insurer is None and pot.state == "05" and part > 0 for pot, part in pots.items())
    assert pots_of_carried(Account(CARRY, 2027, "kasse-1"), cents, None, {}) == {
        Account(POT, 2027, level="federal"): cents
    }
    assert pots_of_carried(Account(CARRY, 2027, "kasse-1", "05"), cents, None, regions) == {}


HOUSES = Account(POT, 2026, state="05", level="clearing_houses")
OLD_HOUSES = Account(POT, 2025, state="05", level="clearing_houses")
BACK = Account(RETURNED, 2026, state="05", level="clearing_houses")
HELD = Account(RESERVE, 2026, state="05", level="clearing_houses")
OWN = Account(POT, 2026, "kasse-3", "05")


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.integers(1, 10**9),
    st.integers(1, 10**9),
    st.integers(1, 10**9),
)
def test_all_that_is_left_goes_to_those_who_gave_it(first, second, left, back, own):
    due = {n: Account(DUE, 2026, f"kasse-{n}", "05", level="clearing_houses") for n in (1, 2)}
    moved = {
        HOUSES: {due[1]: first + 1, due[2]: second, HELD: 5},
        OLD_HOUSES: {Account(CARRY, 2025, "kasse-2", "05"): 7, Account(DUE, 2025, "kasse-1", "05"): -3},
        HELD: {HOUSES: 10},
        BACK: {OLD_HOUSES: back, HOUSES: 0},
    }
    carried = carried_by_insurer({HOUSES: left, HELD: 5, BACK: back, OWN: own}, moved, year=2026)
    assert {source: sum(targets.values()) for source, targets in carried.items()} == {
        HOUSES: left,
        HELD: 5,
        BACK: back,
        OWN: own,
    }
    assert carried[BACK] == {Account(CARRY, 2027, "kasse-2", "05"): back}
    assert carried[OWN] == {Account(CARRY, 2027, "kasse-3", "05"): own}
    assert {target.insurer for target in carried[HOUSES]} <= (
        {"kasse-1", "kasse-2"} if second else {"kasse-1"}
    )
    assert sum(givers_of(HELD, moved).values()) == 10


def test_what_nobody_gave_is_carried_to_nobody():
    with pytest.raises(ValueError, match="Nobody knows"):
        carried_by_insurer({HELD: 5}, {}, year=2026)
