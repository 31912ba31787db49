"""What must hold of every allocation, whatever the caps: the invariants that are published with the method."""

from __future__ import annotations

from itertools import product

from apportionment.methods import TiesException, compute
from hypothesis import assume, given
from hypothesis import strategies as st

from app.funding.rules.allocation import fill, weighted
from app.funding.rules.fairness import fairness
from tests.support.plain_allocation import by_sorting, cent_by_cent, drawn

ODD_CAPS = st.sampled_from([0, 1, 1, 7, 7, 250, 10**4, 10**9, 2**62])
CAPS = st.integers(0, 400) | ODD_CAPS
SEEDS = st.sampled_from(["round-1", "round-2", ""])


@st.composite
def problems(draw, *, most_groups=8, with_weights=None):
    ids = draw(st.lists(st.integers(-5, 10**6), max_size=most_groups, unique=True))
    kind = draw(st.sampled_from(["any", "equal", "all over the pot"]))
    pot = draw(st.integers(0, 1_500) | st.integers(0, 12))
    if kind == "equal":
        caps = dict.fromkeys(ids, draw(CAPS))
    elif kind == "all over the pot":
        caps = {each: pot + 1 + draw(st.integers(0, 5)) for each in ids}
    else:
        caps = {each: draw(CAPS) for each in ids}
    is_weighted = draw(st.booleans()) if with_weights is None else with_weights
    # Small ones, far apart ones, and neighbours, whose turns lie so close that only exact numbers tell them apart.
    some = draw(
        st.sampled_from([(1, 2, 3, 4), (1, 605, 1199, 2**40), range(990, 1_000), range(2**40, 2**40 + 9)])
    )
    weights = {each: draw(st.sampled_from(some)) for each in ids}
    return pot, caps, weights if is_weighted else None, draw(SEEDS)


def awarded(pot, caps, weights, seed, floors=None):
    if weights is None:
        return fill(pot, caps, seed=seed, floors_cents=floors)
    return weighted(pot, caps, {each: weights[each] for each in caps}, seed=seed, floors_cents=floors)


@given(problems())
def test_every_award_is_what_cent_by_cent_gives(problem):
    pot, caps, weights, seed = problem
    done = awarded(*problem)
    assert (done.awards_cents, done.leftover_cents) == cent_by_cent(pot, caps, seed=seed, weights=weights)


@given(problems(with_weights=False), st.integers(0, 2**63 - 1))
def test_large_sums_are_what_sorting_gives(problem, pot):
    _, caps, _, seed = problem
    done = fill(pot, caps, seed=seed)
    assert (done.awards_cents, done.leftover_cents) == by_sorting(pot, caps, seed=seed)


@given(problems())
def test_1_and_2_every_cent_is_there_and_nobody_is_above_the_cap(problem):
    pot, caps, _, _ = problem
    done = awarded(*problem)
    assert sum(done.awards_cents.values()) + done.leftover_cents == pot
    assert list(done.awards_cents) == list(caps)
    assert all(0 <= done.awards_cents[each] <= caps[each] for each in caps)
    assert not done.leftover_cents or done.awards_cents == caps


@given(problems())
def test_3_whoever_wants_more_is_level_with_the_others(problem):
    _, caps, weights, _ = problem
    x = awarded(*problem).awards_cents
    w = weights or dict.fromkeys(caps, 1)
    for i, j in product([each for each in caps if x[each] < caps[each]], caps):
        if x[j]:
            assert w[i] * (2 * x[j] - 1) <= w[j] * (2 * x[i] + 1)
        if weights is None:
            assert x[j] <= x[i] + 1


@given(problems(), st.integers(0, 300))
def test_4_a_larger_pot_lowers_nobody(problem, more):
    pot, *rest = problem
    before, after = awarded(pot, *rest).awards_cents, awarded(pot + more, *rest).awards_cents
    assert all(after[each] >= before[each] for each in before)


@given(problems(), st.data())
def test_5_a_withdrawal_lowers_nobody(problem, data):
    pot, caps, weights, seed = problem
    assume(caps)
    gone = data.draw(st.sampled_from(sorted(caps)))
    before = awarded(*problem).awards_cents
    after = awarded(
        pot, {each: cap for each, cap in caps.items() if each != gone}, weights, seed
    ).awards_cents
    assert all(after[each] >= before[each] for each in after)


