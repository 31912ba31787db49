"""A group hands in how the money for its project was used; an officer of an insurer that gave accepts it or asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.funding.mails.projects import mail_proof_question, mail_proof_waiting
from app.funding.models import ProjectProof
from app.funding.queries.project_proofs import checks_first
from app.funding.queries.projects import who_did
from app.funding.rules.page_merge import Typed
from app.funding.rules.project_proof import (
    ACCEPTED,
    PROOF,
    QUESTIONED,
    SUBMITTED,
    left_of,
    uncovered_cents,
    used_plan,
)
from app.funding.services.conflicts import refuse_conflicted
from app.funding.services.project_deciding import hold_share
from app.funding.services.projects import add_act, hold_project, note_of_project
from app.funding.services.written import check_page, keep_page
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared.errors import BadInput, RuleBroken
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.projects import Project

LONGEST_WORDS = 2_000


def hold_unproven(session: Session, project_id: int) -> Project:
    """Answer a project whose proof the group can write, kept from others until the transaction ends.

    Raises:
        RuleBroken: nothing was given, or the proof is with those who check it.
    """
    found = hold_project(session, project_id)
    if not found.can_be_proven:
        raise RuleBroken(_("There is no grant here that could be proven."), code="no_grant")
    if found.proof is not None and found.proof.state != QUESTIONED:
        raise _changed_since(session, found)
    return found


def keep_project_proof(session: Session, project_id: int, *, typed: Typed, marks: str, now: datetime) -> None:
    """Afterwards what was typed of a proof is kept, but for fields that somebody else has changed since (``marks``).

    Raises:
        RuleBroken: nothing was given, the proof is with those who check it, or it is far too long.
    """
    check_page(PROOF, (PROOF,), typed)
    row = hold_unproven(session, project_id).project
    if keep_page(row, PROOF, typed=typed, seen=marks, read=lambda _texts: None).is_new:
        note_of_project(session, "project.proof_saved", row, now=now)
        session.flush()


def submit_project_proof(
    session: Session,
    project_id: int,
    *,
    typed: Typed,
    values: Mapping[str, Any],
    seen: int,
    by: int,
    now: datetime,
) -> None:
    """Afterwards the proof waits to be checked, with what is left of the money.

    Raises:
        BadInput: its sums do not add up.
        RuleBroken: nothing was given, or it was handed in or checked since ``seen``.
    """
    found = hold_unproven(session, project_id)
    row, proof = found.project, found.proof
    if (proof.version if proof else 0) != seen:
        raise _changed_since(session, found)
    left = _left(values, found.granted_cents)
    answers = {"typed": {name: list(texts) for name, texts in typed.items()}, "values": dict(values)}
    if proof is None:
        proof = ProjectProof(project_id=row.id, group_id=row.group_id)
        session.add(proof)
    proof.answers, proof.remaining_cents, proof.version = answers, left, seen + 1
    proof.state, proof.submitted_by, proof.submitted_at = SUBMITTED, by, now
    proof.checked_by = proof.checked_at = None
    add_act(session, row, "proof_submitted", by=by, now=now, cents=left, answers=answers)
    note_of_project(session, "project.proof_submitted", row, now=now)
    session.flush()
    first = checks_first(found)
    if first is not None:
        mail_proof_waiting(session, found, first, now=now)


def check_project_proof(
    session: Session, share_id: int, words: str, *, accepts: bool, seen: int, by: int, now: datetime
) -> None:
    """Afterwards the proof is accepted, or the group has to answer what is asked about it.

    Raises:
        BadInput: nothing is asked.
        RuleBroken: the insurer gave nothing, whoever checks is too close to the group or handed it in, or it has
            changed since ``seen``.
    """
    found, mine = hold_share(session, share_id)
    proof, words = found.proof, words.strip()
    if not mine.row.cents:
        raise RuleBroken(_("You gave nothing for this project, so others check its proof."), code="no_grant")
    if proof is None or proof.version != seen or proof.state != SUBMITTED:
        raise _changed_since(session, found)
    refuse_conflicted(session, by, [found.group.id], now=now)
    if proof.submitted_by == by:
        raise RuleBroken(
            _("You handed in this proof yourself. Please let a second person check it."), code="second_person"
        )
    if len(words) > LONGEST_WORDS:
        raise BadInput(_("Please use at most 2,000 characters."), field="words")
    if not accepts and not words:
        raise BadInput(_("Please write what is not clear."), field="words")
    proof.state, proof.version = ACCEPTED if accepts else QUESTIONED, seen + 1
    proof.checked_by, proof.checked_at = by, now
    act = "proof_accepted" if accepts else "proof_questioned"
    cents = proof.remaining_cents if accepts else None
    add_act(session, found.project, act, by=by, now=now, cents=cents, text=words)
    action = "project.proof_accepted" if accepts else "project.proof_questioned"
    note_of_project(session, action, found.project, now=now)
    session.flush()
    if not accepts:
        mail_proof_question(session, found, mine.insurer.name, now=now)


def _left(values: Mapping[str, Any], granted_cents: int) -> int:
    """Answer what is left of the money, which has to be what was declared.

    Raises:
        BadInput: more was spent than came, or something else is left than was declared.
    """
    used = used_plan(values)
    uncovered, left = uncovered_cents(used, granted_cents), left_of(used, granted_cents)
    if uncovered:
        raise BadInput(
            _(
                "You spent %(sum)s more than came. Please enter who paid that; what you paid yourselves is your own "
                "money.",
                sum=euro_words(uncovered),
            ),
            field="own",
        )
    if left != values["remaining"]:
        raise BadInput(
            _(
                "By your sums %(left)s are left of %(granted)s. Please check the lines above, or enter this sum here.",
                left=euro_words(left),
                granted=euro_words(granted_cents),
            ),
            field="remaining",
        )
    return left


def _changed_since(session: Session, found: Project) -> RuleBroken:
    """Answer who did something with the proof last, and when."""
    acts = [each for each in found.acts if each.act.startswith("proof_")]
    if not acts:
        return RuleBroken(_("There is no proof here yet."), code="changed_since")
    names = who_did(session, acts)
    said = {
        "name": names.get(acts[-1].by_id or 0, _("somebody who has left")),
        "day": date_words(day_of(acts[-1].at)),
    }
    sentences = {
        "proof_submitted": _("%(name)s has handed in this proof on %(day)s. Nothing has changed.", **said),
        "proof_questioned": _("%(name)s has asked about this proof on %(day)s. Nothing has changed.", **said),
        "proof_accepted": _("%(name)s has accepted this proof on %(day)s. Nothing has changed.", **said),
    }
    return RuleBroken(sentences[acts[-1].act], code="changed_since")
