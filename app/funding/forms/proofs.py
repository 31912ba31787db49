"""The proof of use as a form: expenses line by line, what others paid, what is left; and what the office says to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.funding.fields import DayField, SumField, WholeField, read_cents, sum_text
from app.funding.forms.pages import PageForm
from app.funding.rules.application import MOST_TYPED_CENTS
from app.funding.rules.counted_costs import NEVER_COUNTS
from app.funding.rules.proof import FULL, Use
from app.funding.rules.proof_file import LONGEST, MOST_LINES, Expense, is_of_year, read_day
from app.funding.rules.reclaim import MOST_INSTALMENTS
from app.funding.words import proofs as words
from app.funding.words.applications import COSTS
from app.groups.meetings.fields import ChoicesField
from app.shared.visitor_forms import VisitorForm

ROWS = 4
_ITEM_FIELDS = tuple(f"item_{part}" for part in ("kind", "day", "what", "euros"))
_LONG = Length(max=4_000, message=_l("Please use at most 4,000 characters."))


@dataclass
class ItemRow:
    """An expense as it was typed, with what is wrong with it."""

    kind: str = ""
    day: str = ""
    what: str = ""
    euros: str = ""
    error: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.day or self.what or self.euros)


class ProofForm(PageForm):
    """A proof. Of a confirmation only what is left is asked, of a full proof every expense."""

    own = SumField(_l("Your own money"))
    others = SumField(_l("Money of others, such as donations or the town"))
    report = TextAreaField(_l("What did you do this year?"), validators=[_LONG], render_kw={"rows": 6})
    remaining = SumField(_l("What is left of the grant"))
    answer = TextAreaField(_l("Your answer"), validators=[_LONG], render_kw={"rows": 4})
    statements = ChoicesField(
        _l("We declare"), choices=[SelectChoice(*each) for each in words.STATEMENTS.items()]
    )

    def __init__(self, typed: MultiDict[str, str], *, year: int, kind: str, has_question: bool) -> None:
        super().__init__(typed)
        self.year, self.kind, self.has_question = year, kind, has_question
        self.items = _rows(typed)
        self.read_items: list[dict[str, Any]] = []

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it could be submitted like this."""
        self.form_errors: list[str] = []
        super().validate(extra_validators)
        if self.kind == FULL:
            self._read_items()
        elif not self.remaining.errors and self.remaining.cents is None:
            self.remaining.errors = [_("Please say what is left; 0 if nothing is.")]
        if self.has_question and not (self.answer.data or "").strip():
            self.answer.errors = [*self.answer.errors, _("Please answer the question.")]
        if set(self.statements.data or ()) != set(words.STATEMENTS):
            self.statements.errors = [_("Please declare both, so that the proof is complete.")]
        return not self.errors

    def use(self, received_cents: int) -> Use:
        """Answer the sums as far as they can be read."""
        self.validate()
        spent = sum(each["cents"] for each in self.read_items)
        return Use(received_cents, spent, self.own.cents or 0, self.others.cents or 0)

    def not_counted_cents(self) -> int:
        """Answer what no grant is for and neither own nor others' money pays; as far as the lines can be read."""
        never = sum(each["cents"] for each in self.read_items if each["kind"] in NEVER_COUNTS)
        return max(0, never - (self.own.cents or 0) - (self.others.cents or 0))

    def has_wrong_lines(self) -> bool:
        """Whether a line cannot be read."""
        return any(row.error for row in self.items)

    def shown_items(self) -> list[ItemRow]:
        """Answer the lines and some empty ones."""
        return [*self.items, *[ItemRow() for _number in range(max(2, ROWS - len(self.items)))]][:MOST_LINES]

    def _values(self) -> dict[str, Any]:
        return {
            "items": self.read_items,
            "own": self.own.cents or 0,
            "others": self.others.cents or 0,
            "report": (self.report.data or "").strip(),
            "remaining": self.remaining.cents or 0,
            "answer": (self.answer.data or "").strip(),
        }

    def _read_items(self) -> None:
        self.read_items = []
        for row in self.items:
            row.error = ""
            try:
                self.read_items.append(_read_row(row, self.year))
            except ValueError as error:
                row.error = str(error)
        if self.has_wrong_lines():
            self.form_errors.append(_("Please look at the lines that are marked."))
        elif not self.items and not (self.report.data or "").strip():
            self.form_errors.append(
                _("Please enter your expenses. If nothing was spent, say why in a sentence below the list.")
            )


