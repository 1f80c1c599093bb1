"""An account to try things out with, and somebody who owns it; each is noted for removal as it is made.

Nothing is awaited between making a thing and noting it, so that no Ctrl-C comes in between.
"""

from __future__ import annotations

from dataclasses import dataclass

from smskit import aws
from smskit.accounts.gateways import user_pool
from smskit.accounts.logic import accounts, members
from smskit.clients.logic import clients
from smskit.platform.times import now_ms
from smskit_smoke.removal import Removal, erase_account, erase_client
from smskit_smoke.signing_in import Login
from smskit_smoke.target import Target

_REQUESTS_PER_HOUR = 1000


@dataclass(frozen=True)
class Opened:
    """An account, and the key of its one API client."""

    account_id: str
    api_key: str


def open_account(name: str, removal: Removal) -> Opened:
    """An account of its own: nothing of anybody else's is touched."""
    account = accounts.create(name, now_ms())
    removal.note(f"account {account.account_id}", lambda: erase_account(account.account_id))
    client, key = clients.create(account.account_id, name.lower(), now_ms(), _REQUESTS_PER_HOUR)
    removal.note(f"client {client.client_id}", lambda: erase_client(client.client_id))
    return Opened(account.account_id, key)


def new_owner(account_id: str, target: Target, removal: Removal) -> Login:
    """Somebody who can sign in as the account's owner. The password isn't a temporary one: no page asks for another."""
    login = Login.new()
    member = members.create_owner(account_id, login.email, now_ms(), login.password)
    removal.note(f"user {login.email}", lambda: user_pool.delete(member.person_id))
    aws.client("cognito-idp").admin_set_user_password(
        UserPoolId=target.outputs["UserPoolId"], Username=login.email, Password=login.password, Permanent=True
    )
    return login
