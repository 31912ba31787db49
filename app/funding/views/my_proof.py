"""The proof of use that a group writes, or the staff of its house from paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import redirect, url_for
from werkzeug.datastructures import MultiDict

from app.accounts.guard import authorize, get_person
from app.accounts.rules.permissions import Scope, may
from app.funding.forms.proofs import ProofForm
from app.funding.queries.proofs import ProofLine, granted_to, lines_of_group
from app.funding.queries.reclaims import claim_of_group
from app.funding.queries.regions import rules_in
from app.funding.rules.proof import QUESTIONS, WRITABLE, kind_of_proof
from app.funding.rules.reclaim import REVOKED
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@dataclass(frozen=True, slots=True)
class MyProof:
    """The proof of a group that somebody may write, and whether staff of its house write it from paper."""

    group: Group
    line: ProofLine
    is_staff: bool

    @property
    def kind(self) -> str:
        """In which form it is written."""
        if self.line.proof is not None:
            return self.line.proof.kind
        granted = granted_to(db.session(), self.line.round.id, self.group.id) or self.line.kept.cents
        return kind_of_proof(granted, rules_in(db.session(), self.line.region))

    @property
    def has_question(self) -> bool:
        """Whether the office has asked something."""
        return self.line.stand.state == QUESTIONS

    @property
    def is_writable(self) -> bool:
        """Whether the group can write: not of a grant that was revoked, for all of it comes back."""
        if self.line.stand.state not in WRITABLE:
            return False
        claim = claim_of_group(db.session(), self.line.round.id, self.group.id, on=day_of(clock.now()))
        return claim is None or claim.reclaim.cause != REVOKED

    def form(self, typed: dict[str, list[str]] | None = None) -> ProofForm:
        """Answer the form of what is stored, or of what was typed."""
        stored = self.line.proof.answers.get("typed", {}) if self.line.proof else {}
        sent = MultiDict(stored if typed is None else typed)
        return ProofForm(sent, year=self.line.round.year, kind=self.kind, has_question=self.has_question)


def my_proof(slug: str, year: int) -> MyProof:
    """Answer the proof of a group for a year.

    Raises:
        NotFound: there is nothing to prove, or they may not.
    """
    session = db.session()
    group = session.scalar(sa.select(Group).where(Group.slug == slug))
    if group is None:
        raise nothing_here()
    authorize("request_funding", group_id=group.id, clearinghouse_id=group.clearinghouse_id)
    line = next((each for each in lines_of_group(session, group.id) if each.round.year == year), None)
    if line is None:
        raise nothing_here()
    is_staff = may(get_person().actor, "work_at_desk", Scope(clearinghouse_id=group.clearinghouse_id))
    return MyProof(group, line, is_staff)


def to_proof(slug: str, year: int, *, done: str | None = None) -> ResponseReturnValue:
    """Answer the way to the proof."""
    return redirect(url_for("funding.write_proof", slug=slug, year=year, done=done), code=303)
