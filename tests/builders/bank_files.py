"""Files as banks write them: pain.002, camt.053 and camt.054, as short as they can be."""

from __future__ import annotations

from collections.abc import Sequence


def status_report(
    reference: str, orders: Sequence[tuple[str, str]] = (), *, group: str = "", reason: str = "AC01"
) -> bytes:
    """Answer a pain.002 about a batch: each order with its status, or one for all."""
    told = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{end_to_end}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for end_to_end, status in orders
    )
    payments = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{reference}</OrgnlPmtInfId>{told}</OrgnlPmtInfAndSts>"
    status = f"<GrpSts>{group}</GrpSts>" if group else ""
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>BANK-1</MsgId></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{reference}</OrgnlMsgId>{status}</OrgnlGrpInfAndSts>"
        f"{payments if orders else ''}</CstmrPmtStsRpt></Document>"
    ).encode()


def statement(account: str, *entries: str, kind: str = "camt.053") -> bytes:
    """Answer a statement or notice with these entries."""
    outer, inner = ("BkToCstmrStmt", "Stmt") if kind == "camt.053" else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{kind}.001.08"><{outer}><{inner}>'
        f"<Acct><Id><IBAN>{account}</IBAN></Id></Acct>{''.join(entries)}</{inner}></{outer}></Document>"
    ).encode()


def booking(
    cents: int,
    *,
    on: str,
    end_to_end: str = "",
    is_debit: bool = True,
    reason: str = "",
    own: str = "",
    batch: str = "",
) -> str:
    """Answer an entry: a debit or a credit, of one order, of a batch that is named, or of nothing but a sum."""
    euros = f'<Amt Ccy="EUR">{cents // 100}.{cents % 100:02}</Amt>'
    way = f"<CdtDbtInd>{'DBIT' if is_debit else 'CRDT'}</CdtDbtInd>"
    back = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    details = ""
    if end_to_end:
        details = f"<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>{euros}{way}{back}</TxDtls>"
    if batch:
        details = f"<Btch><PmtInfId>{batch}</PmtInfId></Btch>"
    return (
        f"<Ntry>{euros}{way}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt></BookgDt>"
        f"<AcctSvcrRef>{own or end_to_end or batch or 'SUM'}</AcctSvcrRef>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )
