"""The pages of a project as forms, and what officers of insurers decide, ask and set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from app.funding.fields import SumField, YearDayField, year_day_text
from app.funding.forms.application import AccountPage
from app.funding.forms.pages import PageForm, PlanPage, read_rows, typed_rows, with_empty
from app.funding.rules import project as rules
from app.funding.rules.page_merge import ASKED
from app.funding.rules.project_terms import GIVES, LONGEST, OWN, ProjectTerms
from app.funding.words import projects as words
from app.groups.meetings.fields import ChoicesField, DayField
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.visitor_forms import VisitorForm

MOST_TEXT = 4_000
ASKED_ROWS, MOST_ASKED_ROWS = 2, 10
LATEST_BEGIN, LONGEST_PROJECT = timedelta(days=3 * 366), timedelta(days=5 * 366)


def _text(label: Any, rows: int = 4) -> TextAreaField:
    too_long = _l("Please use at most 4,000 characters.")
    return TextAreaField(
        label, validators=[Length(max=MOST_TEXT, message=too_long)], render_kw={"rows": rows}
    )


class _Texts(PageForm):
    """A page of texts, of which ``NEEDED`` must be there."""

    NEEDED: tuple[str, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every text that is needed is there."""
        super().validate(extra_validators)
        for name in self.NEEDED:
            field = self[name]
            if not field.errors and not (field.data or "").strip():
                field.errors = [_("Please write a few words here.")]
        return not self.errors

    def _said(self, *names: str) -> dict[str, str]:
        return {name: (self[name].data or "").strip() for name in names}


class GoalsPage(_Texts):
    """What is planned."""

    NEEDED = ("title", "goals", "methods", "steps", "indicators")
    title = StringField(
        _l("What is the project called?"),
        validators=[Length(max=120, message=_l("Please use at most 120 characters."))],
        render_kw={"maxlength": 120, "autocomplete": "off"},
    )
    goals = _text(_l("What do you want to reach?"))
    methods = _text(_l("How do you do it?"))
    steps = _text(_l("Which steps does it take, and when?"))
    indicators = _text(_l("How will you see that it worked?"), 3)

    def _values(self) -> dict[str, Any]:
        return self._said(*self.NEEDED)


