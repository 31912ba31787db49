"""The pages of a clearing house's or an organisation's request as forms, the decision about it, and its proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length

from app.funding.fields import HundredthsField, SumField, WholeField
from app.funding.forms.pages import PageForm
from app.funding.rules import institutions as rules
from app.funding.rules.ledger_accounts import HOUSE
from app.funding.rules.staffing_standard import FULL_WEEK, MOST_INHABITANTS, MOST_POSTS
from app.funding.words import institutions as words
from app.groups.meetings.fields import ChoicesField
from app.shared.visitor_forms import VisitorForm

LONGEST = 4_000
MOST_WEEK_HOURS = 16_800
LEAST_WEEK = 1_000
MOST_INQUIRIES = 1_000_000
_TOO_LONG = _l("Please use at most %(max)d characters.")


class StaffPage(PageForm):
    """Posts and people."""

    professional = HundredthsField(_l("Posts of those who advise"), most=MOST_POSTS)
    professional_people = WholeField(_l("How many people share them?"), most=2_000)
    administration = HundredthsField(_l("Posts of administration"), most=MOST_POSTS)
    administration_people = WholeField(_l("How many people share these?"), most=2_000)
    full_week = HundredthsField(_l("Hours of a full-time week"), most=6_000)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether posts are given, and people where there are posts."""
        super().validate(extra_validators)
        for posts, people in (
            (self.professional, self.professional_people),
            (self.administration, self.administration_people),
        ):
            _wants(posts, _("Please give the posts; 0 if there are none."))
            if posts.number and not people.errors and not people.number:
                people.errors = [_("Please say how many people share these posts.")]
        if self.full_week.number is not None and self.full_week.number < LEAST_WEEK:
            self.full_week.errors = [_("Please give the hours of a week, as in 39 or 38,5.")]
        return not self.errors

    def _values(self) -> dict[str, Any]:
        return {
            "professional": self.professional.number,
            "professional_people": self.professional_people.number or 0,
            "administration": self.administration.number,
            "administration_people": self.administration_people.number or 0,
            "full_week": self.full_week.number or FULL_WEEK,
        }


