"""The rules of a region as a form of its funding office."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.funding.documents.application_copy import print_text
from app.funding.fields import (
    SumField,
    WholeField,
    YearDayField,
    read_cents,
    read_whole,
    sum_text,
    year_day_text,
)
from app.funding.rules.region_rules import (
    LEAST_YEARS,
    LONGEST_NOTE,
    MOST_TIERS,
    MOST_YEARS,
    WITH_NEXT_REQUEST,
    CostLimit,
    RegionRules,
)
from app.funding.words.applications import COSTS
from app.funding.words.regions import COUNTS, FIELD_NAMES, WEEKENDS
from app.shared.pdf import NotPrintable
from app.shared.visitor_forms import VisitorForm

TIERS, CAPS = "tiers", "caps"
MOST_MEMBERS = 10_000

_SUMS = ("confirmation_up_to_cents", "plain_up_to_cents")
_ROW_FIELDS = {TIERS: ("tier_members", "tier_euros"), CAPS: ("cap_kind", "cap_euros", "cap_most")}
_MOST_ROWS = {TIERS: MOST_TIERS, CAPS: len(COSTS)}
_FEW_ROWS = {TIERS: MOST_TIERS, CAPS: 3}


@dataclass
class Row:
    """A line of limits as it was typed, with what is wrong with it."""

    texts: tuple[str, ...]
    error: str = ""


def _choices(labels: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(*each) for each in labels.items()]


class RegionForm(VisitorForm):
    """What a funding office may change; an empty field means that there is no such rule."""

    deadline = YearDayField(FIELD_NAMES["deadline"])
    deadline_new = YearDayField(FIELD_NAMES["deadline_new"])
    new_after_months = WholeField(FIELD_NAMES["new_after_months"], most=24)
    counts = SelectField(FIELD_NAMES["counts"], choices=_choices(COUNTS))
    weekend = SelectField(FIELD_NAMES["weekend"], choices=_choices(WEEKENDS))
    confirmation_up_to_cents = SumField(FIELD_NAMES["confirmation_up_to_cents"])
    plain_up_to_cents = SumField(FIELD_NAMES["plain_up_to_cents"])
    proof_due = YearDayField(FIELD_NAMES["proof_due"])
    must_be_listed = BooleanField(FIELD_NAMES["must_be_listed"])
    keep_years = WholeField(FIELD_NAMES["keep_years"], least=LEAST_YEARS, most=MOST_YEARS)
    note = TextAreaField(
        FIELD_NAMES["note"],
        validators=[Length(max=LONGEST_NOTE, message=_l("Please write at most %(max)d characters."))],
        render_kw={"rows": 4, "maxlength": LONGEST_NOTE},
    )
    source = StringField(
        FIELD_NAMES["source"],
        validators=[
            InputRequired(_l("Please say where these rules are from.")),
            Length(max=300, message=_l("Please write at most %(max)d characters.")),
        ],
        render_kw={"maxlength": 300},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_errors: list[str] = []
        self.rows: dict[str, list[Row]] = {}
        self.tiers: tuple[tuple[int, int], ...] = ()
        self.caps: dict[str, CostLimit] = {}

    @classmethod
    def of(cls, rules: RegionRules) -> RegionForm:
        """Answer the form that says these rules."""
        form = cls(formdata=None, data=cls.data_of(rules))
        tiers = [(str(members), sum_text(cents)) for members, cents in rules.tiers]
        caps = [
            (kind, sum_text(limit.cents_each), "" if limit.most is None else str(limit.most))
            for kind, limit in rules.caps.items()
        ]
        form.rows = {TIERS: [Row(each) for each in tiers], CAPS: [Row(each) for each in caps]}
        return form

    @classmethod
    def sent(cls, typed: MultiDict[str, str]) -> RegionForm:
        """Answer the form of what was sent."""
        form = cls(typed)
        for name, fields in _ROW_FIELDS.items():
            columns = [[text.strip()[:40] for text in typed.getlist(field)] for field in fields]
            length = min(max(map(len, columns)), _MOST_ROWS[name])
            lines = zip(*([*column, *[""] * length][:length] for column in columns), strict=True)
            form.rows[name] = [Row(line) for line in lines if any(line)]
        return form

    def shown(self, name: str) -> list[Row]:
        """Answer the lines of a kind of limits, and some empty ones."""
        known = self.rows.get(name, [])
        empty = max(1 if len(known) < _MOST_ROWS[name] else 0, _FEW_ROWS[name] - len(known))
        return [*known, *[Row(("",) * len(_ROW_FIELDS[name])) for _number in range(empty)]]

    @staticmethod
    def data_of(rules: RegionRules) -> dict[str, Any]:
        """Answer rules as the data of the form."""
        due = None if rules.proof_due == WITH_NEXT_REQUEST else rules.proof_due
        return {
            "deadline": year_day_text(rules.deadline),
            "deadline_new": year_day_text(rules.deadline_new),
            "new_after_months": str(rules.new_after_months),
            "counts": rules.counts,
            "weekend": rules.weekend,
            "proof_due": year_day_text(due),
            "must_be_listed": rules.must_be_listed,
            "keep_years": str(rules.keep_years),
            "note": rules.note,
            "source": rules.source,
            **{name: sum_text(getattr(rules, name)) for name in _SUMS},
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether these can be the rules of a region."""
        super().validate(extra_validators)
        if not self.deadline.errors and self.deadline.day is None:
            self.deadline.errors = [_("Please give the last day, as in 31.03.")]
        if not self.keep_years.errors and self.keep_years.number is None:
            self.keep_years.errors = [_("Please give a number.")]
        self._check_note()
        self._read_tiers()
        self._read_caps()
        if any(row.error for rows in self.rows.values() for row in rows):
            self.form_errors = [*self.form_errors, _("Please look at the lines that are marked.")]
        return not self.errors

    def _check_note(self) -> None:
        """Refuse letters that cannot be printed: the note stands in every notice."""
        if self.note.errors:
            return
        try:
            print_text(self.note.data or "")
        except NotPrintable as error:
            self.note.errors = [error.message]

    def _read_tiers(self) -> None:
        read: list[tuple[int, int]] = []
        for row in self.rows.get(TIERS, []):
            try:
                read.append(_tier(row.texts, read))
            except ValueError as error:
                row.error = str(error)
        self.tiers = tuple(read)

    def _read_caps(self) -> None:
        self.caps = {}
        for row in self.rows.get(CAPS, []):
            try:
                self.caps[row.texts[0]] = _limit(row.texts, self.caps)
            except ValueError as error:
                row.error = str(error)

    def rules(self, before: RegionRules) -> RegionRules:
        """Answer the rules that the valid form says; what it does not ask stays."""
        return replace(
            before,
            deadline=self.deadline.day or before.deadline,
            deadline_new=self.deadline_new.day,
            new_after_months=self.new_after_months.number or 0,
            counts=self.counts.data,
            weekend=self.weekend.data,
            proof_due=self.proof_due.day or WITH_NEXT_REQUEST,
            must_be_listed=bool(self.must_be_listed.data),
            keep_years=self.keep_years.number or before.keep_years,
            note=" ".join((self.note.data or "").split()),
            source=(self.source.data or "").strip(),
            tiers=self.tiers,
            caps=self.caps,
            **{name: getattr(self, name).cents for name in _SUMS},
        )


def _tier(texts: tuple[str, ...], before: list[tuple[int, int]]) -> tuple[int, int]:
    """Answer what a line about groups of a size says.

    Raises:
        ValueError: with a sentence for the person.
    """
    members = read_whole(texts[0], least=1, most=MOST_MEMBERS)
    if not before and members != 1:
        raise ValueError(_("The first tier begins with 1 member."))
    if before and members <= before[-1][0]:
        raise ValueError(_("Each tier begins with more members than the one before."))
    return members, read_cents(texts[1], least=1)


def _limit(texts: tuple[str, ...], before: dict[str, CostLimit]) -> CostLimit:
    """Answer what a line about a kind of cost says.

    Raises:
        ValueError: with a sentence for the person.
    """
    kind, euros, most = texts
    if kind not in COSTS or kind in before:
        raise ValueError(_("Please choose what it is, each only once."))
    if not euros and not most:
        raise ValueError(_("Please give a sum or a number."))
    return CostLimit(
        read_cents(euros) if euros else None, read_whole(most, least=0, most=MOST_MEMBERS) if most else None
    )
