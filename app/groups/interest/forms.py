"""Forms of the interest list and of foundings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from app.accounts.rules.email_address import MAX_LENGTH as LONGEST_ADDRESS
from app.groups.catalogue import get_catalogue
from app.groups.interest.checklist import LONGEST_WHO, Step
from app.groups.interest.foundings import FOUNDED, GIVEN_UP, MeetingDraft
from app.groups.interest.joining import FORM, TELEPHONE, InterestDraft
from app.groups.interest.regions import RADII_KM, UnclearPlace, read_region
from app.groups.meetings.fields import ClockField, DayField
from app.groups.meetings.schedules import WALL_CLOCK
from app.groups.rules.date_list import ListFault, read_day
from app.groups.rules.interest import fold_phone
from app.groups.text import fold
from app.shared.languages import LANGUAGES, current_language, in_language
from app.shared.visitor_forms import VisitorForm

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST_NAME = 80
LONGEST_PLACE = 200
LONGEST_REASON = 500


def _shorter(most: int) -> Length:
    return Length(max=most, message=_l("Please shorten this to %(most)s characters.", most=most))


class InterestForm(VisitorForm):
    """A topic, a region, one way to be reached, and the consent. ``choices`` are places that may be meant."""

    topic = SelectField(_l("What is it about?"), validate_choice=False)
    near = StringField(
        _l("Where?"),
        validators=[Length(max=100, message=_l("Please shorten this to %(most)s characters.", most=100))],
    )
    reach = SelectField(_l("How far would you go?"), default="0", validate_choice=False)
    email = StringField(
        _l("Your e-mail address"),
        validators=[
            Optional(strip_whitespace=True),
            Length(max=LONGEST_ADDRESS, message=_l("This address is too long. Please check it.")),
            Email(_l("This does not look like an e-mail address. Please check it.")),
        ],
        render_kw={"type": "email", "autocomplete": "email", "maxlength": LONGEST_ADDRESS},
    )
    phone = StringField(
        _l("Your telephone number"),
        validators=[_shorter(40)],
        render_kw={"type": "tel", "autocomplete": "tel", "maxlength": 40},
    )
    name = StringField(
        _l("What may we call you?"),
        validators=[_shorter(LONGEST_NAME)],
        render_kw={"autocomplete": "name", "maxlength": LONGEST_NAME},
    )
    consent = BooleanField(
        _l("Yes, I agree"), validators=[InputRequired(_l("Without your consent we may not store anything."))]
    )
    consent_way = FORM
    choices: tuple[str, ...] = ()

    def offer_choices(self, session: Session) -> None:
        """Afterwards all topics and the distances can be chosen."""
        named = sorted(
            ((in_language(topic.names), topic.slug) for topic in get_catalogue(session).topics),
            key=lambda pair: fold(pair[0]),
        )
        self.topic.choices = [
            SelectChoice("", _("Please choose a topic")),
            *(SelectChoice(slug, name) for name, slug in named),
        ]
        self.reach.choices = [
            SelectChoice("0", _("in this city or district")),
            *(SelectChoice(str(km), _("%(km)s km around", km=km)) for km in RADII_KM),
        ]

    def read(self, session: Session) -> InterestDraft | None:
        """Answer what was left; None when something is wrong, and then the form says what."""
        is_right = self.validate()
        topic = get_catalogue(session).by_slug.get(self.topic.data or "")
        if topic is None:
            self.topic.errors = [_("Please choose a topic from the list.")]
        if (self.reach.data or "0") not in {"0", *map(str, RADII_KM)}:
            self.reach.data, self.reach.errors = "0", [_("Please choose from what is on the page.")]
        region = None
        try:
            radius = int(self.reach.data or 0) or None
            region = read_region(session, self.near.data or "", radius_km=radius)
        except UnclearPlace as unclear:
            self.near.errors, self.choices = [unclear.message], tuple(unclear.choices)
        phone = self._check_way()
        if not is_right or topic is None or region is None or self.errors:
            return None
        return InterestDraft(
            topic_id=topic.id,
            region=region,
            email=(self.email.data or "").strip(),
            phone=phone,
            name=" ".join((self.name.data or "").split()),
            language=self.language_spoken(),
            consent_way=self.consent_way,
        )

    def language_spoken(self) -> str:
        """Answer in which language mails come: that of the page."""
        return current_language()

    def _check_way(self) -> str:
        """Answer the number that was left, folded; afterwards there is exactly one way, or a sentence beside it."""
        typed = (self.phone.data or "").strip()
        has_email = bool((self.email.data or "").strip())
        phone = fold_phone(typed) if typed else None
        if typed and has_email:
            self.phone.errors = [_("One way is enough: please leave one of the two fields empty.")]
        elif typed and phone is None:
            self.phone.errors = [_("Please give the telephone number with digits, such as 0221 4710 123.")]
        elif not typed and not has_email:
            self.email.errors = [_("Please enter your e-mail address, or below a telephone number.")]
        return phone or ""


class PhonedInterestForm(InterestForm):
    """The same, entered by staff for somebody who phones."""

    language = SelectField(
        _l("Language of mails"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        default="de",
        validate_choice=False,
    )
    consent = BooleanField(
        _l("I have read out this text, and the person agreed on the telephone."),
        validators=[InputRequired(_l("Without consent nothing may be stored."))],
    )
    consent_way = TELEPHONE

    def language_spoken(self) -> str:
        """Answer the language that was chosen."""
        return self.language.data if self.language.data in LANGUAGES else "de"


class CallForm(VisitorForm):
    """When and where a founding meeting is, and who moderates."""

    on = DayField(_l("Day"), validators=[InputRequired(_l("Please enter the day."))])
    at = ClockField(_l("Begins at"), validators=[InputRequired(_l("Please enter the time."))])
    house_place = SelectField(_l("A room or place of your house"), validate_choice=False)
    place = StringField(
        _l("Or another place"),
        validators=[_shorter(LONGEST_PLACE)],
        render_kw={"maxlength": LONGEST_PLACE, "autocomplete": "off"},
    )
    moderator = StringField(
        _l("Who moderates?"),
        validators=[_shorter(LONGEST_NAME)],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )

    def offer_places(self, labels: list[str]) -> None:
        """Afterwards one of these places can be chosen."""
        self.house_place.choices = [
            SelectChoice("", _("not in one of these")),
            *(SelectChoice(label, label) for label in labels),
        ]

    def read(self) -> MeetingDraft | None:
        """Answer the meeting; None when something is wrong, and then the form says what."""
        is_right = self.validate()
        chosen, typed = self.house_place.data or "", " ".join((self.place.data or "").split())
        known = {choice.value for choice in self.house_place.choices}
        if chosen not in known:
            chosen, self.house_place.errors = "", [_("Please choose from what is on the page.")]
        if bool(chosen) == bool(typed) and not self.house_place.errors:
            both = _("Please leave one of the two empty: it is not clear where you meet.")
            self.place.errors = [both if typed else _("Please say where you meet.")]
        if not is_right or self.errors or self.on.data is None or self.at.data is None:
            return None
        return MeetingDraft(
            datetime.combine(self.on.data, self.at.data, WALL_CLOCK),
            chosen or typed,
            " ".join((self.moderator.data or "").split()),
        )


class EndForm(VisitorForm):
    """How a founding ends."""

    state = RadioField(
        _l("How does it end?"),
        choices=[
            SelectChoice(FOUNDED, _l("The group is founded")),
            SelectChoice(GIVEN_UP, _l("It is given up")),
        ],
        validators=[InputRequired(_l("Please choose one of the two."))],
    )
    reason = TextAreaField(
        _l("Why, if it is given up"),
        validators=[_shorter(LONGEST_REASON)],
        render_kw={"rows": 3, "maxlength": LONGEST_REASON},
    )


@dataclass(slots=True)
class ReadSteps:
    """The checklist as it was sent: ``typed`` by name of field, ``saved`` by step, and what is wrong with a field."""

    typed: dict[str, str] = field(default_factory=dict)
    saved: dict[str, tuple[str, date | None]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_steps(sent: Mapping[str, str], steps: list[Step], *, today: date) -> ReadSteps:
    """Answer who does each step and when it was done; a step that was not sent is left as it is."""
    read = ReadSteps()
    for step in steps:
        who_name, done_name = f"who-{step.key}", f"done-{step.key}"
        if who_name not in sent and done_name not in sent:
            continue
        who, done = " ".join(sent.get(who_name, "").split()), sent.get(done_name, "").strip()
        read.typed |= {who_name: sent.get(who_name, ""), done_name: done}
        if len(who) > LONGEST_WHO or not who.isprintable():
            read.errors[who_name] = _("Please shorten this to %(most)s characters.", most=LONGEST_WHO)
        done_on = None
        if done:
            try:
                done_on = read_day(done)
            except ListFault:
                read.errors[done_name] = _("Please write the day as 24.12.2026.")
        if done_on is not None and done_on > today:
            read.errors[done_name] = _("This day is still to come. Please enter it when the step is done.")
        read.saved[step.key] = (who, done_on)
    return read
