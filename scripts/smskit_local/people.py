"""Who may sign in to the local dashboard."""

import secrets
from dataclasses import dataclass

from infra.config.environments import EMULATOR_REGION
from smskit_local import commands
from smskit_local.emulator import Emulator
from smskit_local.safety import emulator_session

EMAIL = "owner@example.com"


@dataclass(frozen=True)
class Owner:
    """A person by what they type at the login pages."""

    email: str
    password: str


def sign_up_owner(aws: Emulator, pool: str, account: str) -> Owner:
    """Make the account's owner, with a password that needn't be changed first. The emulator sends no e-mail."""
    owner = Owner(EMAIL, f"Aa1-{secrets.token_urlsafe(12)}")
    commands.admin(
        *("member", "create-owner", "--account", account, "--email", owner.email), environment=aws.environment
    )
    cognito = emulator_session().client("cognito-idp", endpoint_url=aws.endpoint, region_name=EMULATOR_REGION)
    cognito.admin_set_user_password(UserPoolId=pool, Username=owner.email, Password=owner.password, Permanent=True)
    return owner
