"""How place names are written alike: letters, umlauts, punctuation and little words set aside."""

from __future__ import annotations

import re
import unicodedata

LITTLE_WORDS = frozenset(
    {
        "a",
        "ad",
        "am",
        "an",
        "auf",
        "b",
        "bei",
        "beim",
        "d",
        "dem",
        "den",
        "der",
        "des",
        "die",
        "i",
        "id",
        "im",
        "in",
    }
    | {"ob", "of", "on", "unter", "v", "vd", "vom", "von", "vor", "zu", "zum", "zur"}
)
"""Words that tie a by-name to a name and that people leave out or shorten ("Frankfurt Oder")."""

TITLES = frozenset(
    {"bundesstadt", "gemeinde", "hansestadt", "kreisstadt", "landeshauptstadt", "lutherstadt", "stadt"}
    | {"universitaetsstadt", "city", "town", "gemeente"}
)
"""Words that some people put before a town's name."""

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe"})
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "a", "œ": "o"})
_NOT_A_WORD = re.compile(r"[\W_]+")
_HEAD = re.compile(
    r"^(?P<head>[^\s(].*?)\s+(?:\(|(?:am|an|auf|bei|der|im|in|ob|unter|vor|zu|zur)\s|(?:a|b|i)\.\s?)",
    re.IGNORECASE,
)
_GOOD_ALTERNATE = re.compile(r"[A-ZÄÖÜÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿß\s./()'-]*")
MIN_RIVAL_LETTERS = 5


def fold(text: str) -> str:
    """Answer the text in small letters without accents and punctuation, umlauts spelled out ("koeln").

    ``ß`` becomes ``ss``, "St." becomes "sankt", runs of spaces become one; what has no letter or digit becomes "".
    """
    return _folded(text, spell_out=True)


def fold_plain(text: str) -> str:
    """Answer the same as ``fold`` with umlauts bare ("koln"), as people without the keys write them."""
    return _folded(text, spell_out=False)


def without_little_words(folded: str) -> str:
    """Answer a folded name without the words of ``LITTLE_WORDS``, or itself when it has no other.

    The first word always stays: it is the name, also where it looks like a little word ("Au am Rhein").
    """
    first, *rest = folded.split() or [""]
    return " ".join([first, *(word for word in rest if word not in LITTLE_WORDS)])


def head_of(name: str) -> str | None:
    """Answer what stands before the by-name ("Frankfurt" of "Frankfurt (Oder)"), or None without one."""
    match = _HEAD.match(name)
    return match["head"] if match else None


def is_good_alternate(alternate: str) -> bool:
    """Whether a foreign or short name is written as a name: Latin letters, a capital first ("kwoln" is not)."""
    return bool(_GOOD_ALTERNATE.fullmatch(alternate))


def _folded(text: str, *, spell_out: bool) -> str:
    small = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if not small.isascii():
        if spell_out:
            small = small.translate(_SPELLED_OUT)
        small = small.translate(_STROKES)
        small = "".join(c for c in unicodedata.normalize("NFD", small) if not unicodedata.combining(c))
    words = _NOT_A_WORD.sub(" ", small).split()
    return " ".join("sankt" if word == "st" else word for word in words)
