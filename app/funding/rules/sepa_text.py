"""What may stand in a SEPA order: the letters of all banks, names that fit as they are, a purpose that always fits."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 70
LONGEST_PURPOSE = 140
MOST_CENTS_OF_ONE = 99_999_999_999
"""999,999,999.99 euros: the most that one order may move."""
_ALLOWED = re.compile(r"[A-Za-z0-9/?:().,'+ -]*")
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,33}[A-Za-z0-9])?")
_WRITTEN = {
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS",
    "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i",
    "&": "+", "€": "EUR", "@": "(at)", "_": "-", "–": "-", "—": "-", "‑": "-", "’": "'", "‘": "'",
    "“": "'", "”": "'", "„": "'", '"': "'", "`": "'", "´": "'", ";": ",", "!": ".", "*": ".", "…": "...",
}  # fmt: skip


def written_for_banks(text: str) -> str:
    """Answer a text in the letters that every bank of the SEPA area takes: Müller is Mueller. Nothing is left out.

    Raises:
        ValueError: a character for which there is no such way of writing.
    """
    composed = unicodedata.normalize("NFC", text)
    written = " ".join("".join(_one(each) for each in composed).split())
    unknown = sorted({each for each in written if not _ALLOWED.fullmatch(each)})
    if unknown:
        raise ValueError(f"{''.join(unknown)!r} cannot be written in a payment.")
    # No bank takes a slash at either end, nor two after each other.
    return re.sub(r"/{2,}", "/", written).strip("/ ")


def name_for_banks(name: str) -> str:
    """Answer the holder of an account as banks write it; a name is never cut, as the bank compares it.

    Raises:
        ValueError: it is empty, too long, or cannot be written.
    """
    written = written_for_banks(name)
    if not 0 < len(written) <= LONGEST_NAME:
        raise ValueError(f"A name of {len(written)} characters: from 1 to {LONGEST_NAME} are needed.")
    return written


def purpose_of(year: int, number: str) -> str:
    """Answer what stands on the statement of who gets it: nothing of the group, as its name may tell an illness."""
    return f"Selbsthilfefoerderung {year}, Antrag {number}"


def check_purpose(purpose: str) -> None:
    """Do nothing when this can stand in an order as it is.

    Raises:
        ValueError: it would have to be changed or cut.
    """
    if not 0 < len(purpose) <= LONGEST_PURPOSE or written_for_banks(purpose) != purpose:
        raise ValueError(f"{purpose!r} cannot be the purpose of a payment as it is.")


def check_id(text: str) -> None:
    """Do nothing when this can name a message, a batch or an order.

    Raises:
        ValueError: too long, or other characters than letters, digits and hyphens.
    """
    if not _ID.fullmatch(text):
        raise ValueError(f"{text!r} cannot name a payment.")


def _one(character: str) -> str:
    if character in _WRITTEN:
        return _WRITTEN[character]
    if character.isspace():
        return " "
    if character.isascii():
        return character
    bare = unicodedata.normalize("NFKD", character)
    return "".join(_WRITTEN.get(each, each) for each in bare if not unicodedata.combining(each))
