"""What comes out the same for every application of a process is made once: a test makes one of its own.

Without this, compiling templates and routes is two fifths of the tests' time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.matcher import RulePart

from app.shared.languages import current_language

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from jinja2 import Environment


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


class CompiledRule(Rule):
    """A route whose parts, and functions that make addresses, are those of the same route in another application."""

    _parsed: ClassVar[dict[str, tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]]] = {}
    _builders: ClassVar[dict[tuple[Any, ...], Callable[..., tuple[str, str]]]] = {}

    def _parse_rule(self, rule: str) -> list[RulePart]:
        if rule in self._parsed:
            parts, trace, converters = self._parsed[rule]
            self._trace += trace
            self._converters |= converters
            self.arguments |= converters.keys()
            return parts
        before = len(self._trace)
        parts = list(super()._parse_rule(rule))
        self._parsed[rule] = parts, self._trace[before:], dict(self._converters)
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


_TEMPLATES = CompiledTemplates()


def share() -> None:
    """Afterwards every application that is made shares them."""
    Flask.jinja_options = {"bytecode_cache": _TEMPLATES}
    Flask.url_rule_class = CompiledRule
