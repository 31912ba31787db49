"""``flask places …`` does what it says."""

from __future__ import annotations


def test_loading_again_says_that_nothing_changed(runner):
    result = runner.invoke(args=["places", "load"])
    assert result.exit_code == 0, result.output
    assert (
        "16 Länder, 400 districts, 8168 postcodes, 11870 towns, 393 school holidays; 0 rows changed."
        in result.output
    )


def test_the_basemap_is_written_where_it_is_wanted(runner, tmp_path):
    result = runner.invoke(args=["places", "basemap", "--target", str(tmp_path / "map")])
    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "map").iterdir()} == {
        "laender.json",
        "districts.json",
        "labels.json",
    }


def test_school_holidays_are_taken_from_a_file_and_given_back(runner, tmp_path):
    path = tmp_path / "ferien.csv"
    path.write_text("state_ags,kind,first_on,last_on\n05,summer,2030-06-24,2030-08-06\n")
    result = runner.invoke(args=["places", "school-holidays", str(path)])
    assert result.exit_code == 0, result.output
    assert "1 school holidays in 1 Länder; 20 rows changed." in result.output
    assert "; 0 rows changed." in runner.invoke(args=["places", "load"]).output
    result = runner.invoke(args=["places", "school-holidays"])
    assert "flask groups reindex" in result.output
    assert "393 school holidays in 16 Länder; 20 rows changed." in result.output


def test_a_file_of_school_holidays_with_faults_is_refused_and_nothing_is_stored(runner, tmp_path):
    path = tmp_path / "ferien.csv"
    path.write_text(
        "state_ags,kind,first_on,last_on\n05,summer,2030-06-24,2030-08-06\n05,autumn,2030-08-06,2030-08-07\n"
    )
    result = runner.invoke(args=["places", "school-holidays", str(path)])
    assert result.exit_code == 1
    assert "Nothing was changed. Please correct ferien.csv:" in result.output
    assert "Line 3: shares a day with line 2; join them or correct one." in result.output
    assert "; 0 rows changed." in runner.invoke(args=["places", "school-holidays"]).output


def test_a_file_that_is_not_there_is_said_so(runner):
    result = runner.invoke(args=["places", "school-holidays", "nowhere.csv"])
    assert result.exit_code == 2
    assert "does not exist" in result.output
