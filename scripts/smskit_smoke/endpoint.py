"""Where the smoke's webhook goes: this machine for the local stack, an address of the person's own, or a function."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import secrets
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TextIO
from zipfile import ZipFile

from smskit import aws
from smskit_smoke.asking import until
from smskit_smoke.removal import Removal
from smskit_smoke.target import Target
from webhook_receiver.behaviour import Behaviour, Switch
from webhook_receiver.server import Receiver
from webhook_receiver.verifying import Secrets

_RUNTIME = "python3.13"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
# It takes everything and keeps nothing: the delivery log of the API shows what it answered.
_CODE = 'def handler(event, context):\n    return {"statusCode": 200, "body": "taken by the smoke\'s own function"}\n'


async def open_endpoint(target: Target, given: str | None, removal: Removal) -> tuple[str, str]:
    """An address that takes webhooks, and what it is; whatever is made for it is noted for removal."""
    if given:
        return given, "an address of yours"
    if target.is_emulated:
        return listen_here(removal), "this machine"
    return await _make_function(removal), "a function made for it"


def listen_here(removal: Removal, known: Secrets | None = None, log: TextIO | None = None) -> str:
    """The address of a receiver that runs in this process; with a log it tells each delivery, body and all."""
    receiver = Receiver(0, known or Secrets([]), Switch(Behaviour()), show=log is not None, out=log or io.StringIO())
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    removal.note("the webhook receiver", receiver.server_close)
    removal.note("the webhook receiver's thread", receiver.shutdown)
    return f"{receiver.url}/smoke"


async def _make_function(removal: Removal) -> str:
    """A public function URL: webhooks go to public addresses only, and a person's machine has none.

    Since October 2025 a public one needs both permissions.
    https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    """
    name = f"smskit-smoke-{secrets.token_hex(6)}"
    iam, lambda_ = aws.session().client("iam"), aws.session().client("lambda")
    removal.note(f"role {name}", lambda: _gone(iam.exceptions.NoSuchEntityException, iam.delete_role, RoleName=name))
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
    missing = lambda_.exceptions.ResourceNotFoundException
    removal.note(f"function {name}", lambda: _gone(missing, lambda_.delete_function, FunctionName=name))

    async def created() -> bool:
        return _create(lambda_, name, role)

    await until(created, "a new role couldn't be used by Lambda")
    await asyncio.to_thread(lambda_.get_waiter("function_active_v2").wait, FunctionName=name)
    url = lambda_.create_function_url_config(FunctionName=name, AuthType="NONE")["FunctionUrl"]
    lambda_.add_permission(
        FunctionName=name,
        StatementId="url",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    lambda_.add_permission(
        FunctionName=name,
        StatementId="invoke",
        Action="lambda:InvokeFunction",
        Principal="*",
        InvokedViaFunctionUrl=True,
    )
    return str(url)


def _gone(missing: type[Exception], delete: Callable[..., object], **names: str) -> None:
    """Delete what may not have been made."""
    with contextlib.suppress(missing):
        delete(**names)


def _create(lambda_: Any, name: str, role: str) -> bool:
    """Whether it is made; a role is known to Lambda some seconds after IAM made it."""
    try:
        lambda_.create_function(
            FunctionName=name, Runtime=_RUNTIME, Handler="index.handler", Role=role, Code={"ZipFile": _zipped()}
        )
    except lambda_.exceptions.InvalidParameterValueException as refused:
        if "cannot be assumed" not in str(refused):
            raise
        return False
    return True


def _zipped() -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", _CODE)
    return buffer.getvalue()


async def delivered(ask: Callable[..., Awaitable[dict[str, Any]]], webhook_id: str, event: str) -> dict[str, Any]:
    """The entry of the delivery log that says that the endpoint took an event."""
    problem = f"the log shows no {event} that the endpoint took"

    async def look() -> dict[str, Any] | None:
        log = await ask("GET", f"/api/webhooks/{webhook_id}/deliveries")
        taken = [entry for entry in log["deliveries"] if (entry["event"], entry["status"]) == (event, "Delivered")]
        return taken[0] if taken else None

    return await until(look, problem)
