"""Every setting of the application, its unit and the environment variable it is read from."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
EMBEDDED_DATABASE = f"sqlite:///{INSTANCE / 'wirkreis.sqlite3'}"
LOCAL_URL = "http://127.0.0.1:8000"
NEUTRAL_PAGE = "https://www.wikipedia.org/"
ENVIRONMENTS = ("production", "demo", "test")


class ConfigError(ValueError):
    """A setting is missing or cannot be used; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one running application; docs/configuration.md explains each.

    The defaults are safe for production: nothing is looser than it must be, and nobody outside is asked.
    """

    app_env: str = "production"
    """``APP_ENV``: production, demo or test."""
    secret_key: str = field(default="", repr=False)
    """``SECRET_KEY``: signs tokens; required in production, at least 16 characters."""
    database_url: str = EMBEDDED_DATABASE
    """``DATABASE_URL``: SQLAlchemy form; ``postgresql://`` means psycopg 3."""
    migration_database_url: str = ""
    """``MIGRATION_DATABASE_URL``: the owner of the tables; empty means ``DATABASE_URL``."""
    mail_url: str = ""
    """``MAIL_URL``: ``smtp://user:password@host:port``; empty writes mails to ``instance/outbox/``."""
    mail_keep_days: int = 28
    """``MAIL_KEEP_DAYS``: how long a mail that could not be delivered is kept, 0 to 99 days."""
    reply_domain: str = ""
    """``REPLY_DOMAIN``: whose mail is handed to ``flask mail receive``: answers and bounces; empty: links only."""
    geocoder_url: str = ""
    """``GEOCODER_URL``: a Nominatim server (``photon+https://…`` for Photon); empty means offline only."""
    tile_url: str = ""
    """``TILE_URL``: map tiles on the same host, ``/tiles/{z}/{x}/{y}.png``; empty means the embedded basemap."""
    public_url: str = LOCAL_URL
    """``PUBLIC_URL``: the address people reach the site at, without a slash at the end."""
    operator_email: str = ""
    """``OPERATOR_EMAIL``: who reads notes from visitors; empty means ``wirkreis@`` the host of ``PUBLIC_URL``."""
    leave_url: str = NEUTRAL_PAGE
    """``LEAVE_URL``: the neutral page that "Leave quickly" leads to; asked only when somebody presses it."""
    rate_limits: bool = True
    """``RATE_LIMITS``: ``on`` or ``off``; off only for load and acceptance runs."""
    session_idle_minutes: int = 60
    """``SESSION_IDLE_MINUTES``: somebody who is signed in and does nothing for so long is signed out."""
    confirm_every_days: int = 365
    """``CONFIRM_EVERY_DAYS``: so long after a confirmation a group is asked whether its listing is still right."""
    dormant_after_days: int = 120
    """``DORMANT_AFTER_DAYS``: so long after it was asked in vain a group is no longer to be found; more than 42."""
    interest_enough: int = 6
    """``INTEREST_ENOUGH``: with so many people interested in a topic in a district a group can be founded."""
    interest_keep_days: int = 365
    """``INTEREST_KEEP_DAYS``: how long interest is kept unless renewed, 60 to 365 days."""
    trusted_proxies: int = 0
    """``TRUSTED_PROXIES``: how many proxies in front say which address and scheme a visitor came with; 0: nobody."""
    retention_days: Mapping[str, int] = field(default_factory=dict)
    """``RETENTION_DAYS``: rule → days, where another period is wanted than the program's; ``flask retention list``."""
    payment_limit_euros: int = 100_000
    """``PAYMENT_LIMIT_EUROS``: so much one person can release to the bank on one day."""
    redis_url: str = ""
    """``REDIS_URL``: shared rate limits of several processes; empty means in memory."""

    @property
    def is_production(self) -> bool:
        """Whether cookies are Secure, HSTS is sent and missing secrets are refused."""
        return self.app_env == "production"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read every setting from the environment.

        Raises:
            ConfigError: a value is unusable, or production lacks its secret.
        """
        app_env = environ.get("APP_ENV", "production")
        if app_env not in ENVIRONMENTS:
            raise ConfigError(f"APP_ENV is {app_env!r}; set it to one of {', '.join(ENVIRONMENTS)}.")
        rate_limits = environ.get("RATE_LIMITS", "on")
        if rate_limits not in {"on", "off"}:
            raise ConfigError(f"RATE_LIMITS is {rate_limits!r}; set it to on or off.")
        return cls(
            app_env=app_env,
            secret_key=_secret_key(environ, app_env),
            database_url=normal_database_url(environ.get("DATABASE_URL", "")),
            migration_database_url=normal_database_url(environ.get("MIGRATION_DATABASE_URL", ""), default=""),
            mail_url=environ.get("MAIL_URL", ""),
            mail_keep_days=_whole_number(environ, "MAIL_KEEP_DAYS", default=28),
            reply_domain=_domain(environ.get("REPLY_DOMAIN", "")),
            geocoder_url=environ.get("GEOCODER_URL", ""),
            tile_url=environ.get("TILE_URL", ""),
            public_url=environ.get("PUBLIC_URL", LOCAL_URL).rstrip("/"),
            operator_email=environ.get("OPERATOR_EMAIL", ""),
            leave_url=environ.get("LEAVE_URL", "") or NEUTRAL_PAGE,
            rate_limits=rate_limits == "on",
            session_idle_minutes=_whole_number(environ, "SESSION_IDLE_MINUTES", default=60, least=1),
            confirm_every_days=_whole_number(environ, "CONFIRM_EVERY_DAYS", default=365, least=60),
            dormant_after_days=_whole_number(environ, "DORMANT_AFTER_DAYS", default=120, least=43),
            interest_enough=_whole_number(environ, "INTEREST_ENOUGH", default=6, least=2),
            interest_keep_days=_whole_number(environ, "INTEREST_KEEP_DAYS", default=365, least=60, most=365),
            trusted_proxies=_whole_number(environ, "TRUSTED_PROXIES"),
            retention_days=_days_by_name(environ.get("RETENTION_DAYS", "")),
            payment_limit_euros=_whole_number(
                environ, "PAYMENT_LIMIT_EUROS", default=100_000, least=1, most=99_999_999
            ),
            redis_url=environ.get("REDIS_URL", ""),
        )


def normal_database_url(url: str, *, default: str = EMBEDDED_DATABASE) -> str:
    """Answer the address with the driver this project uses; empty means the default."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url or default


