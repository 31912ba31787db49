"""How long a listing counts as confirmed, and what happens when nobody confirms it: told from two days alone.

Nothing of the asking is stored: the stage follows from the day of the last confirmation. Who confirms begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum


class Stage(IntEnum):
    """How far it has come with a listing; each one follows the one before."""

    CONFIRMED = 0
    ASKED = 1
    REMINDED = 2
    REMINDED_AGAIN = 3
    NOT_CONFIRMED = 4
    """Everybody may read that nobody has confirmed it."""
    DORMANT = 5
    """It is no longer to be found."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many days after a confirmation a group is asked, and how many days after that the other stages begin.

    Raises:
        ValueError: a stage would begin before the one before it.
    """

    every: int = 365
    reminded: int = 14
    reminded_again: int = 28
    not_confirmed: int = 42
    dormant: int = 120

    def __post_init__(self) -> None:
        days = (0, self.reminded, self.reminded_again, self.not_confirmed, self.dormant)
        if self.every < 1 or list(days) != sorted(set(days)):
            raise ValueError("The stages follow one another, each at least a day after the one before.")

    def begins(self, stage: Stage) -> int:
        """Answer how many days after the asking a stage begins."""
        after = (-self.every, 0, self.reminded, self.reminded_again, self.not_confirmed, self.dormant)
        return after[stage]


USUAL = Pace()


def asked_on(last_confirmed_on: date, registered_on: date, *, pace: Pace = USUAL) -> date:
    """Answer the day on which a group is asked: a year after it was confirmed, but not before it was registered here.

    So a register that is taken over with old days is asked first, instead of falling asleep at once.
    """
    return max(last_confirmed_on + timedelta(days=pace.every), registered_on)


def stage_of(last_confirmed_on: date, registered_on: date, *, today: date, pace: Pace = USUAL) -> Stage:
    """Answer how far it has come with a listing today."""
    waited = (today - asked_on(last_confirmed_on, registered_on, pace=pace)).days
    if waited < 0:
        return Stage.CONFIRMED
    return max(stage for stage in Stage if stage is not Stage.CONFIRMED and waited >= pace.begins(stage))


def begins_on(stage: Stage, last_confirmed_on: date, registered_on: date, *, pace: Pace = USUAL) -> date:
    """Answer the first day of a stage after the asking."""
    first = asked_on(last_confirmed_on, registered_on, pace=pace)
    return first + timedelta(days=max(0, pace.begins(stage)))


def mail_of(stage: Stage) -> Stage | None:
    """Answer which mail asks at a stage: one for each of the first three; who missed the last gets it later."""
    return None if stage in {Stage.CONFIRMED, Stage.DORMANT} else min(stage, Stage.REMINDED_AGAIN)
