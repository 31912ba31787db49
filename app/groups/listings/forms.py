"""The form of a listing on one page, and its way to the content of a version and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import Optional

from app.groups import listing_fields, typed_listing
from app.groups.listing_columns import columns_of as columns_of_form
from app.groups.listing_columns import data_of, place_of, topics_of
from app.groups.listings.content import PLACE_PARTS, columns_of, contact_field
from app.groups.meetings.fields import ChoicesField
from app.groups.rules.schedule import ONLINE
from app.groups.rules.versions import CONTACT_FIELDS
from app.groups.rules.vocabulary import CONTACT_WAYS

if TYPE_CHECKING:
    from app.groups.models import Group, MeetingPlace

CONSENTS = {
    "contact_name": _l("the name"),
    "contact_phone": _l("the phone number"),
    "contact_email": _l("the e-mail address"),
}


class ListingForm(
    listing_fields.AboutFields,
    listing_fields.ForWhomFields,
    listing_fields.PlaceFields,
    listing_fields.ContactFields,
    listing_fields.SharingFields,
    listing_fields.MoreFields,
):
    """Everything of a listing. ``begin`` is the content that the page began with: what was left as it was stays so."""

    where = typed_listing.WhereField(_l("Postcode and town"), validators=[Optional()])
    consents = ChoicesField(_l("What of it may everybody see?"))
    seen = HiddenField(default="0")
    based_on = HiddenField(default="0")
    ways = CONTACT_WAYS

    def __init__(
        self, *args: Any, begin: Mapping[str, Any], is_for_staff: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.begin = begin
        self.consents.choices = [(field, str(label)) for field, label in CONSENTS.items()]
        if is_for_staff:
            self.contact_name.label.text = _("Name of the contact person")
            self.contact_email.label.text = _("E-mail address of the contact person")
            self.contact_way.label.text = _("How do people reach the group?")

    def needs_street(self) -> bool:
        """Whether the group has a place that people come to; who is just starting may still look for one."""
        return bool(self.format.data != ONLINE and self.status.data != listing_fields.FOUNDING)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is given that a listing needs."""
        super().validate(extra_validators)
        if self.format.data != ONLINE and self.where.data is None and not self._keeps_place():
            self.where.errors = self.where.errors or [
                _("Please give the postcode and the town, such as 50667 Köln.")
            ]
        return not self.errors

    def content(self, *, now: datetime) -> dict[str, Any]:
        """Answer what the valid form says."""
        columns = columns_of_form(self)
        for_whom = [value for value in ("affected", "relatives") if columns[f"for_{value}"]]
        same_name = (
            "name", "description", "first_visit", "audiences", "languages", "format", "access", "status",
            "disclosure", "contact_way", "website",
        )  # fmt: skip
        return {
            **{field: columns[field] for field in same_name},
            "topics": list(topics_of(self)),
            "for_whom": for_whom,
            "place": self._place(),
            **{field: self._contact(field, columns[field], now=now) for field in CONTACT_FIELDS},
        }

    def _contact(self, field: str, value: str, *, now: datetime) -> dict[str, Any]:
        """Answer a contact field; a consent stays as old as it is while what it was given for stays the same."""
        if field not in (self.consents.data or ()) or not value:
            return contact_field(value, None)
        before = self.begin[field]
        if before["value"] == value and before["consented_at"]:
            return dict(before)
        return contact_field(value, now)

    def _place(self) -> dict[str, str] | None:
        if self.format.data == ONLINE and self.begin["format"] != ONLINE:
            return None
        if self._keeps_place():
            return self.begin["place"] and dict(self.begin["place"])
        place = place_of(self)
        return None if place is None else {part: getattr(place, part) for part in PLACE_PARTS}

    def _keeps_place(self) -> bool:
        """Whether the address is as the page showed it, whatever the gazetteer thinks of it."""
        shown = ListingForm.data_of(self.begin)
        where = "" if shown["where"] is None else shown["where"].label
        typed = self.where.raw_data[0].strip() if self.where.raw_data else ""
        is_there = self.begin["place"] is not None or self.format.data == ONLINE
        return is_there and typed == where and (self.street.data or "").strip() == shown["street"]

    @property
    def seen_number(self) -> int:
        """The newest version that the page knew of; 0, too, when it was forged."""
        return number_of(self.seen.data)

    @staticmethod
    def data_of(content: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a content as the data of the form."""
        group = cast("Group", SimpleNamespace(**columns_of(content)))
        place = cast("MeetingPlace | None", content["place"] and SimpleNamespace(**content["place"]))
        consents = [field for field in CONTACT_FIELDS if content[field]["consented_at"]]
        return {**data_of(group, topics=content["topics"], place=place), "consents": consents}


def number_of(text: str | None) -> int:
    """Answer the number that a hidden field or an address holds, 0 when it is none."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
