"""The checklist of a founding: fifteen steps in three languages, and what of them is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups.models import Founding, FoundingStep
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.languages import in_language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DATA = Path(__file__).parents[1] / "data" / "founding_steps.json"
LONGEST_WHO = 80


@dataclass(frozen=True, slots=True)
class StepText:
    """A step as every founding has it; ``by`` is who mostly does it: ``house`` or ``group``."""

    key: str
    by: str
    titles: dict[str, str]
    hints: dict[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of one founding: what to do, who does it, and on which day it was done."""

    key: str
    title: str
    hint: str
    by: str
    who: str = ""
    done_on: date | None = None


@cache
def step_texts() -> tuple[StepText, ...]:
    """Answer the steps in their order."""
    return tuple(
        StepText(each["key"], each["by"], each["title"], each["hint"])
        for each in orjson.loads(DATA.read_bytes())
    )


def list_steps(session: Session, founding_id: int) -> list[Step]:
    """Answer all steps of a founding in their order."""
    rows = session.scalars(sa.select(FoundingStep).where(FoundingStep.founding_id == founding_id))
    known = {row.step: row for row in rows}
    return [
        Step(
            text.key,
            in_language(text.titles),
            in_language(text.hints),
            text.by,
            known[text.key].who if text.key in known else "",
            known[text.key].done_on if text.key in known else None,
        )
        for text in step_texts()
    ]


def next_step(steps: Sequence[Step]) -> Step | None:
    """Answer the first step that is not done."""
    return next((step for step in steps if step.done_on is None), None)


def save_steps(
    session: Session, founding: Founding, saved: dict[str, tuple[str, date | None]], *, now: datetime
) -> None:
    """Afterwards who does each of these steps, and when it was done, is as given; the others stay.

    Raises:
        RuleBroken: the founding is over.
    """
    if founding.state != "open":
        raise RuleBroken(_("This founding is over; nothing can be changed any more."))
    rows = session.scalars(sa.select(FoundingStep).where(FoundingStep.founding_id == founding.id))
    known = {row.step: row for row in rows}
    changed = []
    for key, (who, done_on) in saved.items():
        row = known.get(key)
        if (who, done_on) == ((row.who, row.done_on) if row else ("", None)):
            continue
        changed.append(key)
        session.merge(FoundingStep(founding_id=founding.id, step=key, who=who, done_on=done_on))
    if changed:
        founding.worked_at = now
        note(
            session,
            "founding.steps_changed",
            now=now,
            record_id=founding.id,
            clearinghouse_id=founding.clearinghouse_id,
            steps=changed,
        )
