"""A rule is plain Python: it imports where no Flask, no database and no template engine can be had."""

from __future__ import annotations

import subprocess
import sys

from tests.support.tree import ROOT, python_files

BLOCKED = (
    "flask", "werkzeug", "jinja2", "sqlalchemy", "wtforms", "flask_sqlalchemy", "flask_babel", "alembic", "psycopg",
)  # fmt: skip
PROGRAM = """
import importlib, sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ImportError(f"a rule may not import {{name}}")
sys.meta_path.insert(0, Blocked())
problems = []
for name in {modules!r}:
    try:
        importlib.import_module(name)
    except ImportError as error:
        problems.append(f"{{name}}: {{error}}")
print("; ".join(problems))
"""
RULES = [path for path in python_files("app") if "rules" in path.parts]


def test_every_rule_imports_without_flask_sqlalchemy_and_the_like():
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in RULES
    ]
    program = PROGRAM.format(blocked=BLOCKED, modules=modules)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
