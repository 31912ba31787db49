"""Money promised without a round: once, to those the pot is for, paid when it has come, and put right afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.funding.models import LedgerEntry
from app.funding.queries.balances import get_budget
from app.funding.queries.payees import find_step, list_awards, list_paid, list_returns
from app.funding.queries.verifying import verify
from app.funding.rules.ledger_accounts import RETURNED, Account, Payee, a_group
from app.funding.rules.postings import commit, pay
from app.funding.services.direct import (
    add_organisation,
    book_return,
    pay_award,
    promise,
    recipients,
    undo,
)
from app.funding.services.ledger import post
from app.funding.services.year_end import close_year
from app.shared.errors import BadInput, RuleBroken
from app.shared.transactions import transaction
from tests.builders.contributions import (
    AFTER,
    BAVARIA,
    FEDERAL_2026,
    GROUPS_2026,
    IN_YEAR,
    YEAR,
    call_year,
    make_levy,
    receive_all,
)
from tests.builders.groups import make_group
from tests.builders.ledger import because

ORGANISATIONS = Account("pot", YEAR, state=BAVARIA, level="state_organisations")


@pytest.fixture
def _called(session):
    with transaction() as writing:
        make_levy(writing, {("kasse-a", BAVARIA): 100_000})
        call_year(writing)


@pytest.mark.usefixtures("_called")
def test_an_award_is_promised_once_paid_once_and_put_right_after_the_year_is_closed(session):
    with transaction() as writing:
        here = add_organisation(writing, "  Rheuma-Liga  Bayern ", BAVARIA, now=IN_YEAR)
        everywhere = add_organisation(writing, "Rheuma-Liga Bayern", None, now=IN_YEAR)
    with pytest.raises(BadInput), transaction() as writing:
        add_organisation(writing, "rheuma-liga bayern", BAVARIA, now=IN_YEAR)
    liga = Payee("organisation", here)
    assert recipients(session, ORGANISATIONS) == {liga: "Rheuma-Liga Bayern"}
    assert list(recipients(session, FEDERAL_2026)) == [Payee("organisation", everywhere)]
    assert recipients(session, GROUPS_2026) == {}
    for _twice in range(2):
        with transaction() as writing:
            promise(writing, ORGANISATIONS, liga, 100_000, token="t-1234567", now=IN_YEAR)
    for pot, cents, token in (
        (FEDERAL_2026, 5, "x" * 9),
        (ORGANISATIONS, 0, "x" * 9),
        (ORGANISATIONS, 5, ""),
    ):
        with pytest.raises(BadInput), transaction() as writing:
            promise(writing, pot, liga, cents, token=token, now=IN_YEAR)
    (award,) = list_awards(session, YEAR)
    with pytest.raises(RuleBroken, match="€"), transaction() as writing:
        pay_award(writing, award, now=IN_YEAR)
    with transaction() as writing:
        receive_all(writing)
    with transaction() as writing:
        pay_award(writing, award, now=IN_YEAR)
        undo(writing, find_step(writing, list_awards(writing, YEAR)[0].paid.entry_id), now=IN_YEAR)
        pay_award(writing, list_awards(writing, YEAR)[0], now=IN_YEAR)
    with pytest.raises(RuleBroken), transaction() as writing:
        pay_award(writing, list_awards(writing, YEAR)[0], now=IN_YEAR)
    with pytest.raises(RuleBroken), transaction() as writing:
        undo(writing, award.promise, now=IN_YEAR)
    with transaction() as writing:
        close_year(writing, YEAR, now=AFTER)
    (award,) = list_awards(session, YEAR)
    with transaction() as writing:
        undo(writing, award.paid, now=AFTER)
    correction = session.scalars(sa.select(LedgerEntry).where(LedgerEntry.corrects_id.is_not(None))).one()
    assert (correction.year, correction.corrects_id) == (YEAR + 1, award.paid.entry_id)
    with transaction() as writing:
        undo(writing, find_step(writing, award.promise.entry_id), now=AFTER)
    with pytest.raises(RuleBroken), transaction() as writing:
        undo(writing, find_step(writing, award.promise.entry_id), now=AFTER)
    session.rollback()
    assert get_budget(session, ORGANISATIONS).granted == 100_000
    assert verify(session).faults == ()


@pytest.mark.usefixtures("_called")
def test_what_a_group_gives_back_belongs_to_the_year_in_which_it_comes(session):
    with transaction() as writing:
        group = make_group(writing, name="Gruppe Mut")
        receive_all(writing)
        post(writing, [commit(GROUPS_2026, a_group(group), 50_000, because())], now=IN_YEAR)
        post(writing, [pay(GROUPS_2026, a_group(group), 50_000, because())], now=IN_YEAR)
    (paid,) = list_paid(session, YEAR)
    assert (paid.name, paid.cents) == ("Gruppe Mut", 50_000)

    def back(cents, day, token, now=AFTER):
        with transaction() as writing:
            return book_return(writing, paid.account, cents, received_on=day, token=token, now=now)

    first = back(1_000, date(YEAR, 12, 30), "first-one")
    assert back(1_000, date(YEAR, 12, 30), "first-one") == first
    back(2_000, AFTER.date(), "second-one")
    for cents, day in ((0, AFTER.date()), (5, AFTER.date() + timedelta(1)), (5, date(YEAR - 1, 12, 31))):
        with pytest.raises(BadInput):
            back(cents, day, "third-one")
    with pytest.raises(BadInput):
        back(5, AFTER.date(), "")
    with pytest.raises(RuleBroken):
        back(47_001, AFTER.date(), "third-one")
    returned = [
        Account(RETURNED, year, state=BAVARIA, region="oberbayern", level="groups")
        for year in (YEAR, YEAR + 1)
    ]
    assert [get_budget(session, each).granted for each in returned] == [1_000, 2_000]
    with transaction() as writing:
        close_year(writing, YEAR, now=AFTER)
    back(500, date(YEAR, 12, 31), "late-one")
    assert get_budget(session, returned[1]).granted == 2_500
    assert [each.cents for each in list_returns(session, YEAR + 1)] == [500, 2_000]
    with transaction() as writing:
        undo(writing, list_returns(writing, YEAR + 1)[0], now=datetime(YEAR + 1, 2, 1, tzinfo=UTC))
    assert verify(session).faults == ()
