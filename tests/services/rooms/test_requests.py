"""A group asks for a room; the house approves, declines or offers; the group answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.rooms.checks import check_dates
from app.rooms.models import RoomBooking, RoomRequest
from app.rooms.queries.bookings import list_coming_of_group
from app.rooms.queries.requests import get_request, list_requests_of_group, list_requests_of_house
from app.rooms.queries.rooms import get_room
from app.rooms.services.bookings import book_for_house, cancel_booking, cancel_coming_bookings
from app.rooms.services.decisions import Offer, approve, decline, release_unanswered_offers
from app.rooms.services.requests import accept_offer, refuse_offer, withdraw_request
from app.shared.errors import NotFound, RuleBroken
from app.shared.outbox import OutboxMail
from tests.builders.groups import NOW
from tests.builders.rooms import local_span

MONDAYS = [f"2026-12-{day:02} 19:00" for day in (7, 14, 21)]


def mails(session):
    rows = session.execute(sa.select(OutboxMail.to_address, OutboxMail.purpose).order_by(OutboxMail.id))
    return [tuple(row) for row in rows]


def last_mail(session):
    return session.scalar(sa.select(OutboxMail.body_text).order_by(OutboxMail.id.desc()).limit(1))


def count(session, model):
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def state(session, request_id):
    return get_request(session, request_id).state


def test_a_request_waits_for_the_house_which_is_told(session, house):
    request_id = house.ask(*MONDAYS, message="Wir bringen Tee mit.")
    row = get_request(session, request_id)
    assert (row.state, row.room_name, row.group_name, len(row.dates)) == (
        "waiting",
        "Raum Linde",
        "Lichtblick",
        3,
    )
    assert mails(session) == [("info@kontaktstelle-koeln.example", "room-asked")]
    assert "Mo., 7. Dez. 2026, 19:00–20:30\u00a0Uhr" in last_mail(session)
    assert "Wir bringen Tee mit." in last_mail(session)
    assert [each.id for each in list_requests_of_house(session, house.house, ["waiting"])] == [request_id]


def test_asked_twice_in_a_row_there_is_one_request_and_one_mail(session, house):
    assert house.ask(*MONDAYS) == house.ask(*MONDAYS)
    assert count(session, RoomRequest) == 1
    assert len(mails(session)) == 1


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"people": 15}, "people"),
        ({"people": 0}, "people"),
        ({"begins": []}, "dates"),
        ({"begins": ["2026-12-07 19:00", "2026-12-07 20:00"]}, "dates"),
        ({"begins": ["2026-11-23 19:00"]}, "dates"),
        ({"begins": ["2026-11-16 19:00"]}, "dates"),
        ({"message": "x" * 2001}, "message"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_for_is_refused_beside_its_field(session, house, fault, field):
    given = {"begins": MONDAYS, **fault}
    begins = given.pop("begins")
    with pytest.raises(RuleBroken) as refused:
        house.ask(*begins, **given)
    assert refused.value.field == field
    assert count(session, RoomRequest) == 0


def test_a_room_that_is_not_there_or_not_bookable_cannot_be_asked_for(session, house):
    with pytest.raises(NotFound):
        house.ask(*MONDAYS, room=4711)
    session.execute(sa.text("UPDATE room SET is_bookable = false"))
    with pytest.raises(RuleBroken) as refused:
        house.ask(*MONDAYS)
    assert refused.value.field == "room"


def test_approved_all_dates_are_booked_and_the_contact_is_told(session, house):
    request_id = house.ask(*MONDAYS)
    decision = approve(session, request_id, remark="Schlüssel am Empfang", now=NOW)
    assert (decision.state, decision.booked, decision.left) == ("approved", 3, ())
    assert len(list_coming_of_group(session, house.group, now=NOW)) == 3
    assert mails(session)[-1] == ("kontakt@example.org", "room-booked")
    assert "Schlüssel am Empfang" in last_mail(session)


def test_pressed_twice_nothing_is_booked_or_told_twice(session, house):
    request_id = house.ask(*MONDAYS)
    first = approve(session, request_id, now=NOW)
    assert approve(session, request_id, now=NOW) == first
    assert count(session, RoomBooking) == 3
    assert len(mails(session)) == 2


def test_of_forty_dates_three_conflict_and_are_named_with_what_is_free_instead(session, house):
    first = local_span("2026-12-07 19:00")
    weeks = [f"{(first.starts_at + timedelta(weeks=n)).date()} 19:00" for n in range(40)]
    for number in (4, 17, 31):
        book_for_house(session, house.small, local_span(weeks[number], 60), title="Vorstand", now=NOW)
    spans = [local_span(each) for each in weeks]
    room = get_room(session, house.small)
    checks = check_dates(session, room, spans, people=10, access=["step_free"], earliest=NOW)
    taken = [check for check in checks if check.obstacle]
    assert [check.span for check in taken] == [spans[number] for number in (4, 17, 31)]
    assert {check.obstacle.kind for check in taken} == {"taken"}
    assert taken[0].times == (local_span("2027-01-04 20:00"), local_span("2027-01-04 17:30"))
    assert [each.name for each in taken[0].rooms] == ["Saal"]
    request_id = house.ask(*weeks)
    decision = approve(session, request_id, now=NOW)
    assert (decision.state, decision.booked) == ("partly", 37)
    assert decision.left == tuple(spans[number] for number in (4, 17, 31))
    assert last_mail(session).partition("Nicht möglich:")[2].count("\u00a0Uhr") == 3


def test_another_room_must_have_what_the_group_promises(session, house):
    book_for_house(session, house.small, local_span(MONDAYS[0]), title="Vorstand", now=NOW)
    room = get_room(session, house.small)

    def rooms(**asked):
        wanted = {"people": 10, "access": [], **asked}
        checks = check_dates(session, room, [local_span(MONDAYS[0])], earliest=NOW, **wanted)
        return [each.name for each in checks[0].rooms]

    assert rooms() == rooms(access=["step_free", "sign_language"]) == ["Saal"]
    assert rooms(access=["hearing_loop"]) == rooms(people=41) == []


def test_when_nothing_is_free_approving_says_what_to_do_instead(session, house):
    request_id = house.ask(MONDAYS[0])
    book_for_house(session, house.small, local_span(MONDAYS[0]), title="Vorstand", now=NOW)
    with pytest.raises(RuleBroken) as refused:
        approve(session, request_id, now=NOW)
    assert refused.value.code == "nothing_free"
    assert state(session, request_id) == "waiting"


def test_declined_with_a_reason_the_group_hears_it_and_without_one_nothing_happens(session, house):
    request_id = house.ask(*MONDAYS)
    with pytest.raises(RuleBroken) as refused:
        decline(session, request_id, reason="  ", now=NOW)
    assert refused.value.field == "reason"
    assert decline(session, request_id, reason="Der Boden wird erneuert.", now=NOW).state == "declined"
    assert "Der Boden wird erneuert." in last_mail(session)
    assert decline(session, request_id, reason="Anders", now=NOW).state == "declined"
    assert approve(session, request_id, now=NOW).booked == 0
    assert len(mails(session)) == 2


@pytest.fixture
def offered(session, house):
    """Three Mondays, of which the second is taken; the Saal is offered for it."""
    request_id = house.ask(*MONDAYS)
    book_for_house(session, house.small, local_span(MONDAYS[1]), title="Vorstand", now=NOW)
    date = get_request(session, request_id).dates[1]
    offer = Offer(date.id, house.large, date.span)
    decision = approve(session, request_id, offers=[offer], now=NOW)
    assert (decision.state, decision.booked, decision.left) == ("countered", 2, ())
    return request_id


def test_an_offer_keeps_the_room_free_until_it_is_accepted(session, house, offered):
    assert mails(session)[-1] == ("kontakt@example.org", "room-offered")
    with pytest.raises(RuleBroken):
        book_for_house(session, house.large, local_span(MONDAYS[1]), title="Fest", now=NOW)
    assert accept_offer(session, offered, now=NOW) is True
    assert accept_offer(session, offered, now=NOW) is False
    assert state(session, offered) == "approved"
    assert {each.state for each in list_coming_of_group(session, house.group, now=NOW)} == {"confirmed"}
    assert [purpose for _to, purpose in mails(session)][-1] == "room-accepted"


def test_a_refused_offer_is_free_again_and_what_is_booked_stays(session, house, offered):
    assert refuse_offer(session, offered, now=NOW) is True
    assert refuse_offer(session, offered, now=NOW) is False
    assert state(session, offered) == "partly"
    assert len(list_coming_of_group(session, house.group, now=NOW)) == 2
    book_for_house(session, house.large, local_span(MONDAYS[1]), title="Fest", now=NOW)


def test_an_offer_for_everything_that_is_refused_lets_the_house_think_again(session, house):
    request_id = house.ask(MONDAYS[0])
    date = get_request(session, request_id).dates[0]
    later = local_span("2026-12-07 20:30")
    approve(session, request_id, offers=[Offer(date.id, house.small, later)], now=NOW)
    refuse_offer(session, request_id, now=NOW)
    assert state(session, request_id) == "waiting"
    assert approve(session, request_id, now=NOW).state == "approved"


def test_an_offer_that_nobody_answers_holds_the_room_for_seven_days(session, house, offered):
    assert release_unanswered_offers(session, now=NOW + timedelta(days=6, hours=23)) == 0
    assert release_unanswered_offers(session, now=NOW + timedelta(days=7)) == 1
    assert release_unanswered_offers(session, now=NOW + timedelta(days=8)) == 0
    assert state(session, offered) == "partly"
    assert [purpose for _to, purpose in mails(session)][-2:] == ["room-lapsed", "room-lapsed"]
    withdrawn = house.ask("2026-12-28 19:00")
    withdraw_request(session, withdrawn, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        accept_offer(session, withdrawn, now=NOW)
    assert refused.value.code == "offer_over"


def test_what_is_offered_must_be_free(session, house):
    request_id = house.ask(MONDAYS[0])
    book_for_house(session, house.large, local_span(MONDAYS[0]), title="Fest", now=NOW)
    date = get_request(session, request_id).dates[0]
    with pytest.raises(RuleBroken) as refused:
        approve(session, request_id, offers=[Offer(date.id, house.large, date.span)], now=NOW)
    assert refused.value.code == "room_taken"
    assert state(session, request_id) == "waiting"


def test_withdrawn_a_request_no_longer_waits_and_its_offers_are_free(session, house, offered):
    assert withdraw_request(session, offered, now=NOW) is True
    assert withdraw_request(session, offered, now=NOW) is False
    assert state(session, offered) == "partly"
    waiting = house.ask("2026-12-28 19:00")
    withdraw_request(session, waiting, now=NOW)
    assert state(session, waiting) == "withdrawn"
    assert list_requests_of_house(session, house.house, ["waiting", "countered"]) == []
    assert [each.id for each in list_requests_of_group(session, house.group)] == [waiting, offered]


def test_one_booking_or_all_that_are_to_come_can_be_cancelled(session, house):
    approve(session, house.ask(*MONDAYS), now=NOW)
    bookings = list_coming_of_group(session, house.group, now=NOW)
    after_the_first = bookings[0].ends_at
    assert cancel_booking(session, bookings[1].id, now=NOW) is True
    assert cancel_coming_bookings(session, house.small, house.group, now=after_the_first) == [bookings[2].id]
    assert [each.id for each in list_coming_of_group(session, house.group, now=NOW)] == [bookings[0].id]
    with pytest.raises(RuleBroken) as refused:
        cancel_booking(session, bookings[0].id, now=after_the_first)
    assert refused.value.code == "booking_over"


def test_a_date_that_was_cancelled_can_be_approved_anew(session, house):
    request_id = house.ask(*MONDAYS)
    book_for_house(session, house.small, local_span(MONDAYS[1]), title="Vorstand", now=NOW)
    approve(session, request_id, now=NOW)
    cancel_booking(
        session, session.scalar(sa.select(RoomBooking.id).where(RoomBooking.title == "Vorstand")), now=NOW
    )
    assert approve(session, request_id, now=NOW).state == "approved"


def test_two_groups_who_ask_for_the_same_evening_do_not_both_get_it(session, house):
    first, second = house.ask(MONDAYS[0]), house.ask(MONDAYS[0], people=9, message="Wir auch")
    assert first == second  # the same group asks once
    other = house.ask("2026-12-07 19:30")
    approve(session, first, now=NOW)
    with pytest.raises(RuleBroken):
        approve(session, other, now=NOW)


def test_what_is_not_there_cannot_be_answered(session, house):
    for act in (approve, withdraw_request, accept_offer, refuse_offer):
        with pytest.raises(NotFound):
            act(session, 4711, now=NOW)
    with pytest.raises(NotFound):
        cancel_booking(session, 4711, now=NOW)
    with pytest.raises(NotFound):
        book_for_house(session, 4711, local_span(MONDAYS[0]), title="Vorstand", now=NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 81}, "title"),
        ({"span": local_span("2026-11-16 19:00")}, "date"),
        ({"span": local_span("2026-12-07 19:00", 32 * 1440)}, "date"),
    ],
    ids=str,
)
def test_what_the_house_cannot_book_is_refused_beside_its_field(session, house, given, field):
    given = {"title": "Vorstand", "span": local_span(MONDAYS[0]), **given}
    with pytest.raises(RuleBroken) as refused:
        book_for_house(session, house.small, given["span"], title=given["title"], now=NOW)
    assert refused.value.field == field
