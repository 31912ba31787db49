"""A list of requests is taken over from a file: all of it, or nothing and what is wrong in which cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import GrantRequest
from app.funding.queries.requests import NamedGroup, groups_of_region, list_requests
from app.funding.queries.standings import standings_in
from app.funding.rules.deadlines import Arrival
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.request_file import IN_FUTURE, IS_WITHDRAWN, UNKNOWN_GROUP, Fault, FileLine
from app.funding.services.rounds import hold_round
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Imported:
    """How many requests were entered, changed, and were the same already; or why none was."""

    entered: int = 0
    changed: int = 0
    same: int = 0
    faults: tuple[Fault, ...] = ()


def import_requests(session: Session, round_id: int, lines: Sequence[FileLine], *, now: datetime) -> Imported:
    """Afterwards every line is the request of its group, if there is no fault; groups without a line stay as they are.

    A request that came late and has an extension keeps it; one on paper keeps its postmark.
    """
    found = hold_round(session, round_id)
    rows = {line.group.slug: line.request for line in list_requests(session, round_id)}
    groups = {each.slug: each for each in groups_of_region(session, found.region_id, now=now)}
    faults = tuple(_faults(lines, rows, groups, now))
    if faults:
        return Imported(faults=faults)
    standings = standings_in(session, found)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for line in lines:
        row = rows.get(line.group)
        group_id = groups[line.group].id if row is None else row.group_id
        told = _values(line, {} if row is None else row.supplements)
        told["standing"] = standings.of(
            group_id,
            Arrival(line.received_on, None if row is None else row.posted_on),
            is_new=line.is_new,
            is_excused=row is not None and standings.is_excused(row),
        )
        if row is None:
            new.append(told | {"round_id": round_id, "group_id": group_id, "version": 1, "updated_at": now})
        elif any(getattr(row, name) != value for name, value in told.items()):
            changed.append(told | {"id": row.id, "version": row.version + 1, "updated_at": now})
    if new:
        session.execute(sa.insert(GrantRequest), new)
    if changed:
        session.execute(sa.update(GrantRequest), changed)
    if new or changed:
        note(
            session,
            "grant_round.imported",
            now=now,
            record_id=round_id,
            entered=len(new),
            changed=len(changed),
        )
    return Imported(len(new), len(changed), len(lines) - len(new) - len(changed))


def _faults(
    lines: Sequence[FileLine],
    rows: Mapping[str, GrantRequest],
    groups: Mapping[str, NamedGroup],
    now: datetime,
) -> list[Fault]:
    faults = []
    for line in lines:
        row = rows.get(line.group)
        if row is None and line.group not in groups:
            faults.append(Fault(line.row, 0, UNKNOWN_GROUP, line.group))
        elif row is not None and row.standing == WITHDRAWN:
            faults.append(Fault(line.row, 0, IS_WITHDRAWN, line.group))
        if line.received_on > now.date():
            faults.append(Fault(line.row, 7, IN_FUTURE, line.received_on.isoformat()))
    return faults


def _values(line: FileLine, supplements: Mapping[str, int]) -> dict[str, Any]:
    """Answer what a line says of a request; a file without supplements leaves these as they are."""
    return {
        "supplements": supplements if line.supplements is None else line.supplements,
        "requested_cents": line.requested_cents,
        "members": line.members,
        "received_on": line.received_on,
        "expenses_cents": line.expenses_cents,
        "own_cents": line.own_cents,
        "others_cents": line.others_cents,
        "is_new": line.is_new,
    }
