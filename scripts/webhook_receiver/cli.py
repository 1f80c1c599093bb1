"""The command line of the receiver."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from webhook_receiver.behaviour import Behaviour, BehaviourError, Switch
from webhook_receiver.server import Receiver
from webhook_receiver.verifying import Secrets

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free one.")] = 8791,
    secret: Annotated[
        list[str] | None,
        typer.Option(envvar="WEBHOOK_SECRETS", help="whsec_…; repeat it while a secret is rotated. Without: no check."),
    ] = None,
    fail: Annotated[int | None, typer.Option(help="Answer with this status.")] = None,
    retry_after: Annotated[
        int | None, typer.Option(min=0, help="A Retry-After, in seconds, along with --fail.")
    ] = None,
    hang: Annotated[float | None, typer.Option(help="Say nothing for this many seconds, then close.")] = None,
    redirect: Annotated[str | None, typer.Option(help="Answer 307 to this URL.")] = None,
    slow: Annotated[float | None, typer.Option(help="Spread the answer's bytes over this many seconds.")] = None,
    close: Annotated[bool, typer.Option("--close", help="Close the connection without an answer.")] = False,
    every: Annotated[int, typer.Option(help="Misbehave at each N-th delivery only.")] = 1,
    only: Annotated[str | None, typer.Option(help="Misbehave only when the body contains this text.")] = None,
    show: Annotated[bool, typer.Option("--show", help="Print bodies too; they hold people's messages.")] = False,
) -> None:
    """Receive webhooks on 127.0.0.1, verify them, and print one JSON line for each.

    POST /_behaviour with {"fail": 500, "retryAfter": 30, "every": 3, …} replaces the behaviour at run time; {} is
    to behave well again. A list of "secrets" in it replaces the secrets too.
    """
    try:
        wanted = Behaviour(fail, retry_after, hang, slow, redirect, close, every, only)
        receiver = Receiver(port, Secrets(secret or []), Switch(wanted), show=show)
    except (BehaviourError, ValueError) as wrong:
        raise typer.BadParameter(str(wrong)) from None
    except OSError as taken:
        raise typer.BadParameter(f"can't listen on port {port} ({taken.strerror}): name another with --port") from None
    print(f"listening on {receiver.url}", file=sys.stderr, flush=True)
    try:
        receiver.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        receiver.server_close()
