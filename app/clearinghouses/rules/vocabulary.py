"""The words a clearing house is described with; labels in the languages of the site are in ``labels.py``."""

from __future__ import annotations

import re

CARRIER_KINDS = ("welfare", "municipal", "association", "company")
CHANNELS = ("phone", "visit", "by_appointment")
ACCESSIBILITY = (
    "step_free",
    "lift",
    "accessible_toilet",
    "hearing_loop",
    "parking_disabled",
    "guide_dog",
    "sign_language",
    "easy_language",
)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 64
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e"})


def slug_of(name: str) -> str:
    """Answer a name as a slug: lower case, umlauts written out, hyphens between words, at most 64 characters.

    A name without a single Latin letter or digit becomes "kontaktstelle".
    """
    words = re.findall(r"[a-z0-9]+", name.lower().translate(_FOLDED))
    return "-".join(words)[:LONGEST_SLUG].rstrip("-") or "kontaktstelle"


def phone_uri(phone: str) -> str:
    """Answer a German phone number as written as a ``tel:`` address; empty for no number."""
    digits = re.sub(r"[^0-9+]", "", phone.replace("(0)", "") if phone.startswith("+") else phone)
    if not digits:
        return ""
    if digits.startswith("00"):
        digits = "+" + digits.removeprefix("00")
    elif digits.startswith("0"):
        digits = "+49" + digits.removeprefix("0")
    return f"tel:{digits}"
