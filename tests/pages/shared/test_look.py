"""What the templates rely on is in the style sheets; what we promise about weight and privacy holds."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.support.requirements import missing

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "app").rglob("templates/**/*.html"))
VENDOR = ROOT / "static" / "vendor"
OWN_CSS = ROOT / "static" / "css" / "wirkreis.css"
KERN_CLASS = re.compile(r"kern-[a-z]+(?:-[a-z]+)*(?:(?:__|--)[a-z0-9-]+)?")


def kern_css():
    path = VENDOR / "kern" / "kern.css"
    if not path.is_file():
        missing("static/vendor/ is not filled", instead="Run `make setup`.")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_kern_class_of_a_template_is_in_the_part_of_kern_that_is_served(path):
    known = set(KERN_CLASS.findall(kern_css()))
    used = set(KERN_CLASS.findall(re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)))
    # Names put together by a macro end in a dash.
    assert {name for name in used if not name.endswith("-")} - known == set()


def test_what_every_page_loads_leaves_room_for_the_page_on_a_shaky_network():
    kern_css()
    texts = [VENDOR / "kern" / "kern.css", OWN_CSS, ROOT / "static" / "js" / "site.js"]
    weight = sum(len(gzip.compress(path.read_bytes(), 6)) for path in texts)
    weight += sum(path.stat().st_size for path in (VENDOR / "fonts").glob("*.woff2"))
    assert weight < 100_000, "The phone page must stay under 150 kB with its own text."


def test_no_style_sheet_or_script_of_ours_names_another_site():
    files = [*(ROOT / "static" / "css").glob("*.css"), *(ROOT / "static" / "js").glob("*.js")]
    outside = re.compile(r"(?:https?:)?//(?!www\.w3\.org)[a-z0-9-]+\.[a-z]", re.IGNORECASE)
    assert [path.name for path in files if outside.search(path.read_text(encoding="utf-8"))] == []


def test_every_font_and_picture_the_style_sheet_names_is_there():
    kern_css()
    for name in re.findall(r"url\(\"([^\"]+)\"\)", OWN_CSS.read_text(encoding="utf-8")):
        assert (OWN_CSS.parent / name).resolve().is_file(), name


def test_the_mark_has_eight_seats_and_one_of_them_is_free():
    mark = (ROOT / "app" / "templates" / "_mark.svg").read_text(encoding="utf-8")
    assert (mark.count("mark-seat"), mark.count("mark-free")) == (7, 1)


def luminance(colour):
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def schemes():
    css = OWN_CSS.read_text(encoding="utf-8")
    first = css.index("color-scheme: light dark;")
    light, dark = css[first : css.index("@media", first)], css[css.index("(prefers-color-scheme: dark)") :]
    tokens = [
        dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", part.split("\n  }\n")[0])) for part in (light, dark)
    ]
    return {"light": tokens[0], "dark": tokens[0] | tokens[1]}


TEXT_PAIRS = [
    *((text, ground) for text in ("ink", "muted", "teal", "teal-deep", "coral", "bad")
      for ground in ("paper", "surface", "sunken") if (text, ground) != ("coral", "sunken")),
    ("on-teal", "teal"), ("on-teal", "teal-deep"), ("ink", "teal-tint"), ("ink", "good-tint"), ("ink", "care-tint"),
    ("ink", "bad-tint"), ("teal", "teal-tint"), ("muted", "teal-tint"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(scheme, text, ground):
    tokens = schemes()[scheme]
    assert contrast(tokens[f"--{text}"], tokens[f"--{ground}"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_the_edge_of_a_field_can_be_seen(scheme, ground):
    tokens = schemes()[scheme]
    assert contrast(tokens["--line-strong"], tokens[f"--{ground}"]) >= 3