class FramePage(_Texts):
    """For whom, when, with whom, and what comes afterwards."""

    NEEDED = ("target", "continuation")
    target = _text(_l("For whom is it?"), 2)
    begins = DayField(_l("It begins on"))
    ends = DayField(_l("It ends on"))
    recurs = RadioField(
        _l("Does it come back every year?"),
        choices=[SelectChoice("no", _l("No, it is done once")), SelectChoice("yes", _l("Yes, every year"))],
        default="no",
    )
    partners = _text(_l("Who works with you?"), 2)
    continuation = _text(_l("What comes afterwards, when the money is spent?"), 3)
    members_agree = BooleanField(_l("The members of the group have agreed to it"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the days can be those of a project that is still to begin."""
        super().validate(extra_validators)
        today, begins, ends = day_of(clock.now()), self.begins.data, self.ends.data
        for field in (self.begins, self.ends):
            if not field.errors and field.data is None:
                field.errors = [_("Please give the day.")]
        if begins is not None and rules.has_begun(begins, today):
            self.begins.errors = [
                _("Insurers fund only what is still to begin. Please give a day that is to come.")
            ]
        elif begins is not None and begins > today + LATEST_BEGIN:
            self.begins.errors = [_("This is more than three years ahead. Please check the year.")]
        elif begins is not None and ends is not None and ends < begins:
            self.ends.errors = [_("It cannot end before it begins.")]
        elif begins is not None and ends is not None and ends > begins + LONGEST_PROJECT:
            self.ends.errors = [_("This is more than five years. Please check the year.")]
        return not self.errors

    def _values(self) -> dict[str, Any]:
        days = {name: self[name].data.isoformat() if self[name].data else "" for name in ("begins", "ends")}
        return {
            **self._said("target", "partners", "continuation"),
            **days,
            "is_yearly": self.recurs.data == "yes",
            "members_agree": bool(self.members_agree.data),
        }


class MoneyPage(PlanPage):
    """Costs, own money, others' money, and what each insurer is asked for; ``payers`` are those who can be."""

    ROWS = (*PlanPage.ROWS, "asked")
    remarks = _text(_l("Is there something to explain about the costs?"), 3)

    def __init__(
        self, typed: MultiDict[str, str], *, payers: Mapping[str, str] | None = None, **known: Any
    ) -> None:
        super().__init__(typed, **known)
        self.payers = payers or {}
        self.asked = typed_rows(typed, "asked", MOST_ASKED_ROWS)
        self.read_asked: list[dict[str, Any]] = []

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every line can be read and the plan is in balance."""
        for row in self.asked:
            row.pieces = ""
        self.read_asked = read_rows(self.asked, self.payers)
        named = [each["kind"] for each in self.read_asked]
        for row in self.asked:
            if not row.error and named.count(row.kind) > 1:
                row.error = _("This one stands here twice. Please put it into one line.")
        super().validate(extra_validators)
        if not self.errors:
            said = words.plan_words(rules.plan_of(self._values()))
            self.form_errors += [said] if said else []
        return not self.errors

    @property
    def has_wrong_lines(self) -> bool:
        """Whether a line cannot be read."""
        return any(row.error for row in (*self.costs, *self.others, *self.asked))

    def _values(self) -> dict[str, Any]:
        said = {"asked": self.read_asked, "remarks": (self.remarks.data or "").strip()}
        return {**super()._values(), **said}

    def _lines(self) -> dict[str, tuple[str, str, int, Mapping[str, Any]]]:
        asked = (_("Asked of insurers"), "asked", MOST_ASKED_ROWS, self.payers)
        return {**super()._lines(), ASKED: asked}

    def shown_asked(self) -> list[Any]:
        """Answer the lines and some empty ones."""
        return with_empty(self.asked, ASKED_ROWS, MOST_ASKED_ROWS)


class PeoplePage(PageForm):
    """What both who sign declare."""

    statements = ChoicesField(
        _l("Both of us declare"), choices=[SelectChoice(*each) for each in words.STATEMENTS.items()]
    )

    def _values(self) -> dict[str, Any]:
        said = self.statements.data or ()
        return {
            "statements": [each for each in rules.STATEMENTS if each in said],
            "wording": words.CONSENT_VERSION,
        }


PAGES: dict[str, type[PageForm]] = {
    rules.GOALS: GoalsPage,
    rules.FRAME: FramePage,
    rules.MONEY: MoneyPage,
    rules.ACCOUNT: AccountPage,
    rules.PEOPLE: PeoplePage,
}


class VerdictForm(VisitorForm):
    """What an insurer decides; ``seen`` is the version that was read."""

    seen = HiddenField()
    verdict = RadioField(
        _l("What do you decide?"),
        choices=[
            SelectChoice(rules.AGREED, _l("We give all that is asked for")),
            SelectChoice(rules.PART, _l("We give a part")),
            SelectChoice(rules.DECLINED, _l("We give nothing")),
        ],
        validate_choice=False,
    )
    cents = SumField(_l("How much, if a part"))
    reason = TextAreaField(_l("Why"), render_kw={"rows": 3, "maxlength": 2_000})


class TextForm(VisitorForm):
    """A question of an insurer, or the answer of the group."""

    insurer = HiddenField()
    text = TextAreaField(_l("Your text"), render_kw={"rows": 4, "maxlength": 2_000})


class TermsForm(VisitorForm):
    """The terms of an insurer in a Land."""

    criteria = _text(words.TERM_NAMES["criteria"])
    focus = _text(words.TERM_NAMES["focus"])
    papers = _text(words.TERM_NAMES["papers"], 2)
    contact = _text(words.TERM_NAMES["contact"], 2)
    deadline = YearDayField(words.TERM_NAMES["deadline"])
    deadline_new = YearDayField(words.TERM_NAMES["deadline_new"])
    gives = SelectField(
        words.TERM_NAMES["gives"], choices=[SelectChoice(each, words.GIVES[each]) for each in GIVES]
    )

    @staticmethod
    def data_of(terms: ProjectTerms) -> dict[str, Any]:
        """Answer terms as the data of the form."""
        days = {name: year_day_text(getattr(terms, name)) for name in ("deadline", "deadline_new")}
        return {
            **{name: getattr(terms, name) for name in ("criteria", "focus", "papers", "contact", "gives")},
            **days,
        }

    def terms(self, *, source: str) -> ProjectTerms:
        """Answer the terms that the valid form says; they are the insurer's own word, so nothing is in doubt."""
        return ProjectTerms(
            criteria=_kept(self.criteria),
            focus=_kept(self.focus),
            papers=_kept(self.papers),
            contact=_kept(self.contact),
            deadline=self.deadline.day,
            deadline_new=self.deadline_new.day,
            gives=self.gives.data or OWN,
            source=source,
        )


def _kept(field: TextAreaField) -> str:
    return str(field.data or "").strip()[:LONGEST]
