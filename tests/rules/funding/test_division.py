"""A round from requests to reasons: tiers, reserve, hashes; and the same bytes on every machine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules.division import DivisionRules, Request, Tier, divide, tier_of
from app.funding.rules.division_texts import (
    DivisionInput,
    divide_input,
    hash_of,
    input_text,
    read_input,
    result_text,
)
from app.funding.rules.grant_round import LATE, WITHDRAWN

RECKLINGHAUSEN = (Tier(1, 75_000), Tier(20, 125_000), Tier(50, 200_000))
"""A regional scale of 2017 (domain figures)."""
REQUESTS = st.lists(
    st.builds(
        Request,
        group_id=st.integers(1, 10**6),
        requested_cents=st.integers(1, 10**7),
        members=st.integers(1, 200),
        expenses_cents=st.none() | st.integers(0, 10**7),
        own_cents=st.integers(0, 10**5),
        standing=st.sampled_from(["in_time", "extended", "late", "withdrawn"]),
    ),
    unique_by=lambda each: each.group_id,
    max_size=12,
)


@pytest.mark.parametrize(("members", "most"), [(19, 75_000), (20, 125_000), (49, 125_000), (50, 200_000)])
def test_the_tier_of_a_group_goes_by_its_members(members, most):
    assert tier_of(members, RECKLINGHAUSEN).maximum_cents == most


@given(money=st.integers(0, 10**8), requests=REQUESTS, percent=st.integers(0, 100))
def test_reserve_awards_and_leftover_are_the_money_and_every_line_has_a_reason(money, requests, percent):
    done = divide(money, requests, DivisionRules(reserve_percent=percent, tiers=RECKLINGHAUSEN), seed="s")
    assert done.reserve_cents + done.awarded_cents + done.leftover_cents == money
    assert 100 * done.reserve_cents >= money * percent
    assert [each.request.group_id for each in done.lines] == sorted(each.group_id for each in requests)
    assert all(each.steps for each in done.lines)
    for each in done.lines:
        assert each.award_cents <= each.cap.cents <= each.request.requested_cents
        if each.request.standing in (LATE, WITHDRAWN):
            assert each.award_cents == 0


@given(money=st.integers(0, 10**8), fresh=st.integers(0, 10**8), requests=REQUESTS)
def test_a_second_round_lifts_late_groups_and_lowers_nobody(money, fresh, requests):
    rules = DivisionRules(tiers=RECKLINGHAUSEN)
    first = divide(money, requests, rules, seed="s")
    had = {each.request.group_id: each.parts_cents for each in first.lines if each.parts_cents}
    second = divide(first.leftover_cents + fresh, requests, rules, seed="s", earlier=had)
    for before, after in zip(first.lines, second.lines, strict=True):
        if after.request.standing != WITHDRAWN:
            assert after.award_cents >= before.award_cents == after.before_cents
    assert second.awarded_cents + second.leftover_cents == first.leftover_cents + fresh


def test_a_round_below_the_least_useful_grant_gives_nothing_and_says_what_is_missing():
    requests = [Request(number, 50_000, 8) for number in range(1, 5)]
    done = divide(30_000, requests, DivisionRules(minimum_cents=10_000), seed="s")
    assert done.lines == ()
    assert done.stopped is not None
    assert (done.stopped.least_cents, done.stopped.missing_cents, done.leftover_cents) == (
        7_500,
        10_000,
        30_000,
    )


MIXED = [
    Request(3, 80_000, 25),
    Request(1, 40_000, 6, expenses_cents=35_000, own_cents=5_000),
    Request(2, 300_000, 60, supplements_cents={"interpreters": 10_000}),
    Request(4, 9_999, 12, standing=LATE),
]
RULES = DivisionRules(reserve_percent=5, tiers=RECKLINGHAUSEN, sub_pots_cents={"interpreters": 20_000})


GIVEN = DivisionInput(200_001, tuple(MIXED), RULES, "2026/koeln")


@pytest.mark.parametrize("requests", [MIXED, MIXED[::-1]])
def test_the_same_input_gives_the_same_bytes_on_any_machine(requests):
    given = replace(GIVEN, requests=tuple(requests))
    assert hash_of(input_text(given)) == INPUT
    assert hash_of(result_text(divide_input(given))) == RESULT


@given(
    requests=REQUESTS,
    earlier=st.none() | st.dictionaries(st.integers(1, 99), st.just({"main": 5})),
    attempt=st.integers(0, 2),
)
def test_what_went_in_can_be_read_again_from_its_text(requests, earlier, attempt):
    given = DivisionInput(500, tuple(requests), RULES, "s", earlier, attempt)
    text = input_text(given)
    assert input_text(read_input(text)) == text


def test_what_is_no_input_is_not_read():
    with pytest.raises(ValueError, match="no input of a division"):
        read_input('{"money": 5}')


INPUT = "e6c6491432eabf3858d6ce326e583421355b172a36f5369ab4f8eca3fb657bbc"
RESULT = "9268e680b9b72b21a2124f24a5ea2975e4999f5d03a874d41de7b027f78da622"


@pytest.mark.parametrize(
    "changed",
    [
        {"requests": (*MIXED[:3], replace(MIXED[3], standing=WITHDRAWN))},
        {"requests": (replace(MIXED[0], requested_cents=80_001), *MIXED[1:])},
        {"money_cents": 200_002},
        {"seed": "2026/bonn"},
        {"rules": replace(RULES, minimum_cents=1)},
        {"earlier": {}},
        {"attempt": 1},
    ],
)
def test_whatever_is_changed_of_what_goes_in_changes_its_hash(changed):
    assert hash_of(input_text(replace(GIVEN, **changed))) != INPUT


@pytest.mark.parametrize(
    "tiers",
    [(), (Tier(2),), (Tier(1), Tier(1)), (Tier(1, 0),), (Tier(1, weight=5),), (Tier(1), Tier(20), Tier(10))],
)
def test_tiers_that_leave_groups_out_or_overlap_are_refused(tiers):
    with pytest.raises(ValueError, match=r"[Tt]ier"):
        divide(100, [], DivisionRules(tiers=tiers), seed="s")
