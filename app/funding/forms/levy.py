"""Forms about the levy: the shape of what is sent, turned into values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.funding.fields import SumField, large_sum_field
from app.funding.rules.decimals import decimal_text, units_of
from app.funding.rules.insured_file import MOST_INSURED, read_insured
from app.funding.rules.level_plan import (
    CLEARING_HOUSES,
    FEDERAL,
    GROUPS,
    LEVELS,
    PER_CENT,
    PER_INSURED,
    STATE_ORGANISATIONS,
    LevelPlan,
)
from app.funding.rules.levy_rates import STANDINGS, Rate
from app.funding.words.levy import LEVEL_NAMES, STANDING_NAMES, fault_words
from app.shared.errors import BadInput
from app.shared.money import euro_words
from app.shared.table_files import read_table
from app.shared.visitor_forms import VisitorForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.funding.queries.levy import InsurerName
    from app.funding.rules.levy import Cell

MOST_BYTES = 2_000_000
SHOWN_FAULTS = 20
MOST_RATE_CENTS = 10_000
MOST_REFERENCE_CENTS = 10_000_000
_TABLE = {"accept": ".csv,.xlsx,text/csv", "data-most-bytes": MOST_BYTES}
_DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}
_WHOLE = {"inputmode": "numeric", "autocomplete": "off"}
PLACES = {PER_CENT: 2, PER_INSURED: 4}
"""Unit of a plan → decimals that can be typed: hundredths of a per cent, and of a cent."""


class InsuredFileForm(VisitorForm):
    """A file with insured."""

    file = FileField(
        _l("File with the insured"),
        render_kw=_TABLE,
    )


class CorrectionForm(VisitorForm):
    """The insured of one insurer in one Land."""

    insurer = SelectField(_l("Insurer"), validators=[InputRequired(_l("Please choose an insurer."))])
    state = SelectField(_l("Land"), validators=[InputRequired(_l("Please choose a Land."))])
    insured = StringField(
        _l("Insured"),
        validators=[InputRequired(_l("Please say how many insured there are."))],
        render_kw=_WHOLE,
    )

    def offer(self, insurers: Iterable[InsurerName], states: Mapping[str, str]) -> CorrectionForm:
        """Answer the form with these to choose from."""
        self.insurer.choices = _choices((each.slug, each.name) for each in insurers)
        self.state.choices = _choices(states.items())
        return self

    def validate_insured(self, field: StringField) -> None:
        """Refuse what is no count."""
        text = field.data.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 12 and 1 <= int(text) <= MOST_INSURED):
            raise ValidationError(
                _("Please write a whole number from 1 to %(most)s, only digits.", most=MOST_INSURED)
            )


class RateForm(VisitorForm):
    """The rate of a year and where it is from."""

    rate = large_sum_field(
        _l("Rate for each insured person, in euros"), least=1, validators=[InputRequired()]
    )
    reference = large_sum_field(
        _l("Monthly Bezugsgröße of the year, in euros"), least=1, validators=[InputRequired()]
    )
    standing = RadioField(
        _l("How sure is it?"),
        choices=[SelectChoice(key, STANDING_NAMES[key]) for key in STANDINGS],
        validators=[InputRequired(_l("Please say how sure the rate is."))],
    )
    source = StringField(
        _l("Source"),
        validators=[
            InputRequired(_l("Please say where the rate is from.")),
            Length(max=300, message=_l("Please write at most 300 characters.")),
        ],
    )

    def validate_rate(self, field: SumField) -> None:
        """Refuse more than anybody would ask of insured people."""
        _at_most(field, MOST_RATE_CENTS)

    def validate_reference(self, field: SumField) -> None:
        """Refuse what no income is measured by."""
        _at_most(field, MOST_REFERENCE_CENTS)

    def to_rate(self, year: int) -> Rate:
        """Answer the rate that the valid form says."""
        cents, reference = self.rate.cents or 0, self.reference.cents or 0
        return Rate(year, cents, reference, self.standing.data, self.source.data.strip())


class FlatShareForm(VisitorForm):
    """Which part of its levy an insurer gives as flat grants."""

    insurer = SelectField(_l("Insurer"), validators=[InputRequired(_l("Please choose an insurer."))])
    per_cent = StringField(_l("Flat grants in per cent"), validators=[InputRequired()], render_kw=_WHOLE)

    def offer(self, insurers: Iterable[InsurerName]) -> FlatShareForm:
        """Answer the form with these to choose from."""
        self.insurer.choices = _choices((each.slug, each.name) for each in insurers)
        return self

    def validate_per_cent(self, field: StringField) -> None:
        """Refuse what is no whole number."""
        text = field.data.strip().removesuffix("%").strip()
        if not (text.isascii() and text.isdigit() and len(text) < 4):
            raise ValidationError(_("Please write a whole number, as in 80."))


class PlanForm(VisitorForm):
    """The shares of the levels in a Land and year."""

    unit = RadioField(
        _l("The shares are given in"),
        choices=[
            SelectChoice(PER_CENT, _l("per cent of the flat grants")),
            SelectChoice(PER_INSURED, _l("euros for each insured person")),
        ],
        validators=[InputRequired(_l("Please say what the numbers mean."))],
    )
    federal = StringField(LEVEL_NAMES[FEDERAL], validators=[InputRequired()], render_kw=_DECIMAL)
    state_organisations = StringField(
        LEVEL_NAMES[STATE_ORGANISATIONS], validators=[InputRequired()], render_kw=_DECIMAL
    )
    clearing_houses = StringField(
        LEVEL_NAMES[CLEARING_HOUSES], validators=[InputRequired()], render_kw=_DECIMAL
    )
    groups = StringField(LEVEL_NAMES[GROUPS], validators=[InputRequired()], render_kw=_DECIMAL)
    source = StringField(
        _l("Agreed where and when"),
        validators=[
            InputRequired(_l("Please say where this was agreed.")),
            Length(max=300, message=_l("Please write at most 300 characters.")),
        ],
    )

    @property
    def levels(self) -> list[StringField]:
        """The fields of the shares."""
        return [self[level] for level in LEVELS]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every share is a number of its unit."""
        good = bool(super().validate(extra_validators))
        for field in self.levels if self.unit.data in PLACES else ():
            if not field.errors and units_of(field.data, PLACES[self.unit.data]) is None:
                field.errors = [
                    _("Please write a number from 0 to 100, as in 25,95.")
                    if self.unit.data == PER_CENT
                    else _("Please write euros with at most four decimals, as in 0,101.")
                ]
                good = False
        return good

    def to_plan(self, state: str, year: int) -> LevelPlan:
        """Answer the plan that the valid form says."""
        unit = self.unit.data
        shares = {level: units_of(self[level].data, PLACES[unit]) or 0 for level in LEVELS}
        return LevelPlan(state, year, unit, shares, self.source.data.strip())


