"""Groups of commands whose acts are done whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.cli import AppGroup

from app.shared.transactions import whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import click


class Commands(AppGroup):
    """A group whose commands have an application context, and begin again when others stop them (see ``whole``)."""

    def command(  # type: ignore[override]
        self, *args: Any, **kwargs: Any
    ) -> Callable[[Callable[..., Any]], click.Command]:
        """Answer the decorator of one command."""
        make = super().command(*args, **kwargs)
        return lambda act: make(whole(act))
