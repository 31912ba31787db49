"""Puts the application together: the list of what exists."""

from __future__ import annotations

import gc
import hashlib
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask
from flask_babel import format_decimal
from werkzeug.middleware.proxy_fix import ProxyFix

from app.shared.database import prepare_sqlite
from app.shared.error_pages import init_error_pages
from app.shared.extensions import babel, db, limiter, migrate
from app.shared.languages import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    LanguagePrefix,
    current_language,
    in_language,
    language_url,
)
from app.shared.migration_env import render_item
from app.shared.responses import init_logging, init_responses
from app.shared.revision import PROGRAM, database_revision, warn
from app.shared.translations import PageEnvironment, init_translations
from app.shared.uploads import UploadRequest
from config import ROOT, Config

if TYPE_CHECKING:
    from collections.abc import Iterable

BLUEPRINTS = (
    "app.shared.site:bp",
    "app.shared.health:bp",
    "app.shared.openapi:bp",
    "app.accounts.views.signing_in:bp",
    "app.accounts.views.mailed_links:bp",
    "app.accounts.views.own_account:bp",
    "app.accounts.views.second_factor:bp",
    "app.accounts.views.people:bp",
    "app.accounts.views.invitations:bp",
    "app.accounts.views.start:bp",
    "app.accounts.views.history:bp",
    "app.accounts.views.my_data:bp",
    "app.places.api:bp",
    "app.clearinghouses.views:bp",
    "app.clearinghouses.api:bp",
    "app.groups.views.calendars:bp",
    "app.groups.views.finder:bp",
    "app.groups.views.pages:bp",
    "app.groups.views.reports:bp",
    "app.groups.views.meetings:bp",
    "app.groups.views.meeting_dates:bp",
    "app.groups.views.breaks:bp",
    "app.groups.views.place:bp",
    "app.groups.views.closures:bp",
    "app.groups.views.listing:bp",
    "app.groups.views.reviews:bp",
    "app.groups.views.meeting_answers:bp",
    "app.groups.views.watching:bp",
    "app.groups.views.attendance:bp",
    "app.groups.views.contact:bp",
    "app.groups.views.desk_messages:bp",
    "app.groups.views.registering:bp",
    "app.groups.views.registering_desk:bp",
    "app.groups.views.confirming:bp",
    "app.groups.views.status:bp",
    "app.groups.views.unconfirmed:bp",
    "app.groups.views.merging:bp",
    "app.groups.views.interest:bp",
    "app.groups.views.interest_desk:bp",
    "app.groups.views.foundings:bp",
    "app.groups.api:bp",
    "app.groups.finder_map:bp",
    "app.rooms.views.desk:bp",
    "app.rooms.views.calendar:bp",
    "app.rooms.views.bookings:bp",
    "app.rooms.views.requests:bp",
    "app.rooms.views.groups:bp",
    "app.rooms.views.public:bp",
    "app.funding.views.start:bp",
    "app.funding.views.levy:bp",
    "app.funding.views.levy_insured:bp",
    "app.funding.views.levy_terms:bp",
    "app.funding.views.rounds:bp",
    "app.funding.views.requests:bp",
    "app.funding.views.request_files:bp",
    "app.funding.views.runs:bp",
    "app.funding.views.run_acts:bp",
    "app.funding.views.sittings:bp",
    "app.funding.views.sitting_plans:bp",
    "app.funding.views.sitting_decisions:bp",
    "app.funding.views.sitting_ends:bp",
    "app.funding.views.notices:bp",
    "app.funding.views.run_notice:bp",
    "app.funding.views.my_notices:bp",
    "app.funding.views.direct_notices:bp",
    "app.funding.views.letters:bp",
    "app.funding.views.notice_ways:bp",
    "app.funding.views.payments:bp",
    "app.funding.views.batches:bp",
    "app.funding.views.limits:bp",
    "app.funding.views.bank_files:bp",
    "app.funding.views.explained:bp",
    "app.funding.views.transparency:bp",
    "app.funding.views.what_if:bp",
    "app.funding.views.contributions:bp",
    "app.funding.views.call_withdrawal:bp",
    "app.funding.views.pots:bp",
    "app.funding.views.direct:bp",
    "app.funding.views.years:bp",
    "app.funding.views.applying:bp",
    "app.funding.views.group_overview:bp",
    "app.funding.views.signing:bp",
    "app.funding.views.papers:bp",
    "app.funding.views.copies:bp",
    "app.funding.views.regions:bp",
    "app.funding.views.projects:bp",
    "app.funding.views.project_pages:bp",
    "app.funding.views.project_inbox:bp",
    "app.funding.views.project_proofs:bp",
    "app.funding.views.project_terms:bp",
    "app.funding.views.deadlines:bp",
    "app.funding.views.reminders:bp",
    "app.funding.views.overviews:bp",
    "app.funding.views.reports:bp",
    "app.funding.views.conflicts:bp",
    "app.funding.views.checks:bp",
    "app.funding.views.check_acts:bp",
    "app.funding.views.last_days:bp",
    "app.funding.views.changing:bp",
    "app.funding.views.house_requests:bp",
    "app.funding.views.organisation_requests:bp",
    "app.funding.views.institutions:bp",
    "app.funding.views.institution_acts:bp",
    "app.funding.views.houses_compared:bp",
    "app.funding.views.proving:bp",
    "app.funding.views.proof_lists:bp",
    "app.funding.views.proof_checks:bp",
    "app.funding.views.proof_rounds:bp",
    "app.funding.views.reclaims:bp",
    "app.desk.views.start:bp",
    "app.desk.views.groups:bp",
    "app.desk.views.jobs:bp",
)
WORKLIST = (
    "app.groups.contact.waiting:waiting_messages",
    "app.groups.listings.waiting:reviews_waiting",
    "app.groups.upkeep.worklist:unconfirmed_listings",
    "app.groups.interest.worklist:waiting_foundings",
    "app.rooms.worklist:waiting_requests",
    "app.funding.worklist:waiting_requests",
    "app.funding.worklist:waiting_checks",
    "app.groups.contact.waiting:returned_mails",
)
"""Who adds to what waits for the staff of a house."""
DEPARTURES = ("app.rooms.services.departures:KEEPER",)
"""Who keeps something for groups that ends when a group closes."""
RETENTION = (
    "app.shared.mail_delivery:RETENTION",
    "app.accounts.retention:RULES",
    "app.groups.retention:RULES",
    "app.funding.retention:RULES",
)
"""Who adds rules of what is deleted after how long."""
ERASERS = ("app.groups.erasing:erase_contact", "app.funding.erasing:forget_signer")
"""Who erases more of somebody than the accounts package knows; funding keeps its files for their period."""
HISTORY_WORDS = (
    "app.groups.history_words:WORDS",
    "app.groups.interest.history_words:WORDS",
    "app.rooms.history_words:WORDS",
    "app.funding.history_words:WORDS",
    "app.accounts.history_words:WORDS",
    "app.shared.history_words:WORDS",
)
"""Who says in words what was done."""
START_LINKS = (
    "app.desk.start_links:start_links",
    "app.clearinghouses.start_links:start_links",
    "app.groups.contact.start_links:start_links",
    "app.groups.start_links:start_links",
    "app.rooms.start_links:start_links",
    "app.funding.application_links:start_links",
    "app.funding.start_links:start_links",
    "app.accounts.people_links:start_links",
)
"""Who adds links to the start page of people who sign in, in this order."""
START_WAITING = ("app.funding.office_worklist:waiting_for",)
"""Who says on that page what waits for them."""
FUNDING_LINKS = ("app.funding.start_links:funding_links",)
"""Who adds links to the start of the funding area, in this order; its pages for everybody stand there anyhow."""
COMMANDS = (
    "app.accounts.cli",
    "app.places.cli",
    "app.groups.cli",
    "app.funding.cli",
    "app.shared.cli",
    "app.seed",
)
MAX_BODY_BYTES = 2 * 1024 * 1024


