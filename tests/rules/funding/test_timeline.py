"""The time line of a group's funding: one thing is next, and whoever has it reads by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.funding.rules import timeline as rules
from app.funding.rules.timeline import DONE, NOW, Facts, next_of, timeline

TODAY = date(2026, 3, 1)
LAST = date(2026, 3, 31)


def on(month, day=1, year=2026):
    return date(year, month, day)


WAY = [
    ({}, (rules.BEGIN, rules.GROUP, LAST)),
    ({"begun_on": on(2), "pages_left": 2}, (rules.FILL, rules.GROUP, LAST)),
    ({"pages_left": 0}, (rules.ASK, rules.GROUP, LAST)),
    ({"asked_on": on(2, 20), "signed": 1}, (rules.SIGN, rules.GROUP, LAST)),
    ({"submitted_on": on(2, 25), "is_checked_here": True}, (rules.CHECK, rules.OFFICE, None)),
    ({"change_due_on": on(3, 20)}, (rules.CHANGE, rules.GROUP, on(3, 20))),
    ({"is_changed": True, "signed": 0}, (rules.ASK, rules.GROUP, on(3, 20))),
    (
        {"change_due_on": None, "is_changed": False, "checked_on": on(3, 19)},
        (rules.DECIDE, rules.OFFICE, on(4, 22)),
    ),
    ({"sitting_on": on(4, 20)}, (rules.DECIDE, rules.OFFICE, on(4, 20))),
    ({"decided_on": on(4, 22), "award_cents": 50_000, "today": on(4, 23)}, (rules.TELL, rules.OFFICE, None)),
    (
        {"told_on": on(4, 24), "objection_until": on(5, 28), "today": on(4, 26)},
        (rules.READ, rules.GROUP, on(5, 28)),
    ),
    ({"opened_on": on(4, 27)}, (rules.PAY, rules.OFFICE, None)),
    ({"sent_on": on(5, 4)}, (rules.ARRIVE, rules.BANK, on(5, 4))),
    ({"paid_on": on(5, 4), "proof_due_on": on(3, 31, 2027)}, (rules.PROVE, rules.GROUP, on(3, 31, 2027))),
    ({"filed_on": on(3, 1, 2027)}, (rules.ACCEPT, rules.OFFICE, None)),
    ({"answer_due_on": on(4, 9, 2027)}, (rules.EXPLAIN, rules.GROUP, on(4, 9, 2027))),
    (
        {"answer_due_on": None, "proven_on": on(4, 5, 2027), "back_cents": 700},
        (rules.GIVE_BACK, rules.OFFICE, None),
    ),
    ({"back_due_on": on(5, 9, 2027)}, (rules.GIVE_BACK, rules.GROUP, on(5, 9, 2027))),
    ({"back_cents": 0}, (rules.APPLY, rules.GROUP, on(12))),
]
"""What happens to a request, one thing after the other, and what comes next, from whom, by when."""


def test_a_request_goes_from_hand_to_hand_until_one_can_apply_again():
    facts = Facts(TODAY, LAST, next_opens_on=on(12), is_next_set=True, usual_decision_on=on(4, 22))
    for change, ahead in WAY:
        facts = replace(facts, **change)
        comes = next_of(facts)
        assert (comes.code, comes.who, comes.on) == ahead


def test_what_did_not_go_as_it_should_says_so():
    late = Facts(LAST + timedelta(days=1), LAST, begun_on=TODAY, pages_left=1)
    assert next_of(late).code == rules.LATE
    overdue = Facts(on(6), LAST, submitted_on=TODAY, usual_decision_on=on(4, 22))
    assert next_of(overdue).on is None  # last year's day is over, so nobody knows
    nothing = Facts(on(6), LAST, submitted_on=TODAY, decided_on=on(5), told_on=on(5), opened_on=on(5))
    assert next_of(nothing).code == rules.APPLY
    assert not {rules.CHECKED, rules.PAID, rules.FILED, rules.PROVEN} & {
        step.code for step in timeline(nothing).steps
    }
    back = replace(nothing, award_cents=1, paid_on=on(5), came_back=True)
    assert next_of(back).code == rules.RETURNED
    unread = Facts(on(9), LAST, submitted_on=TODAY, decided_on=on(5), award_cents=1, told_on=on(5))
    assert next_of(replace(unread, objection_until=on(6))).code == rules.PAY


DAYS = st.none() | st.dates(on(1), on(12, 31))


@given(
    st.builds(
        Facts,
        today=st.dates(on(1), on(12, 31)),
        last_day=st.dates(on(1), on(12, 31)),
        begun_on=DAYS,
        pages_left=st.integers(0, 4),
        asked_on=DAYS,
        submitted_on=DAYS,
        is_checked_here=st.booleans(),
        checked_on=DAYS,
        change_due_on=DAYS,
        filed_on=DAYS,
        proven_on=DAYS,
        back_cents=st.integers(0, 2),
        decided_on=DAYS,
        award_cents=st.integers(0, 2),
        told_on=DAYS,
        opened_on=DAYS,
        objection_until=DAYS,
        sent_on=DAYS,
        paid_on=DAYS,
        came_back=st.booleans(),
        proof_due_on=DAYS,
        next_opens_on=DAYS,
    )
)
def test_whatever_is_known_one_step_is_now_and_nothing_stands_twice(facts):
    line = timeline(facts)
    codes = [step.code for step in line.steps]
    assert codes == [code for code in rules.STEPS if code in codes]
    assert [step.state for step in line.steps].count(NOW) == 1
    assert all(step.on for step in line.steps if step.state == DONE)
    assert line.next.who in (rules.GROUP, rules.OFFICE, rules.BANK)
