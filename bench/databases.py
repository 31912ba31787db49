"""Databases with many invented groups, made once by ``flask seed`` and kept in ``instance/bench/``.

They are made anew when the seed, what it indexes, or the tables change: the folder is named for all of these.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import flask_migrate
import psycopg
from flask import Flask

from app import create_app
from app.shared.extensions import db
from config import INSTANCE, ROOT, Config
from tests.support.postgresql import PostgresqlServer

FOLDER = INSTANCE / "bench"
RANDOM_SEED = 1
_MADE_FROM = (
    "migrations/versions/*.py",
    "app/seed.py",
    "app/groups/demo/*",
    "app/groups/data/*",
    "app/groups/text.py",
    "app/groups/search_index.py",
    "app/groups/text_index.py",
    "app/groups/rules/finder_columns.py",
    "app/groups/rules/geo_search.py",
    "app/groups/rules/meeting_patterns.py",
    "app/groups/rules/recurrence.py",
    "app/groups/rules/schedule.py",
    "app/groups/meetings/schedules.py",
    "app/groups/rules/vocabulary.py",
    "app/clearinghouses/demo*.py",
    "app/clearinghouses/data/*",
    "app/places/data/*",
)


@dataclass(frozen=True, slots=True)
class Database:
    """A database with groups: its kind, its address, and how long ``flask seed`` took when it was made."""

    kind: str
    url: str
    seed_seconds: float


@contextmanager
def database(kind: str, *, groups: int) -> Iterator[Database]:
    """Answer the database of a kind (``sqlite`` or ``postgresql``), made when it is not there yet."""
    folder = FOLDER / f"{kind}-{groups}-{_mark()}"
    if not (folder / "made.json").exists():
        for old in FOLDER.glob(f"{kind}-{groups}-*"):
            shutil.rmtree(old)
        folder.mkdir(parents=True)
    open_database = _sqlite if kind == "sqlite" else _postgresql
    with open_database(folder, groups) as opened:
        yield opened


def environment(url: str, **more: str) -> dict[str, str]:
    """Answer the environment of a process that works on a database as in production, without rate limits."""
    return {
        "PATH": os.environ["PATH"],
        "APP_ENV": "production",
        "SECRET_KEY": "only-for-benchmarks-only-for-benchmarks",
        "DATABASE_URL": url,
        "RATE_LIMITS": "off",
        **more,
    }


def application(url: str) -> Flask:
    """Answer the application on a database, for measurements inside this process."""
    return create_app(Config(app_env="test", secret_key="x" * 16, database_url=url, rate_limits=False))


@contextmanager
def _sqlite(folder: Path, groups: int) -> Iterator[Database]:
    url = f"sqlite:///{folder / 'groups.sqlite3'}"
    seconds = _read_seconds(folder)
    if seconds is None:
        seconds = _seed(url, groups)
        _note_seconds(folder, seconds)
    yield Database("sqlite", url, seconds)


@contextmanager
def _postgresql(folder: Path, groups: int) -> Iterator[Database]:
    """Start a server; its rows come from files of an earlier run, which takes a fraction of the time."""
    server = PostgresqlServer()
    try:
        server.execute("create database bench")
        url = server.url("bench")
        seconds = _read_seconds(folder)
        if seconds is None:
            seconds = _seed(url, groups)
            _unload(server.dsn("bench"), folder)
            _note_seconds(folder, seconds)
        else:
            _migrate(url)
            _reload(server.dsn("bench"), folder)
        server.execute("vacuum analyze", database="bench")
        yield Database("postgresql", url, seconds)
    finally:
        server.stop()


def _migrate(url: str) -> None:
    app = application(url)
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        db.session.remove()
        db.engine.dispose()


def _seed(url: str, groups: int) -> float:
    """Fill a database through the command; answer the seconds that the command took."""
    _migrate(url)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "seed"]
    command += ["--groups", str(groups), "--random-seed", str(RANDOM_SEED)]
    print(f"seeding {groups} groups …", file=sys.stderr, flush=True)
    began = perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment(url), check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began


def _tables(connection: psycopg.Connection[tuple[str]]) -> list[str]:
    found = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
    return [name for (name,) in found if name != "alembic_version"]


def _unload(dsn: str, folder: Path) -> None:
    """Write the rows of every table to a file."""
    with psycopg.connect(dsn) as connection:
        for name in _tables(connection):
            with (
                (folder / f"{name}.copy").open("wb") as file,
                connection.cursor().copy(f'copy "{name}" to stdout (format binary)'.encode()) as rows,
            ):
                for part in rows:
                    file.write(part)


def _reload(dsn: str, folder: Path) -> None:
    """Fill every table from its file; counters go on behind the largest id."""
    with psycopg.connect(dsn) as connection:
        connection.execute("set session_replication_role = replica")  # foreign keys hold in the files already
        for name in _tables(connection):
            connection.execute(f'delete from "{name}"'.encode())
            with (
                (folder / f"{name}.copy").open("rb") as file,
                connection.cursor().copy(f'copy "{name}" from stdin (format binary)'.encode()) as rows,
            ):
                while part := file.read(1 << 20):
                    rows.write(part)
            counter = connection.execute(
                "select pg_get_serial_sequence(quote_ident(%s), 'id') where exists (select 1 from "
                "information_schema.columns where table_name = %s and column_name = 'id')",
                (name, name),
            ).fetchone()
            if counter and counter[0]:
                connection.execute(
                    f"select setval('{counter[0]}', (select coalesce(max(id), 0) + 1 from \"{name}\"))".encode()
                )


def _read_seconds(folder: Path) -> float | None:
    file = folder / "made.json"
    return float(json.loads(file.read_text(encoding="utf-8"))["seconds"]) if file.exists() else None


def _note_seconds(folder: Path, seconds: float) -> None:
    (folder / "made.json").write_text(json.dumps({"seconds": seconds}), encoding="utf-8")


def _mark() -> str:
    """Answer a mark of everything that decides what is in the database."""
    digest = hashlib.sha256(f"seed {RANDOM_SEED}".encode())
    for pattern in _MADE_FROM:
        for file in sorted(ROOT.glob(pattern)):
            if file.is_file():
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]
