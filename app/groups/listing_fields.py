"""The fields of a listing in blocks that forms are put together from, and their way to the columns of a group and back.

Whoever registers a group, changes its listing or enters it from paper meets the same questions, sentences and limits.
"""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, ValidationError

from app.groups.labels import facet_labels
from app.groups.meetings.fields import ChoicesField, ClockField
from app.groups.presentation import weekday_name
from app.groups.rules.listing import AREA
from app.groups.rules.schedule import ONLINE
from app.groups.rules.simple_rhythm import (
    EVERY_WEEK,
    NO_RHYTHM,
    RHYTHMS,
)
from app.groups.rules.vocabulary import (
    ACCESS,
    AUDIENCES,
    CONTACT_WAYS,
    FOR_WHOM,
    FORMATS,
    LANGUAGE_CODES,
    STATUSES,
    WEEKDAYS,
)
from app.groups.typed_listing import TopicsField, WhereField
from app.shared.languages import current_language
from app.shared.visitor_forms import VisitorForm

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 5_000
LONGEST_LINE = 120
FOUNDING = "founding"
WAY_LABELS = {
    "relay": _l("Messages are passed on to you; your address stays hidden"),
    "clearinghouse": _l("The clearing house puts people in touch with you"),
    "phone": _l("Your phone number is shown"),
    "email": _l("Your e-mail address is shown"),
    "website": _l("Your website, where your contact is"),
}
DISCLOSURE_LABELS = {
    "area": _l("Only roughly: the town or quarter, as a circle on the map"),
    "exact": _l("The address, with a pin on the map"),
    "clearinghouse": _l("Not at all: people learn it from the clearing house"),
}
RHYTHM_LABELS = {
    "weekly": _l("every week"),
    "even_weeks": _l("every 2 weeks, in even calendar weeks"),
    "odd_weeks": _l("every 2 weeks, in odd calendar weeks"),
    "first": _l("once a month, such as on the 1st Tuesday"),
    "second": _l("once a month, such as on the 2nd Tuesday"),
    "third": _l("once a month, such as on the 3rd Tuesday"),
    "fourth": _l("once a month, such as on the 4th Tuesday"),
    "last": _l("once a month, such as on the last Tuesday"),
    "none": _l("by appointment, or not fixed yet"),
}
STATUS_LABELS = {
    "open": _l("Yes, new people are welcome"),
    "waiting_list": _l("Not at the moment; there is a waiting list"),
    "founding": _l("The group is just starting and looks for people"),
}
_PHONE = re.compile(r"[+(]?[\d][\d\s()/.–-]{4,30}\Z", re.ASCII)


class AboutFields(VisitorForm):
    """What the group is about."""

    topic = TopicsField(
        _l("Topic"),
        validators=[InputRequired(_l("Please say what the group is about, such as depression."))],
        render_kw={"list": "topics", "maxlength": 200, "autocomplete": "off"},
    )
    name = StringField(
        _l("Name of the group"),
        filters=[lambda text: " ".join((text or "").split())],
        validators=[
            DataRequired(_l("Please give the group a name of 3 to 120 characters.")),
            Length(3, LONGEST_NAME, _l("Please give the group a name of 3 to 120 characters.")),
        ],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )
    description = TextAreaField(
        _l("What do you do, and what is it like?"),
        validators=[
            DataRequired(_l("Please describe the group in a sentence or two.")),
            Length(
                max=LONGEST_DESCRIPTION, message=_l("Please describe the group in at most 5,000 characters.")
            ),
        ],
        render_kw={"rows": 5, "maxlength": LONGEST_DESCRIPTION},
    )

    def validate_name(self, field: StringField) -> None:
        """Refuse a name that nobody could say or look for."""
        if field.data and not any(character.isalnum() for character in field.data):
            raise ValidationError(_("Please give the group a name with letters."))


class ForWhomFields(VisitorForm):
    """Whom the group is for, in which languages, and whether new people can come."""

    for_whom = ChoicesField(_l("Whom is the group for?"), default=["affected"])
    languages = ChoicesField(_l("Which languages do you speak?"), default=["de"])
    status = RadioField(_l("Can new people come?"), default="open")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = facet_labels(current_language())
        self.for_whom.choices = [
            *((value, labels["for"][value]) for value in FOR_WHOM),
            *((value, labels["audience"][value]) for value in AUDIENCES),
        ]
        self.languages.choices = [(code, labels["language"][code]) for code in LANGUAGE_CODES]
        self.status.choices = [(value, STATUS_LABELS[value]) for value in STATUSES]

    def validate_for_whom(self, field: ChoicesField) -> None:
        """Refuse a group for nobody; "young people" alone leaves open whether relatives may come."""
        if not set(field.data or ()) & set(FOR_WHOM):
            raise ValidationError(
                _("Please say whether it is for people going through it, for relatives, or both.")
            )

    def validate_languages(self, field: ChoicesField) -> None:
        """Refuse a group that speaks nothing."""
        if not field.data:
            raise ValidationError(_("Please choose at least one language."))


