"""Pages as forms: each keeps what was typed, and says as values what it means; lines of a plan with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from app.funding.fields import SumField, read_cents, read_whole
from app.funding.rules import application as rules
from app.funding.rules.page_merge import COSTS, OTHERS, Typed
from app.funding.words import applications as words
from app.shared.money import euro_words
from app.shared.visitor_forms import VisitorForm

COST_ROWS, MOST_COST_ROWS = 4, 20
OTHER_ROWS, MOST_OTHER_ROWS = 2, 8
MOST_PIECES = 100_000


class PageForm(VisitorForm):
    """A page; ``typed`` is all that was sent of it. ``ROWS`` are the names of its lines, if it has some."""

    ROWS: tuple[str, ...] = ()

    @classmethod
    def of(cls, typed: MultiDict[str, str], **known: Any) -> PageForm:
        """Answer the form of what was typed at some time."""
        return cls(typed, **known)

    def values(self) -> dict[str, Any] | None:
        """Answer what the page means; None when something is not right, which then stands beside its field."""
        return self._values() if self.validate() else None

    def _values(self) -> dict[str, Any]:
        raise NotImplementedError

    def stored_words(self, field: str, stored: Typed) -> list[str]:
        """Answer in words what is stored in a field: its name first, then what it says."""
        texts = [text for text in stored.get(field, []) if text.strip()]
        if isinstance(self[field], BooleanField):
            said = [_("Yes") if texts else _("No")]
        else:
            names = {value: name for value, name, *_more in getattr(self[field], "iter_choices", list)()}
            said = [str(names.get(text, text)) for text in texts]
        return [str(self[field].label.text), *(said or [_("(empty)")])]


def sent_page(
    page: type[PageForm], sent: MultiDict[str, str], **known: Any
) -> tuple[PageForm, dict[str, list[str]]]:
    """Answer the form of what was sent, and that as it is kept."""
    parts = {f"{name}_{part}" for name in page.ROWS for part in ("kind", "euros", "pieces")}
    names = {*page.of(MultiDict(), **known)._fields, *parts}
    kept = {
        name: [str(text).replace("\x00", "") for text in texts]
        for name, texts in sent.to_dict(flat=False).items()
        if name in names
    }
    return page.of(MultiDict(kept), **known), kept


@dataclass
class Row:
    """A line of costs or of somebody's money as it was typed, with what is wrong with it."""

    kind: str = ""
    euros: str = ""
    pieces: str = ""
    error: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.euros or self.pieces)


class PlanPage(PageForm):
    """Costs line by line, own money, and what others give."""

    ROWS: tuple[str, ...] = ("cost", "other")
    own = SumField(_l("Your own money"))

    def __init__(self, typed: MultiDict[str, str], **known: Any) -> None:
        super().__init__(typed, **known)
        self.costs = typed_rows(typed, "cost", MOST_COST_ROWS)
        self.others = typed_rows(typed, "other", MOST_OTHER_ROWS)
        self.read_costs: list[dict[str, Any]] = []
        self.read_others: list[dict[str, Any]] = []

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every line can be read and there is a cost at all."""
        self.form_errors = []
        super().validate(extra_validators)
        self.read_costs = read_rows(self.costs, words.COSTS)
        self.read_others = read_rows(self.others, words.OTHERS)
        if not self.has_wrong_lines and not self.read_costs:
            self.form_errors.append(_("Please enter at least one cost."))
        elif self.has_wrong_lines:
            self.form_errors.append(_("Please look at the lines that are marked."))
        return not self.errors

    @property
    def has_wrong_lines(self) -> bool:
        """Whether a line cannot be read."""
        return any(row.error for row in (*self.costs, *self.others))

    def so_far(self) -> dict[str, Any]:
        """Answer what can be read, right or not, to show what counts of it."""
        self.validate()
        return self._values()

    def stored_words(self, field: str, stored: Typed) -> list[str]:
        """Answer in words what is stored in a field, or in its lines."""
        lines = self._lines().get(field)
        if lines is None:
            return super().stored_words(field, stored)
        label, name, most, kinds = lines
        said = _lines_words(typed_rows(MultiDict(stored), name, most), kinds)
        return [label, *(said or [_("(empty)")])]

    def _lines(self) -> dict[str, tuple[str, str, int, Mapping[str, Any]]]:
        """Answer its lines by field: what they are called, the name they are sent by, how many, what each can be."""
        return {
            COSTS: (_("Costs"), "cost", MOST_COST_ROWS, words.COSTS),
            OTHERS: (_("Money of others"), "other", MOST_OTHER_ROWS, words.OTHERS),
        }

    def _values(self) -> dict[str, Any]:
        return {"costs": self.read_costs, "others": self.read_others, "own": self.own.cents or 0}

    def shown_costs(self) -> list[Row]:
        """Answer the lines and some empty ones."""
        return with_empty(self.costs, COST_ROWS, MOST_COST_ROWS)

    def shown_others(self) -> list[Row]:
        """Answer the lines and some empty ones."""
        return with_empty(self.others, OTHER_ROWS, MOST_OTHER_ROWS)


def typed_rows(typed: MultiDict[str, str], name: str, most: int) -> list[Row]:
    """Answer the lines of this name in which something was typed."""
    kinds, euros, pieces = (typed.getlist(f"{name}_{part}")[:most] for part in ("kind", "euros", "pieces"))
    count = max(len(kinds), len(euros))
    columns = [[*column, *[""] * count][:count] for column in (kinds, euros, pieces)]
    rows = [Row(*(str(text).strip()[:40] for text in texts)) for texts in zip(*columns, strict=True)]
    return [row for row in rows if not row.is_empty]


def read_rows(rows: list[Row], kinds: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Answer the lines that can be read; of the others their ``error`` says what is wrong."""
    found = []
    for row in rows:
        row.error = ""
        try:
            found.append(_read_row(row, kinds))
        except ValueError as error:
            row.error = str(error)
    return found


def with_empty(rows: list[Row], least: int, most: int) -> list[Row]:
    """Answer the lines and some empty ones: at least one, and at least ``least`` together."""
    return [*rows, *[Row() for _number in range(max(1, min(least, most) - len(rows)))]][:most]


def _lines_words(rows: list[Row], kinds: Mapping[str, Any]) -> list[str]:
    return [
        " · ".join(
            [str(kinds.get(row.kind, row.kind)), row.euros, *([f"× {row.pieces}"] if row.pieces else [])]
        )
        for row in rows
    ]


def _read_row(row: Row, kinds: Mapping[str, Any]) -> dict[str, Any]:
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
            _("This is more than %(most)s. Please check it.", most=euro_words(rules.MOST_TYPED_CENTS))
        )
    return {"kind": row.kind, "cents": cents, "pieces": pieces}
