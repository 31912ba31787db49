"""The documents say what is there."""

from __future__ import annotations

import dataclasses
import re

import pytest

from config import Config
from tests.support.tree import ROOT, project_files, python_files

WHERE = ROOT / "docs" / "where-is-it.md"
CONFIGURATION = ROOT / "docs" / "configuration.md"


def test_every_setting_is_explained_by_the_name_of_its_variable():
    text = CONFIGURATION.read_text(encoding="utf-8")
    names = {field.name.upper() for field in dataclasses.fields(Config)}
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_every_variable_that_is_explained_is_read_somewhere():
    explained = re.findall(r"^\| `([A-Z_]+)`", CONFIGURATION.read_text(encoding="utf-8"), re.MULTILINE)
    files = [
        *python_files("app", "tools", "tests"),
        ROOT / "config.py",
        ROOT / "gunicorn.conf.py",
        ROOT / "Makefile",
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert explained
    assert [name for name in explained if name not in text] == []


def test_every_path_in_where_is_it_exists():
    paths = re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:py|toml|md|txt))`", WHERE.read_text(encoding="utf-8"))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_where_is_it_names_every_rule():
    text = WHERE.read_text(encoding="utf-8")
    rules = [path.relative_to(ROOT).as_posix() for path in python_files("app") if path.parent.name == "rules"]
    assert [path for path in rules if not path.endswith("__init__.py") and f"`{path}`" not in text] == []


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt", "package-lock.json"]
)
def test_a_lock_names_no_registry(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    # npm keeps addresses for donations; they are nowhere that anything is loaded from.
    text = re.sub(r'"funding": (\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", text)
    found = [
        word for word in ("://", "index-url", "find-links", "trusted-host", '"resolved"') if word in text
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_locked_package_has_a_hash(name):
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
    pins = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert pins
    assert [line for line in pins if "==" not in line or "--hash=sha256:" not in line] == []


def test_no_file_names_a_path_of_somebodys_machine():
    # Put together here so that this file does not name them itself.
    places = "|".join(["work", "root", "home/[a-z]+", "Users/[A-Za-z]+", "tmp/[a-z]+"])
    pattern = re.compile(rf"(?<![\w.:/}}\])-])/(?:{places})/[\w.-]")
    found = []
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in pattern.finditer(text)]
    assert found == []