class PlaceFields(VisitorForm):
    """How and where the group meets. A group that is just starting need not know its room yet (``is_founding``)."""

    format = RadioField(_l("How do you meet?"), default="in_person")
    where = WhereField(
        _l("Postcode and town"),
        validators=[InputRequired(_l("Please give the postcode and the town, such as 50667 Köln."))],
    )
    street = StringField(
        _l("Street and number, or the name of the place"),
        validators=[Length(max=LONGEST_LINE, message=_l("Please shorten this to 120 characters."))],
        render_kw={"maxlength": LONGEST_LINE, "autocomplete": "off"},
    )
    is_founding = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = facet_labels(current_language())["format"]
        self.format.choices = [(value, labels[value]) for value in FORMATS]

    def needs_street(self) -> bool:
        """Whether the group has a place that people come to."""
        return self.format.data != ONLINE and not self.is_founding

    def validate_street(self, field: StringField) -> None:
        """Refuse a meeting in person without a place."""
        if self.needs_street() and not (field.data or "").strip():
            raise ValidationError(_("Please give the street with its number, or the name of the place."))

    def validate_where(self, field: WhereField) -> None:
        """Refuse a town without its postcode where people are to come to it."""
        if self.format.data != ONLINE and field.data is not None and field.data.kind != "postcode":
            raise ValidationError(
                _(
                    "%(town)s has several postcodes. Please give yours too, such as 50667 Köln.",
                    town=field.data.name,
                )
            )


class RhythmFields(VisitorForm):
    """When the group meets, as most do; what is more special is entered with its dates."""

    rhythm = SelectField(
        _l("How often?"),
        choices=[SelectChoice(value, RHYTHM_LABELS[value]) for value in RHYTHMS],
        default=EVERY_WEEK,
    )
    weekday = RadioField(_l("On which weekday?"), validators=[Optional()])
    starts_at = ClockField(_l("Time"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekday.choices = [(day, weekday_name(int(day), current_language())) for day in WEEKDAYS]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether day and time are given, if there are any."""
        super().validate(extra_validators)
        if self.rhythm.data == NO_RHYTHM:
            self.weekday.errors, self.starts_at.errors = [], []
        elif not self.rhythm.errors:
            if not self.weekday.data and not self.weekday.errors:
                self.weekday.errors = [_("Please choose the weekday.")]
            if self.starts_at.data is None and not self.starts_at.errors:
                self.starts_at.errors = [_("Please give the time, such as 19:00.")]
        return not self.errors


class ContactFields(VisitorForm):
    """Who answers for the group, and how people reach it."""

    contact_email = StringField(
        _l("Your e-mail address"),
        validators=[
            Optional(strip_whitespace=True),
            Length(max=200, message=_l("This address is too long. Please check it.")),
            Email(_l("This does not look like an e-mail address. Please check it.")),
        ],
        render_kw={"type": "email", "autocomplete": "email", "maxlength": 200},
    )
    contact_name = StringField(
        _l("Your name"),
        validators=[Length(max=LONGEST_LINE, message=_l("Please shorten this to 120 characters."))],
        render_kw={"maxlength": LONGEST_LINE, "autocomplete": "name"},
    )
    contact_phone = StringField(
        _l("Phone number"),
        validators=[Optional(strip_whitespace=True)],
        render_kw={"type": "tel", "maxlength": 40, "autocomplete": "tel"},
    )
    contact_way = RadioField(_l("How do people reach you?"), default=CONTACT_WAYS[0])
    ways: tuple[str, ...] = tuple(way for way in CONTACT_WAYS if way != "website")
    """Those that the form offers; with the field for a website in it, all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact_way.choices = [(way, WAY_LABELS[way]) for way in self.ways]

    def validate_contact_phone(self, field: StringField) -> None:
        """Refuse what cannot be called."""
        if not _PHONE.match((field.data or "").strip()):
            raise ValidationError(_("Please give a phone number, such as 0221 123456."))

    def validate_contact_way(self, field: RadioField) -> None:
        """Refuse a way for which something is missing."""
        if field.data == "phone" and not (self.contact_phone.data or "").strip():
            raise ValidationError(
                _("Please give the phone number that is to be shown, or choose another way.")
            )
        email = self.contact_email
        is_asked_anyway = email.flags.required or bool(email.errors)  # then the missing address is said there
        has_address = is_asked_anyway or bool((email.data or "").strip())
        if field.data in {"relay", "email"} and not has_address:
            raise ValidationError(_("Please give the e-mail address, or choose another way."))
        if field.data == "website" and "website" in self and not (self["website"].data or "").strip():
            raise ValidationError(_("Please give the website, or choose another way."))


class SharingFields(VisitorForm):
    """How exactly everybody may know where the group meets."""

    disclosure = RadioField(
        _l("Who may see where you meet?"),
        choices=[SelectChoice(value, label) for value, label in DISCLOSURE_LABELS.items()],
        default=AREA,
    )


class MoreFields(VisitorForm):
    """What helps people, and can come later."""

    access = ChoicesField(_l("What is the place like?"))
    first_visit = TextAreaField(
        _l("What is a first visit like?"),
        validators=[Length(max=LONGEST_DESCRIPTION, message=_l("Please shorten this to 5,000 characters."))],
        render_kw={"rows": 3, "maxlength": LONGEST_DESCRIPTION},
    )
    website = StringField(
        _l("Website"),
        validators=[Length(max=300, message=_l("This address is too long. Please check it."))],
        render_kw={"type": "url", "maxlength": 300},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = facet_labels(current_language())["access"]
        self.access.choices = [(value, labels[value]) for value in ACCESS]

    def validate_website(self, field: StringField) -> None:
        """Refuse what no browser can open."""
        if field.data and not field.data.strip().startswith(("https://", "http://")):
            raise ValidationError(_("Please give the website with https:// in front."))
