"""School holidays come with the release, can be replaced Land by Land, and are known up to a day."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from sqlalchemy import delete, func, select

from app.places import reference_files
from app.places.free_days import free_days
from app.places.models import SchoolHoliday, State
from app.places.queries import list_school_holidays, school_holidays_known_until
from app.places.rules.free_days import SCHOOL_HOLIDAY_NAMES
from app.places.school_holidays import FILE_NAME, load_school_holidays, replace_school_holidays
from app.places.services import load_reference_geography
from app.shared.errors import BadInput

HEADER = "state_ags,kind,first_on,last_on,source\n"
SHIPPED = 393


@pytest.fixture
def write(tmp_path):
    """Write a file as an operator may bring it."""

    def write(text, encoding="utf-8"):
        path = tmp_path / "ferien.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def count(session):
    return session.scalar(select(func.count()).select_from(SchoolHoliday))


def of_land(session, state):
    return list_school_holidays(session, states=[state], first=date(2000, 1, 1), last=date(2090, 1, 1))


def test_every_land_has_four_summers_autumns_and_christmases(session):
    kinds = select(SchoolHoliday.state_ags, SchoolHoliday.kind, func.count()).group_by(
        SchoolHoliday.state_ags, SchoolHoliday.kind
    )
    counts = {(state, kind): number for state, kind, number in session.execute(kinds)}
    for state in session.scalars(select(State.ags)):
        assert [counts[state, kind] for kind in ("summer", "autumn", "christmas")] == [4, 4, 4]


def test_dates_are_those_that_the_laender_have_published(session):
    days = free_days(session, ["05", "09", "02"], first=date(2026, 1, 1), last=date(2027, 12, 31))
    for region, first, last, kind in [
        ("05", date(2027, 7, 19), date(2027, 8, 31), "summer"),
        ("09", date(2026, 8, 3), date(2026, 9, 14), "summer"),
        ("02", date(2027, 3, 1), date(2027, 3, 12), "spring"),
    ]:
        assert days.on(region, first).names == SCHOOL_HOLIDAY_NAMES[kind]
        assert days.on(region, last).names == SCHOOL_HOLIDAY_NAMES[kind]


def test_public_and_school_holidays_of_a_region_are_gathered(session):
    days = free_days(session, ["09761", "14"], first=date(2026, 8, 1), last=date(2026, 12, 31))
    assert days.on("09761", date(2026, 8, 8)).names["nl"] == "Augsburgs Vredesfeest"
    assert days.on("09761", date(2026, 8, 10)).kind == "school"
    assert days.on("14", date(2026, 11, 18)).names["en"] == "Day of Repentance and Prayer"
    assert days.on("14", date(2026, 11, 19)) is None
    with pytest.raises(KeyError):
        days.on("09", date(2026, 8, 8))


def test_how_far_the_dates_of_a_land_are_known_can_be_said(session):
    assert school_holidays_known_until(session, "05") == date(2029, 8, 14)
    assert school_holidays_known_until(session, "08") == date(2029, 9, 8)
    assert school_holidays_known_until(session, "99") is None


def test_holidays_that_began_before_the_window_are_found(session):
    found = list_school_holidays(session, states=["05", "06"], first=date(2027, 1, 6), last=date(2027, 1, 6))
    assert [(each.state_ags, each.kind) for each in found] == [("05", "christmas"), ("06", "christmas")]


def test_loading_again_changes_nothing(session):
    assert load_school_holidays(session).changed == 0
    assert count(session) == SHIPPED


def test_a_release_with_other_dates_alters_just_those(session, tmp_path):
    folder = shutil.copytree(reference_files.DATA_FOLDER, tmp_path / "data")
    text = (folder / FILE_NAME).read_text(encoding="utf-8")
    assert "05,summer,2027-07-19,2027-08-31" in text
    changed = text.replace("05,summer,2027-07-19,2027-08-31", "05,summer,2027-07-19,2027-08-30")
    (folder / FILE_NAME).write_text(changed, encoding="utf-8")
    assert load_reference_geography(session, folder=folder).changed == 2
    assert count(session) == SHIPPED


def test_a_file_of_the_operator_replaces_the_laender_it_names(session, write):
    berlin = of_land(session, "11")
    path = write(HEADER + "05,summer,2030-06-24,2030-08-06,Ministerium\n05,autumn,2030-10-14,2030-10-26,\n")
    result = replace_school_holidays(session, path)
    assert (result.count, result.states) == (2, 1)
    assert [each.kind for each in of_land(session, "05")] == ["summer", "autumn"]
    assert school_holidays_known_until(session, "05") == date(2030, 10, 26)
    assert of_land(session, "11") == berlin


def test_a_new_release_leaves_the_dates_of_the_operator_alone_until_told(session, write):
    replace_school_holidays(session, write(HEADER + "05,summer,2030-06-24,2030-08-06,\n"))
    assert load_reference_geography(session).changed == 0
    assert len(of_land(session, "05")) == 1
    assert load_school_holidays(session, anew=True).changed == 1 + 19
    assert count(session) == SHIPPED
    assert load_school_holidays(session).changed == 0


def test_the_same_file_twice_changes_nothing_the_second_time(session, write):
    path = write(HEADER + "05,summer,2030-06-24,2030-08-06,\n")
    assert replace_school_holidays(session, path).changed == 20
    assert replace_school_holidays(session, path).changed == 0


def test_a_file_that_a_german_spreadsheet_has_written_is_read(session, write):
    text = "state_ags;kind;first_on;last_on\r\n5;summer;2030-06-24;2030-08-06\r\n;;;\r\n"
    assert replace_school_holidays(session, write(text, encoding="utf-8-sig")).count == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Line 1: the columns state_ags, kind, first_on, last_on are missing."),
        ("state_ags,kind,first_on\n", "Line 1: the columns last_on are missing."),
        (HEADER, "ferien.csv holds no school holidays."),
        (HEADER + "05,summer,2030-06-24,2030-08-06,a,b\n", "Line 2: has more columns than the first line."),
        (HEADER + '05,summer,2030-06-24,2030-08-06,"a\n', "ferien.csv is not CSV"),
        (
            HEADER + "05,summer,2030-06-24,2030-08-06,\n\n05,autumn,14.10.2030,2030-10-26,\n",
            "Line 4: first_on",
        ),
    ],
)
def test_a_file_with_a_fault_is_refused_with_line_and_reason_and_changes_nothing(
    session, write, text, reason
):
    before = of_land(session, "05")
    with pytest.raises(BadInput) as refused:
        replace_school_holidays(session, write(text))
    assert reason in refused.value.message
    assert of_land(session, "05") == before


def test_a_file_in_another_encoding_is_refused(session, write):
    path = write(HEADER + "05,summer,2030-06-24,2030-08-06,Behörde\n", encoding="latin-1")
    with pytest.raises(BadInput, match="is not UTF-8"):
        replace_school_holidays(session, path)


def test_many_faults_are_not_all_listed(session, write):
    with pytest.raises(BadInput, match=r"… and 30 more\."):
        replace_school_holidays(session, write(HEADER + "99,summer,2030-06-24,2030-08-06,\n" * 50))


def test_a_file_of_something_else_is_refused_before_it_is_read(session, write):
    with pytest.raises(BadInput, match="is it the right file"):
        replace_school_holidays(session, write("x" * 1_000_001))


def test_without_school_holidays_the_public_ones_remain(session):
    session.execute(delete(SchoolHoliday))
    days = free_days(session, ["05"], first=date(2027, 7, 1), last=date(2027, 12, 31))
    assert days.on("05", date(2027, 7, 20)) is None
    assert days.on("05", date(2027, 10, 3)).kind == "public"
