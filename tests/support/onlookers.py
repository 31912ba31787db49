"""A house with groups full of marks, and everybody who looks at it: answers, mails, log and history."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User
from app.accounts.rules.permissions import ANYBODY_SIGNED_IN, PERMISSIONS, PUBLIC
from app.clearinghouses.models import ClearingHouse
from app.groups.rules.life import DECLINED, SUBMITTED
from app.groups.search_index import rebuild_index
from app.shared import clock
from app.shared.history import HistoryEntry
from app.shared.languages import LANGUAGES, language_url
from app.shared.outbox import OutboxMail
from app.shared.responses import JsonFormatter
from tests.support.access import make_place, path_of, permission_of, routes
from tests.support.furnished import KINDS, NEIGHBOUR, furnish, furnish_house, name_again
from tests.support.planted import (
    CONTACT,
    EVERYBODY,
    HOUSE,
    INVITED,
    SEEKER,
    Planted,
    Reader,
    Secret,
    in_words,
)
from tests.support.reading import plain, whole_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.routing import Rule
    from werkzeug.test import TestResponse

    from tests.support.access import Place
    from tests.support.signed_in import SignIn

VISITOR = Reader("a visitor")
ASKED = (
    "near=50667&radius_km=200",
    "lat=50.905&lon=6.86&radius_km=50",
    "bbox=6.5,50.5,7.5,51.5&zoom=20&format=in_person",
    "bbox=6.5,50.5,7.5,51.5&zoom=3&sort=relevance",
    "weekday=3&status=open&topic=depression",
    "page=2&per_page=1",
)
"""What is asked of every public address without arguments; most do not heed it."""
_READERS_OF_MAILS: dict[tuple[str, str], str] = {
    ("group", "contact_email"): CONTACT,
    ("user", "email"): CONTACT,
    ("address_change", "new_email"): CONTACT,
    ("invitation", "email"): INVITED,
    ("meeting_watch", "email"): "watcher",
    ("conversation", "seeker_email"): SEEKER,
    ("conversation", "contact_email"): CONTACT,
    ("house_message", "email"): SEEKER,
    ("application_signature", "email"): CONTACT,
    ("interest", "email"): INVITED,
}


@dataclass
class Onlookers:
    """The groups of a house by kind; ``complaints`` says who reads what is not for them, ``seen`` what each reads.

    Whoever is to look signs in (``client``) before marks take the place of their addresses (``plant``).
    """

    app: Flask
    session: Session
    signed_in: SignIn
    kinds: tuple[str, ...] = tuple(KINDS)
    complaints: list[str] = field(default_factory=list)
    seen: dict[str, set[Secret]] = field(default_factory=dict)
    merged: set[int] = field(default_factory=set)
    """Groups that have become one: whoever is something for one of them is so for all."""

    def __post_init__(self) -> None:
        house = furnish_house(self.session)
        self.house_id = house.house_id
        self.elsewhere = make_place(self.session, "Dort")
        self.places = {kind: furnish(self.session, kind, house) for kind in (*self.kinds, NEIGHBOUR)}

    def client(self, role: str | None, place: Place) -> FlaskClient:
        """Answer the browser of somebody with a role at a place."""
        return self.signed_in.client(role, **place.scope_of(role))

    def everywhere(self, kind: str) -> dict[int, set[str]]:
        """Answer what somebody is who is ``kind`` for every group of the house, and for itself."""
        return {-self.house_id: {kind}, **{place.group_id: {kind} for place in self.places.values()}}

    def plant(self) -> None:
        """Afterwards marks stand everywhere, and the finder knows them."""
        self.planted = Planted(self.session)
        rebuild_index(self.session, today=clock.now().date())
        for place in (*self.places.values(), self.elsewhere):
            name_again(self.session, place)
        self.session.commit()

    def ask(self, client: FlaskClient, path: str, who: Reader, *, is_own: bool = False) -> TestResponse:
        """Ask, and look through the answer; on a page for ``who`` alone nothing may stand of groups of others."""
        answer: TestResponse = client.get(path)
        if answer.status_code >= 500:
            self.complaints.append(f"{path}: {answer.status_code}")
        self.look(whole_answer(answer), path, who, is_own=is_own)
        return answer

    def look(self, text: str, asked: str, who: Reader, *, is_own: bool = False) -> None:
        """Look through a text (as from ``support.reading``); what was asked for may be said again."""
        told = self.planted.found_in(text) - self.planted.found_in(plain(asked))
        self.seen.setdefault(who.name, set()).update(told)
        wrong = {
            secret
            for secret in told
            if not who.may_read(secret) or (is_own and not secret.groups & who.is_for.keys())
        }
        self.complaints += in_words(asked, who, wrong)

    def rules(self, *, public: bool) -> Iterator[Rule]:
        """Yield the routes that can be asked, public or guarded."""
        for rule, method in routes(self.app):
            if method == "GET" and (permission_of(self.app, rule) in {PUBLIC, None}) == public:
                yield rule

    def guarded_for(self, role: str | None) -> Iterator[Rule]:
        """Yield the guarded routes that a role can use somewhere; at any other the guard answers before the view."""
        for rule in self.rules(public=False):
            roles = PERMISSIONS[permission_of(self.app, rule) or PUBLIC].roles
            if roles & {role, ANYBODY_SIGNED_IN}:
                yield rule

    def paths(self, rules: Iterable[Rule], places: Iterable[Place]) -> list[str]:
        """Answer every path of the routes at the places, each once."""
        places = list(places)
        return list(dict.fromkeys(path_of(rule, place) for rule in rules for place in places))

    def look_as_visitor(self, rules: Iterable[Rule]) -> None:
        """Look through public routes: at every group, in every language, with everything that can be asked."""
        visitor = self.app.test_client()
        name = next(iter(self.planted.marks_of("group", "name", self.places["area"].group_id)))
        unknown = replace(self.elsewhere, group_slug="gibt-es-nicht")
        for rule in rules:
            paths = self.paths([rule], self.places.values())
            for path in paths:
                self.ask(visitor, path, VISITOR)
            for language in LANGUAGES:
                self.ask(visitor, language_url(language, paths[0]), VISITOR)
            if not rule.arguments:
                for query in (*ASKED, f"q={name}"):
                    self.ask(visitor, f"{paths[0]}?{query}", VISITOR)
            if path_of(rule, unknown) != path_of(rule, self.elsewhere):
                self._look_for_unlisted(visitor, rule, unknown)

    def _look_for_unlisted(self, visitor: FlaskClient, rule: Rule, unknown: Place) -> None:
        """A group that was never listed is answered like one that is not there."""
        expected = visitor.get(path_of(rule, unknown)).status_code
        for kind, place in self.places.items():
            got = visitor.get(path_of(rule, place)).status_code
            if kind in {SUBMITTED, DECLINED} and got != expected:
                self.complaints.append(f"{rule.rule}: a group that is {kind} answers {got}")

    def look_through_mails(self) -> None:
        """Look through every mail that waits, as its reader; of what is not theirs not even a name may stand there."""
        for mail in self.session.scalars(sa.select(OutboxMail)):
            columns = set(OutboxMail.__table__.columns.keys()) - {"to_address", "once_key"}
            texts = [str(getattr(mail, name) or "") for name in sorted(columns)]
            who = self._reader_of(mail.to_address or "", mail.purpose)
            self.look(plain("\n".join(texts)), mail.to_address or "", who, is_own=True)

    def _reader_of(self, address: str, purpose: str) -> Reader:
        """Answer for which groups an address stands in the database, and as what; a house has its groups."""
        is_for: dict[int, set[str]] = {}
        for secret in self.planted.found_in(address):
            kind = _READERS_OF_MAILS.get((secret.table, secret.column), "somebody")
            is_for |= {group_id: {kind} for group_id in secret.groups}
        for group_id in self.merged & is_for.keys():
            is_for |= dict.fromkeys(self.merged, is_for[group_id])
        houses = sa.select(ClearingHouse.id).where(ClearingHouse.email == address)
        staff = (
            sa.select(RoleGrant.clearinghouse_id)
            .join(User, User.id == RoleGrant.user_id)
            .where(User.email == address)
        )
        if self.house_id in {*self.session.scalars(houses), *self.session.scalars(staff)}:
            is_for |= self.everywhere(HOUSE)
        return Reader(f"whoever gets a mail “{purpose}”", is_for)

    def look_through_history(self) -> None:
        """Look through what was written down of what was done."""
        for entry in self.session.scalars(sa.select(HistoryEntry)):
            self.look(
                plain(json.dumps(entry.facts)), entry.action, Reader("a reader of the history"), is_own=True
            )

    def shown(self, who: str) -> set[str]:
        """Answer the columns of which somebody has read something."""
        return {f"{secret.table}.{secret.column}" for secret in self.seen.get(who, ())}

    def public_marks(self) -> dict[str, Secret]:
        """Answer the marks that anybody may read."""
        return {mark: each for mark, each in self.planted.secrets.items() if EVERYBODY in each.readers}


class LogKept(logging.Handler):
    """Keeps every line of the log, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.lines.append(self.format(record))

    def __enter__(self) -> Self:
        for name in ("wirkreis", ""):
            logging.getLogger(name).addHandler(self)
        self._level = logging.getLogger("wirkreis").level
        logging.getLogger("wirkreis").setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_fault: object) -> None:
        for name in ("wirkreis", ""):
            logging.getLogger(name).removeHandler(self)
        logging.getLogger("wirkreis").setLevel(self._level)
