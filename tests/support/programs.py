"""Programs of this folder that tests start: heard to the end, or killed meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from tests.support.tree import ROOT


def told_by(program: str, *given: object) -> Any:
    """Answer what a program has to tell, once it has come to its end."""
    with subprocess.Popen(
        _command(program, given), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        try:
            out, err = started.communicate(timeout=300)
        finally:
            started.kill()
    assert started.returncode == 0, err
    return json.loads(out)


def killed_meanwhile(program: str, *given: object, after_seconds: float) -> bool:
    """Kill a program so many seconds after it said ``begin``; answer whether it had said ``done``."""
    with subprocess.Popen(_command(program, given), cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        try:
            assert started.stdout.readline() == "begin\n"
            time.sleep(after_seconds)
        finally:
            started.kill()
        return "done" in started.stdout.read()


def say(words: str) -> None:
    """Write a line that whoever waits reads at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _command(program: str, given: tuple[object, ...]) -> list[str]:
    return [sys.executable, "-m", f"tests.support.{program}", *map(str, given)]
