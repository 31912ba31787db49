"""A round of flat grants, and why each group got its sum."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.funding.rules.caps import Cap, cap_of
from app.funding.rules.explanation import explain
from app.funding.rules.grant_round import (
    EXTENDED,
    IN_TIME,
    LATE,
    MAIN,
    WITHDRAWN,
    Applicant,
    BelowMinimum,
    Granted,
    RoundRules,
    first_round,
    second_round,
)

RULES = RoundRules(seed="round-2026")


def codes(applicant, granted, *, rules=RULES, cap=None, earlier=None):
    steps = explain(
        applicant,
        cap or Cap(applicant.cap_cents),
        applicant.cap_cents,
        rules=rules,
        granted=granted,
        earlier=earlier,
    )
    return [(step.code, *step.numbers.values()) for step in steps]


def test_a_round_knows_of_a_group_only_what_it_asks_for():
    known = {field.name for field in fields(Applicant)}
    assert known == {"group_id", "cap_cents", "supplements_cents", "weight", "standing"}


def test_the_smallest_limit_is_the_cap_and_says_which_it_is():
    assert cap_of(80_000) == Cap(80_000, "request")
    assert cap_of(80_000, maximum_cents=75_000, expenses_cents=90_000) == Cap(75_000, "maximum")
    assert cap_of(
        80_000, maximum_cents=75_000, expenses_cents=90_000, own_cents=10_000, others_cents=20_000
    ) == Cap(60_000, "need")
    assert cap_of(80_000, expenses_cents=10, own_cents=20) == Cap(0, "need")
    with pytest.raises(ValueError, match="The group's own money is negative"):
        cap_of(1, expenses_cents=1, own_cents=-1)


def test_base_and_supplements_are_paid_and_what_is_left_lifts_everybody_alike():
    rules = replace(RULES, base_cents=300)
    groups = [Applicant(1, 1_000), Applicant(2, 1_000, {"start-up": 200}), Applicant(3, 250)]
    kept = first_round(1_050, groups, replace(rules, fills_up=False))
    assert (kept.awards_cents, kept.leftover_cents) == ({1: 300, 2: 500, 3: 250}, 0)
    filled = first_round(1_350, groups, rules)
    assert filled.awards_cents == {1: 550, 2: 550, 3: 250}
    assert first_round(1_350, groups, replace(rules, fills_up=False)).leftover_cents == 300
    short = first_round(750, groups, rules)
    assert short.awards_cents == {1: 250, 2: 250, 3: 250}
    assert codes(groups[1], kept, rules=rules) == [("asked", 1_000), ("got_entitlement", 500)]
    assert codes(groups[0], filled, rules=rules) == [("asked", 1_000), ("got_level", 550, 1)]
    assert codes(groups[2], kept, rules=rules) == [("asked", 250), ("got_all", 250)]


def test_less_than_a_unit_left_over_lifts_nobody_above_the_entitlement():
    rules = replace(RULES, base_cents=70, unit_cents=7)
    groups = [Applicant(1, 133, {"travel": 63}), Applicant(2, 91)]
    done = first_round(200, groups, rules)
    assert (done.awards_cents, done.leftover_cents, done.levels_cents) == ({1: 126, 2: 70}, 4, {1: 126})
    assert codes(groups[0], done, rules=rules) == [("asked", 133), ("got_level", 126, 1)]


def test_a_supplement_with_a_pot_of_its_own_is_paid_from_that_first():
    rules = replace(RULES, base_cents=300, sub_pots_cents={"interpreter": 150}, fills_up=False)
    groups = [
        Applicant(1, 900, {"interpreter": 100}),
        Applicant(2, 900, {"interpreter": 80}),
        Applicant(3, 900),
    ]
    done = first_round(1_050, groups, rules)
    assert done.parts_cents == {
        1: {"interpreter": 75, MAIN: 300}, 2: {"interpreter": 75, MAIN: 300}, 3: {"interpreter": 0, MAIN: 300},
    }  # fmt: skip
    plenty = first_round(2_000, groups, replace(rules, sub_pots_cents={"interpreter": 1_000}))
    assert plenty.awards_cents == {1: 400, 2: 380, 3: 300}
    assert plenty.leftover_cents == 920
    assert codes(groups[0], done, rules=rules)[1:] == [
        ("supplement_in_part", "interpreter", 75, 100), ("got_entitlement", 300),
    ]  # fmt: skip
    assert codes(groups[1], plenty, rules=rules)[1] == ("supplement", "interpreter", 80, 80)
    with pytest.raises(ValueError, match="The sub-pots add up to 150, more than the pot of 149"):
        first_round(149, groups, rules)


def test_awards_are_whole_units_and_the_rest_stays():
    rules = replace(RULES, unit_cents=1_000)
    groups = [Applicant(1, 1_999), Applicant(2, 9_000), Applicant(3, 9_000)]
    done = first_round(10_500, groups, rules)
    assert sorted(done.awards_cents.values()) == [1_000, 4_000, 5_000]
    assert done.leftover_cents == 500
    told = {group.group_id: codes(group, done, rules=rules)[1:] for group in groups}
    assert told[1] == [("got_rounded", 1_000, 1_000)]
    assert sorted(told[2] + told[3]) == [
        ("got_level", 4_000, 1),
        ("got_level", 4_000, 1),
        ("odd_cent", 1_000),
    ]


def test_a_pot_too_small_for_the_least_useful_grant_stops_and_says_what_is_missing():
    rules = replace(RULES, minimum_cents=100)
    groups = [Applicant(1, 30), Applicant(2, 500), Applicant(3, 500)]
    stopped = first_round(171, groups, rules)
    assert stopped == BelowMinimum(100, 70, (2, 3), 59)
    assert first_round(171 + 59, groups, rules).awards_cents == {1: 30, 2: 100, 3: 100}
    assert isinstance(first_round(171 + 58, groups, rules), BelowMinimum)


def test_a_base_below_the_least_useful_grant_is_refused():
    rules = replace(RULES, minimum_cents=60)
    with pytest.raises(ValueError, match="The base in whole units is 50; at least 60"):
        first_round(500, [], replace(rules, base_cents=50))
    with pytest.raises(ValueError, match="The base in whole units is 56; at least 63"):
        first_round(500, [], replace(rules, base_cents=62, unit_cents=7))


def test_late_requests_wait_for_the_second_round_and_withdrawn_ones_free_their_money():
    groups = [Applicant(1, 500), Applicant(2, 500, standing=EXTENDED), Applicant(3, 500, standing=LATE)]
    first = first_round(600, groups, RULES)
    assert first.awards_cents == {1: 300, 2: 300}
    assert codes(groups[2], first) == [("asked", 500), ("waits_for_second_round",)]
    gone = [groups[0], replace(groups[1], standing=WITHDRAWN), groups[2]]
    second = second_round(300 + 100, gone, RULES, first)
    assert second.awards_cents == {1: 350, 3: 350}
    assert codes(gone[0], second, earlier=first) == [
        ("asked", 500),
        ("got_level", 350, 1),
        ("raised", 300, 50),
    ]
    assert codes(gone[1], second, earlier=first) == [("withdrew",)]
    little = second_round(100, gone, RULES, first)
    assert little.awards_cents == {1: 300, 3: 100}
    assert codes(gone[0], little, earlier=first) == [("asked", 500), ("kept", 300)]


def test_who_has_a_grant_may_not_vanish_and_nobody_is_named_twice():
    first = first_round(100, [Applicant(1, 500)], RULES)
    with pytest.raises(ValueError, match="Group 1 was granted money and is not named; is it withdrawn"):
        second_round(1, [], RULES, first)
    with pytest.raises(ValueError, match="Group 1 is named twice"):
        first_round(1, [Applicant(1, 5), Applicant(1, 5)], RULES)
    with pytest.raises(ValueError, match="Group 1: 'early' is none of"):
        first_round(1, [Applicant(1, 5, standing="early")], RULES)
    with pytest.raises(ValueError, match="The supplement travel of group 1 is negative"):
        first_round(1, [Applicant(1, 5, {"travel": -1})], RULES)
    with pytest.raises(ValueError, match="Group 1 has 100 already, which is not a multiple of 7"):
        second_round(1, [Applicant(1, 500)], replace(RULES, unit_cents=7), first)


@pytest.mark.parametrize("cap", [0, 200])
def test_a_request_lowered_later_keeps_what_was_granted(cap):
    first = first_round(300, [Applicant(1, 500)], RULES)
    second = second_round(50, [Applicant(1, cap)], RULES, first)
    assert second.awards_cents == {1: 300}
    assert codes(Applicant(1, cap), second, earlier=first) == [("asked", cap), ("kept", 300)]


@pytest.mark.parametrize("fills_up", [True, False])
def test_a_second_round_without_money_still_explains_what_the_first_one_gave(fills_up):
    group, rules = Applicant(1, 201), replace(RULES, base_cents=70)
    first = first_round(200, [group], rules)
    second = second_round(0, [group], replace(rules, fills_up=fills_up), first)
    assert second.awards_cents == {1: 200}
    told = codes(group, second, rules=replace(rules, fills_up=fills_up), earlier=first)
    assert told == [("asked", 201), ("got_level", 200, 1) if fills_up else ("kept", 200)]


@pytest.mark.parametrize(
    ("cap", "told"),
    [
        (Cap(0, "need"), [("asked", 0), ("capped_by_need", 0), ("can_get_nothing",)]),
        (Cap(700, "maximum"), [("asked", 700), ("capped_by_maximum", 700), ("got_all", 700)]),
    ],
)
def test_a_cap_is_explained_by_what_set_it(cap, told):
    group = Applicant(1, cap.cents)
    assert codes(group, first_round(1_000, [group], RULES), cap=cap) == told


def test_a_group_without_luck_in_a_pot_of_a_cent_is_told_so():
    groups = [Applicant(1, 10), Applicant(2, 10)]
    done = first_round(1, groups, RULES)
    assert sorted(code for group in groups for code, *_ in codes(group, done)[1:]) == [
        "got_level", "odd_cent", "pot_too_small",
    ]  # fmt: skip


KINDS = ("interpreter", "start-up", "travel")


@st.composite
def rounds(draw):
    groups = [
        Applicant(
            group_id,
            draw(st.integers(0, 300)),
            draw(st.dictionaries(st.sampled_from(KINDS), st.integers(0, 80), max_size=2)),
            draw(st.integers(1, 4)),
            draw(st.sampled_from([IN_TIME, IN_TIME, EXTENDED, LATE])),
        )
        for group_id in draw(st.lists(st.integers(1, 99), max_size=8, unique=True))
    ]
    rules = RoundRules(
        seed="s",
        base_cents=draw(st.none() | st.integers(70, 150)),
        sub_pots_cents=draw(st.dictionaries(st.sampled_from(KINDS), st.integers(0, 100), max_size=2)),
        fills_up=draw(st.booleans()),
        is_weighted=draw(st.booleans()),
        unit_cents=draw(st.sampled_from([1, 1, 7, 10])),
        minimum_cents=draw(st.sampled_from([0, 0, 40, 60])),
    )
    return draw(st.integers(200, 1_500)), groups, rules


@settings(max_examples=60)
@given(rounds(), st.integers(200, 500))
def test_every_cent_of_both_rounds_is_there_and_nobody_loses(case, fresh):
    pot, groups, rules = case
    first = first_round(pot, groups, rules)
    if isinstance(first, BelowMinimum):
        return
    caps = {each.group_id: each.cap_cents for each in groups}
    assert sum(first.awards_cents.values()) + first.leftover_cents == pot
    assert all(
        0 <= cents <= caps[each] and not cents % rules.unit_cents
        for each, cents in first.awards_cents.items()
    )
    second = second_round(fresh, groups, rules, first)
    if isinstance(second, Granted):
        assert sum(second.awards_cents.values()) + second.leftover_cents == fresh + sum(
            first.awards_cents.values()
        )
        assert all(second.awards_cents[each] >= cents for each, cents in first.awards_cents.items())
        assert all(cents <= caps[each] for each, cents in second.awards_cents.items())


@settings(max_examples=60)
@given(rounds(), st.integers(0, 500))
def test_10_two_rounds_with_the_same_requests_are_one(case, fresh):
    pot, groups, rules = case
    rules = replace(rules, sub_pots_cents={}, minimum_cents=0)
    groups = [replace(each, standing=IN_TIME) for each in groups]
    first = first_round(pot, groups, rules)
    second = second_round(first.leftover_cents + fresh, groups, rules, first)
    assert second == first_round(pot + fresh, groups, rules)


@settings(max_examples=60)
@given(rounds(), st.integers(2, 1_000))
def test_11_everything_times_a_number_is_everything_times_that_number(case, factor):
    pot, groups, rules = case
    plain, large = (
        first_round(pot, groups, rules),
        first_round(
            pot * factor,
            [
                replace(
                    each,
                    cap_cents=each.cap_cents * factor,
                    supplements_cents={
                        kind: cents * factor for kind, cents in each.supplements_cents.items()
                    },
                )
                for each in groups
            ],
            replace(
                rules,
                base_cents=rules.base_cents and rules.base_cents * factor,
                sub_pots_cents={kind: cents * factor for kind, cents in rules.sub_pots_cents.items()},
                unit_cents=rules.unit_cents * factor,
                minimum_cents=rules.minimum_cents * factor,
            ),
        ),
    )
    if isinstance(plain, Granted):
        assert isinstance(large, Granted)
        assert large.awards_cents == {each: cents * factor for each, cents in plain.awards_cents.items()}


@settings(max_examples=60)
@given(rounds())
def test_what_is_said_to_be_missing_is_just_enough(case):
    pot, groups, rules = case
    stopped = first_round(pot, groups, rules)
    if isinstance(stopped, BelowMinimum):
        assert stopped.group_ids
        assert isinstance(first_round(pot + stopped.missing_cents, groups, rules), Granted)
        assert isinstance(first_round(pot + stopped.missing_cents - 1, groups, rules), BelowMinimum)


@settings(max_examples=60)
@given(rounds(), st.sampled_from([0, 1, 7, 60]) | st.integers(0, 500))
def test_the_numbers_of_an_explanation_add_up_to_the_award(case, fresh):
    pot, groups, rules = case
    rules = replace(rules, minimum_cents=0, sub_pots_cents=dict.fromkeys(rules.sub_pots_cents, fresh // 2))
    first = first_round(pot + fresh, groups, rules)
    second = second_round(fresh, groups, rules, first)
    for granted, earlier in ((first, None), (second, first)):
        for group in groups:
            steps = explain(
                group, Cap(group.cap_cents), group.cap_cents, rules=rules, granted=granted, earlier=earlier
            )
            if group.group_id not in granted.parts_cents:
                assert [step.code for step in steps] == ["asked", "waits_for_second_round"]
                continue
            told = 0
            for step in steps:
                if step.code.startswith(("supplement", "got_all", "got_e", "got_r", "kept", "odd")):
                    told += step.numbers["cents"]
                elif step.code == "got_level":
                    told += step.numbers["level_cents"]
            assert told == granted.awards_cents[group.group_id], (steps, granted)
