"""Marks in every column that may hide something, and a look for them in whatever leaves the application.

Each value is a word, address or number that stands nowhere else, so a mark that is found says which column of which
group it came from. Who may read it follows from ``SECRETS`` and from how the group agreed to be shown.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.models import Closure, Group, MeetingChange, MeetingPlace, MeetingSeries
from app.groups.rules.life import DECLINED, LISTED, STATES, SUBMITTED
from app.groups.rules.listing import EXACT
from app.shared.extensions import db
from tests.support.not_planted import NOT_OF_GROUPS, NOT_PLANTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

EVERYBODY, CONTACT, HOUSE, ADMIN = "everybody", "contact", "house", "admin"
"""Who may read something: anybody, the group's own contacts, the staff of its house, administrators."""
MONEY = "money"
"""Who divides the money that a group has asked for, or watches that it is done well."""
ASKED = "asked"
"""Whom a group asks for money for a project."""
INVITED, SEEKER = "invited", "seeker"
"""Who gets mails only: the invited, and those who have written."""

OWN = {CONTACT, HOUSE}
LISTING = {*OWN, "listed"}
"""What a listing says: for everybody while the group is listed."""
NAME = {*LISTING, ADMIN, MONEY, ASKED, INVITED, "former"}
"""That there is, or was, such a group: also for everybody who asks for the page of one that was listed."""
WHERE = {*OWN, "exact"}
"""What would lead to the place: for everybody who finds a group that agreed to be found there."""
ACCOUNT = {*OWN, ADMIN}
NOBODY: set[str] = set()

FORMER = {*STATES} - {LISTED, SUBMITTED, DECLINED}
"""States of a group that was listed: its page says what has become of it."""

SECRETS: dict[str, dict[str, set[str]]] = {
    "group": {
        "slug": NAME,
        "name": NAME,
        "description": LISTING,
        "first_visit": LISTING,
        "website": LISTING,
        "contact_name": OWN,
        "contact_phone": OWN,
        "contact_email": OWN,
        "internal_note": {HOUSE},
    },
    "meeting_place": {
        "name": WHERE,
        "street": WHERE,
        "postcode": WHERE,
        "town": WHERE,
        "latitude": WHERE,
        "longitude": WHERE,
    },
    "meeting_series": {"where_note": WHERE, "online_link": OWN},
    "meeting_change": {"reason": LISTING},
    "meeting_attendance": {"count": OWN},
    "meeting_watch": {"email": NOBODY},
    "closure": {"reason": WHERE},
    "listing_version": {"content": OWN, "remarks": OWN, "reason": OWN},
    "conversation": {
        "seeker_email": NOBODY,
        "seeker_token": {SEEKER},
        "contact_email": {CONTACT},
        "contact_token": {CONTACT},
    },
    "house_message": {"name": {HOUSE}, "email": {HOUSE}, "phone": {HOUSE}, "token": {SEEKER}},
    "house_message_text": {"text": {HOUSE, SEEKER}},
    "interest": {"place": {HOUSE, INVITED}, "email": {HOUSE}, "phone": {HOUSE}, "name": {HOUSE}},
    "founding": {
        "meeting_place": {HOUSE, INVITED},
        "moderator": {HOUSE, INVITED},
        "end_reason": {HOUSE},
    },
    "founding_step": {"who": {HOUSE}},
    "registration_draft": {"data": NOBODY},
    "room_request": {"message": OWN, "reason": OWN},
    "room_booking": {"title": OWN, "cancel_reason": OWN},
    "grant_application": {"answers": {*OWN, MONEY}, "copy": OWN},
    "application_signature": {"name": {*OWN, MONEY, ASKED}, "email": OWN},
    "application_paper": {"name": {*OWN, MONEY, ASKED}},
    "application_check": {"words": {HOUSE, MONEY}},
    "change_request": {"words": {*OWN, MONEY}, "answer": {*OWN, MONEY}},
    "change_extension": {"words": {*OWN, MONEY}},
    "deadline_extension": {"words": {*OWN, MONEY}},
    "project_request": {"answers": {*OWN, ASKED}, "copy": OWN},
    "project_share": {"reason": {*OWN, ASKED}},
    "project_act": {"text": {*OWN, ASKED}, "answers": {*OWN, ASKED}},
    "project_proof": {"answers": {*OWN, ASKED}},
    "payment": {"holder": {*OWN, MONEY}},
    "payee_account": {"holder": {*OWN, MONEY}},
    "use_proof": {"answers": {*OWN, MONEY}},
    "use_proof_item": {"what": {*OWN, MONEY}, "reason": {*OWN, MONEY}},
    "use_proof_receipt": {"name": {*OWN, MONEY, ASKED}},
    "use_proof_act": {"text": {*OWN, MONEY}},
    "user": {"name": {*ACCOUNT, INVITED}, "email": ACCOUNT},
    "address_change": {"new_email": {CONTACT}},
    "invitation": {"email": ACCOUNT},
}
"""Table → column → who may read what stands there; the group's state and disclosure decide the rest."""
OF_HOUSES = {"house_message", "house_message_text", "interest", "founding", "founding_step"}
"""Tables that are not of a group but of a house: it is named by its number below zero."""

