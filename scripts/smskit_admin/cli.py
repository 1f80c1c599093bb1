"""smskit-admin: accounts, people, API clients, phones, opt-outs and webhooks of a deployment; simulated phones."""

from __future__ import annotations

from typing import Annotated

import typer

from smskit.accounts.logic import accounts, audit_log
from smskit.clients.logic import clients
from smskit.models.audit import Action
from smskit.models.client import ClientStatus
from smskit.models.twilio import SidKind, sid_of
from smskit.phones.logic import pairing_codes
from smskit.platform.times import now_ms, rfc3339
from smskit_admin import account_settings, devices, members, opt_outs, simulate, stack, webhooks
from smskit_admin.options import Account, Env, Json, Name, named, show

app = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
account_app = typer.Typer(no_args_is_help=True, help="Accounts: who owns phones, clients and jobs.")
client_app = typer.Typer(no_args_is_help=True, help="API clients: programs that hold an API key.")
code_app = typer.Typer(no_args_is_help=True, help="Pairing codes: how a phone joins an account.")
account_app.add_typer(account_settings.app, name="settings")
app.add_typer(account_app, name="account")
app.add_typer(members.app, name="member")
app.add_typer(client_app, name="client")
app.add_typer(code_app, name="pairing-code")
app.add_typer(devices.app, name="device")
app.add_typer(opt_outs.app, name="opt-outs")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(simulate.app, name="simulate")

Client = Annotated[str, typer.Option("--client", help="The client's id, cli_….")]


@account_app.command("create")
def create_account(name: Name, env: Env = None, as_json: Json = False) -> None:
    """Make an account."""
    with stack.connected(env):
        account = accounts.create(named(name), now_ms())
    show({"accountId": account.account_id}, as_json, f"Account {account.account_id}")


@client_app.command("create")
def create_client(
    account: Account,
    name: Name,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Requests an hour.")] = 100,
    test: Annotated[bool, typer.Option("--test", help="Give it test keys, which send nothing.")] = False,
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Make an API client and its key."""
    with stack.connected(env):
        by = audit_log.command_line(account)
        client, key = clients.create(account, named(name), now_ms(), limit, by, is_test=test)
    sid = sid_of(SidKind.ACCOUNT, client.account_id)
    shown = f"Client      {client.client_id}\nAPI key     {key}\nAccount SID {sid}"
    text = f"{shown}\n\nThe key is shown this once: keep it in a safe place."
    show({"clientId": client.client_id, "apiKey": key, "accountSid": sid}, as_json, text)


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
        audit_log.note(audit_log.command_line(client.account_id), action, client_id, now_ms())
    show({"clientId": client.client_id, "status": status.value}, as_json, f"Client {client_id} is {status.value}")


@code_app.command("create")
def create_pairing_code(
    account: Account,
    plain: Annotated[bool, typer.Option("--plain", help="Print the code and nothing else, for a script.")] = False,
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Make a pairing code: for one phone, for 10 minutes."""
    with stack.connected(env) as name:
        server = stack.api_url(name)
        code = pairing_codes.create_code(account, now_ms(), audit_log.command_line(account))
    if plain:
        typer.echo(code.code)
        return
    uri = pairing_codes.uri(server, code.code)
    expires = rfc3339(code.expires_at)
    shown = {"code": code.code, "expiresAt": expires, "server": server, "uri": uri}
    if not as_json:
        _print_qr(uri)
    show(shown, as_json, f"Code    {code.code}\nServer  {server}\nExpires {expires}\n\n{uri}")


def _print_qr(text: str) -> None:
    import segno

    segno.make(text, error="m").terminal(compact=True)


if __name__ == "__main__":
    app()
