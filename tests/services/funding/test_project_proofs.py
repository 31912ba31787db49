"""A project is proven by its group and checked by somebody else, with sums that add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.models import RoleGrant, User
from app.accounts.queries import find_person
from app.funding.models import Insurer, ProjectProof
from app.funding.queries.concerns import concern_of
from app.funding.queries.deadlines import list_deadlines
from app.funding.queries.project_assessing import assess
from app.funding.queries.project_days import owed_project_proofs
from app.funding.queries.project_proofs import backs_of
from app.funding.rules import project as rules
from app.funding.rules.deadline_calendar import PROJECT_LAST_DAY, PROJECT_LAST_DAY_NEW, PROJECT_PROOF_DUE
from app.funding.rules.project_proof import project_proof_due
from app.funding.rules.project_terms import ProjectTerms
from app.funding.services.project_deciding import decide
from app.funding.services.project_proofs import check_project_proof, submit_project_proof
from app.funding.services.project_terms import set_terms
from app.funding.services.reminders import groups_to_remind, remind_groups
from app.shared import clock
from app.shared.errors import BadInput, RuleBroken
from tests.builders import projects as built
from tests.builders.accounts import make_user
from tests.builders.applications import make_round
from tests.builders.groups import make_group
from tests.support.mailbox import mails_to

VALUES = {
    "costs": [{"kind": "speakers", "cents": 60_000, "pieces": 1}],
    "others": [],
    "own": 5_000,
    "report": "Vorträge.",
    "stays": "Ein Faltblatt.",
    "participants": 60,
    "remaining": 15_000,
}


def person(session, role, name, **scope):
    email = make_user(session, role, name=name, **scope)
    return session.scalars(sa.select(User.id).where(User.email == email)).one()


@dataclass
class Proven:
    """A project of Kim's group that Anna's and Ben's insurers can decide about."""

    session: Any
    kim: int
    anna: int
    ben: int
    group: int
    number: int
    shares: dict[int, int]

    @property
    def late(self) -> date:
        ended = built.read(self.session, self.number).ends_on
        assert ended is not None
        return project_proof_due(ended) + timedelta(days=1)

    def decide(self, by):
        decide(self.session, self.shares[by], rules.AGREED, seen=1, by=by, now=clock.now())

    def hand_in(self, seen, **changed):
        values = {**VALUES, **changed}
        submit_project_proof(
            self.session, self.number, typed={}, values=values, seen=seen, by=self.kim, now=clock.now()
        )

    def check(self, by, seen, words="", *, accepts=True):
        share = self.shares.get(by, self.shares[self.anna])
        check_project_proof(self.session, share, words, accepts=accepts, seen=seen, by=by, now=clock.now())

    def owed(self, on):
        return [each.project_id for each in owed_project_proofs(self.session, self.group, on)]


@pytest.fixture
def proven(session):
    make_round(session)
    group = make_group(session, now=clock.now())
    ids = {slug: built.fill_pot(session, slug, 100_000) for slug in ("kasse-a", "kasse-b")}
    kim = person(session, "group_contact", "Kim", group=group)
    anna = person(session, "insurer_officer", "Anna", insurer=ids["kasse-a"])
    ben = person(session, "insurer_officer", "Ben", insurer=ids["kasse-b"])
    found = built.submit(session, group, {"kasse-a": 400, "kasse-b": 300})
    shares = {anna: built.share_of(found, "kasse-a"), ben: built.share_of(found, "kasse-b")}
    return Proven(session, kim, anna, ben, group, found.project.id, shares)


