"""Decisions in an open sitting, one by one or many as proposed: each once, on what was seen, within the pot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.models import Sitting, SittingDecision
from app.funding.queries.conflicts import conflicts_of
from app.funding.queries.gone import gone_among
from app.funding.queries.requests import NamedGroup
from app.funding.queries.round_pages import names_of
from app.funding.queries.sitting_runs import groups_laid
from app.funding.queries.sittings import AgendaLine, money_of, read_agenda
from app.funding.rules.sittings import OPEN, Decision, FaultyDecision, checked
from app.funding.services.conflicts import refuse_conflicted
from app.funding.services.sittings import hold_sitting, refuse_without_quorum
from app.funding.words.sittings import decision_words, when_words
from app.shared.errors import NotFound, RuleBroken
from app.shared.history import note
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had before them: the version of the request, and the decision about it (0: none)."""

    version: int
    decision_id: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one request of many: the decision, or why there is none."""

    group: NamedGroup
    decision: SittingDecision | None
    why_not: str = ""


@dataclass(slots=True)
class _Held:
    """An open sitting that nobody else decides in, and what it has left to give."""

    session: Session
    sitting: Sitting
    left_cents: int
    by: int
    now: datetime
    laid: Mapping[int, str]
    """Groups that a run on the agenda gives something → its name."""
    conflicts: Mapping[int, str]
    """Groups that whoever decides is too close to → why."""
    gone: Collection[int]
    """Groups that are closed, or part of another one now."""


def decide(
    session: Session,
    sitting_id: int,
    request_id: int,
    wanted: Decision,
    *,
    words: str,
    seen: Seen,
    by: int,
    now: datetime,
) -> SittingDecision:
    """Afterwards this is what the sitting decided about the request; sent twice, it is one decision.

    Raises:
        RuleBroken: the sitting is not open, too few are there, the request or the decision is not what was seen, they
            are too close to the group, the pot has not enough, or the decision cannot be (``field``).
        NotFound: the request is not on the agenda.
    """
    lines, held = _hold(session, sitting_id, by, now, request_id)
    if not lines:
        raise NotFound(_("This request is not on the agenda."))
    row = _decide(held, lines[0], wanted, words, seen)
    session.flush()
    return row


def decide_as_proposed(
    session: Session,
    sitting_id: int,
    request_ids: Iterable[int],
    *,
    most_cents: int | None,
    by: int,
    now: datetime,
) -> list[Result]:
    """Afterwards those of these requests are decided as proposed that can be; answer what became of each.

    Nothing of one hangs on another, except that the money goes in the order of the agenda.

    Raises:
        RuleBroken: the sitting is not open, or too few are there.
    """
    lines, held = _hold(session, sitting_id, by, now)
    wanted, results = set(request_ids), []
    for line in lines:
        if line.request.id not in wanted:
            continue
        try:
            proposal = _proposal(line, most_cents)
            seen = Seen(line.request.version, line.decision.id if line.decision else 0)
            results.append(Result(line.group, _decide(held, line, proposal, "", seen)))
        except RuleBroken as error:
            results.append(Result(line.group, None, error.message))
    session.flush()
    return results


def _hold(
    session: Session, sitting_id: int, by: int, now: datetime, request_id: int | None = None
) -> tuple[list[AgendaLine], _Held]:
    sitting = hold_sitting(session, sitting_id, OPEN)
    refuse_without_quorum(session, sitting)
    lines = read_agenda(session, sitting_id, request_id)
    group_ids = [line.group.id for line in lines]
    conflicts, gone = conflicts_of(session, by, group_ids, now=now), gone_among(session, group_ids)
    left = money_of(session, sitting).left_cents
    return lines, _Held(session, sitting, left, by, now, groups_laid(session, sitting_id), conflicts, gone)


def _proposal(line: AgendaLine, most_cents: int | None) -> Decision:
    if line.holds:
        raise RuleBroken(_("It was decided before."), code="is_decided")
    proposal = line.proposal(most_cents)
    if proposal is None:
        raise RuleBroken(_("Somebody has to look at this one."), code="no_proposal")
    return proposal


def _decide(held: _Held, line: AgendaLine, wanted: Decision, words: str, seen: Seen) -> SittingDecision:
    _refuse_changed(line, seen)
    decision, before = _checked(wanted, line.request.requested_cents), line.decision
    if before is not None and before.id != seen.decision_id:
        if _is_same(before, decision, words, held.by, line):
            return before
        raise RuleBroken(_decided_meanwhile(held.session, before), code="decided_meanwhile")
    if decision.cents and line.group.id in held.gone:
        raise RuleBroken(
            _(
                "This group is closed, or part of another one now, so it can be granted nothing. Please ask its "
                "clearing house."
            ),
            code="group_gone",
        )
    if line.group.id in held.conflicts:
        refuse_conflicted(held.session, held.by, [line.group.id], now=held.now)
    _refuse_twice(held, line, decision)
    had = before.cents if before and line.holds else 0
    left = held.left_cents + had - decision.cents
    if left < 0 and decision.cents > had:  # when the pot was lowered, giving less than before is the way out
        raise RuleBroken(
            _(
                "%(left)s are left in the pot after what this sitting has granted; %(wanted)s are wanted.",
                left=euro_words(max(0, left + decision.cents)),
                wanted=euro_words(decision.cents),
            ),
            code="over_budget",
            field="cents",
        )
    held.left_cents = left
    return _store(held, line, decision, words)


def _store(held: _Held, line: AgendaLine, decision: Decision, words: str) -> SittingDecision:
    row = SittingDecision(
        sitting_id=held.sitting.id,
        request_id=line.request.id,
        group_id=line.group.id,
        request_version=line.request.version,
        replaces_id=line.decision.id if line.decision else None,
        outcome=decision.outcome,
        cents=decision.cents,
        reason=decision.reason,
        words=words,
        decided_by=held.by,
        decided_at=held.now,
    )
    held.session.add(row)
    note(
        held.session,
        "sitting.decided",
        now=held.now,
        record_id=held.sitting.id,
        group_id=line.group.id,
        sitting_outcome=decision.outcome,
        again=line.decision is not None,
    )
    return row


def _refuse_changed(line: AgendaLine, seen: Seen) -> None:
    if line.is_withdrawn:
        raise RuleBroken(_("The group has withdrawn this request."), code="is_withdrawn")
    if line.request.version != seen.version:
        raise RuleBroken(
            _(
                "This request was changed (%(when)s) after you had opened it: %(cents)s is asked for now. Please look "
                "at it again.",
                when=when_words(line.request.updated_at),
                cents=euro_words(line.request.requested_cents),
            ),
            code="outdated",
        )


def _checked(wanted: Decision, requested_cents: int) -> Decision:
    try:
        return checked(wanted, requested_cents)
    except FaultyDecision as fault:
        match fault.code:
            case "no_sum":
                sentence, field = _("Please say how much it gets."), "cents"
            case "not_less":
                sentence = _(
                    "A part is less than the %(cents)s that are asked for. For all of it, please choose “granted”.",
                    cents=euro_words(requested_cents),
                )
                field = "cents"
            case _:
                sentence, field = _("Please choose a reason that belongs to the decision."), "reason"
    raise RuleBroken(sentence, code="faulty", field=field)


def _is_same(before: SittingDecision, decision: Decision, words: str, by: int, line: AgendaLine) -> bool:
    """Whether somebody sends once more what they have sent: a double click, or a page that went back."""
    told = (before.outcome, before.cents, before.reason, before.words, before.decided_by)
    return line.holds and told == (decision.outcome, decision.cents, decision.reason, words, by)


def _decided_meanwhile(session: Session, before: SittingDecision) -> str:
    name = names_of(session, [before.decided_by or 0]).get(before.decided_by or 0)
    return _(
        "%(name)s has entered a decision meanwhile (%(when)s): %(what)s. Nothing of yours is stored; please look and "
        "say whether it is to be replaced.",
        name=name or _("An erased account"),
        when=when_words(before.decided_at),
        what=decision_words(before),
    )


def _refuse_twice(held: _Held, line: AgendaLine, decision: Decision) -> None:
    name = held.laid.get(line.group.id) if decision.cents else None
    if name is not None:
        raise RuleBroken(
            _(
                "The division “%(name)s” on the agenda gives this group money already. Please decide about that one "
                "first.",
                name=name,
            ),
            code="in_run",
        )
