"""The five steps in which a group is registered: at most 18 fields, 9 of which must be filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice, StringField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from app.groups.listing_fields import (
    FOUNDING,
    AboutFields,
    ContactFields,
    ForWhomFields,
    MoreFields,
    PlaceFields,
    RhythmFields,
    SharingFields,
)
from app.groups.meetings.fields import ChoicesField, DayField
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.visitor_forms import VisitorForm

if TYPE_CHECKING:
    from datetime import date

TOPIC, FOR_WHOM, WHEN, CONTACT, CHECK = "topic", "for_whom", "when", "contact", "check"
STEPS = (TOPIC, FOR_WHOM, WHEN, CONTACT, CHECK)
STEP_NAMES = {
    TOPIC: _l("Topic"),
    FOR_WHOM: _l("For whom"),
    WHEN: _l("When and where"),
    CONTACT: _l("Contact, and who sees what"),
    CHECK: _l("Check and send"),
}
CONSENT_VERSION = "2026-11"
"""Names the texts below as they were agreed to; a new wording is a new version."""
SELF_MANAGED, STORING, NAME, PHONE, EMAIL = "self_managed", "storing", "name", "phone", "email"
CONFIRM_TEXTS = {
    SELF_MANAGED: _l(
        "We run the group ourselves. No professional leads it, and nobody earns money with it or sells anything."
    ),
    STORING: _l(
        "I agree that Wirkreis and the clearing house keep my name, e-mail address and phone number as the contact of "
        "this group, though that may tell something of my health. I can withdraw this at any time; then they are "
        "deleted."
    ),
    NAME: _l("My name may stand on the public page."),
    PHONE: _l("My phone number may stand on the public page."),
    EMAIL: _l("My e-mail address may stand on the public page."),
}
Typed = Mapping[str, Mapping[str, Sequence[str]]]
"""Step → name of a field → what was typed."""


class ContactStep(ContactFields, SharingFields):
    """Who answers for the group; the e-mail address is needed, as the answer goes there."""

    contact_email = StringField(
        _l("Your e-mail address"),
        validators=[
            InputRequired(_l("Please give your e-mail address. It is shown to nobody unless you choose so.")),
            Length(max=200, message=_l("This address is too long. Please check it.")),
            Email(_l("This does not look like an e-mail address. Please check it.")),
        ],
        render_kw={"type": "email", "autocomplete": "email", "maxlength": 200},
    )


class WhenStep(PlaceFields, RhythmFields):
    """When and where."""


class CheckStep(VisitorForm):
    """What must be true, and what may be shown. ``asked`` are the texts that stand on this page."""

    confirms = ChoicesField(_l("Please confirm"))
    asked: tuple[str, ...] = (SELF_MANAGED, STORING)
    needed: tuple[str, ...] = (SELF_MANAGED, STORING)

    def __init__(self, *args: Any, way: str = "", has_name: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = (way,) if way in {PHONE, EMAIL} else ()
        self.needed = (SELF_MANAGED, STORING, *shown)
        self.asked = (*self.needed, *((NAME,) if has_name and shown else ()))
        self.confirms.choices = [(text, CONFIRM_TEXTS[text]) for text in self.asked]

    def validate_confirms(self, field: ChoicesField) -> None:
        """Refuse to go on without what must be."""
        missing = [text for text in self.needed if text not in (field.data or ())]
        if set(missing) & {SELF_MANAGED, STORING}:
            raise ValidationError(
                _("Please tick what is marked “needed”; without it we cannot list the group.")
            )
        if missing:
            raise ValidationError(
                _("Please agree that it is shown, or go back to step 4 and choose another way to be reached.")
            )


class LaterForm(VisitorForm):
    """Where the link to go on with is mailed to."""

    email = StringField(
        _l("Your e-mail address"),
        validators=[
            InputRequired(_l("Please give the address that the link goes to.")),
            Length(max=200, message=_l("This address is too long. Please check it.")),
            Email(_l("This does not look like an e-mail address. Please check it.")),
        ],
        render_kw={"type": "email", "autocomplete": "email", "maxlength": 200},
    )


FORMS: dict[str, type[VisitorForm]] = {
    TOPIC: AboutFields,
    FOR_WHOM: ForWhomFields,
    WHEN: WhenStep,
    CONTACT: ContactStep,
    CHECK: CheckStep,
}


class PaperForm(AboutFields, ForWhomFields, WhenStep, ContactFields, SharingFields, MoreFields):
    """All of a paper form on one page, for the staff of a house; an e-mail address is not needed."""

    ways = (*ContactFields.ways, "website")
    consents = ChoicesField(
        _l("May be shown to everybody, as signed"),
        choices=[
            SelectChoice(NAME, _l("Name")),
            SelectChoice(PHONE, _l("Phone number")),
            SelectChoice(EMAIL, _l("E-mail address")),
        ],
    )
    signed_on = DayField(
        _l("Signed on paper on"),
        validators=[InputRequired(_l("Please give the day on which the form was signed."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_founding = self.status.data == FOUNDING
        self.contact_name.label.text = _("Name of the contact")
        self.contact_email.label.text = _("E-mail address of the contact")

    def validate_signed_on(self, field: DayField) -> None:
        """Refuse a signature of tomorrow."""
        day: date | None = field.data
        if day is not None and (day > day_of(clock.now()) or day.year < 2000):
            raise ValidationError(_("Please give a day that is not in the future."))

    def validate_contact_way(self, field: Any) -> None:
        """Refuse a way for which something is missing, or that was not agreed to."""
        super().validate_contact_way(field)
        if field.data in {PHONE, EMAIL} and field.data not in (self.consents.data or ()):
            raise ValidationError(_("This way needs the consent below, on paper. Or choose another way."))


def form_of(step: str, typed: Typed, *, sent: MultiDict[str, str] | None = None) -> VisitorForm:
    """Answer the form of a step with what was typed there before, or with what was just ``sent``.

    What a step asks may hang on others: a group that is just starting needs no room, a number that is shown a consent.
    """
    more: dict[str, Any] = {}
    if step == CHECK:
        contact = typed.get(CONTACT, {})
        way = next(iter(contact.get("contact_way", ())), "")
        more = {"way": way, "has_name": any(name.strip() for name in contact.get("contact_name", ()))}
    form = FORMS[step](formdata=sent if sent is not None else _as_sent(typed, step), **more)
    if isinstance(form, PlaceFields):
        form.is_founding = FOUNDING in typed.get(FOR_WHOM, {}).get("status", ())
    return form


def typed_in(form: VisitorForm) -> dict[str, list[str]]:
    """Answer what was sent with a form, field by field, sensible or not."""
    return {field.name: [str(value) for value in field.raw_data] for field in form if field.raw_data}


def _as_sent(typed: Typed, step: str) -> MultiDict[str, str] | None:
    if step not in typed:
        return None
    sent: MultiDict[str, str] = MultiDict()
    for name, values in typed[step].items():
        sent.setlist(name, list(values))
    return sent
