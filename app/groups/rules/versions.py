"""What of an edited listing is shown at once, what waits for the clearing house, and how two versions differ.

A version is a plain dictionary of ``FIELDS``. A contact field is ``{"value": …, "consented_at": …}``, a place an
address or None. What makes a listing less public is always shown at once; what makes it more public, and what says who
and where the group is, waits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from app.groups.rules.listing import AREA, CLEARINGHOUSE, EXACT
from app.groups.rules.schedule import ONLINE

FIELDS = (
    "name",
    "topics",
    "description",
    "first_visit",
    "for_whom",
    "audiences",
    "languages",
    "format",
    "access",
    "status",
    "place",
    "disclosure",
    "contact_way",
    "contact_name",
    "contact_phone",
    "contact_email",
    "website",
)
"""What is looked at before it is published, in the order of the pages."""
CONTACT_FIELDS = ("contact_name", "contact_phone", "contact_email")
HARMLESS = frozenset({"for_whom", "audiences", "languages", "access"})
"""They choose from fixed words, so nothing can be smuggled into them."""

PENDING = "pending"
CHANGES_ASKED = "changes_asked"
APPROVED = "approved"
DECLINED = "declined"
SUPERSEDED = "superseded"
WITHDRAWN = "withdrawn"
OPEN_STATES = frozenset({PENDING, CHANGES_ASKED})
"""It still has to be decided, by the house or, when it asked for changes, by the group."""

CHECKLIST = ("self_managed", "open_to_new", "no_professional", "no_commerce", "enough_members")
"""What must hold of a group before it is listed for the first time."""

SMALL_CHANGE_WORDS = 2
SMALL_CHANGE_SHARE = 10
"""A description is corrected, not rewritten, when at most two words or every tenth differ from what staff has read."""
MOST_COMPARED = 600_000
"""Pairs of words: texts with more are compared as a whole, which a person would do, too."""

_PUBLICITY = {CLEARINGHOUSE: 0, AREA: 1, EXACT: 2}
_REACHABLE = re.compile(
    r"\S+@\S+|(?:https?://|www\.)\S+|\b[\w-]+\.(?:de|com|org|net|eu|info|at|ch|nl|app|me)\b"
    r"|\+?\d(?:[ /().-]{0,2}\d){4,}",
    re.IGNORECASE,
)
"""Mail and web addresses, and numbers of five and more digits."""
_LINKED = (frozenset({"format", "place"}),)
"""Fields that only make sense together: who meets in person needs a place."""

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Split:
    """An edit: the content that may be shown at once, the fields that thereby change, and those that still wait."""

    shown: dict[str, Any]
    live: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether the other text has it too."""

    text: str
    is_changed: bool


def changed_fields(old: Content, new: Content) -> tuple[str, ...]:
    """Answer the fields in which two versions differ; when a consent was given is no difference."""
    return tuple(field for field in FIELDS if not is_same(field, old[field], new[field]))


def is_same(field: str, old: Any, new: Any) -> bool:
    """Whether a field says the same in two versions."""
    if field in CONTACT_FIELDS:
        return old["value"] == new["value"] and is_shown(old) == is_shown(new)
    if field in HARMLESS:
        return set(old) == set(new)
    return bool(old == new)


def is_shown(contact_field: Mapping[str, Any]) -> bool:
    """Whether a name, number or address is there and its person agreed that everybody sees it."""
    return bool(contact_field["value"]) and contact_field["consented_at"] is not None


def split_edit(old: Content, new: Content, *, read_by_staff: str) -> Split:
    """Answer what of an edit is shown at once.

    ``read_by_staff`` is the description that staff has read last: many small corrections do not add up to another text.
    """
    shown = {field: _shown_at_once(field, old, new, read_by_staff=read_by_staff) for field in FIELDS}
    return Split(shown, changed_fields(old, shown), changed_fields(shown, new))


def carry_over(base: Content, waiting: Content, approved: Content) -> dict[str, Any]:
    """Answer what waits, on top of what was approved in the meantime: the changes from ``base`` to ``waiting`` stay."""
    changed = set(changed_fields(base, waiting))
    for linked in _LINKED:
        if changed & linked:
            changed |= linked
    return {field: waiting[field] if field in changed else approved[field] for field in FIELDS}


