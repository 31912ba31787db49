"""Two people write one page of an application: what each changed is kept, and the same field changed twice asks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

COSTS, OTHERS, ASKED = "costs", "others", "asked"
_LINES = {
    COSTS: ("cost_kind", "cost_euros", "cost_pieces"),
    OTHERS: ("other_kind", "other_euros", "other_pieces"),
    ASKED: ("asked_kind", "asked_euros"),
}
"""Lines of money are one field: whoever moves a line moves all of them."""
_FIELD_OF = {name: field for field, names in _LINES.items() for name in names}
_MARK = re.compile(r"([a-z0-9_]{1,40})\.([0-9a-f]{16})")
Typed = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Merged:
    """A page after somebody sent it: what is kept, and the fields that two have changed, where the other's text stays.

    ``shown`` is what whoever sent it sees: as ``kept``, but in contested fields their own text.
    """

    kept: dict[str, list[str]]
    shown: dict[str, list[str]]
    contested: tuple[str, ...]


def marks_of(typed: Typed) -> str:
    """Answer what a page carries of the texts it was opened with: a mark for each field that is not empty."""
    return " ".join(f"{field}.{_mark(typed, field)}" for field in _fields(typed) if _text(typed, field))


def merge(mine: Typed, stored: Typed, seen: str) -> Merged:
    """Answer what becomes of a page that was opened when its fields had the marks ``seen``.

    A field that I did not change stays as it is stored; one that nobody else changed becomes mine; both the same is
    no question. ``seen`` that is not ours leaves every difference to the person.
    """
    known, is_ours = _read(seen)
    kept, shown = dict(stored), dict(stored)
    contested = []
    for field in _fields({**stored, **mine}):
        if _text(mine, field) == _text(stored, field):
            continue
        base = known.get(field, _mark({}, field)) if is_ours else None
        if base == _mark(mine, field):
            continue
        _put(shown, mine, field)
        if base == _mark(stored, field):
            _put(kept, mine, field)
        else:
            contested.append(field)
    return Merged(kept, shown, tuple(contested))


def names_of(field: str) -> tuple[str, ...]:
    """Answer the names under which a field is sent."""
    return _LINES.get(field, (field,))


def _fields(typed: Typed) -> list[str]:
    return list(dict.fromkeys(_FIELD_OF.get(name, name) for name in typed))


def _text(typed: Typed, field: str) -> tuple[tuple[str, ...], ...]:
    """Answer what a field says: its texts, or its lines with a sum; nothing typed and an empty text are the same."""
    columns = [[text.strip() for text in typed.get(name, [])] for name in names_of(field)]
    if len(columns) == 1:
        return tuple((text,) for text in columns[0] if text)
    length = max(len(column) for column in columns)
    lines = zip(*([*column, *[""] * (length - len(column))] for column in columns), strict=True)
    return tuple(line for line in lines if any(line[1:]))


def _mark(typed: Typed, field: str) -> str:
    return hashlib.sha256(repr(_text(typed, field)).encode()).hexdigest()[:16]


def _read(seen: str) -> tuple[dict[str, str], bool]:
    found = [_MARK.fullmatch(part) for part in seen.split()]
    return {each[1]: each[2] for each in found if each}, all(found)


def _put(into: dict[str, list[str]], mine: Typed, field: str) -> None:
    for name in names_of(field):
        into.pop(name, None)
        if name in mine:
            into[name] = list(mine[name])
