"""smskit-admin member: the people of an account, before there is anyone who could invite them."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from smskit.accounts.api.people_views import Email
from smskit.accounts.logic import members
from smskit.platform.times import now_ms
from smskit_admin import stack
from smskit_admin.options import Account, Env, Json, show

app = typer.Typer(no_args_is_help=True, help="People who may sign in to the console.")


@app.command("create-owner")
def create_owner(
    account: Account,
    email: Annotated[str, typer.Option("--email", help="What the person signs in with.")],
    temporary_password: Annotated[
        str | None,
        typer.Option(
            "--temporary-password",
            help="For a person who has never signed in, to be changed at the first sign-in; nothing is mailed then.",
        ),
    ] = None,
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Make a person an owner of an account, whether or not they are a member of it.

    Who has never signed in gets a mail with a temporary password, each time.
    """
    address = _address(email)
    with stack.connected(env):
        member = members.create_owner(account, address, now_ms(), temporary_password)
    text = f"{member.email} is an owner of {account}, and may invite others."
    show({"personId": member.person_id, "email": member.email, "role": member.role.value}, as_json, text)


def _address(text: str) -> str:
    try:
        return str(TypeAdapter(Email).validate_python(text))
    except ValidationError as invalid:
        raise typer.BadParameter(invalid.errors()[0]["msg"], param_hint="--email") from None