@given(problems(), st.data(), st.integers(1, 10**6))
def test_6_asking_for_more_than_one_gets_changes_nothing_and_more_never_harms_oneself(problem, data, more):
    pot, caps, weights, seed = problem
    assume(caps)
    one = data.draw(st.sampled_from(sorted(caps)))
    before = awarded(*problem).awards_cents
    after = awarded(pot, caps | {one: caps[one] + more}, weights, seed).awards_cents
    assert after[one] >= before[one]
    if before[one] < caps[one]:
        assert after == before


@given(problems(), st.randoms(use_true_random=False))
def test_7_and_9_order_does_not_count_and_the_same_again_is_the_same(problem, dice):
    pot, caps, weights, seed = problem
    shuffled = list(caps)
    dice.shuffle(shuffled)
    done = awarded(*problem)
    assert awarded(pot, {each: caps[each] for each in shuffled}, weights, seed) == done
    assert awarded(*problem) == done


@given(problems(), st.integers(1, 10**9))
def test_8_other_ids_move_nothing_but_the_odd_cent_and_equals_get_the_same(problem, shift):
    pot, caps, weights, seed = problem
    renamed = {each + shift: cap for each, cap in caps.items()}
    other = awarded(
        pot, renamed, weights and {each + shift: weight for each, weight in weights.items()}, seed
    ).awards_cents
    x = awarded(*problem).awards_cents
    assert all(abs(other[each + shift] - x[each]) <= 1 for each in caps)
    for i, j in product(caps, caps):
        if caps[i] == caps[j] and (weights is None or weights[i] == weights[j]):
            assert abs(x[i] - x[j]) <= 1


@given(problems(), st.integers(0, 500))
def test_10_two_rounds_are_one_round_over_all_the_money(problem, more):
    pot, caps, weights, seed = problem
    first = awarded(*problem).awards_cents
    second = awarded(pot + more, caps, weights, seed, floors=first)
    assert second == awarded(pot + more, caps, weights, seed)
    assert all(second.awards_cents[each] >= first[each] for each in caps)


@given(problems(), st.data())
def test_10_whoever_has_something_keeps_it_and_the_others_come_up_to_them(problem, data):
    pot, caps, weights, seed = problem
    floors, left = {}, pot
    for each in data.draw(st.lists(st.sampled_from(sorted(caps)), unique=True)) if caps else []:
        floors[each] = data.draw(st.integers(0, min(left, caps[each])))
        left -= floors[each]
    done = awarded(*problem, floors=floors)
    assert (done.awards_cents, done.leftover_cents) == cent_by_cent(
        pot, caps, seed=seed, weights=weights, floors=floors
    )
    assert all(done.awards_cents[each] >= floor for each, floor in floors.items())


@given(problems(with_weights=False), st.integers(2, 7))
def test_a_weight_that_all_have_is_no_weight(problem, weight):
    pot, caps, _, seed = problem
    assert weighted(pot, caps, dict.fromkeys(caps, weight), seed=seed) == fill(pot, caps, seed=seed)


@given(problems(with_weights=False))
def test_16_the_awards_are_no_more_uneven_than_the_requests(problem):
    _, caps, _, _ = problem
    done = awarded(*problem)
    assume(done.levels_cents)
    level = done.levels_cents[1]
    even = [min(cap, level) for cap in caps.values()]
    if any(even):
        assert fairness(even).gini <= fairness(caps.values()).gini
        assert fairness(even).top_tenth <= fairness(caps.values()).top_tenth
    assert all(done.awards_cents[each] - min(caps[each], level) in {0, 1} for each in caps)


@given(st.dictionaries(st.integers(1, 6), st.integers(0, 5), min_size=1, max_size=4), st.integers(0, 12))
def test_of_all_possible_divisions_it_is_the_one_in_which_the_worst_off_have_most(caps, pot):
    done = fill(pot, caps, seed="s")
    spent = min(pot, sum(caps.values()))
    ids = list(caps)
    possible = (
        dict(zip(ids, x, strict=True))
        for x in product(*(range(caps[each] + 1) for each in ids))
        if sum(x) == spent
    )

    def merit(x):
        # Most for the worst off, then for the next; of divisions alike in that, those drawn first have the odd cents.
        by_draw = sorted(ids, key=lambda each: drawn("s", each))
        return sorted(x.values()), [x[each] for each in by_draw]

    assert done.awards_cents == max(possible, key=merit)


@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=8), st.integers(1, 500))
def test_without_caps_it_is_webster_as_others_reckon_it(weights, pot):
    named = dict(enumerate(weights))
    try:
        theirs = compute("webster", weights, pot, fractions=True, tiesallowed=False)
    except TiesException:
        assume(False)
    assert weighted(pot, dict.fromkeys(named, pot), named, seed="s").awards_cents == dict(enumerate(theirs))
