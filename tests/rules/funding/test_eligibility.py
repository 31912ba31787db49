"""Whether a request can be granted: each reason, for and against."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.deadlines import Arrival
from app.funding.rules.eligibility import AGAINST, FOR, MISSING, WARNING, Facts, assess
from app.funding.rules.region_rules import RegionRules

RULES = RegionRules("03-31", "a region")
GOOD = Facts(
    in_disease_list=True,
    members=6,
    meets_regularly=True,
    has_contact=True,
    is_new=False,
    founded_on=date(2019, 5, 1),
    has_founding_minutes=False,
    is_public=True,
    is_listed=False,
    is_open=True,
    is_led_by_professional=False,
    has_guest_experts=False,
    is_unpaid=True,
    has_own_account=True,
    is_in_region=True,
    is_independent=True,
    declares_money=True,
    signatures=2,
    accepts_duties=True,
    owes_proof=False,
    arrival=Arrival(date(2026, 3, 31)),
    last_day=date(2026, 3, 31),
)


def test_a_request_with_nothing_against_it_has_only_reasons_for_it():
    found = assess(GOOD, RULES)
    assert not found.having(AGAINST)
    assert not found.having(MISSING)
    assert {each.effect for each in found.reasons} == {FOR}
    assert all(each.source for each in found.reasons)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"in_disease_list": False}, "not_disease_listed"),
        ({"members": 5}, "not_enough_members"),
        ({"meets_regularly": False}, "not_meets_regularly"),
        ({"is_public": False}, "not_offer_published"),
        ({"is_open": False}, "not_open_to_new"),
        ({"is_led_by_professional": True}, "not_self_managed"),
        ({"is_led_by_professional": True, "has_guest_experts": True}, "not_self_managed"),
        ({"is_unpaid": False}, "not_unpaid"),
        ({"is_independent": False}, "not_independent"),
        ({"is_in_region": False}, "not_in_region"),
        ({"arrival": Arrival(date(2026, 4, 1))}, "not_in_time"),
    ],
)
def test_what_excludes_a_request_is_the_one_reason_against_it(change, code):
    found = assess(replace(GOOD, **change), RULES)
    assert [each.code for each in found.having(AGAINST)] == [code]
    assert found.having(AGAINST)
    assert not found.having(MISSING)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signatures": 1}, "not_two_signatures"),
        ({"has_own_account": False}, "not_own_account"),
        ({"is_new": True}, "not_founding_minutes"),
        ({"owes_proof": True}, "not_proof_delivered"),
        ({"declares_money": False}, "not_money_declared"),
        ({"accepts_duties": False}, "not_duties_accepted"),
        ({"has_contact": False}, "not_has_contact"),
    ],
)
def test_what_is_missing_makes_a_request_incomplete_and_does_not_exclude_it(change, code):
    found = assess(replace(GOOD, **change), RULES)
    assert [each.code for each in found.having(MISSING)] == [code]
    assert not found.having(AGAINST)
    assert found.having(MISSING)


def test_experts_who_come_as_guests_do_no_harm_and_are_said_to():
    found = assess(replace(GOOD, has_guest_experts=True), RULES)
    assert not found.having(AGAINST)
    assert "guests_are_welcome" in {each.code for each in found.having(FOR)}


def test_the_same_purpose_paid_by_the_care_fund_is_a_warning_to_look_at():
    found = assess(replace(GOOD, other_grants=frozenset({"sgb_xi_45d"}), requests_elsewhere=True), RULES)
    assert [each.code for each in found.having(WARNING)] == ["requests_elsewhere", "double_funding"]
    assert not found.having(AGAINST)


def test_only_where_the_region_wants_it_a_group_must_be_in_the_finder():
    berlin = replace(RULES, must_be_listed=True)
    assert not assess(GOOD, RULES).having(AGAINST)
    assert assess(GOOD, berlin).having(AGAINST)
    assert not assess(replace(GOOD, is_listed=True), berlin).having(AGAINST)


def test_a_new_group_must_be_as_old_as_its_region_wants():
    hamburg = replace(RULES, new_after_months=6)
    young = replace(GOOD, is_new=True, has_founding_minutes=True, founded_on=date(2025, 10, 1))
    assert assess(young, hamburg).having(AGAINST)
    assert not assess(replace(young, founded_on=date(2025, 9, 30)), hamburg).having(AGAINST)


def test_before_it_is_sent_nobody_is_told_to_be_late():
    assert not {"in_time", "not_in_time"} & {
        each.code for each in assess(replace(GOOD, arrival=None), RULES).reasons
    }


FLAGS = [each.name for each in fields(Facts) if each.type == "bool"]


@given(st.lists(st.sampled_from(FLAGS), unique=True), st.integers(0, 30), st.integers(0, 3), st.booleans())
def test_every_reason_is_told_once(changed, members, signatures, is_listed):
    facts = replace(GOOD, members=members, signatures=signatures)
    facts = replace(facts, **{name: not getattr(facts, name) for name in changed})
    found = assess(facts, replace(RULES, must_be_listed=is_listed))
    codes = [each.code.removeprefix("not_") for each in found.reasons]
    assert len(codes) == len(set(codes))
