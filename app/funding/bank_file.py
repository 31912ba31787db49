"""What a bank's file says about payments: status reports (pain.002), statements and notices (camt.053, camt.054).

Whatever the version of the schema: names are read without their namespace. Nothing is loaded from outside, and a file
with entities of its own is refused.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

EXECUTED, RETURNED, REFUSED, PENDING = "executed", "returned", "refused", "pending"
_STATUS = {
    "RJCT": REFUSED, "CANC": REFUSED, "ACSC": EXECUTED, "ACCC": EXECUTED,
    "RCVD": PENDING, "ACTC": PENDING, "ACCP": PENDING, "ACSP": PENDING, "ACWC": PENDING, "PDNG": PENDING,
}  # fmt: skip
_AMOUNT = re.compile(r"(\d{1,15})(?:\.(\d{1,2}))?")
_NOTHING = {"", "NOTPROVIDED"}


@dataclass(frozen=True, slots=True)
class BankSays:
    """One line. Without ``end_to_end_id`` it is about a whole batch: ``reference`` is its number, if the bank says it.

    ``mark`` is the same whenever the same line is read. ``cents`` is None where none are said, or not in euros.
    """

    mark: str
    kind: str
    cents: int | None
    booked_on: date | None
    end_to_end_id: str | None
    reference: str | None
    account: str | None
    bank_reason: str | None


def read_bank_file(content: bytes) -> list[BankSays]:
    """Answer what the file says about payments that left an account, or came back to it.

    Raises:
        ValueError: it is no file of these kinds.
    """
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ValueError("This is no XML that can be read.") from error
    for each in root.iter():
        each.tag = str(each.tag).rpartition("}")[2]
    report = next(iter(root), None)
    kind = report.tag if report is not None else ""
    if root.tag != "Document" or report is None or kind not in _READERS:
        raise ValueError("This is none of pain.002, camt.053 and camt.054.")
    return list(_READERS[kind](report))


def _status_report(report: Element) -> Iterator[BankSays]:
    message = _text(report, "GrpHdr/MsgId") or ""
    group = report.find("OrgnlGrpInfAndSts")
    original = _text(group, "OrgnlMsgId")
    said = 0
    for payments in report.findall("OrgnlPmtInfAndSts"):
        reference = _text(payments, "OrgnlPmtInfId") or original
        orders = payments.findall("TxInfAndSts")
        for each in orders:
            said += 1
            status = _text(each, "TxSts") or _text(payments, "PmtInfSts") or _text(group, "GrpSts")
            yield from _of_status(each, status, message, reference, _text(each, "OrgnlEndToEndId"))
        if not orders and _text(payments, "PmtInfSts"):
            said += 1
            yield from _of_status(payments, _text(payments, "PmtInfSts"), message, reference, None)
    if not said and group is not None:
        yield from _of_status(group, _text(group, "GrpSts"), message, original, None)


def _of_status(
    element: Element, status: str | None, message: str, reference: str | None, end_to_end: str | None
) -> Iterator[BankSays]:
    kind = _STATUS.get(status or "")
    if kind is None:
        return
    reason = _text(element, "StsRsnInf/Rsn/Cd") or _text(element, "StsRsnInf/Rsn/Prtry")
    cents = _cents(element.find("OrgnlTxRef/Amt/InstdAmt"))
    mark = _mark("pain.002", message, reference, end_to_end, status, reason)
    yield BankSays(mark, kind, cents, None, _or_none(end_to_end), reference, None, reason)


def _statements(report: Element) -> Iterator[BankSays]:
    seen: Counter[str] = Counter()
    for statement in [*report.findall("Stmt"), *report.findall("Ntfctn")]:
        account = _text(statement, "Acct/Id/IBAN")
        for entry in statement.findall("Ntry"):
            status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
            if status not in (None, "BOOK"):
                continue
            for says in _of_entry(entry, account):
                # Lines that nothing tells apart are told apart by their place in the file.
                seen[says.mark] += 1
                number = seen[says.mark]
                yield says if number == 1 else replace(says, mark=_mark(says.mark, number))


def _of_entry(entry: Element, account: str | None) -> Iterator[BankSays]:
    booked = _text(entry, "BookgDt/Dt") or (_text(entry, "BookgDt/DtTm") or "")[:10]
    details = [each for group in entry.findall("NtryDtls") for each in group.findall("TxDtls")]
    for each in details or [entry]:
        is_debit = (_text(each, "CdtDbtInd") or _text(entry, "CdtDbtInd")) == "DBIT"
        reason = _text(each, "RtrInf/Rsn/Cd") or _text(each, "RtrInf/Rsn/Prtry")
        end_to_end = _or_none(_text(each, "Refs/EndToEndId"))
        is_return = not is_debit and (each.find("RtrInf") is not None or end_to_end is not None)
        if not is_debit and not is_return:
            continue  # money that came for other reasons
        amount = _first(each, "Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
        if amount is None and len(details) == 1:
            amount = entry.find("Amt")
        reference = _or_none(
            _text(each, "Refs/PmtInfId")
            or _text(entry, "NtryDtls/Btch/PmtInfId")
            or _text(each, "Refs/MsgId")
            or _text(entry, "NtryDtls/Btch/MsgId")
        )
        own = _text(each, "Refs/AcctSvcrRef") or _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
        cents = _cents(amount)
        mark = _mark("camt", account, own, end_to_end, reference, is_debit, cents, booked)
        kind = EXECUTED if is_debit else RETURNED
        yield BankSays(mark, kind, cents, _day(booked), end_to_end, reference, account, reason)


def _mark(*parts: object) -> str:
    text = "\x1f".join("" if each is None else str(each) for each in parts)
    return hashlib.sha256(text.encode()).hexdigest()


def _text(element: Element | None, path: str) -> str | None:
    found = element.findtext(path) if element is not None else None
    return found.strip() if found and found.strip() else None


def _first(element: Element, *paths: str) -> Element | None:
    return next((found for path in paths if (found := element.find(path)) is not None), None)


def _or_none(text: str | None) -> str | None:
    return None if text is None or text in _NOTHING else text[:100]


def _cents(amount: Element | None) -> int | None:
    found = _AMOUNT.fullmatch((amount.text or "").strip()) if amount is not None else None
    if amount is None or found is None or amount.get("Ccy") != "EUR":
        return None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_READERS = {
    "CstmrPmtStsRpt": _status_report,
    "BkToCstmrStmt": _statements,
    "BkToCstmrDbtCdtNtfctn": _statements,
}