def plan_values(plan: LevelPlan) -> dict[str, str]:
    """Answer a plan as its form shows it."""
    least = 0 if plan.unit == PER_CENT else 2
    shares = {
        level: decimal_text(units, PLACES[plan.unit], least_places=least)
        for level, units in plan.shares.items()
    }
    return {"unit": plan.unit, "source": plan.source, **shares}


def read_insured_bytes(
    content: bytes, *, insurers: Iterable[InsurerName], states: Mapping[str, str]
) -> Mapping[Cell, int]:
    """Answer the insured of a file that was sent.

    Raises:
        BadInput: it cannot be used; the message says line by line why.
    """
    if not content:
        raise BadInput(_("Please choose a file first."))
    found = read_insured(
        read_table(content),
        insurers={name.lower(): each.slug for each in insurers for name in (each.slug, each.name)},
        states={key: ags for ags, name in states.items() for key in (ags, name.lower())},
    )
    if found.faults:
        more = len(found.faults) - SHOWN_FAULTS
        told = [fault_words(fault) for fault in found.faults[:SHOWN_FAULTS]]
        raise BadInput("\n".join([*told, *([_("And %(num)s more.", num=more)] if more > 0 else [])]))
    return found.insured


def packed(insured: Mapping[Cell, int]) -> str:
    """Answer insured as one line, as the form of the preview carries them."""
    return " ".join(f"{insurer},{state},{number}" for (insurer, state), number in insured.items())


def unpacked(text: str) -> bytes:
    """Answer the file that such a line stands for."""
    return "\n".join(["insurer,state,insured", *text.split()]).encode()


def _at_most(field: SumField, most_cents: int) -> None:
    if (field.cents or 0) > most_cents:
        raise ValidationError(
            _("Please check this: more than %(most)s cannot be meant.", most=euro_words(most_cents))
        )


def _choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice("", _l("Please choose")), *(SelectChoice(key, name) for key, name in pairs)]
