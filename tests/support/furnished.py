"""Groups with a row in every table that holds something of a group: what ``support.planted`` puts its marks into."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import AddressChange, Invitation, User
from app.clearinghouses.models import ClearingHouse
from app.funding.models import ApplicationSignature, UseProofAct, UseProofItem
from app.groups.contact.inbox import Asked, take_message
from app.groups.drafts import SeriesDraft
from app.groups.meetings.closures import Owner, close
from app.groups.meetings.services import add_series, cancel_date, move_date
from app.groups.meetings.telling import start_telling
from app.groups.models import (
    Conversation,
    Founding,
    FoundingStep,
    Group,
    GroupAbsence,
    ListingVersion,
    MeetingAttendance,
    MeetingSeries,
    MeetingWatch,
    RegistrationDraft,
)
from app.groups.rules.life import LISTED, MERGED, STATES
from app.groups.rules.listing import AREA, CLEARINGHOUSE, EXACT
from app.groups.rules.recurrence import days
from app.rooms.models import RoomBooking, RoomRequest
from app.rooms.rules.availability import Span
from app.rooms.services.bookings import NewBooking, store_bookings
from app.rooms.services.requests import RequestDraft, ask_for_room
from app.shared import clock
from tests.builders.accounts import make_user
from tests.builders.applications import make_paper, make_round, plant_checks, write
from tests.builders.funding import make_insurer
from tests.builders.groups import make_contact, make_group, make_house, make_place, make_rule
from tests.builders.interest import make_founding, make_interest
from tests.builders.listings import make_edit
from tests.builders.payments import plant_payment
from tests.builders.projects import plant_project
from tests.builders.proofs import plant_proof
from tests.builders.rooms import make_photo, make_room
from tests.support.access import Place
from tests.support.planted import FORMER

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.drafts import PlaceDraft

KINDS = {
    "area": (LISTED, AREA),
    "clearinghouse": (LISTED, CLEARINGHOUSE),
    "exact": (LISTED, EXACT),
    **{state: (state, EXACT) for state in STATES if state != LISTED},
}
"""A group of each way to be shown, and one in each state in which it is not listed."""
NEIGHBOUR = "neighbour"
"""Listed, shown by its area, and meets where the group ``area`` does."""


def furnish_house(session: Session) -> Place:
    """Store a house with a room, a message, and a founding to which somebody would come; its group is still to be."""
    now = clock.now()
    circle = {"topic": "depression", "now": now, "place": "Köln", "radius_km": 20, "name": "Jo"}
    for way in ({"email": "one@example.org"}, {"email": "two@example.org"}, {"phone": "0221 1"}):
        make_interest(session, **circle, **way)
    make_round(session)
    house_id = make_house(session, "Kontaktstelle Hier", email="haus@hier.example")
    room_id = make_room(session, clearinghouse_id=house_id)
    founding_id = make_founding(session, house_id, topic="depression", now=now)
    founding = session.get_one(Founding, founding_id)
    founding.meeting_at, founding.meeting_place = now + timedelta(days=9), "Saal"
    session.add(FoundingStep(founding_id=founding_id, step="first_talk", who="Jo"))
    asked = Asked("Hallo", "de", email="jo@leise.example", phone="0221 2", name="Jo")
    message_id = take_message(session, house_id, asked, now=now).id
    photo_id = make_photo(session, room_id)
    return Place(0, house_id, "", "", 0, room_id, 0, photo_id, 0, 0, founding_id, message_id)


def furnish(session: Session, kind: str, house: Place) -> Place:
    """Store a group of one of ``KINDS``, or the neighbour, with a row of everything."""
    now = clock.now()
    number = [*KINDS, NEIGHBOUR].index(kind)
    state, disclosure = KINDS.get(kind, (LISTED, AREA))
    group_id = make_group(
        session,
        now=now,
        clearinghouse_id=house.house_id,
        name=f"Gruppe {kind}",
        first_visit="Kommen Sie einfach.",
        state=state,
        disclosure=disclosure,
        place=_place(0 if kind == NEIGHBOUR else number),
        contact=make_contact(way="phone", name="Petra", phone="0221 1", email=f"{kind}@example.org"),
        website="https://gruppe.example",
        internal_note="Nur für das Haus.",
        series=[make_rule()],
    )
    group = session.get_one(Group, group_id)
    group.reminder_hours, group.last_confirmed_on = 168, now.date() - timedelta(days=400)
    contact = make_user(session, "group_contact", group=group_id)
    series_id = session.scalars(sa.select(MeetingSeries.id).where(MeetingSeries.group_id == group_id)).one()
    _add_what_others_left(session, group_id, series_id, now=now)
    _change_dates(session, group_id, series_id, elsewhere=_place(number + 40), now=now)
    _add_papers(session, group_id, contact, now=now)
    if state in FORMER:
        into = sa.select(sa.func.min(Group.id)).where(Group.is_listed) if state == MERGED else None
        absence = GroupAbsence(group_id=group_id, since=now, reason="")
        absence.merged_into_id = session.scalar(into) if into is not None else None
        session.add(absence)
    request_id, booking_id = _ask_and_book(session, group_id, house.room_id, number, now=now)
    if state == LISTED:
        make_edit(session, group_id, name="Anders", now=now)
    newest = sa.select(ListingVersion).where(ListingVersion.group_id == group_id)
    version = session.scalar(newest.order_by(ListingVersion.number.desc()).limit(1))
    if version is not None:
        version.remarks, version.reason = {"name": "Bitte kürzer."}, "So nicht."
    return replace(
        house,
        group_id=group_id,
        series_id=series_id,
        booking_id=booking_id,
        room_request_id=request_id,
        version_id=version.id if version else 0,
        **(_apply(session, group_id, now=now) | _prove(session, group_id, now=now)),
        batch_id=plant_payment(session, group_id),
    )


def name_again(session: Session, place: Place) -> Place:
    """Afterwards the place goes by the slugs that its group and house have now."""
    place.group_slug = session.scalars(sa.select(Group.slug).where(Group.id == place.group_id)).one()
    house = sa.select(ClearingHouse.slug).where(ClearingHouse.id == place.house_id)
    place.house_slug = session.scalars(house).one()
    return place


def _place(number: int) -> PlaceDraft:
    """Answer a place of its own, in Köln and far from the points of its area and its house."""
    return make_place(
        name=f"Haus {number}",
        street=f"Quittenweg {number}",
        postcode="50999",
        latitude=round(50.89134 + number * 0.00111, 5),
        longitude=round(6.87654 - number * 0.00123, 5),
    )


def _change_dates(
    session: Session, group_id: int, series_id: int, *, elsewhere: PlaceDraft, now: datetime
) -> None:
    """One date is cancelled, one moved to another place; the place is closed and the group rests for some time."""
    on = days(make_rule(), since=now.date() + timedelta(days=2))
    first, second, third, fourth = (next(on) for _ in range(4))
    cancel_date(session, series_id, first, reason="Krank.", now=now)
    move_date(session, series_id, second, new_on=second + timedelta(days=1), place=elsewhere, now=now)
    place_id = session.get_one(Group, group_id).place_id
    for owner, day in ((Owner(place_id=place_id), third), (Owner(group_id=group_id), fourth)):
        close(session, owner, first_on=day, last_on=day, reason="Wasserrohrbruch", now=now)
    hybrid = SeriesDraft(
        make_rule(weekday=5, starts_at_local=time(17)),
        format="hybrid",
        place=elsewhere,
        where_note="Zweite Tür",
        online_link="https://geheim.example/raum",
        shows_link=session.get_one(Group, group_id).disclosure == EXACT,
    )
    add_series(session, group_id, hybrid, now=now)


def _add_what_others_left(session: Session, group_id: int, series_id: int, *, now: datetime) -> None:
    """Somebody watches, somebody has written, and so many came."""
    past = next(days(make_rule(), since=now.date() - timedelta(days=14)))
    email = f"watcher-{group_id}@example.org"
    session.add_all(
        [
            MeetingAttendance(series_id=series_id, on_day=past, count=7, noted_at=now),
            MeetingWatch(group_id=group_id, email=email, language="de", created_at=now, confirmed_at=now),
            Conversation(
                group_id=group_id,
                seeker_email=f"seeker-{group_id}@example.org",
                seeker_token=f"seeker-{group_id}",
                contact_email=f"contact-{group_id}@example.org",
                contact_token=f"contact-{group_id}",
                language="de",
                last_at=now,
                counted_on=now.date(),
                count_on_day=0,
                last_mail_to="contact",
            ),
        ]
    )
    session.flush()
    start_telling(session, group_id, now=now)


def _ask_and_book(
    session: Session, group_id: int, room_id: int, number: int, *, now: datetime
) -> tuple[int, int]:
    """A room is asked for, refused with a reason, and booked; answers the numbers of request and booking."""
    start = (now + timedelta(days=40 + number)).replace(minute=0, second=0, microsecond=0)
    dates = [Span(start, start + timedelta(hours=1))]
    request_id = ask_for_room(session, RequestDraft(group_id, room_id, 5, dates), asked_by_id=None, now=now)
    session.get_one(RoomRequest, request_id).reason = "So nicht."
    booking_id = store_bookings(session, [NewBooking(room_id, dates[0], group_id=group_id)], now=now)[0]
    session.get_one(RoomBooking, booking_id).cancel_reason = "Leider."
    session.flush()
    return request_id, booking_id


def _apply(session: Session, group_id: int, *, now: datetime) -> dict[str, int]:
    """The group applies for money, adds a paper, somebody is asked to sign, and it is checked; answers both numbers."""
    paper_id = make_paper(session, group_id)
    found = write(session, group_id)
    session.add(
        ApplicationSignature(
            application_id=found.written.id,
            group_id=group_id,
            position=1,
            name="Jo Winter",
            email=f"signer-{group_id}@example.org",
            language="de",
            mark=found.mark,
            asked_at=now,
        )
    )
    found.written.number = f"M-{group_id}"
    found.written.received_on = now.date()
    asked = plant_checks(session, found)
    asked.fields = ["group.members", "money.own", "account.iban", "declarations.papers"]
    session.flush()
    return {"paper_id": paper_id, "application_id": found.written.id}


def _prove(session: Session, group_id: int, *, now: datetime) -> dict[str, int]:
    """The group has begun its proof of use and asks for a project; answers the numbers of what was made."""
    round_id = make_round(session)
    numbers = plant_proof(session, round_id, group_id)
    item = {"group_id": group_id, "kind": "rent", "on_day": now.date(), "what": "Raum", "cents": 1}
    session.add(UseProofItem(proof_id=numbers[0], position=1, reason="Nein.", **item))
    session.add(UseProofAct(proof_id=numbers[0], group_id=group_id, act="asked", text="Warum?", at=now))
    session.flush()
    proof = dict(zip(("proof_id", "receipt_id", "reclaim_id", "waiver_id"), numbers, strict=True))
    return proof | plant_project(session, group_id, make_insurer(session))


def _add_papers(session: Session, group_id: int, contact: str, *, now: datetime) -> None:
    """Somebody is invited, the contact changes their address, and what was typed to register the group is there."""
    user_id = session.scalars(sa.select(User.id).where(User.email == contact)).one()
    later = now + timedelta(days=2)
    session.add_all(
        [
            RegistrationDraft(
                key_hash=f"draft {group_id}", data={}, group_id=group_id, begun_at=now, saved_at=now
            ),
            Invitation(
                key_hash=f"invitation {group_id}",
                email=f"invited-{group_id}@example.org",
                role="group_contact",
                group_id=group_id,
                invited_by=user_id,
                invited_at=now,
                expires_at=later,
            ),
            AddressChange(
                user_id=user_id,
                new_email=f"new-{group_id}@example.org",
                old_key_hash=f"old {group_id}",
                new_key_hash=f"new {group_id}",
                expires_at=later,
            ),
        ]
    )
