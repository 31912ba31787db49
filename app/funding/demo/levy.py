"""Invented figures of the levy: insured by insurer and Land as KM6 would have them, and a plan for each Land."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import InsuredCount, Insurer, LevelShares, LevyRate
from app.funding.reference_files import region_rows
from app.funding.rules.apportion import apportion
from app.funding.rules.level_plan import PER_CENT

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.rules.levy import Cell

PART = 10
"""The demonstration has a thirtieth of the groups of the country; with a tenth of the insured, its pots are as tight as
real ones."""
TOTALS = (74_310_000 // PART, 74_560_000 // PART)
"""All insured of the year before and of the year: a part of those there were in 2024 and 2025."""
THOUSANDS = {
    "aok-baden-wuerttemberg": (4_600, 4_610),
    "aok-bayern": (4_590, 4_600),
    "aok-bremen": (275, 276),
    "aok-hessen": (1_690, 1_700),
    "aok-niedersachsen": (3_120, 3_150),
    "aok-nordost": (1_700, 1_680),
    "aok-nordwest": (2_970, 2_980),
    "aok-plus": (3_490, 3_500),
    "aok-rheinland-hamburg": (2_990, 3_000),
    "aok-rheinland-pfalz-saarland": (1_265, 1_270),
    "aok-sachsen-anhalt": (865, 870),
    "barmer": (8_430, 8_320),
    "dak-gesundheit": (5_480, 5_430),
    "hek": (485, 480),
    "hkk": (930, 970),
    "kkh": (1_520, 1_470),
    "tk": (11_700, 12_020),
    "audi-bkk": (790, 800),
    "bahn-bkk": (490, 480),
    "bosch-bkk": (245, 240),
    "mhplus": (490, 480),
    "mobil": (900, 870),
    "novitas-bkk": (390, 380),
    "pronova-bkk": (630, 620),
    "sbk": (1_090, 1_100),
    "viactiv": (710, 700),
    "big-direkt-gesund": (495, 500),
    "ikk-brandenburg-berlin": (245, 240),
    "ikk-classic": (2_985, 2_960),
    "ikk-gesund-plus": (475, 480),
    "ikk-innovationskasse": (232, 230),
    "ikk-suedwest": (595, 590),
    "knappschaft": (1_350, 1_290),
    "svlfg": (510, 500),
}
"""How large each insurer really is, roughly, in the year before and in the year. All but the AOK carry, in proportion,
the insured of those that are left out."""
HOME: dict[str, dict[str, int]] = {
    "aok-baden-wuerttemberg": {"08": 1},
    "aok-bayern": {"09": 1},
    "aok-bremen": {"04": 1},
    "aok-hessen": {"06": 1},
    "aok-niedersachsen": {"03": 1},
    "aok-nordost": {"11": 3_629, "12": 2_508, "13": 1_610},
    "aok-nordwest": {"01": 2_893, "05": 8_300},
    "aok-plus": {"14": 4_080, "16": 2_147},
    "aok-rheinland-hamburg": {"02": 1_836, "05": 9_600},
    "aok-rheinland-pfalz-saarland": {"07": 4_079, "10": 992},
    "aok-sachsen-anhalt": {"15": 1},
    "ikk-brandenburg-berlin": {"11": 3_629, "12": 2_508},
    "ikk-suedwest": {"06": 1_000, "07": 4_079, "10": 3_000},
}
"""Insurer → the Länder in which its insured live, by weight; those that are not named have some in every Land."""
PLAN = {"federal": 2_000, "state_organisations": 1_924, "clearing_houses": 4_000, "groups": 2_076}
PLAN_SOURCE = "Annahme der Demonstration: Bund 20 %, sonst im Verhältnis von Nordrhein-Westfalen 2016"


def demo_years(session: Session, *, until: int) -> list[int]:
    """Answer the last two years with a known rate, none after ``until``."""
    years = session.scalars(
        sa.select(LevyRate.year).where(LevyRate.year <= until).order_by(LevyRate.year.desc()).limit(2)
    )
    return sorted(years)


def make_demo_levy(session: Session, *, until: int) -> None:
    """Afterwards the last two years until this one have insured and plans, if they had no insured before."""
    insurers = dict(session.execute(sa.select(Insurer.slug, Insurer.id)).tuples().all())
    for position, year in enumerate(demo_years(session, until=until)):
        if session.scalar(sa.select(InsuredCount.year).where(InsuredCount.year == year).limit(1)):
            continue
        session.execute(
            sa.insert(InsuredCount),
            [
                {"year": year, "insurer_id": insurers[insurer], "state_ags": state, "insured": insured}
                for (insurer, state), insured in demo_insured(position).items()
            ],
        )
        planned = set(session.scalars(sa.select(LevelShares.state_ags).where(LevelShares.year == year)))
        session.add_all(
            LevelShares(year=year, state_ags=state, unit=PER_CENT, source=PLAN_SOURCE, **PLAN)
            for state in _inhabitants()
            if state not in planned
        )
    session.flush()


def demo_insured(position: int) -> dict[Cell, int]:
    """Answer the insured of the year before (0) or of the year (1).

    Each Land has its part by inhabitants. An insurer with a home has its insured there; the others share what is left
    of each Land by their size.
    """
    lands = apportion(TOTALS[position], _inhabitants(), seed="demo")
    answer: dict[Cell, int] = {}
    taken: Counter[str] = Counter()
    for insurer, home in HOME.items():
        for state, insured in apportion(
            1_000 * THOUSANDS[insurer][position] // PART, home, seed="demo"
        ).items():
            answer[insurer, state] = insured
            taken[state] += insured
    sizes = {insurer: size[position] for insurer, size in THOUSANDS.items() if insurer not in HOME}
    for state, insured in lands.items():
        for insurer, part in apportion(insured - taken[state], sizes, seed=f"demo:{state}").items():
            answer[insurer, state] = part
    return answer


def _inhabitants() -> dict[str, int]:
    together: Counter[str] = Counter()
    for row in region_rows():
        together[row["state_ags"]] += int(row["share"])
    return dict(together)
