"""``flask places …`` does what it says."""

from __future__ import annotations


def test_loading_again_says_that_nothing_changed(runner):
    result = runner.invoke(args=["places", "load"])
    assert result.exit_code == 0, result.output
    assert "16 Länder, 400 districts, 8168 postcodes, 11870 towns; 0 rows changed." in result.output


def test_the_basemap_is_written_where_it_is_wanted(runner, tmp_path):
    result = runner.invoke(args=["places", "basemap", "--target", str(tmp_path / "map")])
    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "map").iterdir()} == {
        "laender.json",
        "districts.json",
        "labels.json",
    }