def build_app(config: Config) -> Flask:
    """Answer an application with its extensions, pages, interfaces and commands."""
    app = Flask(
        "app",
        root_path=str(ROOT / "app"),
        static_folder=str(ROOT / "static"),
        instance_path=str(ROOT / "instance"),
    )
    app.jinja_environment = PageEnvironment
    app.request_class = UploadRequest
    app.url_map.strict_slashes = False  # /groups/ is /groups
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True, "json_deserializer": orjson.loads},
        # With this prefix a browser takes the cookie from this very host only, and only if it is Secure.
        SESSION_COOKIE_NAME="__Host-wirkreis" if config.is_production else "wirkreis",
        SESSION_COOKIE_SECURE=config.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        BABEL_DEFAULT_LOCALE=DEFAULT_LANGUAGE,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "app" / "translations"),
        RATELIMIT_ENABLED=config.rate_limits,
        RATELIMIT_STORAGE_URI=config.redis_url or "memory://",
        WTF_CSRF_ENABLED=False,  # visitors have no session; app/shared/visitor_forms.py protects their forms
        WIRKREIS=config,
    )
    init_logging(config)
    _init_extensions(app)
    init_responses(app, config)
    init_error_pages(app)
    _init_templates(app)
    for blueprint in dict.fromkeys(_import_all(BLUEPRINTS)):  # several modules may fill one blueprint
        app.register_blueprint(blueprint)
    _init_accounts(app, config)
    _init_shared_services(app, config)
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    if config.trusted_proxies:  # else everybody behind a proxy would share one rate limit
        proxies = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return app


def _import_all(places: Iterable[str]) -> list[Any]:
    """Answer what stands at places such as ``app.groups.jobs:JOBS``."""
    return [getattr(import_module(module), name) for module, name in (place.split(":") for place in places)]


