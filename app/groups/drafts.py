"""What is to be stored of groups, before it is checked: a place, a contact, a group, a series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.groups.rules.life import LISTED
from app.groups.rules.recurrence import Rule

NOT_FOUND_YET = "none"


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """A meeting place to be stored; without a point its address is looked up later and never blocks saving.

    With a point, in degrees WGS 84, ``point_quality`` says how well it is known (see ``MeetingPlace``).
    """

    name: str
    street: str
    postcode: str
    town: str
    latitude: float | None = None
    longitude: float | None = None
    point_quality: str = NOT_FOUND_YET


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """How the group may be reached; each field is shown only with the moment of the person's consent.

    Without a ``way`` messages are passed on if there is an address, else the clearing house puts people in touch.
    """

    way: str = ""
    name: str = ""
    name_consented_at: datetime | None = None
    phone: str = ""
    phone_consented_at: datetime | None = None
    email: str = ""
    email_consented_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A group to be registered. ``topics`` are slugs, the main one first, at most four."""

    name: str
    description: str
    topics: Sequence[str]
    clearinghouse_id: int
    last_confirmed_on: date
    first_visit: str = ""
    for_affected: bool = True
    for_relatives: bool = False
    audiences: Sequence[str] = ()
    languages: Sequence[str] = ("de",)
    format: str = "in_person"
    access: Sequence[str] = ()
    status: str = "open"
    place: PlaceDraft | None = None
    disclosure: str = "exact"
    contact: ContactDraft = field(default_factory=ContactDraft)
    website: str = ""
    internal_note: str = ""
    state: str = LISTED
    series: Sequence[Rule] = ()
    submitted_by_id: int | None = None
    """Who registers it, if they have an account: they hear what the clearing house says to it."""


@dataclass(frozen=True, slots=True)
class SeriesDraft:
    """A series to be stored. Without a place it meets where the group does; ``where_note`` is a hint such as a room."""

    rule: Rule
    format: str = "in_person"
    place: PlaceDraft | None = None
    place_id: int | None = None
    where_note: str = ""
    online_link: str = ""
    shows_link: bool = False
