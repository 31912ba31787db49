"""The figures of the levy that come with the application, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.funding.rules.level_plan import LevelPlan, read_plans
from app.funding.rules.levy_rates import Rate, read_rates
from app.funding.rules.region_rules import RegionRules, read_presets

DATA_FOLDER = Path(__file__).parent / "data"


@cache
def levy_rates() -> dict[int, Rate]:
    """Answer the known rates by year."""
    return read_rates(_lines("levy_rates.csv"))


@cache
def level_plans() -> dict[tuple[str, int], LevelPlan]:
    """Answer the known plans by Land (AGS) and year."""
    return read_plans(_lines("level_plans.csv"))


@cache
def region_presets() -> dict[str, RegionRules]:
    """Answer the rules of those Länder for which sources were found, by key (AGS)."""
    return read_presets((DATA_FOLDER / "region_presets.json").read_text(encoding="utf-8"))


def _lines(name: str) -> list[str]:
    return (DATA_FOLDER / name).read_text(encoding="utf-8").splitlines()
