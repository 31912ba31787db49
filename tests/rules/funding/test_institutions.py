"""What a clearing house or an organisation asks for, what speaks for and against it, and what is left at the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.eligibility import AGAINST, MISSING, WARNING
from app.funding.rules.institution_reasons import Facts, assess_institution
from app.funding.rules.institutions import (
    STATEMENTS_OF,
    number_of,
    plan_of,
    pot_for,
    proof_due_on,
    remaining_cents,
    reported_year,
)
from app.funding.rules.staffing_standard import Compared, Staff

CENTS = st.integers(0, 10**11)
PLAN = plan_of({"cost_staff": 100, "income_land": 60, "asked": 40})
HOUSE = Facts(
    kind="house",
    statements=STATEMENTS_OF["house"],
    staff=Staff(100, 50),
    compared=Compared(Staff(100, 50), Staff(100, 50), is_beyond=False),
    open_hours=1_000,
    plan=PLAN,
    owes_proof_of=None,
    missing_pages=0,
)


def test_a_house_that_is_as_the_rules_want_it_has_nothing_against_it():
    found = assess_institution(HOUSE)
    assert not found.having(AGAINST)
    assert not found.having(MISSING)
    assert not found.having(WARNING)


@pytest.mark.parametrize(
    ("change", "code", "effect"),
    [
        *(
            (
                {"statements": [each for each in STATEMENTS_OF["house"] if each != code]},
                f"not_{code}",
                AGAINST,
            )
            for code in ("cross_topic", "open_to_all", "free_advice", "founds")
        ),
        ({"staff": Staff(0, 50)}, "not_paid_staff", AGAINST),
        ({"open_hours": 0}, "not_regular_hours", AGAINST),
        (
            {"compared": Compared(Staff(50, 25), Staff(100, 50), is_beyond=False)},
            "not_standard_met",
            WARNING,
        ),
        ({"plan": plan_of({"cost_staff": 100, "asked": 100})}, "not_others_pay_too", AGAINST),
        (
            {"plan": plan_of({"cost_staff": 101, "income_land": 60, "asked": 40})},
            "not_money_declared",
            MISSING,
        ),
        ({"owes_proof_of": 2025}, "not_proof_delivered", MISSING),
        ({"missing_pages": 1}, "not_pages_complete", MISSING),
        (
            {"plan": plan_of({"cost_staff": 100, "income_care_funds": 60, "asked": 40})},
            "double_funding",
            WARNING,
        ),
    ],
)
def test_what_differs_is_named_with_its_source(change, code, effect):
    (reason,) = [each for each in assess_institution(replace(HOUSE, **change)).reasons if each.code == code]
    assert reason.effect == effect
    assert reason.source or code == "not_pages_complete"


def test_nothing_speaks_against_what_was_not_written_yet():
    begun = replace(
        HOUSE,
        statements=None,
        staff=None,
        compared=None,
        open_hours=None,
        plan=plan_of(None),
        missing_pages=5,
    )
    found = assess_institution(begun)
    assert not found.having(AGAINST)
    assert [each.code for each in found.having(MISSING)] == ["not_pages_complete"]


def test_an_organisation_is_asked_whether_those_affected_decide_and_for_no_opening_hours():
    facts = replace(
        HOUSE, kind="organisation", compared=None, open_hours=0, statements=STATEMENTS_OF["organisation"]
    )
    assert not assess_institution(facts).having(AGAINST)
    assert assess_institution(replace(facts, statements=())).having(AGAINST)


@given(CENTS, CENTS, CENTS)
def test_what_is_left_is_never_more_than_the_grant_and_nothing_when_all_was_spent(granted, spent, income):
    left = remaining_cents(granted, spent, income)
    assert 0 <= left <= granted
    assert left == 0 or left <= granted + income - spent
    assert remaining_cents(granted, granted + income, income) == 0
    assert remaining_cents(granted, 0, income) == granted


def test_money_comes_from_the_pot_of_the_level_and_numbers_tell_where_from():
    assert pot_for("house", "05", 2026).level == "clearing_houses"
    assert pot_for("organisation", "05", 2026).level == "state_organisations"
    assert (pot_for("organisation", None, 2026).level, pot_for("organisation", None, 2026).state) == (
        "federal",
        None,
    )
    with pytest.raises(ValueError, match="Land"):
        pot_for("house", None, 2026)
    assert number_of("house", "05", 2026, 7) == "KS-05-2026-0007"
    assert number_of("organisation", None, 2026, 7) == "SO-BUND-2026-0007"
    assert proof_due_on(2025, "03-31") == date(2026, 3, 31)
    assert [reported_year(year, date(2026, 11, 26)) for year in (2026, 2027)] == [2025, 2026]
