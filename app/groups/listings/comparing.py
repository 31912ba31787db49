"""Two versions field by field, as a page shows them: what differs, word by word where it is a text, what is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.groups.listings.labels import FIELD_LABELS, TEXT_FIELDS, hidden_words, value_words
from app.groups.rules.versions import FIELDS, Piece, compare_words, is_same


@dataclass(frozen=True, slots=True)
class Side:
    """A field in one version, in pieces, and why it is not shown to everybody; empty when it is."""

    pieces: Sequence[Piece]
    hidden: str

    @property
    def text(self) -> str:
        """The field as one text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Row:
    """A field in two versions; ``old`` is None when there is nothing to compare to."""

    field: str
    label: str
    is_changed: bool
    old: Side | None
    new: Side


def compare(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[Row]:
    """Answer every field, in the order of the pages."""
    return [_row(field, old, new) for field in FIELDS]


def _row(field: str, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Row:
    text, label = value_words(field, new), str(FIELD_LABELS[field])
    if old is None or is_same(field, old[field], new[field]):
        side = Side([Piece(text, is_changed=False)] if text else [], hidden_words(field, new))
        return Row(field, label, is_changed=False, old=None if old is None else side, new=side)
    before = value_words(field, old)
    if field in TEXT_FIELDS:
        left, right = compare_words(before, text)
    else:
        # Who agrees to be shown changes no word of the number.
        is_other = before != text
        left, right = ([Piece(each, is_other)] if each else [] for each in (before, text))
    return Row(
        field,
        label,
        is_changed=True,
        old=Side(left, hidden_words(field, old)),
        new=Side(right, hidden_words(field, new)),
    )
