"""Whatever was promised, paid, held back and given back in a year: what is left is carried, to the cent.

Each example is one transaction, which is taken back at its end.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.funding.queries.pots import left_over, list_pots
from app.funding.queries.verifying import verify
from app.funding.queries.year_end import carried_of
from app.funding.rules.ledger_accounts import CARRY, POT, RESERVE, a_group
from app.funding.rules.postings import commit, give_back, grant, pay, release, set_aside
from app.funding.services.ledger import post
from app.funding.services.year_end import close_year, look_at_year
from app.shared.errors import RuleBroken
from tests.builders.contributions import AFTER, IN_YEAR, YEAR, call_year, make_levy, receive_all
from tests.builders.ledger import because

INSURERS = ("kasse-a", "kasse-b", "kasse-c")
CELLS = st.tuples(st.sampled_from(INSURERS), st.sampled_from(("05", "09")))
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("promise", "promise", "pay", "pay", "free", "hold", "use", "return")),
        st.integers(0, 30),
        st.integers(1, 2),
        st.integers(1, 60_000),
    ),
    max_size=12,
)


def posting_of(act, pot, group, cents):
    """Answer what an act posts; money comes back in the year or after it."""
    return {
        "promise": lambda: commit(pot, a_group(group), cents, because()),
        "pay": lambda: pay(pot, a_group(group), cents, because()),
        "free": lambda: release(pot, a_group(group), cents, because()),
        "hold": lambda: set_aside(pot, cents, because()),
        "use": lambda: grant(replace(pot, kind=RESERVE), pot, cents, because()),
        "return": lambda: give_back(pot, a_group(group), cents, because(), year=YEAR + cents % 2),
    }[act]()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(CELLS, st.integers(1, 900), min_size=1), ACTS, st.booleans())
def test_all_that_is_left_is_carried_and_granted_to_flat_pots(session, insured, acts, is_called):
    session.rollback()
    make_levy(session, insured)
    call_year(session)
    receive_all(session)
    pots = [each.account for each in list_pots(session, YEAR)]
    for act, number, group, cents in acts:
        with suppress(RuleBroken):
            post(session, [posting_of(act, pots[number % len(pots)], group, cents)], now=IN_YEAR)
    if is_called:
        make_levy(session, insured, year=YEAR + 1)
        call_year(session, year=YEAR + 1, now=AFTER)
    before = {each.account: each.granted for each in list_pots(session, YEAR + 1)}
    left = left_over(session, YEAR)
    seen = look_at_year(session, YEAR, now=AFTER)
    assert (seen.obstacles, seen.sources) == ((), left)
    assert close_year(session, YEAR, now=AFTER) == sum(left.values())
    carried = carried_of(session, YEAR)
    assert {source: sum(targets.values()) for source, targets in carried.items()} == left
    for source, targets in carried.items():
        assert {target.state for target in targets} == {source.state}
        assert source.insurer is None or {target.insurer for target in targets} == {source.insurer}
        assert {target.insurer for target in targets} <= {insurer for insurer, _state in insured}
    after = {each.account: each.granted for each in list_pots(session, YEAR + 1)}
    added = {pot: after[pot] - before.get(pot, 0) for pot in after}
    waiting = sum(c for a, c in left_over(session, YEAR + 1).items() if a.kind == CARRY)
    assert sum(added.values()) + waiting == sum(left.values())
    assert all(pot.insurer is None for pot, cents in added.items() if cents)
    assert waiting == 0 or not is_called
    assert not [each for each in left_over(session, YEAR) if each.kind == POT]
    assert verify(session).faults == ()
    session.rollback()
