"""Commands of the accounts package: ``flask users``."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask

from app.accounts import kept_sessions, queries, second_factor, services
from app.accounts.passwords import get_passwords
from app.accounts.rules.permissions import (
    CLEARINGHOUSE,
    GROUP,
    INSURER,
    ORGANISATION,
    REGION,
    ROLE_SCOPES,
    SCOPE_KEYS,
    STATE,
)
from app.shared import clock
from app.shared.commands import Commands
from app.shared.extensions import db
from app.shared.languages import LANGUAGES
from app.shared.transactions import transaction

users = Commands("users", help="People who sign in.")


def register(app: Flask) -> None:
    """Afterwards ``flask users`` exists."""
    app.cli.add_command(users)


@users.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice(sorted(ROLE_SCOPES)), required=True, help="What the person may do.")
@click.option("--group", "groups", multiple=True, help="Slug or id of the group; may be repeated.")
@click.option("--clearinghouse", "houses", multiple=True, help="Slug or id of the house; may be repeated.")
@click.option("--insurer", "insurers", multiple=True, help="Slug or id of the insurer; may be repeated.")
@click.option("--region", "regions", multiple=True, help="Slug or id of the region; may be repeated.")
@click.option("--state", "states", multiple=True, help="Key (AGS) of the Land; may be repeated.")
@click.option(
    "--organisation", "organisations", multiple=True, help="Slug or id of the organisation; may be repeated."
)
@click.option("--name", default="", help="As it is shown; the part before the @ unless told.")
@click.option("--language", type=click.Choice(sorted(LANGUAGES)), default="de", show_default=True)
@click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for unless told."
)
def create(
    *,
    email: str,
    role: str,
    groups: tuple[str, ...],
    houses: tuple[str, ...],
    insurers: tuple[str, ...],
    regions: tuple[str, ...],
    states: tuple[str, ...],
    organisations: tuple[str, ...],
    name: str,
    language: str,
    password: str,
) -> None:
    """Make an account for EMAIL with one role."""
    named = {GROUP: groups, CLEARINGHOUSE: houses, INSURER: insurers, REGION: regions, STATE: states}
    named[ORGANISATION] = organisations
    scopes: list[dict[str, Any]] = [
        {SCOPE_KEYS[kind]: _scope_id(kind, slug_or_id)}
        for kind, slugs in named.items()
        for slug_or_id in slugs
    ]
    now = clock.now()
    with transaction() as session:
        user_id = services.create_user(
            session,
            email=email,
            name=name,
            language=language,
            password=password,
            passwords=get_passwords(),
            now=now,
        )
        for scope in scopes or [{}]:
            services.grant_role(session, user_id, role, now=now, **scope)
    click.echo(f"{email} can sign in now.")


@users.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take the second factor off the account of EMAIL, whose holder has lost it and all recovery codes."""
    with transaction() as session:
        user = queries.find_user(session, email)
        if user is None:
            raise click.ClickException(f"There is no account with the address {email}.")
        second_factor.switch_off(session, user.id, now=clock.now())
        kept_sessions.sign_out_everywhere(session, user.id)
    click.echo(f"{email} signs in without a code now, and has to set it up anew where a role asks for it.")


def _scope_id(kind: str, slug_or_id: str) -> int | str:
    """Answer the id of what a role is for.

    Raises:
        click.BadParameter: there is none.
    """
    found = queries.find_scope_id(db.session(), kind, slug_or_id)
    if found is None:
        raise click.BadParameter(
            f"There is no {kind} with the slug or id {slug_or_id}.", param_hint=f"--{kind}"
        )
    return found
