"""The levy of a year from what is stored to the cent, and what cannot be stored."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.funding.models import FundingYear, InsuredCount
from app.funding.pages.levy import levy_page, year_shown
from app.funding.queries.levy import flat_percents_of, insured_of, plans_of, rates
from app.funding.rules.ledger_accounts import DUE, Account
from app.funding.rules.level_plan import FEDERAL, LEVELS, PER_CENT, PER_INSURED, LevelPlan
from app.funding.rules.levy_rates import Rate
from app.funding.rules.postings import call
from app.funding.services.ledger import post
from app.funding.services.levy import (
    add_rate,
    copy_plans,
    correct_insured,
    replace_insured,
    set_flat_share,
    store_plan,
)
from app.funding.services.reference import load_funding_reference
from app.shared.errors import RuleBroken
from tests.builders.groups import NOW
from tests.builders.ledger import because


@pytest.fixture(autouse=True)
def _reference(session):
    load_funding_reference(session)


def a_plan(*shares, year=2026, unit=PER_CENT):
    return LevelPlan("05", year, unit, dict(zip(LEVELS, shares, strict=True)), "agreed")


def call_contributions(session, year):
    due = Account(DUE, year, "tk", "05", "nordrhein-westfalen", "groups")
    post(session, [call(due, 100, because(facts={"state": "05"}))], now=NOW)


def test_north_rhine_westphalia_2016_comes_to_what_was_published(session):
    """Acceptance facts 10 and 11: 15,359,877 × 1.05 × 50 % × 80 % = 6,451,148.34."""
    replace_insured(session, 2016, {("tk", "05"): 15_359_877}, now=NOW)
    page = levy_page(session, 2016, states={"05"})
    levels = page.total.levels_cents
    assert [levels[level] for level in LEVELS if level != FEDERAL] == [
        155_134_758,
        322_557_417,
        167_422_659,
    ]
    # The federal level is rounded as all others, so the Land may differ from its own product by a cent.
    assert abs(sum(levels.values()) - levels[FEDERAL] - 645_114_834) <= 1
    assert sum(part.cents for part in page.parts) == page.total.total_cents == 15_359_877 * 105


@pytest.mark.parametrize(
    ("year", "insured", "total", "flat"),
    [(2023, 73_674_797, 9_062_000_031, 6_343_400_022), (2024, 74_304_688, 9_511_000_064, 6_657_700_045)],
)
def test_the_money_of_2023_and_2024_is_split_as_published(session, year, insured, total, flat):
    """Acceptance facts 1 and 2, as near as whole insured people come to 90.62 and 95.11 million."""
    replace_insured(session, year, {("barmer", "09"): insured}, now=NOW)
    line = levy_page(session, year, states={"09"}).total
    assert (line.total_cents, line.flat_cents) == (total, flat)
    assert line.flat_cents + line.project_cents == total


def test_insured_are_replaced_as_a_whole_and_one_figure_can_be_corrected(session):
    replace_insured(session, 2026, {("tk", "05"): 10, ("tk", "09"): 20}, now=NOW)
    replace_insured(session, 2026, {("tk", "05"): 11}, now=NOW)
    assert insured_of(session, 2026) == {("tk", "05"): 11}
    correct_insured(session, 2026, ("tk", "05"), 12, now=NOW)
    correct_insured(session, 2026, ("aok-bayern", "09"), 7, now=NOW)
    assert insured_of(session, 2026) == {("aok-bayern", "09"): 7, ("tk", "05"): 12}
    seen = levy_page(session, 2026, states={"09"})
    assert seen.total.insured == 7
    assert year_shown(session, None, this_year=2027) == 2026
    assert year_shown(session, 2016, this_year=2027) == 2016
    assert year_shown(session, 1999, this_year=2025) == 2025


@pytest.mark.parametrize("why", ["called", "closed"])
def test_once_contributions_are_called_or_the_year_is_closed_nothing_of_it_changes(session, why):
    replace_insured(session, 2026, {("tk", "05"): 10}, now=NOW)
    if why == "called":
        call_contributions(session, 2026)
    else:
        session.get(FundingYear, 2026).closed_at = NOW
        session.flush()
    for change in (
        lambda: replace_insured(session, 2026, {("tk", "05"): 11}, now=NOW),
        lambda: correct_insured(session, 2026, ("tk", "05"), 11, now=NOW),
        lambda: set_flat_share(session, 2026, "tk", 80, now=NOW),
        lambda: store_plan(session, a_plan(2_000, 2_000, 4_000, 2_000), now=NOW),
    ):
        with pytest.raises(RuleBroken, match="2026") as refused:
            change()
        assert refused.value.code == "levy_is_fixed"
    assert insured_of(session, 2026) == {("tk", "05"): 10}
    if why == "called":  # another Land of the same year has not been called yet
        correct_insured(session, 2026, ("tk", "09"), 11, now=NOW)
    replace_insured(session, 2025, {("tk", "05"): 11}, now=NOW)


def test_a_year_has_one_rate_and_the_refusal_says_which(session):
    add_rate(session, Rate(2027, 150, 410_000, "published", "GKV-Spitzenverband"), now=NOW)
    assert rates(session)[2027].cents == 150
    with pytest.raises(RuleBroken, match=r"1,50.*GKV-Spitzenverband") as refused:
        add_rate(session, Rate(2027, 151, 410_000, "published", "somebody else"), now=NOW)
    assert refused.value.field == "rate"
    assert rates(session)[2027].cents == 150


def test_more_flat_grants_are_taken_and_less_refused(session):
    replace_insured(session, 2026, {("tk", "05"): 100, ("hkk", "05"): 100}, now=NOW)
    set_flat_share(session, 2026, "tk", 100, now=NOW)
    assert levy_page(session, 2026, states={"05"}).total.flat_cents == 14_400 + 10_080
    for per_cent in (69, 101, -1):
        with pytest.raises(RuleBroken, match="70"):
            set_flat_share(session, 2026, "hkk", per_cent, now=NOW)
    set_flat_share(session, 2019, "hkk", 51, now=NOW)
    set_flat_share(session, 2026, "tk", 70, now=NOW)
    assert flat_percents_of(session, 2026) == {}
    assert flat_percents_of(session, 2019) == {"hkk": 51}


def test_a_plan_must_divide_the_whole_pot_and_is_taken_over_only_where_it_still_does(session):
    with pytest.raises(RuleBroken, match=r"99 %.* 1 %"):
        store_plan(session, a_plan(2_000, 2_000, 4_000, 1_900, year=2025), now=NOW)
    with pytest.raises(RuleBroken, match=r"0,02 €"):
        store_plan(session, a_plan(1_904, 2_000, 4_000, 1_816, year=2025, unit=PER_INSURED), now=NOW)
    assert "05" not in plans_of(session, 2025)
    store_plan(session, a_plan(2_000, 2_000, 4_000, 2_000, year=2025), now=NOW)
    bavaria = LevelPlan("09", 2025, PER_INSURED, dict(zip(LEVELS, (1_904, 2_000, 4_000, 1_616), strict=True)))
    store_plan(session, bavaria, now=NOW)
    assert copy_plans(session, 2026, now=NOW) == ["05"]
    assert copy_plans(session, 2026, now=NOW) == []
    assert copy_plans(session, 2027, now=NOW) == ["05"]
    with pytest.raises(RuleBroken, match="2028"):
        store_plan(session, a_plan(1, 1, 1, 1, year=2028, unit=PER_INSURED), now=NOW)


def test_no_insurer_has_insured_that_are_not_stored(session):
    assert session.scalar(sa.select(sa.func.count()).select_from(InsuredCount)) == 0
    page = levy_page(session, 2026, states={"05"})
    assert (page.states, page.parts, page.total.total_cents) == ((), (), 0)
    assert page.check.deviates
    assert (page.check.direct_cents, page.check.chained_cents) == (143, 144)
