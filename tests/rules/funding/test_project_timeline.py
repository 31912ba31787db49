"""What comes next of a project: one thing, done by the group or by insurers."""

from __future__ import annotations

from datetime import date

from app.funding.rules.project import CHANGING, DECIDED, DRAFT, GAP, SUBMITTED, WITHDRAWN, last_day_to_ask
from app.funding.rules.project_timeline import project_next


def told(state, **given):
    usual = {"pages_left": 0, "questions": 0, "undecided": 0, "granted": 0, "unpaid": 0}
    ahead = project_next(state, **{**usual, **given})
    return ahead.code, ahead.who, ahead.count


def test_a_project_is_submitted_before_it_begins_and_before_the_first_insurer_closes_that_is_still_open():
    day = date(2027, 3, 1)
    assert last_day_to_ask(date(2027, 6, 1), [None, date(2027, 4, 1), date(2027, 5, 1)], day) == date(
        2027, 4, 1
    )
    assert last_day_to_ask(date(2027, 6, 1), [date(2027, 2, 15)], day) == date(2027, 5, 31)
    assert last_day_to_ask(date(2027, 3, 1), [None], day) is None
    prove = project_next(
        DECIDED, pages_left=0, questions=0, undecided=0, granted=1, unpaid=0, prove_by=date(2028, 1, 1)
    )
    assert (prove.code, prove.by) == ("prove", date(2028, 1, 1))


def test_a_project_goes_between_the_group_and_its_insurers():
    assert told(DRAFT, pages_left=3) == ("fill", "group", 3)
    assert told(CHANGING) == ("submit", "group", 0)
    assert told(SUBMITTED, undecided=2) == ("decide", "insurers", 2)
    assert told(SUBMITTED, undecided=2, questions=1) == ("answer", "group", 0)
    assert told(GAP, granted=1) == ("change", "group", 0)
    assert told(DECIDED, granted=2, unpaid=1) == ("pay", "insurers", 1)
    assert told(DECIDED, granted=2) == ("prove", "group", 0)
    assert told(DECIDED, granted=2, proof="submitted") == ("check", "insurers", 0)
    assert told(DECIDED, granted=2, proof="questioned") == ("answer", "group", 0)
    assert told(DECIDED, granted=2, proof="accepted") == ("proven", "nobody", 0)
    assert told(DECIDED) == ("over", "nobody", 0)
    assert told(WITHDRAWN, questions=1) == ("over", "nobody", 0)
