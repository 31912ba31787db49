"""Forms about rooms: the shape of what is sent, turned into values."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.clearinghouses.rules.opening_hours import Interval
from app.groups.drafts import PlaceDraft
from app.rooms.labels import ACCESS_LABELS, EQUIPMENT_LABELS
from app.rooms.photos import MOST_BYTES
from app.rooms.rules.availability import Span
from app.rooms.services.rooms import RoomDraft
from app.rooms.wanted import local_span
from app.shared.visitor_forms import VisitorForm

if TYPE_CHECKING:
    from app.rooms.queries.rooms import RoomRow

YEARS = range(2000, 2200)
_STRETCH = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:Uhr)?\s*(?:-|–|bis|to|tot)\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:Uhr)?"
)
_EUROS = re.compile(r"(\d{1,5})(?:[.,](\d{1,2}))?\s*(?:€|Euro|EUR)?", re.IGNORECASE)
HOURS_PER_DAY = 24


class ChecklistField(SelectMultipleField):  # type: ignore[misc]
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class HoursField(StringField):  # type: ignore[misc]
    """The bookable hours of one weekday: “9–12, 14–18”; empty for a day without."""

    def __init__(self, label: Any, weekday: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.weekday = weekday
        self.intervals: list[Interval] = []

    def pre_validate(self, form: Any) -> None:
        """Read the stretches of the day."""
        pieces = [piece.strip() for piece in re.split(r"[,;]", self.data or "") if piece.strip()]
        try:
            self.intervals = [_stretch(piece, self.weekday) for piece in pieces]
        except ValueError as error:
            raise ValidationError(_("Please write the hours as in 9–12, 14–18.")) from error


class RoomForm(VisitorForm):
    """A room as the house describes it."""

    name = StringField(_l("Name of the room"), validators=[InputRequired(_l("Please give the room a name."))])
    street = StringField(_l("Street and number"), validators=[Length(max=120)])
    postcode = StringField(_l("Postcode"), validators=[Length(max=10)], render_kw={"inputmode": "numeric"})
    town = StringField(_l("Town"), validators=[Length(max=80)])
    partner = StringField(_l("Whose room is it, if not yours?"), validators=[Length(max=120)])
    capacity = IntegerField(
        _l("Seats"), validators=[InputRequired(_l("Please say how many people the room seats, 1 to 1,000."))]
    )
    description = TextAreaField(_l("Description"), render_kw={"rows": 3})
    equipment = ChecklistField(
        _l("What is there"), choices=[SelectChoice(key, label) for key, label in EQUIPMENT_LABELS.items()]
    )
    access = ChecklistField(
        _l("Accessibility"), choices=[SelectChoice(key, label) for key, label in ACCESS_LABELS.items()]
    )
    house_rules = TextAreaField(_l("House rules"), render_kw={"rows": 4})
    price = StringField(_l("Price in euros"), render_kw={"inputmode": "decimal"}, default="0")
    price_per = RadioField(
        _l("The price is for"),
        choices=[SelectChoice("meeting", _l("a meeting")), SelectChoice("hour", _l("each hour begun"))],
        default="meeting",
    )
    lead_days = IntegerField(
        _l("Days ahead that a group must ask"),
        validators=[NumberRange(0, 90, _l("Please give the lead time as 0 to 90 days."))],
        default=1,
    )
    is_bookable = BooleanField(_l("Groups can ask for this room"), default=True)
    is_public = BooleanField(_l("Show the room on the page of your clearing house"), default=True)
    monday = HoursField(_l("Monday"), 1)
    tuesday = HoursField(_l("Tuesday"), 2)
    wednesday = HoursField(_l("Wednesday"), 3)
    thursday = HoursField(_l("Thursday"), 4)
    friday = HoursField(_l("Friday"), 5)
    saturday = HoursField(_l("Saturday"), 6)
    sunday = HoursField(_l("Sunday"), 7)

    def validate_price(self, field: StringField) -> None:
        """Refuse what is no sum."""
        if not _EUROS.fullmatch((field.data or "0").strip()):
            raise ValidationError(_("Please write the price as in 5 or 7,50."))

    @property
    def days(self) -> list[HoursField]:
        """The fields of the week, Monday first."""
        return [field for field in self if isinstance(field, HoursField)]

    @property
    def draft(self) -> RoomDraft:
        """What the valid form says."""
        found = _EUROS.fullmatch((self.price.data or "0").strip())
        euros, cents = (found[1], (found[2] or "").ljust(2, "0")) if found else ("0", "00")
        return RoomDraft(
            place=PlaceDraft(
                self.name.data or "", self.street.data or "", self.postcode.data or "", self.town.data or ""
            ),
            capacity=self.capacity.data or 0,
            hours=[each for field in self.days for each in field.intervals],
            partner=self.partner.data or "",
            description=self.description.data or "",
            equipment=self.equipment.data or (),
            access=self.access.data or (),
            house_rules=self.house_rules.data or "",
            price_cents=int(euros) * 100 + int(cents),
            price_per=self.price_per.data or "meeting",
            lead_hours=(self.lead_days.data or 0) * HOURS_PER_DAY,
            is_bookable=self.is_bookable.data,
            is_public=self.is_public.data,
        )


def room_form_values(room: RoomRow) -> dict[str, Any]:
    """Answer a room as its form shows it."""
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    hours = {
        name: ", ".join(
            f"{each.opens_at:%H:%M}–{each.closes_at:%H:%M}" for each in room.hours if each.weekday == weekday
        )
        for weekday, name in enumerate(names, 1)
    }
    plain = ("name", "street", "postcode", "town", "partner", "capacity", "description", "house_rules")
    return {
        **{name: getattr(room, name) for name in (*plain, "price_per", "is_bookable", "is_public")},
        **hours,
        "equipment": list(room.equipment),
        "access": list(room.access),
        "price": f"{room.price_cents // 100},{room.price_cents % 100:02}",
        "lead_days": -(-room.lead_hours // HOURS_PER_DAY),
    }


class PhotoForm(VisitorForm):
    """A photo and what is to be seen on it."""

    photo = FileField(_l("Photo"), render_kw={"data-most-bytes": MOST_BYTES})
    alt = StringField(
        _l("What is to be seen on it?"),
        validators=[
            InputRequired(_l("Please describe the photo in a few words for people who cannot see it.")),
            Length(max=200, message=_l("Please use at most 200 characters.")),
        ],
    )


class TimesForm(VisitorForm):
    """A time of a day in a room, for the house itself."""

    title = StringField(
        _l("What for?"), validators=[InputRequired(_l("Please say what the room is used for."))]
    )
    on = StringField(_l("Day"), render_kw={"type": "date"})
    begins = StringField(_l("From"), render_kw={"type": "time"})
    ends = StringField(_l("Until"), render_kw={"type": "time"})

    def span(self, zone: str) -> Span:
        """Answer the time that is meant.

        Raises:
            ValueError: it is not one.
        """
        return read_span(self.on.data, self.begins.data, self.ends.data, zone)


class ClosureForm(VisitorForm):
    """Days on which a room is closed."""

    first_on = StringField(_l("First day"), render_kw={"type": "date"})
    last_on = StringField(_l("Last day"), render_kw={"type": "date"})
    why = StringField(_l("Reason"), validators=[Length(max=200)])

    def read_days(self) -> tuple[date, date]:
        """Answer the first and the last day; the same when only one is given.

        Raises:
            ValueError: there is no day.
        """
        first_on = _day(self.first_on.data)
        return first_on, _day(self.last_on.data) if self.last_on.data else first_on


class AskForm(VisitorForm):
    """What a group asks for. The dates are read by ``read_rows``: as many rows as the page shows."""

    room = RadioField(_l("Which room?"), validators=[InputRequired(_l("Please choose a room."))], coerce=int)
    people = IntegerField(
        _l("For how many people?"),
        validators=[InputRequired(_l("Please say for how many people."))],
        render_kw={"min": 1, "max": 1000, "inputmode": "numeric"},
    )
    which = RadioField(_l("For which dates?"), validators=[InputRequired(_l("Please choose which dates."))])
    until = StringField(_l("Until which day?"), render_kw={"type": "date"})
    leave_out = BooleanField(_l("Leave out the dates that are not free"))
    message = TextAreaField(
        _l("Anything the clearing house should know?"),
        validators=[Length(max=2000, message=_l("Please shorten your text to 2,000 characters."))],
        render_kw={"rows": 3, "maxlength": 2000},
    )


def read_span(on: str | None, begins: str | None, ends: str | None, zone: str) -> Span:
    """Answer the time that three fields mean.

    Raises:
        ValueError: they mean none.
    """
    return local_span(
        _day(on),
        time.fromisoformat((begins or "").strip()),
        time.fromisoformat((ends or "").strip()),
        zone,
    )


def _day(text: str | None) -> date:
    """Answer a day that a room can be used on; the first and last days of all have no day beside them."""
    day = date.fromisoformat((text or "").strip())
    if day.year not in YEARS:
        raise ValueError(text)
    return day


def _stretch(text: str, weekday: int) -> Interval:
    """Answer one stretch of a day; 24 is the last minute of it."""
    found = _STRETCH.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hours = [int(found[1]), int(found[3])]
    minutes = [int(found[2] or 0), int(found[4] or 0)]
    if (hours[1], minutes[1]) == (HOURS_PER_DAY, 0):
        hours[1], minutes[1] = 23, 59
    return Interval(weekday, time(hours[0], minutes[0]), time(hours[1], minutes[1]))


LONGEST_SERIES = timedelta(days=550)
