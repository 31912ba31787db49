"""Account numbers: an IBAN whose check digits are wrong is refused; a doubtful national one is only a warning."""

from __future__ import annotations

from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

_LONGEST = 50


@dataclass(frozen=True, slots=True)
class ReadIban:
    """An account: its number without and with spaces, its bank (empty when not known), whether it looks doubtful."""

    compact: str
    spaced: str
    bank: str
    is_doubtful: bool


def read_iban(text: str) -> ReadIban:
    """Answer the account that was typed.

    Raises:
        ValueError: it is no IBAN, or its check digits are wrong.
    """
    try:
        iban = IBAN(text[:_LONGEST].strip() if len(text) <= _LONGEST else "")
    except SchwiftyException as error:
        raise ValueError(f"{text[:_LONGEST]!r} is no IBAN.") from error
    try:
        iban.validate(validate_bban=True)
        is_doubtful = False
    except SchwiftyException:  # methods of banks change, and lists lag behind: never a reason to refuse
        is_doubtful = True
    return ReadIban(iban.compact, iban.formatted, iban.bank_name or "", is_doubtful)