def _whole_number(
    environ: Mapping[str, str], name: str, *, default: int = 0, least: int = 0, most: int = 9_999
) -> int:
    """Answer a whole number, at most 9,999 unless told; the default when it is not set."""
    text = environ.get(name, "") or str(default)
    if not (
        text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most
    ):
        raise ConfigError(f"{name} is {text!r}; set it to a whole number such as {default or 1}.")
    return int(text)


def _domain(text: str) -> str:
    """Answer the name of a mail domain in small letters; empty when it is not set."""
    if text and not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", text):
        raise ConfigError(f"REPLY_DOMAIN is {text!r}; set it to a domain such as reply.example.org.")
    return text.lower()


def _days_by_name(text: str) -> dict[str, int]:
    """Answer what ``RETENTION_DAYS`` says, such as ``done-messages=90,idle-sessions=0``."""
    pairs = [part.partition("=") for part in text.replace(" ", "").split(",") if part]
    for name, _equals, days in pairs:
        if not (name and days.isascii() and days.isdecimal() and len(days) < 6):
            raise ConfigError(f"RETENTION_DAYS is {text!r}; write it like done-messages=90,idle-sessions=0.")
    return {name: int(days) for name, _equals, days in pairs}


def _secret_key(environ: Mapping[str, str], app_env: str) -> str:
    """Answer the secret; a demo keeps a generated one in ``instance/`` so that links survive a restart."""
    given = environ.get("SECRET_KEY", "")
    if given:
        if app_env == "production" and len(given) < 16:
            raise ConfigError("SECRET_KEY is too short; use at least 16 random characters.")
        return given
    if app_env == "production":
        raise ConfigError("SECRET_KEY is missing; set it, or set APP_ENV=demo for a demonstration.")
    path = INSTANCE / "secret_key"
    INSTANCE.mkdir(exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")
