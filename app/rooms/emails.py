"""The wording of mails about rooms, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.rooms.labels import series_place_words, span_words, total_in, total_of_bookings
from app.rooms.queries.requests import RequestRow
from app.rooms.rules.availability import Span
from app.shared.mail_text import Button, Mail, Paragraph, Quote

if TYPE_CHECKING:
    from app.rooms.queries.rooms import RoomRow
    from app.rooms.services.series_places import SeriesPlace

_TO_HOUSE = {
    "asked": (
        _l("A group asks for a room: %(group)s"),
        _l("%(group)s asks for %(room)s (%(people)s people):"),
    ),
    "withdrawn": (
        _l("Request withdrawn: %(group)s"),
        _l("%(group)s has withdrawn its request for %(room)s. You need not do anything."),
    ),
    "accepted": (
        _l("Offer accepted: %(group)s"),
        _l("%(group)s has accepted your offer. The dates are booked."),
    ),
    "refused": (
        _l("Offer refused: %(group)s"),
        _l("Your offer does not suit %(group)s. What was kept free is free again; please answer once more."),
    ),
    "lapsed": (
        _l("Offer not answered: %(group)s"),
        _l("%(group)s has not answered your offer. What was kept free is free again."),
    ),
}
_TO_GROUP = {
    "booked": (_l("Your room: %(room)s"), _l("Your clearing house has answered your request for %(room)s.")),
    "offered": (
        _l("An offer for your room"),
        _l(
            "Your clearing house makes you an offer for your request for %(room)s. "
            "Please answer within seven days; so long the room is kept free for you."
        ),
    ),
    "declined": (
        _l("Your request for a room"),
        _l("Unfortunately your group cannot use %(room)s as you asked."),
    ),
    "lapsed": (
        _l("An offer has ended"),
        _l(
            "The offer for your request for %(room)s has ended without an answer. You can ask again at any time."
        ),
    ),
}


def mail_to_house(event: str, request: RequestRow, *, room: RoomRow, url: str) -> Mail:
    """Answer what the house hears."""
    subject, opening = _TO_HOUSE[event]
    names = {"group": request.group_name, "room": request.room_name, "people": request.people}
    blocks: list[Paragraph | Quote | Button] = [Paragraph(_("Hello,")), Paragraph(str(opening) % names)]
    if event == "asked":
        spans = [date.span for date in request.dates]
        blocks.append(_listed(spans, room.zone))
        blocks += _price(total_in(room, spans))
        if request.message:
            blocks.append(Quote(request.message))
    return Mail(str(subject) % names, (*blocks, Button(_("To the request"), url)))


def mail_to_group(
    event: str,
    request: RequestRow,
    *,
    rooms: Mapping[int, RoomRow],
    place: SeriesPlace | None,
    url: str,
    zone: str,
) -> Mail:
    """Answer what the group hears: what is booked, what is offered, what is not possible, where its series meets."""
    subject, opening = _TO_GROUP[event]
    names = {"room": request.room_name}
    blocks: list[Paragraph | Quote | Button] = [Paragraph(_("Hello,")), Paragraph(str(opening) % names)]
    if request.reason and event != "lapsed":
        blocks.append(Quote(request.reason))
    for heading, is_offered in ((_("Booked:"), False), (_("Offered:"), True)):
        found = [date.booking for date in request.dates if date.booking and date.is_offered == is_offered]
        if found:
            lines = [f"{span_words(each.span, zone)}, {rooms[each.room_id].name}" for each in found]
            blocks.append(Paragraph("\n".join([heading, *lines])))
            blocks += _price(total_of_bookings(rooms, found))
    left = [date.span for date in request.dates if date.booking is None]
    if left and event in {"booked", "offered"}:
        blocks.append(_listed(left, zone, heading=_("Not possible:")))
    if place is not None and event in {"booked", "offered"}:
        blocks += _meeting_place(place, f"{url}#request-{request.id}")
    return Mail(str(subject) % names, (*blocks, Button(_("To your rooms"), url)))


def _meeting_place(place: SeriesPlace, url: str) -> list[Paragraph | Quote | Button]:
    """Answer where everybody reads that the series meets, and, if that is not the room, the way to change it."""
    if place.is_done:
        return [Paragraph(_("%(room)s is entered as the place of your series.", room=place.room.name))]
    return [
        Paragraph(
            "\n".join([_("Your series is still entered at another place."), *series_place_words(place)])
        ),
        Button(_("Enter the room as the place of the series"), url),
    ]


def mail_about_cancelled_booking(
    *, room_name: str, spans: Sequence[Span], reason: str, url: str, zone: str
) -> Mail:
    """Answer the note that a house has cancelled what a group had booked."""
    return Mail(
        _("Room cancelled: %(room)s", room=room_name),
        (
            Paragraph(_("Hello,")),
            Paragraph(_("Your clearing house has cancelled these bookings of %(room)s:", room=room_name)),
            _listed(spans, zone),
            *((Quote(reason),) if reason else ()),
            Paragraph(_("Please look for another room with your clearing house, or cancel the meeting.")),
            Button(_("To your rooms"), url),
        ),
    )


def mail_about_freed_room(
    *, room_name: str, group_name: str, spans: Sequence[Span], url: str, zone: str
) -> Mail:
    """Answer the note to a house that a group that is no more has left its bookings."""
    return Mail(
        _("Room free again: %(room)s", room=room_name),
        (
            Paragraph(_("Hello,")),
            Paragraph(
                _(
                    "%(group)s no longer exists. Its bookings of %(room)s are cancelled; you need not do anything:",
                    group=group_name,
                    room=room_name,
                )
            ),
            _listed(spans, zone),
            Button(_("To the room"), url),
        ),
    )


def _price(words: str) -> list[Paragraph]:
    """Answer the sentence about the price, if there is one."""
    return [Paragraph(_("Price: %(price)s", price=words))] if words else []


def _listed(spans: Sequence[Span], zone: str, *, heading: str = "") -> Paragraph:
    lines = [span_words(span, zone) for span in spans]
    return Paragraph("\n".join([heading, *lines] if heading else lines))