def test_a_proof_is_due_once_money_is_given_and_its_sums_add_up(session, proven):
    proven.decide(proven.anna)
    with pytest.raises(RuleBroken, match="keine Förderung"):
        proven.hand_in(0)
    proven.decide(proven.ben)
    assert proven.owed(proven.late - timedelta(days=1)) == []
    assert proven.owed(proven.late) == [proven.number]
    seen_and_told(session, proven)
    new = built.write_project(session, proven.group, {"kasse-a": 100})
    effects = {each.code: each.effect for each in assess(session, new, on=proven.late).reasons}
    assert effects["owes_project_proof"] == "warning"
    with pytest.raises(BadInput, match="150,00") as wrong:
        proven.hand_in(0, remaining=0)
    assert wrong.value.field == "remaining"
    with pytest.raises(BadInput, match=r"250,00.*mehr ausgegeben"):
        proven.hand_in(0, costs=[{"kind": "rent", "cents": 100_000, "pieces": 1}])
    assert session.get(ProjectProof, proven.number) is None
    proven.hand_in(0)
    with pytest.raises(RuleBroken, match="Kim hat diesen Nachweis am"):
        proven.hand_in(0)
    assert proven.owed(proven.late) == []
    backs = backs_of(session, built.read(session, proven.number))
    assert [(each.name, each.cents) for each in backs] == [("Kasse A", 8_571), ("Kasse B", 6_429)]
    session.commit()
    mail = session.scalars(sa.select(User.email).where(User.id == proven.anna)).one()
    assert "Verwendungsnachweis" in (mails_to(session, mail)[-1].subject or "")


def seen_and_told(session, proven):
    """The proof stands in the calendar of the group and of those who gave; the group is told, each time once."""
    due, insurer = proven.late - timedelta(days=1), session.scalars(sa.select(Insurer)).first()
    set_terms(
        session, insurer, built.LAND, ProjectTerms(deadline="12-31", deadline_new="02-15"), now=clock.now()
    )
    for user in (proven.kim, proven.ben):
        concern = concern_of(session, find_person(session, user).actor)
        found = list_deadlines(session, concern, due, due + timedelta(days=366), today=due)
        kinds = {(each.kind, each.on) for each in found}
        assert (PROJECT_PROOF_DUE, due) in kinds
        terms = {kind for kind, _on in kinds} & {PROJECT_LAST_DAY, PROJECT_LAST_DAY_NEW}
        assert len(terms) == (2 if user == proven.kim else 0), "an insurer sees its own alone"
    for day, subject in ((due, "Heute ist der letzte Tag"), (due + timedelta(days=15), "fehlt")):
        moment = datetime.combine(day, time(9), UTC)
        for due_now in groups_to_remind(session, now=moment):
            remind_groups(session, due_now, now=moment)
        session.commit()
        mail = mails_to(session, session.get_one(User, proven.kim).email)[-1]
        assert subject in (mail.subject or "")
        assert groups_to_remind(session, now=moment) == []


def test_a_proof_is_checked_once_and_by_a_second_person(session, proven):
    proven.decide(proven.anna)
    proven.decide(proven.ben)
    proven.hand_in(0)
    with pytest.raises(RuleBroken, match="Kontaktperson"):
        proven.check(proven.kim, 1)
    session.execute(sa.delete(RoleGrant).where(RoleGrant.user_id == proven.kim))
    with pytest.raises(RuleBroken, match="zweiten Person"):
        proven.check(proven.kim, 1)
    by_the_same = {"state": "accepted", "checked_by": proven.kim, "checked_at": clock.now()}
    with session.begin_nested() as lying:
        with pytest.raises(IntegrityError):
            session.execute(sa.update(ProjectProof).values(**by_the_same))
        lying.rollback()
    with pytest.raises(BadInput, match="nicht klar"):
        proven.check(proven.ben, 1, accepts=False)
    proven.check(proven.ben, 1, "Wofür die Reise?", accepts=False)
    assert proven.owed(proven.late) == [proven.number]
    with pytest.raises(RuleBroken, match=r"Ben hat am .*zu diesem Nachweis nachgefragt"):
        proven.check(proven.anna, 1)
    proven.hand_in(2)
    proven.check(proven.anna, 3)
    with pytest.raises(RuleBroken, match=r"Anna hat diesen Nachweis am .* anerkannt"):
        proven.hand_in(4)
