"""A batch of payments as the file that a bank takes: pain.001.001.09 of ISO 20022, the same bytes whenever it is made.

``sepaxml`` writes and validates it, and is kept from what it would do by itself: see docs/adr/0023.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element, SubElement

from defusedxml.ElementTree import fromstring
from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError

from app.funding.iban import read_iban
from app.funding.rules.amounts import whole
from app.funding.rules.sepa_text import MOST_CENTS_OF_ONE, check_id, check_purpose, name_for_banks

SCHEMA = "pain.001.001.09"
_NAMESPACE = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


@dataclass(frozen=True, slots=True)
class Order:
    """One payment: to whose account, how much, and by which name banks tell of it."""

    end_to_end_id: str
    holder: str
    iban: str
    cents: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Message:
    """A batch of payments from one account, on one day."""

    message_id: str
    created_at: datetime
    debtor_name: str
    debtor_iban: str
    execution_on: date
    orders: Sequence[Order]


def make_file(message: Message) -> bytes:
    """Answer the file: valid by the schema of ISO 20022, with count and sum of what was asked for.

    Raises:
        ValueError: something that no bank may get; the sentence says what.
    """
    _check(message)
    transfer = _Transfer(message)
    for each in message.orders:
        transfer.add_payment(
            {
                "name": name_for_banks(each.holder),
                "IBAN": read_iban(each.iban).compact,
                "amount": each.cents,
                "execution_date": message.execution_on,
                "description": each.purpose,
                "endtoend_id": each.end_to_end_id,
            }
        )
    try:
        made: bytes = transfer.export()  # a second time it would count everything twice: nobody else has it
    except ValidationError as error:
        raise ValueError(f"{message.message_id}: not valid by {SCHEMA}.") from error
    _check_totals(made, message)
    return made


def _check(message: Message) -> None:
    check_id(message.message_id)
    name_for_banks(message.debtor_name)
    read_iban(message.debtor_iban)
    if not message.orders:
        raise ValueError("A batch without payments.")
    for each in message.orders:
        check_id(each.end_to_end_id)
        name_for_banks(each.holder)
        check_purpose(each.purpose)
        read_iban(each.iban)
        whole(each.cents, "A payment", least=1, most=MOST_CENTS_OF_ONE)
    if len({each.end_to_end_id for each in message.orders}) != len(message.orders):
        raise ValueError("Two payments have the same name.")


class _Transfer(SepaTransfer):  # type: ignore[misc]
    """The library's file, without the clock and the dice that it would take names and moments from."""

    def __init__(self, message: Message) -> None:
        self._message = message
        config = {
            "name": name_for_banks(message.debtor_name),
            "IBAN": read_iban(message.debtor_iban).compact,
            "batch": True,
            "currency": "EUR",
        }
        super().__init__(config, schema=SCHEMA, clean=False)

    def _create_header(self) -> None:
        super()._create_header()
        header = self._xml.find("CstmrCdtTrfInitn/GrpHdr")
        _set(header, "MsgId", self._message.message_id)
        _set(header, "CreDtTm", self._message.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    def _finalize_batch(self) -> None:
        super()._finalize_batch()
        (payments,) = self._xml.findall("CstmrCdtTrfInitn/PmtInf")
        _set(payments, "PmtInfId", self._message.message_id)
        # German banks want it said that the bank is to be found by the IBAN.
        other = SubElement(payments.find("DbtrAgt/FinInstnId"), "Othr")
        SubElement(other, "Id").text = "NOTPROVIDED"


def _set(parent: Element, name: str, text: str) -> None:
    found = parent.find(name)
    if found is None:
        raise ValueError(f"The library writes no {name} any more.")
    found.text = text


def _check_totals(made: bytes, message: Message) -> None:
    """Compare what the file says with what was asked for, read back as a bank would read it."""
    root = fromstring(made)
    total = sum(each.cents for each in message.orders)
    expected = (str(len(message.orders)), f"{total // 100}.{total % 100:02}")
    for place in ("p:CstmrCdtTrfInitn/p:GrpHdr", "p:CstmrCdtTrfInitn/p:PmtInf"):
        said = tuple(root.findtext(f"{place}/p:{name}", "", _NAMESPACE) for name in ("NbOfTxs", "CtrlSum"))
        if said != expected:
            raise ValueError(f"The file says {said}, the batch {expected}.")