_HOLDS_WORDS = (sa.String, sa.JSON, sa.Float, sa.LargeBinary)


def columns_without_a_word() -> list[str]:
    """Answer the columns of text, documents or coordinates about which nothing is said above."""
    named = {table for tables in NOT_OF_GROUPS for table in tables.split()}
    found = []
    for table in db.metadata.sorted_tables:
        spared = {name for names in NOT_PLANTED.get(table.name, {}) for name in names.split()}
        known = SECRETS.get(table.name, {}).keys() | spared
        if table.name not in named:
            found += [
                f"{table.name}.{column.name}"
                for column in table.columns
                if isinstance(column.type, _HOLDS_WORDS) and column.name not in known
            ]
    return found


@dataclass(frozen=True, slots=True)
class Secret:
    """What stands in a column of some groups, by id (or houses, by theirs below zero), and who may read it."""

    table: str
    column: str
    groups: frozenset[int]
    readers: frozenset[str]

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of {', '.join(map(str, sorted(self.groups)))}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks: what they are for each group, by its id. Nothing at all is a visitor or a stranger."""

    name: str
    is_for: Mapping[int, set[str]] = field(default_factory=dict)

    def may_read(self, secret: Secret) -> bool:
        """Whether this may be seen by them."""
        mine = {kind for group_id in secret.groups for kind in self.is_for.get(group_id, ())}
        return bool(secret.readers & (mine | {EVERYBODY}))


class Planted:
    """Every mark that stands in the database, after all text of the groups there was replaced by marks."""

    def __init__(self, session: Session) -> None:
        self.secrets: dict[str, Secret] = {}
        self.points: list[tuple[float, float, Secret]] = []
        self.groups = {group.id: group for group in session.scalars(sa.select(Group))}
        for name, columns in SECRETS.items():
            table = db.metadata.tables[name]
            owners = _owners(session, table)
            assert owners, f"No row of {name} is of a group: plant one in tests/support/furnished.py."
            for key, group_ids in owners.items():
                self._plant(session, table, key, group_ids, columns)
        session.commit()
        session.expire_all()

    def _plant(
        self,
        session: Session,
        table: sa.Table,
        key: tuple[Any, ...],
        group_ids: set[int],
        columns: Mapping[str, set[str]],
    ) -> None:
        is_row = sa.and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))
        row = session.execute(sa.select(table).where(is_row)).one()._mapping
        values = {}
        for name, declared in columns.items():
            # Why a group rests is its own word for everybody; why a place is closed may tell the place. A link may be
            # meant for everybody.
            is_said = (
                row.get("group_id")
                if table.name == "closure"
                else name == "online_link" and row["shows_link"]
            )
            readers = LISTING if is_said else declared
            secret = Secret(table.name, name, frozenset(group_ids), self._readers(readers, group_ids))
            if name == "latitude":
                self.points.append((row["latitude"], row["longitude"], secret))
            elif name == "content":
                values[name] = self._plant_content(row[name], secret)
            elif name != "longitude" and row[name] is not None:
                mark, values[name] = _mark(name, len(self.secrets))
                self.secrets[mark] = secret
        if values:
            session.execute(sa.update(table).where(is_row).values(values))

    def _plant_content(self, content: dict[str, Any], secret: Secret) -> dict[str, Any]:
        """Answer a listing, as a version holds it, with a mark in place of every text."""
        planted = dict(content)
        for name in SECRETS["group"].keys() & content.keys():
            mark, value = _mark(name, len(self.secrets))
            self.secrets[mark] = secret
            planted[name] = {**content[name], "value": value} if isinstance(content[name], dict) else value
        if content["place"]:
            planted["place"] = dict(content["place"])
            for name in ("name", "street", "postcode", "town"):
                mark, planted["place"][name] = _mark(name, len(self.secrets))
                self.secrets[mark] = secret
        return planted

    def _readers(self, declared: set[str], group_ids: set[int]) -> frozenset[str]:
        groups = [self.groups[group_id] for group_id in group_ids if group_id > 0]
        is_listed = any(group.state == LISTED for group in groups)
        is_exact = any(group.state == LISTED and group.disclosure == EXACT for group in groups)
        was_listed = any(group.state in FORMER for group in groups)
        holds = {"listed": is_listed, "exact": is_exact, "former": was_listed}
        is_shown = any(holds[word] for word in declared & holds.keys())
        return frozenset((declared - holds.keys()) | ({EVERYBODY} if is_shown else set()))

    def found_in(self, text: str) -> set[Secret]:
        """Answer what a text tells, whatever its writing; ``text`` as from ``support.reading``."""
        small = text.lower()
        marks = set(re.findall(r"zq[a-z]{8}z", small))
        numbers = re.sub(r"(?<=\d)(?:[ /()\-–.\u00a0\u2011\u202f]|%20)+(?=\d)", "", small)
        marks |= set(re.findall(r"7390\d{4}", numbers))
        marks |= set(re.findall(r"(?<![\w.,:#/-])9\d\d(?![\w.,:%/-])", small))
        marks |= set(re.findall(r"(?<!\w)00\d{3}(?!\d)", small))
        found = {self.secrets[mark] for mark in marks if mark in self.secrets}
        decimals = [float(one.replace(",", ".")) for one in re.findall(r"(?<![\d.])\d{1,2}[.,]\d{3,}", small)]
        for one, other in pairwise(decimals):
            for latitude, longitude, secret in self.points:
                if _is_near((one, other), (latitude, longitude)) or _is_near(
                    (other, one), (latitude, longitude)
                ):
                    found.add(secret)
        return found

    def marks_of(self, table: str, column: str, group_id: int) -> set[str]:
        """Answer the marks in a column of one group."""
        wanted = (table, column, {group_id})
        return {
            mark for mark, each in self.secrets.items() if (each.table, each.column, each.groups) == wanted
        }


def _is_near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < 0.0006 and abs(one[1] - other[1]) < 0.0006


def _mark(column: str, number: int) -> tuple[str, Any]:
    """Answer what is looked for, and the value that stands in the column."""
    digest = hashlib.sha256(str(number).encode()).digest()
    word = "zq" + "".join(chr(ord("a") + byte % 26) for byte in digest[:8]) + "z"
    if column == "postcode":
        return f"{number:05}", f"{number:05}"
    if column == "count":
        return str(900 + number % 100), 900 + number % 100
    if column in {"contact_phone", "phone"}:
        return f"7390{number:04}", f"0221 7390 {number:04}"
    if column in {"online_link", "website"}:
        return word, f"https://{word}.example/raum"
    if column in {"data", "remarks", "answers"}:
        return word, {"name": word}
    if column.endswith("email"):
        return word, f"{word}@example.org"
    return word, word if column in {"slug", "token"} or column.endswith("_token") else word.capitalize()


def _owners(session: Session, table: sa.Table) -> dict[tuple[Any, ...], set[int]]:
    """Answer the rows of a table that are of a group, by key, with the ids of the groups."""
    owners: defaultdict[tuple[Any, ...], set[int]] = defaultdict(set)
    for *key, group_id in session.execute(_rows_of_groups(table)):
        if group_id is not None:
            owners[tuple(key)].add(group_id)
    return owners


def _rows_of_groups(table: sa.Table) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Select key and group of the rows: by the group itself, its series, its place, or the account of its contact."""
    key, columns, tables = [*table.primary_key], table.columns, db.metadata.tables
    if table.name == "group":
        return sa.select(*key, Group.id)
    if table.name in OF_HOUSES:
        return _rows_of_houses(table)
    if table.name == "meeting_place":
        return _places()
    if table.name == "closure":
        places = _places().subquery()
        of_place = sa.select(*key, places.c.group_id).join(places, places.c.place_id == Closure.place_id)
        return sa.union_all(sa.select(*key, Closure.group_id), of_place)
    if "group_id" in columns:
        return sa.select(*key, columns.group_id)
    if "series_id" in columns:
        series = tables["meeting_series"]
        return sa.select(*key, series.c.group_id).join(series, series.c.id == columns.series_id)
    grants = tables["role_grant"]
    account = columns.id if table.name == "user" else columns.user_id
    return sa.select(*key, grants.c.group_id).join(grants, grants.c.user_id == account)


