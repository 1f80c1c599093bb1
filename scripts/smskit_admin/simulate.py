"""smskit-admin simulate: what happens to simulated phones."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smskit_admin.options import Json, show

if TYPE_CHECKING:
    from smskit_phone import Credentials

app = typer.Typer(no_args_is_help=True, help="Simulated phones: let something happen to them.")

LOCAL_PHONES = Path(__file__).resolve().parents[2] / ".local" / "phone"
"""Where the local stack's phones have their state."""


@app.callback()
def _group() -> None:
    """Keeps `inbound` a command with a name of its own."""


@app.command("inbound")
def simulate_inbound(
    sender: Annotated[str, typer.Option("--from", help="Who sends it: a number, or a name such as MPESA.")],
    text: Annotated[str, typer.Option("--text", help="The text.")],
    sim: Annotated[int, typer.Option("--sim", min=0, max=7, help="The SIM slot that receives it.")] = 0,
    recipient: Annotated[str | None, typer.Option("--to", help="The number that it was sent to.")] = None,
    state: Annotated[
        Path,
        typer.Option(
            "--state",
            envvar="SMSKIT_PHONES",
            help="The phone's state folder, or one of several phones.",
            show_default="the local stack's",
        ),
    ] = LOCAL_PHONES,
    device: Annotated[str | None, typer.Option("--device", help="Which of several phones, dvc_….")] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=10_000, help="A burst of so many SMS.")] = 1,
    repeat: Annotated[
        int, typer.Option("--repeat", min=1, max=100, help="Hand all of it over so often, under the same phone ids.")
    ] = 1,
    new_id: Annotated[
        bool, typer.Option("--new-id", help="With --repeat: new phone ids each time, as SMS that were sent again have.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Let a simulated phone receive SMS: now, or when it runs again."""
    from smskit_phone import InboundMessage
    from smskit_phone.clock import rfc3339
    from smskit_phone.drivers.sim_inbox import INBOX, new_message_id, put

    if not sender:
        raise typer.BadParameter("must not be empty", param_hint="--from")
    folder, phone = _phone(state, device)
    if sim >= phone.sims:
        raise typer.BadParameter(f"{phone.device_id} has {phone.sims} SIM(s), counted from 0", param_hint="--sim")
    first = [new_message_id() for _ in range(count)]
    ids = first + [new_message_id() if new_id else known for _ in range(repeat - 1) for known in first]
    at = rfc3339(time.time())
    put(folder / INBOX, [InboundMessage(known, sim, sender, text, at, recipient or None) for known in ids])
    shown = {"deviceId": phone.device_id, "state": str(folder), "phoneMessageIds": ids}
    show(shown, as_json, f"{len(ids)} SMS for {phone.device_id}: taken now, or when the phone runs again")


def _phone(state: Path, device: str | None) -> tuple[Path, Credentials]:
    """The folder and credentials of the one phone that is meant."""
    from smskit_phone import credentials
    from smskit_phone.errors import NotPairedError

    folders = [state, *sorted(path for path in state.glob("*") if path.is_dir())]
    try:
        phones = [(folder, credentials.load(folder)) for folder in folders if credentials.is_paired(folder)]
    except NotPairedError as unreadable:
        raise typer.BadParameter(str(unreadable), param_hint="--state") from None
    if not phones:
        raise typer.BadParameter(f"there is no phone in {state}: run `make up`, or pair one", param_hint="--state")
    meant = [found for found in phones if device in (None, found[1].device_id)]
    if len(meant) != 1:
        known = ", ".join(phone.device_id for _, phone in phones)
        raise typer.BadParameter(f"name one of {known}", param_hint="--device")
    return meant[0]
