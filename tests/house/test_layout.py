"""The shape of the code: small modules, small functions, names that say something."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.tree import ROOT, python_files

MODULE_LINES = 400
FUNCTION_LINES = 50
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
LONG = {
    # Generated or plain data would be listed here with its reason; nothing is.
}


def own(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", python_files("app", "tools", "bench", "tests"), ids=own)
def test_no_module_is_over_400_lines_and_no_function_over_50(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MODULE_LINES or own(path) in LONG
    too_long = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    }
    assert too_long == {}


def test_no_module_or_folder_has_a_name_that_says_nothing():
    named = {path.stem: own(path) for path in python_files("app", "tools", "bench", "tests")}
    named |= {part: own(path) for path in python_files("app") for part in path.relative_to(ROOT).parts[:-1]}
    assert {name: place for name, place in named.items() if name in FORBIDDEN_NAMES} == {}


@pytest.mark.parametrize("path", python_files("app"), ids=own)
def test_every_module_class_and_public_function_of_the_application_has_a_docstring(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [] if ast.get_docstring(tree) else ["the module"]
    for node in tree.body:
        is_documented_kind = isinstance(node, ast.FunctionDef | ast.ClassDef)
        if is_documented_kind and not node.name.startswith("_") and not ast.get_docstring(node):
            silent.append(node.name)
    assert silent == []


@pytest.mark.parametrize("path", python_files("app"), ids=own)
def test_views_and_interfaces_never_commit_themselves(path):
    if own(path) == "app/shared/transactions.py":
        return
    commits = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert commits == [], "Commit through app.shared.transactions.transaction()."
