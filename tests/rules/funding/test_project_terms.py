"""Terms of insurers: what is shipped, and what an insurer says itself."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from app.funding.reference_files import DATA_FOLDER, project_terms_presets
from app.funding.rules.project_terms import (
    FLAT,
    OWN,
    POOL,
    ProjectTerms,
    everywhere,
    preset_terms,
    read_terms_presets,
    terms_from,
    terms_row,
)


def known(insurer, family, state):
    return preset_terms(project_terms_presets(), insurer, family, state)


def test_what_is_shipped_says_what_the_sources_say():
    bavaria = known("aok-bayern", "aok", "09")
    assert (bavaria.gives, bavaria.deadline, bavaria.deadline_new) == (POOL, "02-15", "10-31")
    assert known("barmer", "vdek", "09").gives == OWN
    hamburg = {
        slug: known(slug, "vdek", "02").gives
        for slug in ("barmer", "hkk", "hek", "tk", "dak-gesundheit", "kkh")
    }
    assert hamburg == {
        "barmer": FLAT,
        "hkk": FLAT,
        "hek": FLAT,
        "tk": FLAT,
        "dak-gesundheit": OWN,
        "kkh": OWN,
    }
    assert known("sbk", "bkk", "08").last_day(2027) == date(2027, 12, 31)
    assert known("sbk", "bkk", "03").last_day(2027) is None
    assert "Satzung" in known("tk", "vdek", "05").papers
    assert known("tk", "vdek", "05").doubts
    insurers = list(csv.DictReader((DATA_FOLDER / "insurers.csv").read_text(encoding="utf-8").splitlines()))
    named = {slug for each in project_terms_presets() for slug in each.insurers}
    assert named <= {each["slug"] for each in insurers}
    for each in insurers:
        terms = known(each["slug"], each["family"], "05")
        assert terms.criteria
        assert terms.source
        assert terms_from(terms_row(terms)) == terms


def test_what_an_insurer_says_for_all_laender_leaves_open_who_decides_in_each():
    said = ProjectTerms(criteria="Kurz.", gives=OWN)
    assert everywhere(said, known("aok-bayern", "aok", "09")) == ProjectTerms(criteria="Kurz.", gives=POOL)


@pytest.mark.parametrize("terms", ['{"gives": "perhaps"}', '{"deadline": "02-31"}', '{"colour": "red"}'])
def test_a_preset_that_cannot_be_is_refused_with_its_row(terms):
    with pytest.raises(ValueError, match="Row 1"):
        read_terms_presets(f'[{{"terms": {terms}}}]')
