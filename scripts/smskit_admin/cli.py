"""smskit-admin: accounts, people, API clients, phones, opt-outs and webhooks of a deployment; simulated phones."""

from __future__ import annotations

from typing import Annotated

import typer

from smskit.edge.rendering import device_view
from smskit.logic import accounts, audit, clients, device_list, pairing
from smskit.models.audit import Action
from smskit.models.client import ClientStatus
from smskit.models.times import now_ms, rfc3339
from smskit.models.views import DeviceView
from smskit_admin import account_settings, members, opt_outs, simulate, stack, webhooks
from smskit_admin.options import Account, Env, Json, show

app = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
account_app = typer.Typer(no_args_is_help=True, help="Accounts: who owns phones, clients and jobs.")
client_app = typer.Typer(no_args_is_help=True, help="API clients: programs that hold an API key.")
code_app = typer.Typer(no_args_is_help=True, help="Pairing codes: how a phone joins an account.")
device_app = typer.Typer(no_args_is_help=True, help="Phones and their SIMs.")
account_app.add_typer(account_settings.app, name="settings")
app.add_typer(account_app, name="account")
app.add_typer(members.app, name="member")
app.add_typer(client_app, name="client")
app.add_typer(code_app, name="pairing-code")
app.add_typer(device_app, name="device")
app.add_typer(opt_outs.app, name="opt-outs")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(simulate.app, name="simulate")

Client = Annotated[str, typer.Option("--client", help="The client's id, cli_….")]
Name = Annotated[str, typer.Option("--name", help="What people call it.")]


@account_app.command("create")
def create_account(name: Name, env: Env = None, as_json: Json = False) -> None:
    """Make an account."""
    with stack.connected(env):
        account = accounts.create(_name(name), now_ms())
    show({"accountId": account.account_id}, as_json, f"Account {account.account_id}")


@client_app.command("create")
def create_client(
    account: Account,
    name: Name,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Requests an hour.")] = 100,
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Make an API client and its key."""
    with stack.connected(env):
        client, key = clients.create(account, _name(name), now_ms(), limit, audit.command_line(account))
    text = f"Client  {client.client_id}\nAPI key {key}\n\nThe key is shown this once: keep it in a safe place."
    show({"clientId": client.client_id, "apiKey": key}, as_json, text)


@client_app.command("suspend")
def suspend_client(client: Client, env: Env = None, as_json: Json = False) -> None:
    """Refuse the client's keys from now on."""
    _set_status(client, ClientStatus.SUSPENDED, env, as_json)


@client_app.command("resume")
def resume_client(client: Client, env: Env = None, as_json: Json = False) -> None:
    """Take the client's keys again."""
    _set_status(client, ClientStatus.ACTIVE, env, as_json)


def _set_status(client_id: str, status: ClientStatus, env: str | None, as_json: bool) -> None:
    with stack.connected(env):
        client = clients.set_status(client_id, status)
        action = Action.CLIENT_SUSPENDED if status is ClientStatus.SUSPENDED else Action.CLIENT_RESUMED
        audit.note(audit.command_line(client.account_id), action, client_id, now_ms())
    show({"clientId": client.client_id, "status": status.value}, as_json, f"Client {client_id} is {status.value}")


@code_app.command("create")
def create_pairing_code(account: Account, env: Env = None, as_json: Json = False) -> None:
    """Make a pairing code: for one phone, for 10 minutes."""
    with stack.connected(env) as name:
        server = stack.api_url(name)
        code = pairing.create_code(account, now_ms(), audit.command_line(account))
    uri = pairing.uri(server, code.code)
    expires = rfc3339(code.expires_at)
    shown = {"code": code.code, "expiresAt": expires, "server": server, "uri": uri}
    if not as_json:
        _print_qr(uri)
    show(shown, as_json, f"Code    {code.code}\nServer  {server}\nExpires {expires}\n\n{uri}")


def _print_qr(text: str) -> None:
    import segno

    segno.make(text, error="m").terminal(compact=True)


@device_app.command("list")
def list_devices(account: Account, env: Env = None, as_json: Json = False) -> None:
    """Show an account's phones and SIMs."""
    with stack.connected(env):
        accounts.require(account)
        now = now_ms()
        views = [device_view(row) for row in device_list.read(account, now)]
    lines = [line for view in views for line in _device_lines(view)]
    shown = {"devices": [view.model_dump(by_alias=True) for view in views]}
    show(shown, as_json, "\n".join(lines) or "No phones yet: smskit-admin pairing-code create")


def _device_lines(view: DeviceView) -> list[str]:
    state = view.status if view.is_enabled else f"{view.status}, disabled"
    lines = [f"{view.device_id}  {view.name}  {state}  {view.pending_job_count} pending"]
    for sim in view.sims:
        carrier, off = sim.carrier_name or "unknown carrier", "" if sim.is_enabled else "  disabled"
        lines.append(f"  SIM {sim.sim_slot}  {carrier}{off}  {sim.pending_job_count} pending")
    return lines


def _name(text: str) -> str:
    if not text.strip() or len(text) > 100:
        raise typer.BadParameter("must have 1 to 100 characters", param_hint="--name")
    return text.strip()


if __name__ == "__main__":
    app()
