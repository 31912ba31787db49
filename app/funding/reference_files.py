"""What funding begins with, as it comes with the application; once loaded, the tables hold."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

from app.funding.rules.direct_letter import FederalOffice, read_federal_office
from app.funding.rules.institutions import read_proof_due
from app.funding.rules.interest import BaseRates, read_base_rates
from app.funding.rules.level_plan import LevelPlan, read_plans
from app.funding.rules.levy_rates import Rate, read_rates
from app.funding.rules.notices import ServedRule, read_served_rules
from app.funding.rules.project_terms import Preset, read_terms_presets
from app.funding.rules.region_rules import RegionRules, read_presets
from app.funding.rules.staffing_standard import Standard, read_standard

DATA_FOLDER = Path(__file__).parent / "data"
EVERY_DISTRICT = "all"


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


@cache
def project_terms_presets() -> tuple[Preset, ...]:
    """Answer what is known of the terms on which insurers fund projects, from the general to the special."""
    return read_terms_presets((DATA_FOLDER / "project_terms.json").read_text(encoding="utf-8"))


@cache
def served_rules() -> tuple[ServedRule, ...]:
    """Answer after how many days a notice counts as served, the newest rule first."""
    return read_served_rules((DATA_FOLDER / "served_rules.json").read_text(encoding="utf-8"))


@cache
def reclaim_texts() -> dict[str, Any]:
    """Answer the texts of letters by which money is claimed back, in German as those of notices."""
    texts: dict[str, Any] = json.loads((DATA_FOLDER / "reclaim_texts.json").read_text(encoding="utf-8"))
    return texts


@cache
def base_rates() -> BaseRates:
    """Answer the base rates by § 247 BGB, and until when they are known."""
    return read_base_rates((DATA_FOLDER / "base_rates.json").read_text(encoding="utf-8"))


@cache
def notice_texts() -> dict[str, Any]:
    """Answer the texts of notices, in German: the language of the act (§ 19 SGB X)."""
    texts: dict[str, Any] = json.loads((DATA_FOLDER / "notice_texts.json").read_text(encoding="utf-8"))
    return texts


@cache
def attention() -> str:
    """Answer how the line of a window begins that names a person."""
    return str(notice_texts()["facts"]["attention"]).partition("{")[0]


@cache
def staffing_standard() -> Standard:
    """Answer how many posts are advised for a clearing house."""
    return read_standard(_institutions())


@cache
def institution_proof_due() -> str:
    """Answer the day of the following year by which a house or an organisation has proven what it spent."""
    return read_proof_due(_institutions())


@cache
def institution_reasons() -> dict[str, str]:
    """Answer the reasons of a notice that nobody has to write, in German."""
    texts: dict[str, str] = json.loads(_institutions())["notice"]
    return texts


@cache
def federal_office() -> FederalOffice:
    """Answer who issues notices about organisations of the whole country."""
    return read_federal_office(_institutions())


@cache
def direct_notice_texts() -> dict[str, Any]:
    """Answer what notices about projects, houses and organisations say otherwise."""
    texts: dict[str, Any] = json.loads((DATA_FOLDER / "direct_notice_texts.json").read_text(encoding="utf-8"))
    return texts


def insurer_rows() -> list[dict[str, str]]:
    """Answer the insurers: slug, name, family."""
    return list(csv.DictReader(_lines("insurers.csv")))


def region_rows() -> list[dict[str, str]]:
    """Answer the funding regions; ``districts`` is `EVERY_DISTRICT` of the Land, or keys separated by a bar."""
    return list(csv.DictReader(_lines("regions.csv")))


def _lines(name: str) -> list[str]:
    return (DATA_FOLDER / name).read_text(encoding="utf-8").splitlines()


def _institutions() -> str:
    return (DATA_FOLDER / "institutions.json").read_text(encoding="utf-8")
