"""What changes the reference geography: the loader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from app.places import reference_files
from app.places.gazetteer import forget_gazetteer
from app.places.models import District, Postcode, State, Town
from app.places.school_holidays import load_school_holidays

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LoadCount:
    """How many rows the files hold, and how many of them the load changed (added, altered or removed)."""

    states: int
    districts: int
    postcodes: int
    towns: int
    school_holidays: int
    changed: int


def load_reference_geography(session: Session, *, folder: Path = reference_files.DATA_FOLDER) -> LoadCount:
    """Afterwards the tables say what the files say; running it again changes nothing.

    A Land, district or postcode that has left the files stays, since others may point at it; a town goes.
    School holidays that the operator has loaded stay.
    """
    states = reference_files.read_states(folder)
    districts = reference_files.read_districts(folder)
    postcodes = reference_files.read_postcodes(folder)
    towns = reference_files.read_towns(folder, states=states, districts=districts, postcodes=postcodes)
    changed = (
        _store_keyed(session, State, "ags", states)
        + _store_keyed(session, District, "ags", districts)
        + _store_keyed(session, Postcode, "postcode", postcodes)
        + _store_towns(session, towns)
    )
    if changed:
        session.expire_all()
        forget_gazetteer()
    holidays = load_school_holidays(session, folder=folder)
    return LoadCount(
        len(states), len(districts), len(postcodes), len(towns), holidays.count, changed + holidays.changed
    )


def _stored(session: Session, model: type[State | District | Postcode | Town]) -> list[_Row]:
    return [dict(row) for row in session.execute(select(*model.__table__.columns)).mappings()]


def _store_keyed(
    session: Session, model: type[State | District | Postcode], key: str, rows: list[_Row]
) -> int:
    """Afterwards each row is stored under its key; answers how many were added or altered."""
    before = {row[key]: row for row in _stored(session, model)}
    added = [row for row in rows if row[key] not in before]
    altered = [row for row in rows if row[key] in before and before[row[key]] != row]
    if added:
        session.execute(insert(model), added)
    if altered:
        session.execute(update(model), altered)
    return len(added) + len(altered)


def _store_towns(session: Session, rows: list[_Row]) -> int:
    """Afterwards exactly these towns are stored; one is the same as before if name and position are.

    Labels must be unique at every moment, so those that change make room before they are set.
    """
    before = {_identity(row): row for row in _stored(session, Town)}
    next_id = max((row["id"] for row in before.values()), default=0) + 1
    gone = before.keys() - {_identity(row) for row in rows}
    added, altered = [], []
    for row in rows:
        known = before.get(_identity(row))
        if known is None:
            added.append({"id": next_id, **row})
            next_id += 1
        elif known != {"id": known["id"], **row}:
            altered.append({"id": known["id"], **row})
    if gone:
        session.execute(delete(Town).where(Town.id.in_([before[each]["id"] for each in gone])))
    if altered:
        session.execute(update(Town), [{"id": row["id"], "label": f"#{row['id']}"} for row in altered])
        session.execute(update(Town), altered)
    if added:
        session.execute(insert(Town), added)
    return len(gone) + len(added) + len(altered)


def _identity(town: _Row) -> tuple[str, float, float]:
    return town["name"], town["latitude"], town["longitude"]
