"""What a sitting decides, as a division that anybody can recompute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules import sittings as rules
from app.funding.rules.caps import MAXIMUM, Cap
from app.funding.rules.division import DivisionRules, Request
from app.funding.rules.division_texts import DivisionInput, divide_input, input_text, read_input
from app.funding.rules.explanation import WAITING
from app.funding.rules.grant_round import IN_TIME, WITHDRAWN
from app.funding.rules.sittings import GRANTED, PART, REASONS, REJECTED, Decision, FaultyDecision


@st.composite
def sittings(draw):
    """Requests, some withdrawn, some with something from before, and decisions about some of them."""
    asked = draw(st.lists(st.integers(2, 10**7), min_size=1, max_size=8))
    standings = st.sampled_from([IN_TIME, IN_TIME, WITHDRAWN])
    requests = tuple(
        Request(number, cents, 8, standing=draw(standings)) for number, cents in enumerate(asked, start=1)
    )
    decided = {}
    for each in requests:
        outcome = draw(st.sampled_from([None, *REASONS]))
        if outcome is not None:
            part = draw(st.integers(1, each.requested_cents - 1))
            wanted = Decision(outcome, part, draw(st.sampled_from(REASONS[outcome])))
            decided[each.group_id] = rules.checked(wanted, each.requested_cents)
    had = {each.group_id: {"main": 100} for each in requests if draw(st.integers(0, 4)) == 0}
    return requests, decided, had


@given(sittings(), st.integers(0, 10**6))
def test_everybody_has_what_was_decided_and_the_text_of_it_divides_to_the_same(made, spare):
    requests, decided, had = made
    counts = {
        each.group_id: decided[each.group_id].cents
        for each in requests
        if each.group_id in decided and each.group_id not in had and each.standing != WITHDRAWN
    }
    money = sum(counts.values()) + spare
    kept = DivisionInput(
        money, requests, DivisionRules(sitting_on="2027-04-20"), "x", had or None, 0, decided
    )
    division = divide_input(kept)
    assert division.awarded_cents == sum(counts.values())
    assert division.leftover_cents == spare
    for line in division.lines:
        number = line.request.group_id
        assert line.award_cents - line.before_cents == counts.get(number, 0)
        if number in counts and decided[number].outcome in {GRANTED, PART, REJECTED}:
            assert WAITING.isdisjoint(step.code for step in line.steps)
    again = read_input(input_text(kept))
    assert again == kept
    assert divide_input(again) == division
    if division.awarded_cents:
        with pytest.raises(rules.MoreThanThere):
            rules.divide_decided(division.awarded_cents - 1, requests, decided, earlier=had)


def test_a_decision_and_its_reason_belong_together():
    assert rules.checked(Decision(GRANTED, 5, "fits"), 900) == Decision(GRANTED, 900, "fits")
    assert rules.checked(Decision(REJECTED, 5, "late"), 900).cents == 0
    wrong = {
        "reason": Decision(GRANTED, 900, "pot"),
        "no_sum": Decision(PART, 0, "pot"),
        "not_less": Decision(PART, 900, "pot"),
    }
    for code, decision in wrong.items():
        with pytest.raises(FaultyDecision) as caught:
            rules.checked(decision, 900)
        assert caught.value.code == code


def test_what_is_proposed_follows_from_the_cap():
    asked = Request(1, 90_000, 8, expenses_cents=80_000)
    assert rules.cap_in_sitting(asked, 50_000) == Cap(50_000, MAXIMUM)
    assert rules.proposed(rules.cap_in_sitting(asked), 90_000) == Decision(PART, 80_000, "need")
    assert rules.proposed(Cap(90_000), 90_000) == Decision(GRANTED, 90_000, "fits")
    assert rules.proposed(Cap(0, "need"), 90_000) is None


def test_a_quorum_counts_those_who_decide():
    assert rules.has_quorum(["decides", "advises", "decides", "office"], 2)
    assert not rules.has_quorum(["advises", "office", "decides"], 2)