class HouseStaffPage(StaffPage):
    """The same, and for how many people they are there."""

    inhabitants = WholeField(_l("Inhabitants of your catchment"), least=1, most=MOST_INHABITANTS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the inhabitants are given, too."""
        super().validate(extra_validators)
        _wants(self.inhabitants, _("Please give the number; your town or district publishes it."))
        return not self.errors

    def _values(self) -> dict[str, Any]:
        return {**super()._values(), "inhabitants": self.inhabitants.number}


class HoursPage(PageForm):
    """When everybody can call or come."""

    phone = HundredthsField(_l("Hours a week by phone"), most=MOST_WEEK_HOURS)
    visit = HundredthsField(_l("Hours a week with an open door"), most=MOST_WEEK_HOURS)
    places = WholeField(_l("At how many places?"), most=200)
    by_appointment = BooleanField(_l("Talks by appointment besides"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all three numbers are given."""
        super().validate(extra_validators)
        for field in (self.phone, self.visit, self.places):
            _wants(field, _("Please give a number; 0 if there are none."))
        return not self.errors

    def _values(self) -> dict[str, Any]:
        return {
            "phone": self.phone.number,
            "visit": self.visit.number,
            "places": self.places.number,
            "by_appointment": bool(self.by_appointment.data),
        }


class FiguresPage(PageForm):
    """Inquiries of the year: through which channel, and who asked. Nobody is named."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether those who asked are not more than the inquiries."""
        self.form_errors = []
        super().validate(extra_validators)
        if not self.errors:
            asked, told = self._sum("channel", rules.CHANNELS), self._sum("role", rules.ROLES)
            if told > asked:
                self.form_errors.append(
                    _(
                        "By channel there are %(asked)s inquiries, by who asked %(told)s. Please count once more.",
                        asked=asked,
                        told=told,
                    )
                )
        return not self.errors

    def _sum(self, name: str, keys: tuple[str, ...]) -> int:
        return sum(self[f"{name}_{key}"].number or 0 for key in keys)

    def _values(self) -> dict[str, Any]:
        return {name: field.number or 0 for name, field in self._fields.items()}


class _Sums(PageForm):
    """Costs, and income besides the grant."""

    def sums(self) -> dict[str, int]:
        """Answer every sum that can be read; what is empty counts 0."""
        return {name: field.cents or 0 for name, field in self._fields.items() if isinstance(field, SumField)}

    def so_far(self) -> rules.Plan:
        """Answer the plan that can be read, right or not."""
        super().validate()
        return rules.plan_of(self.sums())


def _add_fields(form: Any, prefix: str, labels: Mapping[str, Any], make: Callable[[Any], Any]) -> None:
    for key, label in labels.items():
        setattr(form, f"{prefix}_{key}", make(label))


_add_fields(FiguresPage, "channel", words.CHANNELS, partial(WholeField, most=MOST_INQUIRIES))
_add_fields(FiguresPage, "role", words.ROLES, partial(WholeField, most=MOST_INQUIRIES))
_add_fields(_Sums, "cost", words.COSTS, partial(SumField, most=rules.MOST_TYPED_CENTS))
_add_fields(_Sums, "income", words.INCOMES, partial(SumField, most=rules.MOST_TYPED_CENTS))


class MoneyPage(_Sums):
    """What the year costs, who pays, and what is asked for here."""

    asked = SumField(_l("Asked for here"), most=rules.MOST_TYPED_CENTS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether costs and income are the same."""
        self.form_errors = []
        super().validate(extra_validators)
        if not self.errors:
            plan = rules.plan_of(self.sums())
            if not plan.asked_cents:
                self.asked.errors = [_("Please give the sum that you ask for.")]
            elif plan.gap_cents:
                self.form_errors.append(words.balance_words(plan))
        return not self.errors

    def _values(self) -> dict[str, Any]:
        return self.sums()


class DeclarationsPage(PageForm):
    """What is declared; what is not ticked speaks against it, and is stored as it is."""

    statements = ChoicesField(_l("We declare"), choices=[])

    def __init__(self, *args: Any, kind: str = HOUSE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements.choices = [
            SelectChoice(each, words.STATEMENTS[each]) for each in rules.STATEMENTS_OF[kind]
        ]

    def _values(self) -> dict[str, Any]:
        said = self.statements.data or ()
        return {
            "statements": [value for value, *_rest in self.statements.iter_choices() if value in said],
            "wording": words.CONSENT_VERSION,
        }


class ProofForm(_Sums):
    """What came and what was spent in the year, and what was done with it."""

    report = TextAreaField(
        _l("What was done with the money?"),
        validators=[Length(max=LONGEST, message=_TOO_LONG)],
        render_kw={"rows": 6, "maxlength": LONGEST},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether something was spent and told."""
        self.form_errors = []
        super().validate(extra_validators)
        if not (self.report.data or "").strip():
            self.report.errors = [_("Please tell it in a few sentences.")]
        if not self.errors and not rules.plan_of(self.sums()).total_cents:
            self.form_errors.append(_("Please enter what was spent."))
        return not self.errors

    def _values(self) -> dict[str, Any]:
        return {**self.sums(), "report": (self.report.data or "").strip()}


class DecisionForm(VisitorForm):
    """What is granted, and why it is less."""

    cents = SumField(_l("Granted, in euros"), most=rules.MOST_TYPED_CENTS)
    words = TextAreaField(
        _l("Reasons"),
        validators=[Length(max=LONGEST, message=_TOO_LONG)],
        render_kw={"rows": 4, "maxlength": LONGEST},
    )
    seen = HiddenField()


class QuestionForm(VisitorForm):
    """What is not clear."""

    words = TextAreaField(
        _l("What is not clear?"),
        validators=[Length(max=LONGEST, message=_TOO_LONG)],
        render_kw={"rows": 4, "maxlength": LONGEST},
    )
    seen = HiddenField()


class BeginForm(VisitorForm):
    """For which organisation and year a request is entered."""

    organisation = SelectField(_l("Organisation"), choices=[], validate_choice=False)
    year = SelectField(_l("Year"), choices=[], validate_choice=False)


def page_form(kind: str, page: str, typed: MultiDict[str, str]) -> PageForm:
    """Answer the form of a page for a house or an organisation with what was typed."""
    if page == rules.STAFF:
        return HouseStaffPage.of(typed) if kind == HOUSE else StaffPage.of(typed)
    if page == rules.DECLARATIONS:
        return DeclarationsPage.of(typed, kind=kind)
    return {rules.HOURS: HoursPage, rules.FIGURES: FiguresPage, rules.MONEY: MoneyPage}[page].of(typed)


def kept_of(form: PageForm, sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """Answer what was sent of a form as it is kept."""
    return {
        name: [str(text).replace("\x00", "") for text in texts]
        for name, texts in sent.to_dict(flat=False).items()
        if name in form._fields
    }


def _wants(field: Any, sentence: str) -> None:
    if not field.errors and field.number is None:
        field.errors = [sentence]
