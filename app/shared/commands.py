"""Groups of commands whose acts are done whole or not at all."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from flask.cli import AppGroup

from app.shared.errors import DomainError
from app.shared.transactions import whole

if TYPE_CHECKING:
    from collections.abc import Callable


class Commands(AppGroup):
    """A group whose commands have an application context, and begin again when others stop them (see ``whole``)."""

    def command(  # type: ignore[override]
        self, *args: Any, **kwargs: Any
    ) -> Callable[[Callable[..., Any]], click.Command]:
        """Answer the decorator of one command; what is refused ends it with the sentence, not with a trace."""
        make = super().command(*args, **kwargs)

        def decorate(act: Callable[..., Any]) -> click.Command:
            @wraps(act)
            def acting(*given: Any, **options: Any) -> Any:
                try:
                    return whole(act)(*given, **options)
                except DomainError as refused:
                    raise click.ClickException(refused.message) from refused

            return make(acting)

        return decorate
