"""How often this installation asks for a confirmation, and when a group falls asleep."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import current_app

from app.groups.meetings.schedules import day_of
from app.groups.rules.trust import Pace, Stage, stage_of

if TYPE_CHECKING:
    from config import Config


def get_pace() -> Pace:
    """Answer the pace that is set."""
    config: Config = current_app.config["WIRKREIS"]
    return Pace(every=config.confirm_every_days, dormant=config.dormant_after_days)


def stage_now(group: Any, *, now: datetime) -> Stage:
    """Answer how far it has come with a group, or a row that has its ``last_confirmed_on`` and ``created_at``."""
    return stage_of(group.last_confirmed_on, day_of(group.created_at), today=day_of(now), pace=get_pace())
