"""Who gets how much of a pot: examples, refusals, and the same bytes everywhere."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from enum import IntEnum

import pytest

from app.funding.rules.allocation import RULE_VERSION, Allocation, fill, weighted
from app.funding.rules.draw import first_drawn
from tests.support.plain_allocation import by_sorting, drawn
from tests.support.tree import ROOT


def test_small_requests_are_met_and_the_others_share_the_rest_equally():
    done = fill(100_000, {1: 10_000, 2: 50_000, 3: 80_000, 4: 0}, seed="2026")
    assert done == Allocation({1: 10_000, 2: 45_000, 3: 45_000, 4: 0}, 0)
    assert done.levels_cents == {1: 45_000}


def test_what_nobody_can_take_is_left_over():
    assert fill(100, {1: 10, 2: 20}, seed="s") == Allocation({1: 10, 2: 20}, 70)
    assert fill(100, {}, seed="s") == Allocation({}, 100)
    assert fill(0, {1: 0}, seed="s") == Allocation({1: 0}, 0)


def test_odd_cents_go_by_the_draw_of_the_seed_and_to_nobody_at_the_cap():
    caps = dict.fromkeys(range(1, 8), 1_000) | {8: 3}
    done = fill(7 * 100 + 3 + 2, caps, seed="round-9")
    lucky = sorted(range(1, 8), key=lambda each: drawn("round-9", each))[:2]
    assert {each for each, cents in done.awards_cents.items() if cents == 101} == set(lucky)
    assert done.awards_cents[8] == 3


def test_the_draw_compares_whole_digests_when_their_beginnings_are_alike(monkeypatch):
    class Alike:
        def __init__(self, text):
            self.text = text

        def digest(self):
            return b"same----" + hashlib.sha256(self.text).digest()[:24]

    monkeypatch.setattr("app.funding.rules.draw.sha256", Alike)
    expected = sorted(range(9), key=lambda each: Alike(f"s:{each}".encode()).digest())[:4]
    assert sorted(first_drawn(range(9), 4, seed="s").tolist()) == sorted(expected)


def test_a_second_round_lifts_newcomers_first_and_takes_from_nobody():
    granted = {1: 500, 2: 300}
    done = fill(1_200, {1: 900, 2: 300, 3: 900}, seed="s", floors_cents=granted)
    assert done.awards_cents == {1: 500, 2: 300, 3: 400}


def test_weights_share_in_proportion_below_the_caps():
    done = weighted(900, {1: 1_000, 2: 1_000, 3: 1_000}, {1: 2, 2: 3, 3: 4}, seed="s")
    assert done == Allocation({1: 200, 2: 300, 3: 400}, 0)
    assert done.levels_cents == {2: 200, 3: 300, 4: 400}
    capped = weighted(900, {1: 1_000, 2: 1_000, 3: 150}, {1: 2, 2: 3, 3: 4}, seed="s")
    assert capped.awards_cents == {1: 300, 2: 450, 3: 150}


def test_one_more_cent_lowers_nobody_where_largest_remainder_would():
    caps, weights = dict.fromkeys(range(4), 10**6), dict(enumerate((1, 1, 605, 1199)))
    before, after = (weighted(pot, caps, weights, seed="s").awards_cents for pot in (971_029, 971_030))
    assert all(after[each] >= before[each] for each in caps)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"pot_cents": -1}, r"The pot is negative: -1\."),
        ({"pot_cents": 2**63}, r"The pot is 9223372036854775808; at most"),
        ({"pot_cents": 10.0}, r"The pot is not a whole number: 10\.0\."),
        ({"pot_cents": True}, r"The pot is not a whole number: True\."),
        ({"pot_cents": "10"}, r"The pot is not a whole number: '10'\."),
        ({"caps_cents": {1: 5, 7: -5}}, r"The cap of group 7 is negative: -5\."),
        ({"caps_cents": {1: 5, 7: 2**63}}, r"The cap of group 7 is 9223372036854775808; at most"),
        ({"caps_cents": {1: 5, 7: 0.5}}, r"The cap of group 7 is not a whole number: 0\.5\."),
        ({"caps_cents": {1: 5, 7: False}}, r"The cap of group 7 is not a whole number: False\."),
        ({"caps_cents": {1: 5, 7: None}}, r"The cap of group 7 is not a whole number: None\."),
        ({"caps_cents": {"7": 5}}, r"named by a whole number, not by '7'\."),
        ({"caps_cents": {True: 5}}, r"named by a whole number, not by True\."),
        ({"floors_cents": {9: 1}}, r"Group 9 has a floor and no cap\."),
        ({"floors_cents": {2: 21}}, r"The floor of group 2 is 21, above its cap of 20\."),
        ({"floors_cents": {2: -1}}, r"The floor of group 2 is negative: -1\."),
        ({"floors_cents": {2: 1.5}}, r"The floor of group 2 is not a whole number"),
        ({"floors_cents": {1: 10, 2: 20}}, r"The floors add up to 30, more than the pot of 25\."),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_rounded(arguments, told):
    given = {"pot_cents": 25, "caps_cents": {1: 10, 2: 20}, "seed": "s"} | arguments
    with pytest.raises(ValueError, match=told):
        fill(**given)


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ({1: 1}, r"Group 2 has no weight\."),
        ({1: 1, 2: 1, 3: 1}, r"Group 3 has no cap\."),
        ({1: 1, 2: 0}, r"The weight of group 2 is 0; at least 1 is needed\."),
        ({1: 1, 2: -3}, r"The weight of group 2 is negative: -3\."),
        ({1: 1, 2: 1.5}, r"The weight of group 2 is not a whole number"),
    ],
)
def test_every_group_needs_a_weight_from_one(weights, told):
    with pytest.raises(ValueError, match=told):
        weighted(25, {1: 10, 2: 20}, weights, seed="s")


def test_sums_beyond_64_bits_stay_exact():
    huge = 2**63 - 1
    caps = dict.fromkeys(range(5), huge) | {9: 3}
    done = fill(huge, caps, seed="s")
    assert (done.awards_cents, done.leftover_cents) == by_sorting(huge, caps, seed="s")
    assert fill(huge, {1: huge, 2: 0}, seed="s") == Allocation({1: huge, 2: 0}, 0)
    tiers = weighted(huge, caps, {each: 1 + each for each in caps}, seed="s")
    assert sum(tiers.awards_cents.values()) == huge
    assert tiers.awards_cents[9] == 3


def test_a_sum_of_many_large_awards_does_not_run_over():
    caps = dict.fromkeys(range(20), 2**62)
    done = fill(2**61, caps, seed="s")
    assert (done.awards_cents, done.leftover_cents) == by_sorting(2**61, caps, seed="s")


def test_the_level_is_what_one_group_alone_gets_of_a_pot_below_its_cap():
    assert fill(5, {1: 10, 2: 0}, seed="s").levels_cents == {1: 5}


def test_five_thousand_groups_come_out_as_by_the_plain_way():
    dice = random.Random(20)
    caps = {each * 3 + 1: int(dice.lognormvariate(11, 0.9)) for each in range(5_000)}
    pot = sum(caps.values()) * 6 // 10
    done = fill(pot, caps, seed="round-20")
    assert (done.awards_cents, done.leftover_cents) == by_sorting(pot, caps, seed="round-20")


GOLDEN = "f100edcd2a09af449c0da0c2d536f7e0b9791247447b165432ee1845cd48a1fe"
GOLDEN_PROGRAM = """
import hashlib, json
from app.funding.rules.allocation import fill, weighted
caps = {each: each * each * 7919 % 90_001 for each in range(1, 400)}
shuffled = {each: caps[each] for each in sorted(caps, key=lambda each: each * 271 % 401)}
weights = {each: 2 + each % 3 for each in shuffled}
first = fill(9_876_543, shuffled, seed="round-2026-05")
second = fill(11_000_001, shuffled, seed="round-2026-05", floors_cents=first.awards_cents)
tiers = weighted(9_876_543, shuffled, weights, seed="round-2026-05")
lines = [sorted(each.awards_cents.items()) + [each.leftover_cents] for each in (first, second, tiers)]
print(hashlib.sha256(json.dumps(lines).encode()).hexdigest())
"""


def test_the_same_input_gives_the_same_bytes_in_every_process():
    for hash_seed in ("0", "77"):
        done = subprocess.run(
            [sys.executable, "-c", GOLDEN_PROGRAM],
            cwd=ROOT, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": hash_seed},
        )  # fmt: skip
        assert done.stdout.strip() == GOLDEN, "Other awards than before? Then RULE_VERSION goes up."
    assert RULE_VERSION == 1


def test_a_kind_of_whole_number_is_a_whole_number():
    number = IntEnum("number", {"five": 5})
    assert fill(5, {number.five: number.five}, seed="s").awards_cents == {5: 5}


def test_without_odd_cents_nobody_is_drawn():
    assert first_drawn([1, 2], 0, seed="s").tolist() == []


def test_awards_are_plain_integers_that_can_be_written_as_json():
    done = fill(25, {1: 10, 2: 20}, seed="s")
    assert json.loads(json.dumps(done.awards_cents)) == {"1": 10, "2": 15}
