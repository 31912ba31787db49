"""A clearing house asks for its grant: nobody decides alone, twice, over the pot, or about what is out of date."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.funding.forms.institutions import ProofForm, kept_of
from app.funding.models import InstitutionAct
from app.funding.queries.balances import get_budget
from app.funding.queries.institution_figures import count_figures
from app.funding.queries.institutions import find_request, owed_proof, requests_of, returned_cents
from app.funding.queries.payees import list_awards, list_paid
from app.funding.queries.verifying import verify
from app.funding.rules.institutions import remaining_cents
from app.funding.rules.ledger_accounts import Payee
from app.funding.services.direct import add_organisation, book_return, pay_award, undo
from app.funding.services.institution_decisions import decide_request
from app.funding.services.institution_proofs import check_proof, submit_proof
from app.funding.services.institution_questions import return_request
from app.funding.services.institutions import begin_request, save_page, submit_request
from app.groups.models import Group, MeetingAttendance, MeetingSeries
from app.groups.upkeep.services import close_group
from app.rooms.rules.availability import Span
from app.rooms.services.bookings import NewBooking, store_bookings
from app.shared.errors import BadInput, RuleBroken
from app.shared.transactions import transaction
from tests.builders.contributions import (
    AFTER,
    BAVARIA,
    HOUSES_2026,
    IN_YEAR,
    YEAR,
    call_year,
    make_levy,
    receive_all,
)
from tests.builders.groups import make_group, make_house, make_place, make_rule
from tests.builders.institutions import DECIDER, WRITER, version_of, write_institution
from tests.builders.rooms import make_room
from tests.support.programs import told_by

LATER = datetime(YEAR + 1, 4, 2, 9, tzinfo=UTC)
"""After the day by which the year is to be proven."""


@pytest.fixture
def house(session):
    """A clearing house of Bavaria, whose pot holds more than it asks for."""
    with transaction() as writing:
        make_levy(writing, {("kasse-a", BAVARIA): 1_000_000})
        call_year(writing)
        receive_all(writing)
        return make_house(writing, "Kontaktstelle München", catchment=[("09162", None)])


def decide(number, cents, words="", *, seen, by=DECIDER):
    with transaction() as writing:
        decide_request(writing, number, cents, words, seen=seen, by=by, now=IN_YEAR)


def test_a_request_is_written_asked_about_decided_by_another_and_promised_once(session, house):
    payee = Payee("house", house)
    with transaction() as writing:
        number = write_institution(writing, payee, by=WRITER, now=IN_YEAR)
        assert begin_request(writing, payee, YEAR, by=DECIDER, now=IN_YEAR) == number
        with pytest.raises(BadInput):
            begin_request(writing, payee, YEAR + 2, by=WRITER, now=IN_YEAR)
    found = find_request(session, number)
    assert (found.request.number, found.request.asked_cents) == (f"KS-09-{YEAR}-{number:04}", 2_500_000)
    assert found.compared.is_met
    seen = version_of(session, number)
    with pytest.raises(RuleBroken) as refused, transaction() as writing:
        save_page(writing, number, "staff", typed={}, values=None, seen=1, by=WRITER, now=IN_YEAR)
    assert "25.000,00" in refused.value.message
    for words in ("", " "):
        with pytest.raises(BadInput), transaction() as writing:
            return_request(writing, number, words, seen=seen, by=DECIDER, now=IN_YEAR)
    with transaction() as writing:
        return_request(writing, number, "Wofür sind die Räume?", seen=seen, by=DECIDER, now=IN_YEAR)
    with pytest.raises(RuleBroken), transaction() as writing:
        return_request(writing, number, "Noch einmal", seen=seen, by=DECIDER, now=IN_YEAR)
    with pytest.raises(RuleBroken):
        decide(number, 1_000, "zu viel", seen=seen)
    with transaction() as writing:
        submit_request(writing, number, seen=version_of(writing, number), by=WRITER, now=IN_YEAR)
    seen = version_of(session, number)
    session.rollback()
    for cents, words, by in ((2_500_000, "", WRITER), (2_500_001, "", DECIDER), (1, "", DECIDER)):
        with pytest.raises((BadInput, RuleBroken)):
            decide(number, cents, words, seen=seen, by=by)
    decide(number, 2_000_000, "Der Topf ist klein.", seen=seen)
    with pytest.raises(RuleBroken) as refused:
        decide(number, 2_500_000, seen=seen, by=DECIDER + 1)
    assert "20.000,00" in refused.value.message
    session.rollback()
    found = find_request(session, number)
    (award,) = list_awards(session, YEAR)
    assert (found.request.entry_id, award.promise.cents) == (award.promise.entry_id, 2_000_000)
    acts = session.scalars(sa.select(InstitutionAct.act).order_by(InstitutionAct.id)).all()
    assert acts == ["begun", "changed", "submitted", "returned", "submitted", "decided"]
    with pytest.raises(sa.exc.DatabaseError), transaction() as writing:
        writing.execute(sa.update(InstitutionAct).values(words="anders"))
    with transaction() as writing:
        undo(writing, award.promise, now=IN_YEAR)
    assert find_request(session, number).taken_back
    assert verify(session).faults == ()


@pytest.mark.long
def test_of_many_who_decide_or_ask_back_at_once_one_is_first_and_the_others_are_told(
    session, house, database_url
):
    with transaction() as writing:
        number = write_institution(writing, Payee("house", house), now=IN_YEAR)
    seen = version_of(session, number)
    session.rollback()
    told = told_by("institution_deciders", database_url, number, seen, 6)
    assert told.count(None) == 1
    assert all("inzwischen geändert" in each for each in told if each)
    session.rollback()
    state = find_request(session, number).request.state
    assert len(list_awards(session, YEAR)) == (state == "decided")
    acts = session.scalars(sa.select(InstitutionAct.act)).all()
    assert acts[3:] == [state]
    assert verify(session).faults == ()


def test_more_than_the_pot_has_is_refused_and_nothing_is_decided(session, house):
    free = get_budget(session, HOUSES_2026).granted
    text = f"{(free + 1) // 100},{(free + 1) % 100:02}"
    money = {
        "cost_staff": text,
        "income_municipality": "",
        "income_own": "0",
        "cost_premises": "1",
        "asked": text,
    }
    with transaction() as writing:
        number = write_institution(
            writing, Payee("house", house), now=IN_YEAR, money={**money, "income_own": "1"}
        )
    with pytest.raises(RuleBroken, match="€"):
        decide(number, free + 1, seen=version_of(session, number))
    assert find_request(session, number).request.state == "submitted"
    decide(number, 0, "Der Topf ist leer.", seen=version_of(session, number))
    assert list_awards(session, YEAR) == []


SPENT = MultiDict(
    {"cost_staff": "88000", "cost_premises": "10000", "income_municipality": "75000", "report": "Alles gut."}
)


def prove(number, seen, by=WRITER):
    form = ProofForm.of(SPENT)
    values, typed = form.values(), kept_of(form, SPENT)
    with transaction() as writing:
        submit_proof(writing, number, typed=typed, values=values, seen=seen, by=by, now=LATER)


def check(number, words, *, accepts, seen, by=DECIDER):
    with transaction() as writing:
        check_proof(writing, number, words, accepts=accepts, seen=seen, by=by, now=LATER)


@pytest.fixture
def paid(session, house):
    """The number of a request whose grant of 25,000 € was paid."""
    with transaction() as writing:
        number = write_institution(writing, Payee("house", house), now=IN_YEAR)
    decide(number, 2_500_000, seen=version_of(session, number))
    with transaction() as writing:
        pay_award(writing, list_awards(writing, YEAR)[0], now=IN_YEAR)
    return number


def test_a_proof_is_checked_once_by_another_and_what_is_left_comes_back(session, house, paid):
    prove(paid, 0)
    with pytest.raises(RuleBroken):
        prove(paid, 0)
    with pytest.raises(RuleBroken):
        check(paid, "", accepts=True, seen=1, by=WRITER)
    with pytest.raises(BadInput):
        check(paid, " ", accepts=False, seen=1)
    check(paid, "Wo sind die Fahrkosten?", accepts=False, seen=1)
    prove(paid, 2)
    with pytest.raises(RuleBroken):
        check(paid, "", accepts=True, seen=1)
    check(paid, "", accepts=True, seen=3)
    session.rollback()
    proof = find_request(session, paid).proof
    left = remaining_cents(2_500_000, 9_800_000, 7_500_000)
    assert (proof.state, proof.remaining_cents) == ("accepted", left)
    assert proof.figures["years"][0]["year"] == YEAR
    with transaction() as writing:
        account = next(each.account for each in list_paid(writing, YEAR) if each.account.payee.id == house)
        book_return(writing, account, left, received_on=LATER.date(), token="back-00001", now=LATER)
    assert returned_cents(session, find_request(session, paid)) == 200_000
    assert verify(session).faults == ()


def test_what_is_not_proven_in_time_holds_the_next_payment(session, house, paid):
    payee = Payee("house", house)
    with transaction() as writing:
        make_levy(writing, {("kasse-a", BAVARIA): 1_000_000}, year=YEAR + 1)
        call_year(writing, year=YEAR + 1, now=AFTER)
        receive_all(writing, year=YEAR + 1, now=AFTER)
        second = write_institution(writing, payee, year=YEAR + 1, now=AFTER)
    assert owed_proof(session, payee, YEAR + 1, today=AFTER.date()) is None
    decide(second, 100, "vorerst", seen=version_of(session, second))
    award = list_awards(session, YEAR + 1)[0]
    with pytest.raises(RuleBroken, match=str(YEAR)), transaction() as writing:
        pay_award(writing, award, now=LATER)
    prove(paid, 0)
    check(paid, "Wo sind die Fahrkosten?", accepts=False, seen=1)
    assert owed_proof(session, payee, YEAR + 1, today=LATER.date()) == YEAR
    prove(paid, 2)
    with transaction() as writing:
        pay_award(writing, award, now=LATER)
    assert [each.request.year for each in requests_of(session, payee)] == [YEAR + 1, YEAR]


def test_an_organisation_asks_from_the_pot_of_its_level(session, house):
    with transaction() as writing:
        liga = add_organisation(writing, "Rheuma-Liga", None, now=IN_YEAR)
        number = write_institution(writing, Payee("organisation", liga), now=IN_YEAR)
    decide(number, 2_500_000, seen=version_of(session, number))
    found = find_request(session, number)
    assert found.request.number == f"SO-BUND-{YEAR}-{number:04}"
    assert found.request.figures == {"years": []}
    assert list_awards(session, YEAR)[0].pot.level == "federal"


def test_figures_of_a_year_are_counted_from_groups_meetings_and_rooms(session, house):
    began = datetime(YEAR - 1, 2, 1, tzinfo=UTC)
    with transaction() as writing:
        rule = make_rule(first_on=date(YEAR - 1, 3, 2), weekdays=(1,))
        stays = make_group(writing, name="Bleibt", clearinghouse_id=house, series=[rule], now=began)
        ends = make_group(
            writing, name="Endet", clearinghouse_id=house, place=make_place(), series=[], now=began
        )
        close_group(writing, ends, reason="too_few", now=datetime(YEAR, 2, 1, tzinfo=UTC))
        series = writing.scalars(sa.select(MeetingSeries.id).where(MeetingSeries.group_id == stays)).one()
        writing.add(
            MeetingAttendance(series_id=series, on_day=date(YEAR - 1, 3, 10), count=7, noted_at=IN_YEAR)
        )
        room = make_room(writing, clearinghouse_id=house)
        starts = datetime(YEAR - 1, 5, 4, 17, tzinfo=UTC)
        ends_at = datetime(YEAR - 1, 5, 4, 19, 30, tzinfo=UTC)
        store_bookings(writing, [NewBooking(room, Span(starts, ends_at), group_id=stays)], now=began)
    last = count_figures(session, house, YEAR - 1, now=IN_YEAR)
    this = count_figures(session, house, YEAR, now=IN_YEAR)
    assert last.counts == {
        "groups": 2, "joined": 2, "founded": 0, "closed": 0, "meetings": 44, "came": 7, "bookings": 1, "hours": 2
    }  # fmt: skip
    assert (this.counts["groups"], this.counts["joined"], this.counts["closed"]) == (1, 0, 1)
    assert this.counts["meetings"] == 8
    assert this.counted_on == IN_YEAR.date()
    assert session.get_one(Group, ends).state == "closed"