def sent_proof(
    sent: MultiDict[str, str], *, year: int, kind: str, has_question: bool
) -> tuple[ProofForm, dict[str, list[str]]]:
    """Answer the form of what was sent, and that as it is kept."""
    known = {"own", "others", "report", "remaining", "answer", "statements", *_ITEM_FIELDS}
    kept = {
        name: [str(text).replace("\x00", "") for text in texts]
        for name, texts in sent.to_dict(flat=False).items()
        if name in known
    }
    return ProofForm(MultiDict(kept), year=year, kind=kind, has_question=has_question), kept


def typed_of(expenses: list[Expense]) -> dict[str, list[str]]:
    """Answer expenses as the fields of the form hold them."""
    return {
        "item_kind": [each.kind for each in expenses],
        "item_day": [each.on_day.isoformat() for each in expenses],
        "item_what": [each.what for each in expenses],
        "item_euros": [sum_text(each.cents) for each in expenses],
    }


class QuestionForm(VisitorForm):
    """What the office wants to know, and until when."""

    text = TextAreaField(_l("Your question"), render_kw={"rows": 4, "maxlength": 2000})
    until = DayField(_l("Answer until"))
    seen = HiddenField()


class MoreTimeForm(VisitorForm):
    """A later last day, and why."""

    until = DayField(_l("New last day"))
    reason = TextAreaField(_l("Why?"), render_kw={"rows": 2, "maxlength": 2000})


class DecideForm(VisitorForm):
    """What of a short confirmation is not accepted; of a full proof each expense is judged by itself."""

    refused = SumField(_l("Not accepted, in euros"))
    reason = TextAreaField(_l("Why not?"), render_kw={"rows": 2, "maxlength": 2000})
    seen = HiddenField()


class PaperForm(VisitorForm):
    """When a proof on paper came."""

    received_on = DateField(_l("Came on paper on"), validators=[Optional()])


class WriteForm(VisitorForm):
    """Until when money is to come back, and from when on it bears interest."""

    due_on = DayField(_l("To be paid until"))
    interest_from = DateField(_l("Interest from"), validators=[Optional()])


class PlanForm(VisitorForm):
    """Equal instalments: how many, and when the first is due."""

    count = WholeField(
        _l("How many, one a month"),
        least=1,
        most=MOST_INSTALMENTS,
        validators=[InputRequired(_l("Please say how many."))],
    )
    first_on = DayField(_l("First instalment on"))


class WaiverForm(VisitorForm):
    """How much need not come back, and why."""

    cents = SumField(_l("Sum in euros"), validators=[InputRequired(_l("Please give the sum."))])
    reason = TextAreaField(_l("Why?"), render_kw={"rows": 3, "maxlength": 2000})


class CameForm(VisitorForm):
    """Money that came."""

    cents = SumField(_l("Sum in euros"), validators=[InputRequired(_l("Please give the sum that came."))])
    received_on = DayField(_l("Came on"))
    token = HiddenField()
    seen = HiddenField()


def _rows(typed: MultiDict[str, str]) -> list[ItemRow]:
    columns = [typed.getlist(name)[:MOST_LINES] for name in _ITEM_FIELDS]
    count = max(map(len, columns))
    filled = [[*column, *[""] * count][:count] for column in columns]
    rows = [ItemRow(*(str(text).strip()[:200] for text in texts)) for texts in zip(*filled, strict=True)]
    return [row for row in rows if not row.is_empty]


def _read_row(row: ItemRow, year: int) -> dict[str, Any]:
    """Answer what a line says.

    Raises:
        ValueError: with a sentence for the person.
    """
    if row.kind not in COSTS:
        raise ValueError(_("Please choose what it is."))
    try:
        day = read_day(row.day)
    except ValueError:
        raise ValueError(_("Please give the day of the receipt, as in 2027-03-31 or 31.3.2027.")) from None
    if not is_of_year(day, year):
        raise ValueError(_("This day does not belong to %(year)s.", year=year))
    if not row.what or len(row.what) > LONGEST:
        raise ValueError(_("Please say in a few words what it was for."))
    cents = read_cents(row.euros, most=MOST_TYPED_CENTS) if row.euros else 0
    if cents == 0:
        raise ValueError(_("Please give the sum."))
    return {"kind": row.kind, "day": day.isoformat(), "what": row.what, "cents": cents}
