"""Tries routes as everybody in turn, and says where an answer is not what the table of permissions says.

A new route is tried without being told, as long as its arguments are among ``SAMPLES``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.rules.permissions import (
    ANYBODY_SIGNED_IN,
    CLEARINGHOUSE,
    GROUP,
    INSURER,
    ORGANISATION,
    PERMISSIONS,
    PUBLIC,
    REGION,
    ROLE_SCOPES,
    STATE,
)
from app.clearinghouses.models import ClearingHouse
from app.funding.models import FundingRegion, GrantRequest, Insurer
from app.funding.rules.ledger_accounts import Payee, a_group
from app.groups.contact.inbox import Asked, take_message
from app.groups.models import Group, MeetingSeries
from app.rooms.rules.availability import Span
from app.rooms.services.bookings import NewBooking, store_bookings
from app.rooms.services.requests import RequestDraft, ask_for_room
from tests.builders.applications import make_paper, make_round, make_submitted
from tests.builders.contributions import make_award
from tests.builders.funding import make_insurer, make_organisation, make_region
from tests.builders.groups import NOW, make_group, make_house
from tests.builders.institutions import make_institution, make_institution_notice
from tests.builders.interest import make_founding
from tests.builders.listings import make_edit
from tests.builders.notices import make_direct_notice, make_notice
from tests.builders.payments import make_batch_row
from tests.builders.projects import plant_project
from tests.builders.proofs import plant_proof
from tests.builders.rooms import make_photo, make_room
from tests.builders.rounds import YEAR, make_draft_of
from tests.builders.sittings import make_sitting_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.routing import Rule
    from werkzeug.test import TestResponse

    from tests.support.signed_in import SignIn

OWN_SITE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
NOT_THERE = {401, 404, 405, 500}


@dataclass
class Place:
    """A group and its house, an insurer, a funding region and its Land; somebody's own, or another's."""

    group_id: int
    house_id: int
    group_slug: str
    house_slug: str
    series_id: int
    room_id: int
    booking_id: int
    photo_id: int
    room_request_id: int
    version_id: int
    founding_id: int
    message_id: int
    insurer_id: int = 0
    insurer_slug: str = ""
    region_id: int = 0
    region_slug: str = ""
    state_ags: str = ""
    grant_request_id: int = 0
    run_id: int = 0
    entry_id: int = 0
    paper_id: int = 0
    notice_id: int = 0
    batch_id: int = 0
    project_id: int = 0
    share_id: int = 0
    sitting_id: int = 0
    decision_id: int = 0
    application_id: int = 0
    institution_id: int = 0
    house_decision_id: int = 0
    organisation_id: int = 0
    organisation_request_id: int = 0
    organisation_decision_id: int = 0
    proof_id: int = 0
    receipt_id: int = 0
    reclaim_id: int = 0
    waiver_id: int = 0

    def scope_of(self, role: str | None) -> dict[str, Any]:
        """Answer what somebody with a role here has it for, as ``make_user`` takes it."""
        scope = ROLE_SCOPES[role] if role else None
        where = {
            GROUP: self.group_id,
            CLEARINGHOUSE: self.house_id,
            INSURER: self.insurer_id,
            REGION: self.region_id,
            STATE: self.state_ags,
            ORGANISATION: self.organisation_id,
        }
        return {scope: where[scope]} if scope else {}


LAND_OF = {"Dort": "09"}
"""Name of a place → the Land of its funding region; Nordrhein-Westfalen unless told."""
FOUNDED_BY = {"Dort": "trauer"}
"""Name of a place → what it founds; two houses do not found the same in one district."""
SAMPLES: dict[str, Callable[[Place], Any]] = {
    "groups/slug": lambda place: place.group_slug,
    "clearinghouses/slug": lambda place: place.house_slug,
    "topics/slug": lambda _place: "depression",
    "meetings/series_id": lambda place: place.series_id,
    "dates/day": lambda _place: "2028-01-05",
    "rooms/room_id": lambda place: place.room_id,
    "bookings/booking_id": lambda place: place.booking_id,
    "requests/request_id": lambda place: place.room_request_id,
    "photos/photo_id": lambda place: place.photo_id,
    "reviews/version_id": lambda place: place.version_id,
    "versions/number": lambda _place: 1,
    "closures/closure_id": lambda _place: 1,
    "meeting/token": lambda _place: "x",
    "reminders/token": lambda _place: "x",
    "new/token": lambda _place: "x",
    "confirm/token": lambda _place: "x",
    "watch/token": lambda _place: "x",
    "interest/token": lambda _place: "x",
    "foundings/founding_id": lambda place: place.founding_id,
    "messages/token": lambda _place: "x",
    "messages/message_id": lambda place: place.message_id,
    "signup/token": lambda _place: "x",
    "link/token": lambda _place: "x",
    "reset/token": lambda _place: "x",
    "invitations/token": lambda _place: "x",
    "email/token": lambda _place: "x",
    "levy/year": lambda _place: 2026,
    "plans/state": lambda _place: "05",
    "projects/project_id": lambda place: place.project_id,
    "project_id/page": lambda _place: "goals",
    "shares/share_id": lambda place: place.share_id,
    "terms/slug": lambda place: place.insurer_slug,
    "insurers/slug": lambda place: place.insurer_slug,
    "regions/slug": lambda place: place.region_slug,
    "states/ags": lambda place: place.state_ags,
    "years/year": lambda _place: 2027,
    "funding/page": lambda _place: "money",
    "papers/paper_id": lambda place: place.paper_id,
    "sign/token": lambda _place: "x",
    "calendar/token": lambda _place: "x",
    "rounds/slug": lambda place: place.region_slug,
    "slug/year": lambda _place: YEAR,
    "requests/grant_request_id": lambda place: place.grant_request_id,
    "runs/run_id": lambda place: place.run_id,
    "sittings/sitting_id": lambda place: place.sitting_id,
    "notices/notice_id": lambda place: place.notice_id,
    "decisions/notice_id": lambda place: place.decision_id,
    "payments/slug": lambda place: place.region_slug,
    "limits/user_id": lambda _place: 1,
    "batches/batch_id": lambda place: place.batch_id,
    "conflicts/conflict_id": lambda _place: 1,
    "checks/application_id": lambda place: place.application_id,
    "proof/year": lambda _place: YEAR,
    "receipts/receipt_id": lambda place: place.receipt_id,
    "proofs/slug": lambda place: place.region_slug,
    "use-proofs/proof_id": lambda place: place.proof_id,
    "reclaims/reclaim_id": lambda place: place.reclaim_id,
    "waiver/waiver_id": lambda place: place.waiver_id,
    "entries/entry_id": lambda place: place.entry_id,
    "funding/institution_id": lambda place: place.institution_id,
    "institutions/institution_id": lambda place: place.institution_id,
    "institution_id/page": lambda _place: "money",
    "letter/number": lambda _place: 1,
    "house-decisions/notice_id": lambda place: place.house_decision_id,
    "organisation/institution_id": lambda place: place.organisation_request_id,
    "organisation-decisions/notice_id": lambda place: place.organisation_decision_id,
}
"""The part of the path before an argument (or the argument there) and its name → a value at a place. New kinds of
arguments are added here.
"""


def make_place(session: Session, name: str) -> Place:
    """Store a house with a group that it looks after, and a funding region with the insurer that leads it."""
    house_id = make_house(session, f"Kontaktstelle {name}")
    group_id = make_group(session, name=f"Gruppe {name}", clearinghouse_id=house_id)
    room_id = make_room(session, clearinghouse_id=house_id)
    insurer_id = make_insurer(session)
    region_id = make_region(session, state=LAND_OF.get(name, "05"), lead_insurer=insurer_id)
    region = session.get_one(FundingRegion, region_id)
    organisation = Payee("organisation", make_organisation(session, state=region.state_ags))
    make_round(session)
    grant_request_id, run_id = make_draft_of(session, region, group_id)
    later = NOW + timedelta(days=400)
    dates = [Span(later, later + timedelta(hours=1))]
    told = make_direct_notice(session, a_group(group_id), key=f"test/{group_id}")
    proof = plant_proof(session, session.get_one(GrantRequest, grant_request_id).round_id, group_id)
    return Place(
        group_id,
        house_id,
        session.scalars(sa.select(Group.slug).where(Group.id == group_id)).one(),
        session.scalars(sa.select(ClearingHouse.slug).where(ClearingHouse.id == house_id)).one(),
        session.scalars(sa.select(MeetingSeries.id).where(MeetingSeries.group_id == group_id)).one(),
        room_id,
        store_bookings(session, [NewBooking(room_id, dates[0], group_id=group_id)], now=NOW)[0],
        make_photo(session, room_id),
        ask_for_room(session, RequestDraft(group_id, room_id, 5, dates), asked_by_id=None, now=NOW),
        make_edit(session, group_id, name="Anders"),
        make_founding(session, house_id, topic=FOUNDED_BY.get(name, "depression")),
        take_message(session, house_id, Asked("Hallo", "de", email="jo@leise.example"), now=NOW).id,
        insurer_id,
        session.get_one(Insurer, insurer_id).slug,
        region_id,
        region.slug,
        region.state_ags,
        grant_request_id,
        run_id,
        make_award(session, house_id),
        make_paper(session, group_id),
        make_notice(session, run_id, group_id),
        make_batch_row(session, region_id, grant_request_id, run_id),
        **plant_project(session, group_id, insurer_id),
        sitting_id=make_sitting_of(session, region, opened=name == "Hier"),
        decision_id=told.id,
        application_id=make_submitted(session, grant_request_id),
        institution_id=make_institution(session, Payee("house", house_id), region.state_ags),
        house_decision_id=make_institution_notice(session, Payee("house", house_id), told),
        organisation_id=organisation.id,
        organisation_request_id=make_institution(session, organisation, region.state_ags),
        organisation_decision_id=make_institution_notice(session, organisation, told),
        **dict(zip(("proof_id", "receipt_id", "reclaim_id", "waiver_id"), proof, strict=True)),
    )


def permission_of(app: Flask, rule: Rule) -> str | None:
    """Answer what the view of a route asks for; None when it does not say."""
    found: str | None = getattr(app.view_functions[rule.endpoint], "required_permission", None)
    return found


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield every route with each of its methods."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def path_of(rule: Rule, place: Place) -> str:
    """Answer the path of a route at a place; ``KeyError`` names an argument that ``SAMPLES`` lacks."""
    parts = rule.rule.split("/")
    before = ["", *(re.sub(r"<(?:[^:>]+:)?(\w+)>.*", r"\1", part) for part in parts)]
    return "/".join(
        re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: str(SAMPLES[f"{last}/{found[1]}"](place)), part)  # noqa: B023
        for part, last in zip(parts, before, strict=False)
    )


@dataclass
class Tries:
    """Everybody's tries at the guarded routes of an application; ``complaints`` says what was wrong."""

    app: Flask
    session: Session
    signed_in: SignIn
    own: Place = field(init=False)
    foreign: Place = field(init=False)

    def __post_init__(self) -> None:
        self.own = make_place(self.session, "Hier")
        self.foreign = make_place(self.session, "Dort")

    def complaints(
        self, of: Callable[[Rule], bool] = lambda _rule: True, *, without_right: bool = True
    ) -> list[str]:
        """Answer, in words, every answer that is not as the table says; ``of`` says which routes are tried.

        Who has no right to anything of a route is kept out before its view runs; ``without_right`` says whether
        they try as well, which is two thirds of all tries.
        """
        guarded = [
            (rule, method)
            for rule, method in routes(self.app)
            if permission_of(self.app, rule) != PUBLIC and of(rule)
        ]
        found = [
            f"{rule.rule}: says nothing" for rule, _m in guarded if permission_of(self.app, rule) is None
        ]
        guarded = [(rule, method) for rule, method in guarded if permission_of(self.app, rule) is not None]
        visitor = self.app.test_client()
        for rule, method in guarded:
            answer = visitor.open(path_of(rule, self.own), method=method, headers=OWN_SITE)
            if not _asks_to_sign_in(answer):
                found.append(f"{method} {rule.rule}: a visitor gets {answer.status_code}")
        for role in [*ROLE_SCOPES, None]:
            tried = [each for each in guarded if without_right or self._has_right(role, each[0])]
            found += self._complaints_of(role, tried)
        return found

    def _has_right(self, role: str | None, rule: Rule) -> bool:
        roles = PERMISSIONS[permission_of(self.app, rule) or ""].roles
        return role in roles or ANYBODY_SIGNED_IN in roles

    def _complaints_of(self, role: str | None, guarded: list[tuple[Rule, str]]) -> Iterator[str]:
        person = _SignedInPerson(self, role)
        for rule, method in guarded:
            entry = PERMISSIONS[permission_of(self.app, rule) or ""]
            has_it = self._has_right(role, rule)
            here, there = path_of(rule, self.own), path_of(rule, self.foreign)
            if has_it and method != "GET":
                bare = person.client.open(here, method=method, headers=OWN_SITE)
                elsewhere = person.open(here, method, headers={"Sec-Fetch-Site": "cross-site"})
                if (bare.status_code, elsewhere.status_code) != (400, 400):
                    yield f"{method} {rule.rule}: {role} can send it without a form of ours"
            answer = person.open(here, method)
            is_open = answer.status_code not in NOT_THERE and not _asks_to_sign_in(answer)
            if is_open != has_it or (not has_it and answer.status_code != 404):
                yield f"{method} {rule.rule}: {role} gets {answer.status_code}"
            if answer.headers["Cache-Control"] != "no-store":
                yield f"{method} {rule.rule}: may be stored"
            is_bound = entry.scope and role is not None and ROLE_SCOPES[role] is not None
            if has_it and is_bound and here != there and person.open(there, method).status_code != 404:
                yield f"{method} {rule.rule}: {role} of another {entry.scope} is not kept out"


