"""What comes out the same for every application of a process is made once: a test makes one of its own.

Without this, compiling templates and routes is two fifths of the tests' time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from babel.support import Translations
from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Map, Rule

from app.shared.languages import current_language

if TYPE_CHECKING:
    from types import CodeType

    from jinja2 import Environment
    from werkzeug.routing import RuleFactory


class CompiledTemplates(BytecodeCache):
    """The code of each template in each language, because its fixed texts are part of the code."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Answer what tells a template from others; the source is told by its checksum."""
        return f"{name} {filename}"

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Answer the code, or a bucket to put it into."""
        language = current_language() if environment.overlayed else ""
        key = f"{language} {self.get_cache_key(name, filename)}"
        bucket = Bucket(environment, key, self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put in the code that is known, if any is."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code."""
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


class CompiledMap(Map):
    """Routes that wait until somebody looks; the same routes of another application then stand in for them."""

    _compiled: ClassVar[dict[tuple[Any, ...], Map]] = {}

    def __init__(self, **options: Any) -> None:
        self._own: list[Rule] = []
        super().__init__(**options)

    def add(self, rulefactory: RuleFactory) -> None:
        """Let routes wait: ``update`` comes before each look."""
        self._own += rulefactory.get_rules(self)
        self._remap = True

    def newest(self) -> Rule:
        """Answer the route that was added last."""
        return self._own[-1]

    def update(self) -> None:
        """Afterwards every route is found."""
        with self._remap_lock:
            if self._remap:
                key = (self.strict_slashes, *(vars(rule).get(_TOLD) or _told_by(rule) for rule in self._own))
                made = self._compiled.get(key) or self._compile()
                self._compiled[key] = made
                self._matcher, self._rules_by_endpoint = made._matcher, made._rules_by_endpoint
                self._remap = False

    def _compile(self) -> Map:
        made = Map(strict_slashes=self.strict_slashes)
        for rule in self._own:
            copy: Any = rule.empty()
            copy.provide_automatic_options = vars(rule)["provide_automatic_options"]
            made.add(copy)
        made.update()
        return made


def _told_by(rule: Rule) -> tuple[Any, ...]:
    """Answer what tells a route from others."""
    told = vars(rule) | {"methods": frozenset(rule.methods or ()), "defaults": repr(rule.defaults)}
    return tuple(value for name, value in told.items() if name not in _BY_COMPILING)


_TOLD = "tests_told"
_BY_COMPILING = {"map", "arguments", "_converters", "_trace", "_parts"}


class RememberedRoutes(BlueprintSetupState):
    """Adds a route that another application has as it was added there; there are hundreds, and each was looked at."""

    _routes: ClassVar[dict[tuple[Any, ...], Rule]] = {}

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, **options: Any
    ) -> None:
        """Afterwards the application has the route."""
        place = (self.name_prefix, self.name, self.url_prefix, self.subdomain, repr(self.url_defaults))
        key = (*place, rule, endpoint, view_func, repr(options))
        routes: Any = self.app.url_map
        if key in self._routes:
            routes.add(self._routes[key])
            if view_func is not None:
                assert self.app.view_functions.setdefault(self._routes[key].endpoint, view_func) is view_func
        else:
            super().add_url_rule(rule, endpoint, view_func, **options)
            added = routes.newest()
            vars(added)[_TOLD] = _told_by(added)
            self._routes[key] = added


def _begin_blueprint(blueprint: Any, app: Any, options: Any, is_first: bool = False) -> BlueprintSetupState:
    return RememberedRoutes(blueprint, app, options, is_first)


_TEMPLATES = CompiledTemplates()
_load = Translations.load
_catalogues: dict[str, Any] = {}


def _load_catalogue(*of: Any, **named: Any) -> Any:
    key = repr((of, named))
    if key not in _catalogues:
        _catalogues[key] = _load(*of, **named)
    return _catalogues[key]


def share() -> None:
    """Afterwards every application that is made shares them."""
    Flask.jinja_options = {"bytecode_cache": _TEMPLATES}
    Flask.url_map_class = CompiledMap
    Blueprint.make_setup_state = _begin_blueprint
    Translations.load = _load_catalogue
