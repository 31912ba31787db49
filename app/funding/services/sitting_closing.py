"""A sitting is closed: its decisions become a run like any other, and its minutes a file that is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from app.funding.documents.minutes import minutes_facts, print_minutes
from app.funding.models import Sitting, SittingMinutes, SittingRun
from app.funding.queries.runs import DISCARDED, POSTED, acts_of, changed_since
from app.funding.queries.sitting_runs import runs_of
from app.funding.queries.sittings import AgendaLine, money_of, read_agenda
from app.funding.rules.division import DivisionRules
from app.funding.rules.sittings import CLOSED, OPEN, PUT_OFF, Decision, MoreThanThere
from app.funding.services.runs import draft_run
from app.funding.services.sittings import hold_sitting
from app.groups.presentation import date_words
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.money import euro_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_MOST_NAMED = 5


def close_sitting(
    session: Session, sitting_id: int, *, leaves_open: bool, by: int, now: datetime
) -> int | None:
    """Afterwards the sitting is closed for good, with minutes, and with a draft of a run of what it decided.

    Answers the run; None when nothing was granted or rejected. ``leaves_open``: what was not decided waits for another.

    Raises:
        RuleBroken: it is not open, a request was changed after its decision, some are not decided, a division on the
            agenda is not, or more was granted than there is.
    """
    sitting = hold_sitting(session, sitting_id, OPEN)
    agenda = read_agenda(session, sitting_id)
    _refuse_unfinished(session, sitting, agenda, leaves_open=leaves_open)
    _refuse_too_much(session, sitting)
    sitting.state, sitting.closed_at, sitting.closed_by = CLOSED, now, by
    session.flush()
    run_id = _draft(session, sitting, agenda, by=by, now=now)
    with speaking(DEFAULT_LANGUAGE):
        facts = minutes_facts(session, sitting, agenda)
        facts, body = print_minutes(facts, now)
    digest = hashlib.sha256(body).hexdigest()
    session.add(SittingMinutes(sitting_id=sitting_id, facts=facts, made_at=now, sha256=digest, body=body))
    session.flush()
    note(
        session,
        "sitting.closed",
        now=now,
        record_id=sitting_id,
        requests=sum(line.holds for line in agenda),
        sha256=digest,
    )
    return run_id


def draft_again(session: Session, sitting_id: int, *, by: int, now: datetime) -> int:
    """Afterwards there is a new draft of what a closed sitting decided, with the pot and the requests as they are now.

    What was changed or withdrawn since waits.

    Raises:
        RuleBroken: it is not closed, its run is posted or still holds, nothing holds any more, or the pot has not
            enough.
    """
    sitting = hold_sitting(session, sitting_id, CLOSED)
    made = [run for laid, run in runs_of(session, sitting_id) if laid.kind == "made"]
    for run in made:
        acts = acts_of(session, run.id)
        if POSTED in acts:
            raise RuleBroken(
                _("What this sitting decided is posted. What is posted stays."), code="is_posted"
            )
        if DISCARDED not in acts and not changed_since(session, run):
            raise RuleBroken(_("The draft of this sitting still holds."), code="still_holds")
    _refuse_too_much(session, sitting)
    run_id = _draft(session, sitting, read_agenda(session, sitting_id), by=by, now=now)
    if run_id is None:
        raise RuleBroken(_("Nothing that this sitting decided still holds."), code="nothing_holds")
    note(session, "sitting.drafted_again", now=now, record_id=sitting_id, run=run_id)
    return run_id


def _refuse_unfinished(
    session: Session, sitting: Sitting, agenda: Sequence[AgendaLine], *, leaves_open: bool
) -> None:
    outdated = [line for line in agenda if line.decision and line.is_open]
    if outdated:
        names = [line.group.name for line in outdated]
        more = ngettext(
            "and %(num)s more", "and %(num)s more", len(names) - _MOST_NAMED
        ) if len(names) > _MOST_NAMED else ""  # fmt: skip
        raise RuleBroken(
            _(
                "These were changed after they had been decided, so please decide about them anew: %(names)s",
                names=" ".join([", ".join(names[:_MOST_NAMED]), more]).strip(),
            ),
            code="outdated",
        )
    if any(laid.kind == "laid" and laid.outcome is None for laid, _run in runs_of(session, sitting.id)):
        raise RuleBroken(_("A division on the agenda is not decided yet."), code="run_open")
    still = sum(line.is_open for line in agenda)
    if still and not leaves_open:
        raise RuleBroken(
            ngettext(
                "%(num)s request is not decided. Please decide, or say that it waits for another sitting.",
                "%(num)s requests are not decided. Please decide, or say that they wait for another sitting.",
                still,
            ),
            code="undecided",
            field="leaves_open",
        )


def _refuse_too_much(session: Session, sitting: Sitting) -> None:
    money = money_of(session, sitting)
    if money.left_cents < 0:
        raise RuleBroken(
            _(
                "The sitting grants %(granted)s, and %(free)s are free in the pot now: %(missing)s are missing. Please "
                "decide some anew, or bring more into the pot.",
                granted=euro_words(money.granted_cents + money.agreed_cents),
                free=euro_words(money.free_cents),
                missing=euro_words(-money.left_cents),
            ),
            code="over_budget",
        )


def _draft(
    session: Session, sitting: Sitting, agenda: Sequence[AgendaLine], *, by: int, now: datetime
) -> int | None:
    decided = {
        line.group.id: Decision(line.decision.outcome, line.decision.cents, line.decision.reason)
        for line in agenda
        if line.decision is not None and line.holds and not line.is_withdrawn
    }
    if all(each.outcome == PUT_OFF for each in decided.values()):
        return None
    with speaking(DEFAULT_LANGUAGE):
        name = _("Sitting of %(day)s", day=date_words(sitting.held_on))
    rules = DivisionRules(sitting_on=sitting.held_on.isoformat())
    try:
        run = draft_run(session, sitting.round_id, rules, name=name, by=by, now=now, decided=decided)
    except MoreThanThere as error:  # money left the pot since it was looked at
        _refuse_too_much(session, sitting)
        raise RuleBroken(_("The pot has just changed. Please try again."), code="pot_changed") from error
    new = insert_into(session, SittingRun).values(run_id=run.run_id, sitting_id=sitting.id, kind="made")
    session.execute(new.on_conflict_do_nothing())
    return run.run_id
