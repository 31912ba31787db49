"""One person, one address: how an e-mail address is compared."""

from __future__ import annotations

import re
import unicodedata

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
DEMO_HOST = "demo.invalid"
"""Where the accounts of a demonstration have their addresses (RFC 2606: there is no such host)."""
MAX_LENGTH = 254
"""Characters; RFC 5321, 4.5.3.1.3, as erratum 1690 to RFC 3696 reads it."""


def fold_address(text: str) -> str:
    """Answer the form in which an address is stored and looked for: composed, case folded, no space around it."""
    folded = unicodedata.normalize("NFC", text.strip()).casefold()
    return unicodedata.normalize("NFC", folded)


def is_address(text: str) -> bool:
    """Whether a text has the shape of an address; only a mail that arrives shows more."""
    return len(text) <= MAX_LENGTH and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def is_demo_address(address: str) -> bool:
    """Whether a folded address is one of a demonstration, whose password everybody may know."""
    return address.endswith(f"@{DEMO_HOST}")