def _rows_of_houses(table: sa.Table) -> sa.Select[Any]:
    """Select key and house, below zero, of the rows: by itself, what they are part of, or the district."""
    key, columns, tables = [*table.primary_key], table.columns, db.metadata.tables
    if "district_ags" in columns and "clearinghouse_id" not in columns:
        there = tables["clearinghouse_catchment"]
        return sa.select(*key, -there.c.clearinghouse_id).join(
            there, there.c.district_ags == columns.district_ags
        )
    if "founding_id" in columns or "message_id" in columns:
        whole = tables["founding" if "founding_id" in columns else "house_message"]
        part = columns.founding_id if "founding_id" in columns else columns.message_id
        return sa.select(*key, -whole.c.clearinghouse_id).join(whole, whole.c.id == part)
    return sa.select(*key, -columns.clearinghouse_id)


def _places() -> sa.CompoundSelect[Any]:
    moved = sa.select(MeetingChange.place_id, MeetingSeries.group_id).join(
        MeetingSeries, MeetingSeries.id == MeetingChange.series_id
    )
    return sa.union_all(
        sa.select(MeetingPlace.id.label("place_id"), Group.id.label("group_id")).join(
            Group, Group.place_id == MeetingPlace.id
        ),
        sa.select(MeetingSeries.place_id, MeetingSeries.group_id).where(MeetingSeries.place_id.is_not(None)),
        moved.where(MeetingChange.place_id.is_not(None)),
    )


def in_words(asked: str, who: Reader, secrets: Iterable[Secret]) -> list[str]:
    """Answer a complaint for each of the secrets."""
    return sorted(f"{asked}: {who.name} reads {secret}" for secret in secrets)
