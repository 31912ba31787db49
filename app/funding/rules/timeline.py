"""Where the funding of a group in a year stands: its steps, each with its day, and the one thing that comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

BEGUN, SUBMITTED, CHECKED, DECIDED, TOLD, PAID, FILED, PROVEN, AGAIN = (
    "begun", "submitted", "checked", "decided", "told", "paid", "filed", "proven", "again",
)  # fmt: skip
STEPS = (BEGUN, SUBMITTED, CHECKED, DECIDED, TOLD, PAID, FILED, PROVEN, AGAIN)
DONE, NOW, AHEAD = "done", "now", "ahead"
BY_RULE, AS_LAST_YEAR = "by_rule", "as_last_year"
"""Where an expected day is from: it is set, or it was that day last year."""

BEGIN, FILL, ASK, SIGN, LATE = "begin", "fill", "ask", "sign", "late"
CHANGE, CHECK, DECIDE, TELL, READ, PAY, ARRIVE, RETURNED = (
    "change", "check", "decide", "tell", "read", "pay", "arrive", "returned",
)  # fmt: skip
PROVE, EXPLAIN, ACCEPT, GIVE_BACK, APPLY = "prove", "explain", "accept", "give_back", "apply"
GROUP, OFFICE, BANK = "group", "office", "bank"
"""Who does what comes next."""
WHO = {
    **dict.fromkeys((BEGIN, FILL, ASK, SIGN, LATE, CHANGE, READ, RETURNED), GROUP),
    **dict.fromkeys((PROVE, EXPLAIN, GIVE_BACK, APPLY), GROUP),
    **dict.fromkeys((CHECK, DECIDE, TELL, PAY, ACCEPT), OFFICE),
    ARRIVE: BANK,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a group's funding in a round; a day is None as long as it has not come, or nobody knows it.

    ``usual_decision_on`` and ``usual_payment_on`` are the days of the year before, moved into this one.
    """

    today: date
    last_day: date
    begun_on: date | None = None
    pages_left: int = 0
    asked_on: date | None = None
    signed: int = 0
    submitted_on: date | None = None
    change_due_on: date | None = None
    is_changed: bool = False
    is_checked_here: bool = False
    checked_on: date | None = None
    sitting_on: date | None = None
    decided_on: date | None = None
    award_cents: int = 0
    told_on: date | None = None
    opened_on: date | None = None
    objection_until: date | None = None
    sent_on: date | None = None
    paid_on: date | None = None
    came_back: bool = False
    proof_due_on: date | None = None
    filed_on: date | None = None
    answer_due_on: date | None = None
    proven_on: date | None = None
    back_cents: int = 0
    back_due_on: date | None = None
    next_opens_on: date | None = None
    is_next_set: bool = False
    usual_decision_on: date | None = None
    usual_payment_on: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step, whether it is done, and the day on which it was or is expected (``basis``)."""

    code: str
    state: str
    on: date | None
    basis: str = BY_RULE


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next, who does it, and by or on which day; ``basis`` tells how sure that day is.

    ``count`` is how many pages are open, how many have signed, or the cents to be given back.
    """

    code: str
    on: date | None = None
    basis: str = BY_RULE
    count: int = 0

    @property
    def who(self) -> str:
        """Who does it: a group gives nothing back before it was told how."""
        return OFFICE if self.code == GIVE_BACK and self.on is None else WHO[self.code]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The steps in their order, and what comes next."""

    steps: tuple[Step, ...]
    next: Next


def timeline(facts: Facts) -> Timeline:
    """Answer the time line: done steps first, one that is now at most, then those ahead.

    A group that gets nothing has no payment and no proof ahead of it.
    """
    steps = []
    is_now = True
    for code in STEPS:
        if code in _left_out(facts):
            continue
        day = _done_on(facts, code)
        if day is not None:
            steps.append(Step(code, DONE, day))
            continue
        expected, basis = _expected(facts, code)
        steps.append(Step(code, NOW if is_now else AHEAD, expected, basis))
        is_now = False
    return Timeline(tuple(steps), next_of(facts))


def next_of(facts: Facts) -> Next:
    """Answer the one thing that comes next."""
    if facts.decided_on is not None:
        return _after_decision(facts)
    if facts.submitted_on is not None:
        return _while_checked(facts)
    if facts.today > facts.last_day:
        return Next(LATE, facts.last_day)
    if facts.begun_on is None:
        return Next(BEGIN, facts.last_day)
    if facts.pages_left:
        return Next(FILL, facts.last_day, count=facts.pages_left)
    return Next(ASK if facts.asked_on is None else SIGN, facts.last_day, count=facts.signed)


def _after_decision(facts: Facts) -> Next:
    if facts.told_on is None:
        return Next(TELL)
    if facts.opened_on is None and (facts.objection_until or facts.today) >= facts.today:
        return Next(READ, facts.objection_until)
    if facts.award_cents:
        if facts.came_back:
            return Next(RETURNED)
        if facts.paid_on is None:
            if facts.sent_on is not None:
                return Next(ARRIVE, facts.sent_on)
            return Next(PAY, *_soon(facts, facts.usual_payment_on))
        proof = _to_prove(facts)
        if proof is not None:
            return proof
    return Next(APPLY, facts.next_opens_on, BY_RULE if facts.is_next_set else AS_LAST_YEAR)


def _left_out(facts: Facts) -> set[str]:
    """Answer the steps that this request does not take."""
    left_out = set()
    if not facts.checked_on and (facts.decided_on or not facts.is_checked_here):
        left_out.add(CHECKED)
    if facts.decided_on and not facts.award_cents:
        left_out |= {PAID, FILED, PROVEN}
    return left_out


def _while_checked(facts: Facts) -> Next:
    if facts.change_due_on is not None:
        code = (SIGN if facts.signed else ASK) if facts.is_changed else CHANGE
        return Next(code, facts.change_due_on, count=facts.signed)
    if facts.is_checked_here and facts.checked_on is None:
        return Next(CHECK)
    return Next(DECIDE, *_decision_day(facts))


def _to_prove(facts: Facts) -> Next | None:
    """Answer what comes next of the proof of use and of what has to be given back; None when all is done."""
    if facts.back_cents:
        return Next(GIVE_BACK, facts.back_due_on, count=facts.back_cents)
    if facts.proven_on is not None or facts.proof_due_on is None:
        return None
    if facts.answer_due_on is not None:
        return Next(EXPLAIN, facts.answer_due_on)
    return Next(PROVE, facts.proof_due_on) if facts.filed_on is None else Next(ACCEPT)


def _decision_day(facts: Facts) -> tuple[date | None, str]:
    """Answer the day of the sitting that decides, else that of last year."""
    if facts.sitting_on is not None and facts.sitting_on >= facts.today:
        return facts.sitting_on, BY_RULE
    return _soon(facts, facts.usual_decision_on)


def _soon(facts: Facts, usual: date | None) -> tuple[date | None, str]:
    """Answer last year's day if it is still to come; what should have come already is expected on no day."""
    return (usual, AS_LAST_YEAR) if usual is not None and usual >= facts.today else (None, BY_RULE)


def _done_on(facts: Facts, code: str) -> date | None:
    done = {
        BEGUN: facts.begun_on or facts.submitted_on,
        SUBMITTED: facts.submitted_on,
        CHECKED: None if facts.change_due_on else facts.checked_on,
        DECIDED: facts.decided_on,
        TOLD: facts.told_on,
        PAID: None if facts.came_back else facts.paid_on,
        FILED: facts.filed_on,
        PROVEN: facts.proven_on,
    }
    return done.get(code)


def _expected(facts: Facts, code: str) -> tuple[date | None, str]:
    if code in (BEGUN, SUBMITTED):
        return facts.last_day, BY_RULE
    if code == CHECKED:
        return facts.change_due_on, BY_RULE
    if code == DECIDED:
        return _decision_day(facts)
    if code == PAID:
        return (facts.sent_on, BY_RULE) if facts.sent_on else _soon(facts, facts.usual_payment_on)
    if code == FILED:
        return facts.proof_due_on, BY_RULE
    if code == AGAIN:
        return facts.next_opens_on, BY_RULE if facts.is_next_set else AS_LAST_YEAR
    return None, BY_RULE
