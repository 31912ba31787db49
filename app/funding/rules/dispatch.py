"""What became of a notice: mailed, posted, come back, read; from when it counts as sent, and where it is sent to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MAILED, POSTED, RETURNED, OPENED = "mailed", "posted", "returned", "opened"
ACTS = (MAILED, POSTED, RETURNED, OPENED)
MOST_LINES, LONGEST_LINE = 4, 48
"""An address below the name: what the window of an envelope shows of it."""
_FIRST_ODD = 0x250
"""From here on there are no Latin letters any more."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A letter on paper: in the post since a day, and come back or not; ``address`` if the kept file has another."""

    day: date
    returned_on: date | None = None
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """From when a notice counts as sent; ``is_read`` where no mail arrived and it was retrieved all the same."""

    on: date
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What became of a notice; ``is_back``: it was mailed, and every mail came back or was given up."""

    mailed_on: date | None = None
    opened_on: date | None = None
    postings: tuple[Posting, ...] = ()
    is_back: bool = False

    @property
    def is_out(self) -> bool:
        """Whether it has left the house: whoever it is for can read it."""
        return self.mailed_on is not None or bool(self.postings)

    @property
    def returned_on(self) -> date | None:
        """When the letter came back that was posted last; None while it has not."""
        return self.postings[-1].returned_on if self.postings else None

    @property
    def sent(self) -> Sent | None:
        """From when it counts as sent: the first mail or letter that did not come back; None while there is none.

        A mail that nobody got counts from the day on which the notice was retrieved.

        Source: § 37 (2) and (2a) SGB X.
        """
        ways = [Sent(each.day) for each in self.postings if each.returned_on is None]
        if self.mailed_on is not None and not self.is_back:
            ways.append(Sent(self.mailed_on))
        elif self.is_back and self.opened_on is not None:
            ways.append(Sent(self.opened_on, is_read=True))
        return min(ways, key=lambda each: each.on, default=None)

    @property
    def sent_on(self) -> date | None:
        """The day from which it counts as sent."""
        return self.sent.on if self.sent else None


def address_lines(text: str) -> tuple[str, ...]:
    """Answer the lines of an address below the name; none where nothing was typed.

    Raises:
        ValueError: it is no address as it stands on an envelope.
    """
    lines = tuple(line for typed in text.splitlines() if (line := " ".join(typed.split())))
    if not lines:
        return ()
    if not 2 <= len(lines) <= MOST_LINES or max(map(len, lines)) > LONGEST_LINE:
        raise ValueError("lines", "")
    if odd := [sign for sign in "".join(lines) if not (sign.isprintable() and ord(sign) < _FIRST_ODD)]:
        raise ValueError("signs", "".join(odd))
    postcode = lines[-1][:5]
    if not (postcode.isascii() and postcode.isdigit() and lines[-1][5:6] == " "):
        raise ValueError("postcode", "")
    return lines


def readdressed(to: Sequence[str], address: Sequence[str], attention: str) -> list[str]:
    """Answer the lines of a window with another address below the name; ``attention`` begins the line of a person."""
    if not address:
        return list(to)
    return [*to[:1], *(line for line in to[1:2] if line.startswith(attention)), *address]
