"""See to a Chromium for the browser tests: the machine's, else Debian's where we are root, else Playwright's own.

Best is the shell without windows, which opens a page in a quarter of the time: Debian has it as a package of its own.
Always ends well: without one the browser tests are skipped with the reason, and fail with ``CI=true``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from environment import VENV, apt_install

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
TRIED = VENV / ".wirkreis-chromium"
"""Once is enough where a Chromium is there already."""


def main() -> int:
    """Afterwards there is a Chromium that starts, or a message says that there is none; answer 0."""
    if works():
        if not (shutil.which(SHELL) or TRIED.exists()):
            TRIED.touch()
            apt_install(SHELL)
        return 0
    if (apt_install(SHELL) or apt_install("chromium")) and works():
        return 0
    print("Fetching Playwright's Chromium", flush=True)
    try:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600)
    except subprocess.TimeoutExpired:
        print("Playwright's Chromium did not arrive within ten minutes.", file=sys.stderr)
    if not works():
        print(
            "WARNING: no Chromium. The browser tests will be skipped. Install the package chromium.",
            file=sys.stderr,
        )
    return 0


def works() -> bool:
    """Answer whether a Chromium of the machine or of Playwright starts. Ubuntu's is often a stub that asks for snap."""
    programs = [found for name in NAMES if (found := shutil.which(name))]
    own = Path.home() / ".cache" / "ms-playwright"
    programs += [str(path) for path in own.glob("chromium*/*/*") if path.name in {"chrome", "headless_shell"}]
    return any(starts(program) for program in programs)


def starts(program: str) -> bool:
    """Answer whether a program says its version within half a minute."""
    try:
        done = subprocess.run([program, "--version"], check=False, capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
