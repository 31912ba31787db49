"""Interest in a group that does not exist yet: what anybody may know of it, and when there is enough to begin.

To the public a number is a floor, of one topic in one district, never of a circle, a Land or several topics together:
each entry counts in exactly one district, so no two questions can be subtracted from each other. That somebody came or
went shows only when a floor is crossed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

FLOORS = (5, 10, 20, 50, 100, 200, 500, 1_000)
"""What may be said: "at least 5", "at least 10", … and never anything between or below."""
ENOUGH = 6
"""With so many people a clearing house calls a founding meeting, unless the operator says otherwise."""
RENEWAL_NOTICE = timedelta(days=30)
"""How long before its end somebody is asked whether their interest still holds."""
UNCONFIRMED = timedelta(days=7)
"""How long an address may wait to be confirmed."""
_PHONE = re.compile(r"\+?[0-9(][0-9 ()/.\-]{3,30}")


def shown_floor(confirmed: int) -> int | None:
    """Answer the number that may be shown for so many confirmed addresses; None when nothing may be said."""
    return max((floor for floor in FLOORS if floor <= confirmed), default=None)


def enough_since(moments: Iterable[datetime], *, enough: int = ENOUGH) -> datetime | None:
    """Answer since when there are enough, of those who are there now; None when there are not.

    Args:
        moments: since when each of them counts.
        enough: how many are enough, at least one.
    """
    ordered = sorted(moments)
    return ordered[enough - 1] if len(ordered) >= enough else None


def is_up_for_renewal(expires_at: datetime, *, now: datetime) -> bool:
    """Whether somebody is to be asked now whether their interest still holds."""
    return now < expires_at <= now + RENEWAL_NOTICE


def fold_phone(text: str) -> str | None:
    """Answer the digits of a telephone number, so that two ways to write it are equal; None when it is none."""
    text = text.strip()
    if not _PHONE.fullmatch(text):
        return None
    digits = re.sub(r"[^0-9+]", "", text.replace("(0)", ""))
    for abroad in ("+49", "0049"):
        if digits.startswith(abroad):
            digits = "0" + digits.removeprefix(abroad).lstrip("0")
    return digits if 5 <= len(digits.lstrip("+")) <= 15 else None
