"""May a fact of a group be shown: the one disclosure rule, asked by every output and by the index.

Three levels for the place: ``exact`` (address and point), ``area`` (the fixed coarse cell and the town at its
centre), ``clearinghouse`` (the address of the house; the meeting place is told by it). A person's name, phone or
e-mail is shown only with that person's recorded consent for that very field (GDPR Art. 6(1)(a), 9(2)(a)).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.groups.rules.geo_search import area_cell_centre
from app.groups.rules.schedule import IN_PERSON, ONLINE, Meeting

EXACT = "exact"
AREA = "area"
CLEARINGHOUSE = "clearinghouse"
RELAY = "relay"


@dataclass(frozen=True, slots=True)
class TruePlace:
    """What the system knows of a meeting place."""

    name: str
    street: str
    postcode: str
    town: str
    latitude: float | None
    longitude: float | None
    is_approximate: bool


@dataclass(frozen=True, slots=True)
class DisclosedPlace:
    """What anybody may know: the point that distances are measured to, and, if exact, the address.

    ``is_approximate`` says that an exact address is shown by the centre of its postcode or town.
    """

    precision: str
    latitude: float
    longitude: float
    name: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    is_approximate: bool = False


def disclosed_place(
    *, disclosure: str, place: TruePlace | None, house_latitude: float, house_longitude: float
) -> DisclosedPlace | None:
    """Answer what may be known of the place; None for a group without one.

    A place whose address was not found yet is told by the clearing house, whatever was agreed: it has no point.
    """
    if place is None:
        return None
    if disclosure == CLEARINGHOUSE or place.latitude is None or place.longitude is None:
        return DisclosedPlace(CLEARINGHOUSE, round(house_latitude, 5), round(house_longitude, 5))
    if disclosure == AREA:
        return DisclosedPlace(AREA, *area_cell_centre(place.latitude, place.longitude))
    return DisclosedPlace(
        EXACT,
        round(place.latitude, 5),
        round(place.longitude, 5),
        place.name,
        place.street,
        place.postcode,
        place.town,
        place.is_approximate,
    )


def is_stricter(disclosure: str, *, than: str) -> bool:
    """Whether a level shows less of a place than another one."""
    levels = (EXACT, AREA, CLEARINGHOUSE)
    return levels.index(disclosure) > levels.index(than)


def disclosure_now(disclosure: str, *, is_listed: bool) -> str:
    """Answer how exactly places are shown: as was agreed, but by the clearing house while the group is not listed."""
    return disclosure if is_listed else CLEARINGHOUSE


def precision_of(disclosure: str, *, has_point: bool) -> str:
    """Answer how exactly a place is shown: as agreed, but told by the clearing house while it has no point."""
    return disclosure if has_point else CLEARINGHOUSE


@dataclass(frozen=True, slots=True)
class Where:
    """Where a meeting takes place, as anybody may know: an exact place with a hint such as the room, and a link."""

    place: DisclosedPlace | None = None
    hint: str = ""
    link: str = ""


def disclosed_where(
    *, format_: str, place: DisclosedPlace | None, hint: str, link: str, shows_link: bool
) -> Where:
    """Answer where a meeting takes place: place and hint only if exact, the link only if it is for everybody.

    A hint that is just the name of the place, as that of a room is, says nothing more.
    """
    is_exact = format_ != ONLINE and place is not None and place.precision == EXACT
    return Where(
        place if is_exact else None,
        hint if is_exact and place is not None and hint != place.name else "",
        link if shows_link and format_ != IN_PERSON else "",
    )


def disclosed_meeting(meeting: Meeting, *, disclosure: str) -> Meeting:
    """Answer a date without what would tell a place that is not to be known: its number, and why it is closed."""
    if disclosure == EXACT:
        return meeting
    is_about_place = meeting.cause == "place_closed" or meeting.is_online_instead
    return replace(meeting, place=None, note="" if is_about_place else meeting.note)


@dataclass(frozen=True, slots=True)
class ContactField:
    """One way to reach a person, and when that person agreed to its publication; None: never."""

    value: str
    consented_at: datetime | None

    @property
    def shown(self) -> str:
        """The value if it may be shown, else nothing."""
        return self.value if self.consented_at is not None else ""


@dataclass(frozen=True, slots=True)
class DisclosedContact:
    """How anybody may reach the group; what is empty is not shown. ``way`` is the one the group wants first.

    ``relay``: through a form that passes the message on, so that neither learns the other's address.
    """

    way: str
    name: str
    phone: str
    email: str

    @property
    def is_written_to(self) -> bool:
        """Whether a message through the form goes to the group itself; else it goes to the clearing house."""
        return self.way in {RELAY, "email"}


def disclosed_contact(
    *, way: str, name: ContactField, phone: ContactField, email: ContactField, has_website: bool
) -> DisclosedContact:
    """Answer the contact with only the fields that were agreed to.

    A way that has nothing to show falls back to the clearing house. To be passed a message needs an address, and
    nobody's consent: the address is not shown.
    """
    shown = DisclosedContact(way, name.shown, phone.shown, email.shown)
    can_show = {
        "phone": bool(shown.phone),
        "email": bool(shown.email),
        "website": has_website,
        RELAY: bool(email.value.strip()),
    }
    if not can_show.get(way, True):
        return DisclosedContact(CLEARINGHOUSE, shown.name, shown.phone, shown.email)
    return shown


def usual_contact_way(*, has_email: bool) -> str:
    """Answer how a group is reached that has not chosen: messages are passed on, if there is an address."""
    return RELAY if has_email else CLEARINGHOUSE


def name_at_the_door(name: str, *, is_listed: bool, disclosure: str) -> str:
    """Answer the name that may be told at a place; empty for a group that did not agree to be known there.

    A door sign tells everybody who passes where the group meets, as a published exact address does, and so does
    naming it to another group that wants the same room.
    """
    return name if disclosure_now(disclosure, is_listed=is_listed) == EXACT else ""
