"""What comes next of a project: one thing, done by the group or by insurers."""

from __future__ import annotations

from app.funding.rules.project import CHANGING, DECIDED, DRAFT, GAP, SUBMITTED, WITHDRAWN
from app.funding.rules.project_timeline import project_next


def told(state, **given):
    usual = {"pages_left": 0, "questions": 0, "undecided": 0, "granted": 0, "unpaid": 0}
    ahead = project_next(state, **{**usual, **given})
    return ahead.code, ahead.who, ahead.count


def test_a_project_goes_between_the_group_and_its_insurers():
    assert told(DRAFT, pages_left=3) == ("fill", "group", 3)
    assert told(CHANGING) == ("submit", "group", 0)
    assert told(SUBMITTED, undecided=2) == ("decide", "insurers", 2)
    assert told(SUBMITTED, undecided=2, questions=1) == ("answer", "group", 0)
    assert told(GAP, granted=1) == ("change", "group", 0)
    assert told(DECIDED, granted=2, unpaid=1) == ("pay", "insurers", 1)
    assert told(DECIDED, granted=2) == ("paid", "nobody", 0)
    assert told(DECIDED) == ("over", "nobody", 0)
    assert told(WITHDRAWN, questions=1) == ("over", "nobody", 0)
