"""Every template compiles, escapes, and keeps to the Content-Security-Policy."""

from __future__ import annotations

import re

import pytest
from jinja2 import nodes

from tests.support.tree import ROOT, project_files

TEMPLATES = [
    path for path in project_files() if "templates" in path.parts and path.suffix in {".html", ".txt", ".xml"}
]
FORBIDDEN = {
    "|safe turns escaping off": re.compile(r"\|\s*safe\b"),
    "autoescape is switched off": re.compile(r"{%-?\s*autoescape\s+false"),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(
        r"<script\b(?![^>]*\b(?:src\s*=|type=\"application/(?:ld\+)?json\"))", re.IGNORECASE
    ),
    "inline event handler": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript: address": re.compile(r"[\"']javascript:", re.IGNORECASE),
    "a query in a template": re.compile(r"\bdb\.session\b|\.query\s*[.(]|\bsession\.(?:execute|scalars?)\b"),
}


def own(path):
    return path.relative_to(ROOT).as_posix()


def name_of(path):
    return path.as_posix().rpartition("/templates/")[2]


@pytest.fixture(scope="module")
def environment():
    from app import create_app
    from tests.support.databases import config_for

    return create_app(config_for("sqlite://")).jinja_env


@pytest.mark.parametrize("path", TEMPLATES, ids=own)
def test_a_template_compiles_and_is_the_one_that_its_name_finds(path, environment):
    template = environment.get_template(name_of(path))
    assert template.filename == str(path), "Another template has the same name and hides this one."


@pytest.mark.parametrize("path", TEMPLATES, ids=own)
def test_a_template_holds_nothing_that_is_forbidden(path):
    text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = [why for why, pattern in FORBIDDEN.items() if pattern.search(text)]
    # Mail programs know neither our policy nor our style sheet: there, and only there, styles are inline.
    assert found == (["inline style"] if name_of(path) == "mail/mail.html" else [])


@pytest.mark.parametrize("path", TEMPLATES, ids=own)
def test_a_template_uses_every_macro_it_imports_and_finds_every_template_it_names(path, environment):
    tree = environment.parse(path.read_text(encoding="utf-8"))
    used = [node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"]
    unused = []
    for found in tree.find_all((nodes.FromImport, nodes.Import)):
        names = [found.target] if isinstance(found, nodes.Import) else found.names
        unused += [
            alias for name in names if (alias := name[-1] if isinstance(name, tuple) else name) not in used
        ]
    assert unused == []
    for found in tree.find_all((nodes.Extends, nodes.Include, nodes.FromImport, nodes.Import)):
        if isinstance(found.template, nodes.Const) and isinstance(found.template.value, str):
            environment.get_template(found.template.value)