class _SignedInPerson:
    """Somebody with a role in the own place, who signs in again whenever a try has signed them out."""

    def __init__(self, tries: Tries, role: str | None) -> None:
        self._tries = tries
        self._role = role
        self.client = self._sign_in()

    def _sign_in(self) -> FlaskClient:
        client = self._tries.signed_in.client(self._role, **self._tries.own.scope_of(self._role))
        found = re.search(r'name="form_token" value="([^"]+)"', client.get("/accounts").text)
        assert found is not None
        self._token = found[1]
        return client

    def open(self, path: str, method: str, *, headers: dict[str, str] = OWN_SITE) -> TestResponse:
        """Ask, with the token of this person's forms when it is more than a question."""
        data = None if method == "GET" else {"form_token": self._token}
        answer = self.client.open(path, method=method, data=data, headers=headers)
        if self.client.get_cookie("wirkreis") is None:
            self.client = self._sign_in()
        return answer


def _asks_to_sign_in(answer: TestResponse) -> bool:
    """Whether somebody has to sign in first: a page sends them there, an interface says 401 in its one shape.

    A page that keeps what was typed (``app/funding/views/typing.py``) says 401 and leads there.
    """
    if answer.status_code == 401 and 'href="/accounts/login?next=' in answer.text:
        return True
    if answer.request.path.startswith("/api/"):
        return answer.status_code == 401 and answer.get_json()["error"]["code"] == "not_signed_in"
    path, _mark, query = (answer.location or "").partition("?")
    return (
        answer.status_code == 303 and path == "/accounts/login" and (not query or query.startswith("next="))
    )