def without_lost_consents(old: Content, current: Content) -> dict[str, Any]:
    """Answer an old version as it may be restored: a consent that was withdrawn since does not come back."""
    restored = {field: old[field] for field in FIELDS}
    for field in CONTACT_FIELDS:
        is_still_agreed = is_shown(current[field]) and current[field]["value"] == old[field]["value"]
        consented_at = current[field]["consented_at"] if is_still_agreed and is_shown(old[field]) else None
        restored[field] = {"value": old[field]["value"], "consented_at": consented_at}
    return restored


def is_small_change(read: str, new: str) -> bool:
    """Whether a text is corrected rather than rewritten."""
    old_words, new_words = read.split(), new.split()
    limit = max(SMALL_CHANGE_WORDS, len(old_words) // SMALL_CHANGE_SHARE)
    if abs(len(old_words) - len(new_words)) > limit:
        return False
    return _count_changed(old_words, new_words) <= limit


def adds_a_way_to_be_reached(old: str, new: str) -> bool:
    """Whether a text has a number, a mail or a web address that was not there."""
    return bool(set(_REACHABLE.findall(new)) - set(_REACHABLE.findall(old)))


def compare_words(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Answer both texts in pieces, word by word; joined they are the texts again."""
    old_tokens, new_tokens = _tokens(old), _tokens(new)
    left: list[Piece] = []
    right: list[Piece] = []
    for is_changed, (a, b), (c, d) in _blocks(
        [each.strip() for each in old_tokens], [each.strip() for each in new_tokens]
    ):
        if a < b:
            left.append(Piece("".join(old_tokens[a:b]), is_changed))
        if c < d:
            right.append(Piece("".join(new_tokens[c:d]), is_changed))
    return left, right


def _shown_at_once(field: str, old: Content, new: Content, *, read_by_staff: str) -> Any:
    """Answer what a field may say at once: as it is wished, as it was, or something that shows less than either."""
    before, wish = old[field], new[field]
    if field in HARMLESS or is_same(field, before, wish):
        return wish if field in HARMLESS else before
    if field in CONTACT_FIELDS:
        return _contact_at_once(field, before, wish)
    if field == "description":
        is_harmless = is_small_change(read_by_staff, wish) and not adds_a_way_to_be_reached(before, wish)
    elif field == "place":
        is_harmless = wish is None and new["format"] == ONLINE
    else:
        is_harmless = field in _AT_ONCE and _AT_ONCE[field](before, wish)
    return wish if is_harmless else before


def _contact_at_once(field: str, before: Mapping[str, Any], wish: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer a contact field without what was taken back; a new address gets no mail before staff has seen it."""
    if is_shown(wish):
        return before
    if field != "contact_email" or wish["value"] in {"", before["value"]}:
        return {"value": wish["value"], "consented_at": None}
    return {"value": before["value"], "consented_at": None}


_AT_ONCE: dict[str, Callable[[Any, Any], bool]] = {
    "first_visit": lambda before, wish: not adds_a_way_to_be_reached(before, wish),
    # Who leaves "just starting" says that there are six members now.
    "status": lambda before, wish: "founding" not in {before, wish},
    "format": lambda _before, wish: wish == ONLINE,
    "disclosure": lambda before, wish: _PUBLICITY[wish] < _PUBLICITY[before],
    "contact_way": lambda _before, wish: wish == CLEARINGHOUSE,
    "website": lambda _before, wish: not wish,
}
"""Field → whether it may go from one value to another at once."""


def _tokens(text: str) -> list[str]:
    """Answer the words, each with the blanks behind it."""
    return re.findall(r"\s*\S+\s*|\s+", text)


_Block = tuple[bool, tuple[int, int], tuple[int, int]]


def _blocks(old: list[str], new: list[str]) -> list[_Block]:
    """Answer the stretches in which two lists are the same or differ, in order."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    a, b, c, d = start, len(old) - end, start, len(new) - end
    blocks: list[_Block] = [(False, (0, start), (0, start))]
    if (b - a) * (d - c) > MOST_COMPARED:
        blocks.append((True, (a, b), (c, d)))
    else:
        matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
        blocks += [
            (tag != "equal", (a + i1, a + i2), (c + j1, c + j2))
            for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        ]
    return [*blocks, (False, (b, len(old)), (d, len(new)))]


def _count_changed(old: list[str], new: list[str]) -> int:
    return sum(max(b - a, d - c) for is_changed, (a, b), (c, d) in _blocks(old, new) if is_changed)
