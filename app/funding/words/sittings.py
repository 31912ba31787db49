"""Sittings in words: states, outcomes with their reasons, who is there as what, when something was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from app.funding.rules import sittings as rules
from app.funding.words.explanations import SITTING_REASONS
from app.groups.finder_cache import WALL_CLOCK
from app.groups.presentation import date_words, moment_words
from app.shared.money import euro_words

if TYPE_CHECKING:
    from datetime import datetime

    from app.funding.models import SittingDecision

STATES = {
    rules.PLANNED: _l("planned"),
    rules.PAPERS_SENT: _l("papers sent"),
    rules.OPEN: _l("open"),
    rules.CLOSED: _l("closed"),
}
OUTCOMES = {
    rules.GRANTED: _l("granted"),
    rules.PART: _l("granted in part"),
    rules.REJECTED: _l("turned down"),
    rules.PUT_OFF: _l("put off"),
}
REASON_WORDS = SITTING_REASONS
PRESENT_AS = {
    rules.DECIDES: _l("decides"),
    rules.ADVISES: _l("advises for self-help"),
    rules.OFFICE: _l("keeps the minutes"),
}
STANCES = {rules.AGREES: _l("agrees"), rules.DISAGREES: _l("disagrees")}
RUN_OUTCOMES = {rules.AGREED: _l("agreed"), rules.NOT_AGREED: _l("not agreed")}


def decision_words(decision: SittingDecision) -> str:
    """Answer a decision in few words: “granted in part, 300.00 €”."""
    outcome = str(OUTCOMES[decision.outcome])
    return f"{outcome}, {euro_words(decision.cents)}" if decision.cents else outcome


def when_words(moment: datetime) -> str:
    """Answer a moment by the clocks in Germany."""
    return moment_words(moment.astimezone(WALL_CLOCK))


def full_words(moment: datetime) -> str:
    """Answer a moment with its year, by the clocks in Germany."""
    there = moment.astimezone(WALL_CLOCK)
    return f"{date_words(there.date())}, {there:%H:%M}"
