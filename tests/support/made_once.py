"""What comes out the same for every application of a process is made once: a test makes one of its own.

Without this, compiling templates and routes is two fifths of the tests' time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from babel.support import Translations
from flask import Flask
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

    def update(self) -> None:
        """Afterwards every route is found."""
        with self._remap_lock:
            if self._remap:
                key = (self.strict_slashes, *map(_told_by, self._own))
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


_BY_COMPILING = {"map", "arguments", "_converters", "_trace", "_parts"}


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
    Translations.load = _load_catalogue
