"""The notice about a project: made once it is decided, with what each insurer has decided as its reasons."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.clearinghouses.models import Branch, ClearingHouse
from app.funding.models import DirectNotice
from app.funding.queries.direct_notices import DirectLine, list_notices_under
from app.funding.queries.notices import office_of
from app.funding.queries.projects import Project, ShareOf, read_project
from app.funding.reference_files import direct_notice_texts, notice_texts
from app.funding.rules import project as rules
from app.funding.rules.direct_letter import PROJECT
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.notice_letter import Office
from app.funding.rules.notices import APPROVAL, REJECTION
from app.funding.rules.notices import PART as PART_KIND
from app.funding.rules.project_proof import project_proof_due
from app.funding.services.direct_notices import Decision, tell_decision
from app.groups.models import Group
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_KINDS = {rules.APPROVED: APPROVAL, rules.PART: PART_KIND, rules.REJECTED: REJECTION}


def notice_of_project(session: Session, project_id: int) -> DirectLine | None:
    """Answer the notice about a project; None until it is made."""
    return list_notices_under(session, [_key(project_id)]).get(_key(project_id))


def tell_project(session: Session, project_id: int, *, now: datetime) -> DirectNotice | None:
    """Answer the notice about a decided project, made and mailed; made before, as it is.

    None while it is not decided, or nobody has said who issues the notices of the region.

    Raises:
        NotPrintable: no font has one of the characters in it; then it is tried again when somebody asks.
    """
    found = read_project(session, project_id)
    office = office_of(session, found.region.id) if found is not None else None
    if found is None or office is None or found.project.state != rules.DECIDED:
        return None
    frame = found.values(rules.FRAME) or {}
    ends_on = date.fromisoformat(frame["ends"])
    decision = Decision(
        key=_key(project_id),
        kind=_KINDS[found.outcome],
        subject=PROJECT,
        payee=a_group(found.group.id),
        to=_window(session, found),
        number=f"{found.project.number}-B",
        request_number=found.project.number or "",
        year=found.project.year or ends_on.year,
        requested_cents=found.plan.asked_cents,
        cents=found.granted_cents,
        reasons=_reasons(found),
        state_ags=found.region.state_ags,
        begins_on=date.fromisoformat(frame["begins"]),
        ends_on=ends_on,
        proof_due=project_proof_due(ends_on),
        about=found.title,
    )
    written = Office(**{name: getattr(office, name) for name in Office.__slots__})
    return tell_decision(session, decision, written, now=now)


def _key(project_id: int) -> str:
    return f"project/{project_id}"


def _reasons(found: Project) -> list[str]:
    with speaking(DEFAULT_LANGUAGE):
        return [_reason(each) for each in found.shares]


def _reason(share: ShareOf) -> str:
    """Answer in German what one insurer gives, and why not more."""
    facts = {
        "insurer": share.insurer.name,
        "asked": euro_words(share.row.asked_cents),
        "cents": euro_words(share.row.cents or 0),
    }
    said = direct_notice_texts()["shares"]
    text = str(said["pool" if share.row.is_pool else "own"][share.row.verdict]).format_map(facts)
    return f"{text} {share.row.reason}".strip()


def _window(session: Session, found: Project) -> list[str]:
    """Answer to whom it is sent: the group, who signed first, and the house that passes it on."""
    names = [each.name for each in found.signatures] or (found.values(rules.PEOPLE) or {}).get("names", [])
    words = notice_texts()["facts"]
    lines = [found.group.name, *(words["attention"].format(name=name) for name in names[:1])]
    row = session.execute(
        sa.select(ClearingHouse.name, Branch.street, Branch.postcode, Branch.town)
        .join(Group, Group.clearinghouse_id == ClearingHouse.id)
        .join(Branch, sa.and_(Branch.clearinghouse_id == ClearingHouse.id, Branch.is_main))
        .where(Group.id == found.group.id)
    ).first()
    if row is not None:
        lines += [words["care_of"].format(house=row.name), row.street, f"{row.postcode} {row.town}"]
    return lines
