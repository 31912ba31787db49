"""The pages of an application as forms: each keeps what was typed, and says as values what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Length

from app.funding import application_words as words
from app.funding.fields import SumField, WholeField, read_cents, read_whole, sum_text
from app.funding.iban import read_iban
from app.funding.rules import application as rules
from app.funding.rules.page_merge import COSTS, OTHERS, Typed
from app.funding.rules.region_rules import RegionRules, must_say_why
from app.groups.meetings.fields import ChoicesField
from app.shared.money import euro_words
from app.shared.visitor_forms import VisitorForm

COST_ROWS, MOST_COST_ROWS = 4, 20
OTHER_ROWS, MOST_OTHER_ROWS = 2, 8
MOST_PIECES = 100_000
LONGEST_REASONS = 1_000
_ROW_FIELDS = {f"{name}_{part}" for name in ("cost", "other") for part in ("kind", "euros", "pieces")}


class PageForm(VisitorForm):
    """A page; ``typed`` is all that was sent of it."""

    @classmethod
    def of(cls, typed: MultiDict[str, str], **known: Any) -> PageForm:
        """Answer the form of what was typed at some time."""
        return cls(typed, **known)

    def values(self) -> dict[str, Any] | None:
        """Answer what the page means; None when something is not right, which then stands beside its field."""
        return self._values() if self.validate() else None

    def _values(self) -> dict[str, Any]:
        raise NotImplementedError


class ApplicationPage(PageForm):
    """A page of an application, which the rules of a region are about."""

    def __init__(self, typed: MultiDict[str, str], region: RegionRules) -> None:
        super().__init__(typed)
        self.region = region


class GroupPage(ApplicationPage):
    """What the round needs to know of a group; everything else is in its record."""

    members = WholeField(_l("How many people belong to the group?"), least=1, most=1_000)
    meetings = WholeField(_l("How often do you meet in a year?"), most=400)
    founded = StringField(
        _l("Since when has the group existed?"), render_kw={"maxlength": 10, "autocomplete": "off"}
    )
    leaders = RadioField(
        _l("Do professionals work in the group?"),
        choices=[SelectChoice(*each) for each in words.LEADERS.items()],
        default=rules.NOBODY_LEADS,
    )
    is_open = BooleanField(_l("New people can come"))
    is_published = BooleanField(_l("The group is announced elsewhere: press, website, notice board"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is given."""
        super().validate(extra_validators)
        for field in (self.members, self.meetings):
            if not field.errors and field.number is None:
                field.errors = [_("Please give a number.")]
        if rules.month_of(self.founded.data or "") is None:
            self.founded.errors = [_("Please give month and year, as in 03.2019.")]
        return not self.errors

    def _values(self) -> dict[str, Any]:
        founded = rules.month_of(self.founded.data or "")
        return {
            "members": self.members.number,
            "meetings": self.meetings.number,
            "founded": f"{founded:%Y-%m}" if founded else "",
            "leaders": self.leaders.data,
            "is_open": bool(self.is_open.data),
            "is_published": bool(self.is_published.data),
        }


@dataclass
class Row:
    """A line of costs or of others' money as it was typed, with what is wrong with it."""

    kind: str = ""
    euros: str = ""
    pieces: str = ""
    error: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.euros or self.pieces)


class MoneyPage(ApplicationPage):
    """Costs line by line, own money, and what others give."""

    own = SumField(_l("Your own money"))
    reasons = TextAreaField(
        _l("Why do you need it?"),
        validators=[Length(max=LONGEST_REASONS, message=_l("Please write at most %(max)d characters."))],
        render_kw={"rows": 3, "maxlength": LONGEST_REASONS},
    )

    def __init__(self, typed: MultiDict[str, str], region: RegionRules) -> None:
        super().__init__(typed, region)
        self.costs = _rows(typed, "cost", MOST_COST_ROWS)
        self.others = _rows(typed, "other", MOST_OTHER_ROWS)
        self.read_costs: list[dict[str, Any]] = []
        self.read_others: list[dict[str, Any]] = []

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every line can be read and there is a cost at all."""
        self.form_errors = []
        super().validate(extra_validators)
        self.read_costs = _read(self.costs, words.COSTS)
        self.read_others = _read(self.others, words.OTHERS)
        wrong = any(row.error for row in (*self.costs, *self.others))
        if not wrong and not self.read_costs:
            self.form_errors.append(_("Please enter at least one cost."))
        elif wrong:
            self.form_errors.append(_("Please look at the lines that are marked."))
        requested = rules.plan_of(self._values(), self.region).requested_cents
        if must_say_why(requested, self.region) and not (self.reasons.data or "").strip():
            most = euro_words(self.region.plain_up_to_cents or 0)
            self.reasons.errors = [
                _(
                    "Who asks for more than %(most)s here says why. One or two sentences are enough.",
                    most=most,
                )
            ]
        return not self.errors

    def so_far(self) -> dict[str, Any]:
        """Answer what can be read, right or not, to show what counts of it."""
        self.validate()
        return {**self._values(), "own": self.own.cents or 0}

    def _values(self) -> dict[str, Any]:
        said = " ".join((self.reasons.data or "").split())
        return {
            "costs": self.read_costs,
            "others": self.read_others,
            "own": self.own.cents or 0,
            **({"reasons": said} if said else {}),
        }

    def shown_costs(self) -> list[Row]:
        """Answer the lines and some empty ones."""
        return _with_empty(self.costs, COST_ROWS, MOST_COST_ROWS)

    def shown_others(self) -> list[Row]:
        """Answer the lines and some empty ones."""
        return _with_empty(self.others, OTHER_ROWS, MOST_OTHER_ROWS)


class AccountPage(ApplicationPage):
    """Where the money goes."""

    holder = StringField(
        _l("Account holder, as the bank knows it"),
        validators=[Length(max=70, message=_l("Please use at most 70 characters."))],
        render_kw={"maxlength": 70, "autocomplete": "off"},
    )
    iban = StringField(_l("IBAN"), render_kw={"maxlength": 50, "autocomplete": "off", "spellcheck": "false"})
    is_own = RadioField(
        _l("Is the account used for the group alone?"),
        choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))],
        default="yes",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether money can be paid there."""
        super().validate(extra_validators)
        if not (self.holder.data or "").strip():
            self.holder.errors = [_("Please give the name that the bank knows.")]
        try:
            self.read = read_iban(self.iban.data or "")
        except ValueError:
            self.iban.errors = [
                _(
                    "This is no IBAN: a digit seems to be wrong or missing. Please compare it with your bank card."
                )
            ]
        return not self.errors

    def _values(self) -> dict[str, Any]:
        return {
            "holder": " ".join((self.holder.data or "").split()),
            "iban": self.read.compact,
            "spaced": self.read.spaced,
            "bank": self.read.bank,
            "is_doubtful": self.read.is_doubtful,
            "is_own": self.is_own.data == "yes",
        }


class DeclarationsPage(ApplicationPage):
    """What both signers declare; what is not ticked is missing, and nothing more."""

    statements = ChoicesField(
        _l("We declare"), choices=[SelectChoice(*each) for each in words.STATEMENTS.items()]
    )

    def _values(self) -> dict[str, Any]:
        said = self.statements.data or ()
        return {
            "statements": [each for each in rules.STATEMENTS if each in said],
            "wording": words.CONSENT_VERSION,
        }


PAGES: dict[str, type[ApplicationPage]] = {
    rules.GROUP: GroupPage,
    rules.MONEY: MoneyPage,
    rules.ACCOUNT: AccountPage,
    rules.DECLARATIONS: DeclarationsPage,
}


def form_of(page: str, typed: Typed, region: RegionRules) -> PageForm:
    """Answer the form of a page with what was typed before."""
    return PAGES[page](MultiDict(typed), region)


def stored_words(form: PageForm, field: str, stored: Typed) -> list[str]:
    """Answer in words what is stored in a field: its name first, then line by line what it says."""
    texts = [text for text in stored.get(field, []) if text.strip()]
    if field == COSTS:
        label, said = _("Costs"), _lines_words(_rows(MultiDict(stored), "cost", MOST_COST_ROWS), words.COSTS)
    elif field == OTHERS:
        rows = _rows(MultiDict(stored), "other", MOST_OTHER_ROWS)
        label, said = _("Money of others"), _lines_words(rows, words.OTHERS)
    elif isinstance(form[field], BooleanField):
        label, said = form[field].label.text, [_("Yes") if texts else _("No")]
    else:
        names = {value: name for value, name, *_more in getattr(form[field], "iter_choices", list)()}
        label, said = form[field].label.text, [str(names.get(text, text)) for text in texts]
    return [str(label), *(said or [_("(empty)")])]


def sent_form(
    page: str, sent: MultiDict[str, str], region: RegionRules
) -> tuple[PageForm, dict[str, list[str]]]:
    """Answer the form of what was sent, and that as it is kept."""
    known = {*PAGES[page](MultiDict(), region)._fields, *_ROW_FIELDS}
    kept = {
        name: [str(text).replace("\x00", "") for text in texts]
        for name, texts in sent.to_dict(flat=False).items()
        if name in known
    }
    return PAGES[page](MultiDict(kept), region), kept


def _rows(typed: MultiDict[str, str], name: str, most: int) -> list[Row]:
    kinds, euros, pieces = (typed.getlist(f"{name}_{part}")[:most] for part in ("kind", "euros", "pieces"))
    count = max(len(kinds), len(euros))
    columns = [[*column, *[""] * count][:count] for column in (kinds, euros, pieces)]
    rows = [Row(*(str(text).strip()[:40] for text in texts)) for texts in zip(*columns, strict=True)]
    return [row for row in rows if not row.is_empty]


def _lines_words(rows: list[Row], kinds: Any) -> list[str]:
    return [
        " · ".join(
            [str(kinds.get(row.kind, row.kind)), row.euros, *([f"× {row.pieces}"] if row.pieces else [])]
        )
        for row in rows
    ]


def _read(rows: list[Row], kinds: Any) -> list[dict[str, Any]]:
    """Answer the lines that can be read; of the others their ``error`` says what is wrong."""
    found = []
    for row in rows:
        row.error = ""
        try:
            found.append(_read_row(row, kinds))
        except ValueError as error:
            row.error = str(error)
    return found


def _read_row(row: Row, kinds: Any) -> dict[str, Any]:
    """Answer what a line says.

    Raises:
        ValueError: with a sentence for the person.
    """
    if row.kind not in kinds:
        raise ValueError(_("Please choose what it is."))
    cents = read_cents(row.euros)
    if cents == 0:
        raise ValueError(_("Please give the sum."))
    pieces = read_whole(row.pieces, least=1, most=MOST_PIECES) if row.pieces else 1
    if cents * pieces > rules.MOST_TYPED_CENTS:
        raise ValueError(
            _("This is more than %(most)s euros. Please check it.", most=sum_text(rules.MOST_TYPED_CENTS))
        )
    return {"kind": row.kind, "cents": cents, "pieces": pieces}


def _with_empty(rows: list[Row], least: int, most: int) -> list[Row]:
    return [*rows, *[Row() for _number in range(max(1, min(least, most) - len(rows)))]][:most]