def warm_up(app: Flask) -> None:
    """Afterwards what is kept in memory is there; a database that is not ready yet is left for the first request."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from app.groups.catalogue import get_catalogue  # noqa: PLC0415
    from app.groups.finder_cache import get_finder_cache  # noqa: PLC0415
    from app.groups.finder_map import prepare  # noqa: PLC0415
    from app.places.gazetteer import get_gazetteer  # noqa: PLC0415
    from app.shared import clock  # noqa: PLC0415

    with app.app_context():
        try:
            if (found := database_revision(db.engine)) != PROGRAM:
                warn(found)
            get_gazetteer(db.session())
            get_catalogue(db.session())
            get_finder_cache().columns(db.session(), now=clock.now())
            prepare(app)
        except SQLAlchemyError:
            app.logger.warning("started before the database was ready")
    gc.collect()
    gc.freeze()  # all of this stays: the collector need not look at it again and again


def _init_extensions(app: Flask) -> None:
    """Bind the extensions; SQLite engines are prepared before their first use."""
    db.init_app(app)
    migrate.init_app(
        app,
        db,
        directory=str(ROOT / "migrations"),
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
    )
    babel.init_app(app, locale_selector=current_language)
    init_translations(app)
    limiter.init_app(app)
    with app.app_context():
        prepare_sqlite(db.engine)


def _init_accounts(app: Flask, config: Config) -> None:
    """Passwords, sessions, forms of signed-in pages, and what their start page offers."""
    from app.accounts.erasing import init_erasers  # noqa: PLC0415
    from app.accounts.passwords import init_passwords  # noqa: PLC0415
    from app.accounts.sessions import init_sessions  # noqa: PLC0415
    from app.accounts.signed_in_forms import init_signed_in_forms  # noqa: PLC0415
    from app.accounts.start_links import FUNDING, START, init_start_links  # noqa: PLC0415

    init_passwords(app, config)
    init_sessions(app)
    init_signed_in_forms(app)
    links = {START: _import_all(START_LINKS), FUNDING: _import_all(FUNDING_LINKS)}
    init_start_links(app, links, _import_all(START_WAITING))
    init_erasers(app, _import_all(ERASERS))


def _init_shared_services(app: Flask, config: Config) -> None:
    """Visitor forms, scheduled jobs and commands."""
    for place in COMMANDS:
        import_module(place).register(app)
    from app.clearinghouses.page_parts import init_house_page_parts  # noqa: PLC0415
    from app.funding.jobs import JOBS as FUNDING_JOBS  # noqa: PLC0415
    from app.groups.contact.conversations import REPLY  # noqa: PLC0415
    from app.groups.contact.receiving import receive_answer  # noqa: PLC0415
    from app.groups.departures import init_departures  # noqa: PLC0415
    from app.groups.jobs import JOBS as GROUP_JOBS  # noqa: PLC0415
    from app.groups.reservations import init_reservations  # noqa: PLC0415
    from app.groups.views.contact import contact_on_house_page  # noqa: PLC0415
    from app.rooms.jobs import JOBS as ROOM_JOBS  # noqa: PLC0415
    from app.rooms.services.closures import bookings_closed_by  # noqa: PLC0415
    from app.rooms.views.public import rooms_on_house_page  # noqa: PLC0415
    from app.shared.history_seals import JOBS as HISTORY_JOBS  # noqa: PLC0415
    from app.shared.history_words import init_history_words  # noqa: PLC0415
    from app.shared.incoming_mail import init_incoming_mail  # noqa: PLC0415
    from app.shared.jobs import init_jobs  # noqa: PLC0415
    from app.shared.mail_delivery import JOBS as MAIL_JOBS  # noqa: PLC0415
    from app.shared.proof import init_proof  # noqa: PLC0415
    from app.shared.retention import JOBS as RETENTION_JOBS  # noqa: PLC0415
    from app.shared.retention import init_retention  # noqa: PLC0415
    from app.shared.visitor_forms import init_visitor_forms  # noqa: PLC0415
    from app.shared.worklist import init_worklist  # noqa: PLC0415

    init_visitor_forms(app)
    init_proof(app)
    init_incoming_mail(app, {REPLY: receive_answer})
    init_history_words(app, _import_all(HISTORY_WORDS))
    init_worklist(app, _import_all(WORKLIST))
    init_jobs(app, [*MAIL_JOBS, *RETENTION_JOBS, *HISTORY_JOBS, *GROUP_JOBS, *ROOM_JOBS, *FUNDING_JOBS])
    days = {"undelivered-mails": config.mail_keep_days, **config.retention_days}
    init_retention(app, chain.from_iterable(_import_all(RETENTION)), days)
    init_house_page_parts(app, [contact_on_house_page, rooms_on_house_page])
    init_reservations(app, [bookings_closed_by])
    init_departures(app, _import_all(DEPARTURES))


def _init_templates(app: Flask) -> None:
    """Give templates the language tools and fingerprinted addresses of static files."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        LANGUAGES=LANGUAGES,
        asset=asset,
        current_language=current_language,
        in_language=in_language,
        language_url=language_url,
    )
    app.jinja_env.filters["decimal"] = format_decimal

    @app.after_request
    def _cache(response: Any) -> Any:
        from flask import request  # noqa: PLC0415

        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


@cache
def asset(name: str) -> str:
    """Answer the address of a static file, from the root, with a mark of its content: it may be cached for ever."""
    path = ROOT / "static" / Path(name)
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "0"
    return f"/static/{name}?v={mark}"
