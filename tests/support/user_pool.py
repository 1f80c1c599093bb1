"""A user pool on moto, set up as the stack does."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from uuid import uuid4

import boto3
import pytest
from joserfc.jwk import RSAKey
from moto.cognitoidp.models import CognitoIdpBackend
from moto.core.exceptions import JsonRESTError

from smskit import settings
from smskit.models.member import Role
from tests.support.aws import REGION

_read_key = RSAKey.import_key


class UserPool:
    """The pool and what tests ask of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.mailed: list[str] = []
        self._let_resend(monkeypatch)
        monkeypatch.setattr(RSAKey, "import_key", lambda key: _key(json.dumps(key)))
        self.client: Any = boto3.client("cognito-idp", region_name=REGION)
        made = self.client.create_user_pool(
            PoolName="smskit-people", UsernameAttributes=["email"], UsernameConfiguration={"CaseSensitive": False}
        )
        self.pool_id = made["UserPool"]["Id"]
        for role in Role:
            self.client.create_group(UserPoolId=self.pool_id, GroupName=role.value)
        monkeypatch.setenv("USER_POOL_ID", self.pool_id)
        settings.forget()

    def _let_resend(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """moto makes a second user where Cognito gives the first one another password, and mails nothing."""
        create = CognitoIdpBackend.admin_create_user

        def admin_create_user(
            backend: Any, pool_id: str, email: str, action: str, password: str, attributes: list[dict[str, str]]
        ) -> Any:
            if action != "SUPPRESS":
                self.mailed.append(email)
            if action != "RESEND":
                return create(backend, pool_id, email, action, password, attributes)
            user = backend.admin_get_user(pool_id, email)
            if user.status != "FORCE_CHANGE_PASSWORD":
                raise JsonRESTError("UnsupportedUserStateException", "User has signed in")
            user.password = password or str(uuid4())
            return user

        monkeypatch.setattr(CognitoIdpBackend, "admin_create_user", admin_create_user)

    def challenge(self, email: str, password: str) -> str:
        """What the pool asks of who signs in with this password."""
        client = self.client.create_user_pool_client(
            UserPoolId=self.pool_id, ClientName="any", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )["UserPoolClient"]
        answer = self.client.initiate_auth(
            ClientId=client["ClientId"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )
        return str(answer.get("ChallengeName"))

    def sign_in(self, email: str) -> None:
        """Let the user have signed in and chosen a password."""
        self.client.admin_set_user_password(
            UserPoolId=self.pool_id, Username=email, Password="Chosen-by-me-1", Permanent=True
        )

    def users(self) -> dict[str, str]:
        """Status of every user by address."""
        found = self.client.list_users(UserPoolId=self.pool_id)["Users"]
        return {_attribute(user, "email"): user["UserStatus"] for user in found}

    def groups(self, person_id: str) -> list[str]:
        """The groups of a user."""
        answer = self.client.admin_list_groups_for_user(UserPoolId=self.pool_id, Username=person_id)
        return [group["GroupName"] for group in answer["Groups"]]


@lru_cache(maxsize=1)
def _key(written: str) -> RSAKey:
    """The key that all pools of moto sign with: to find its primes takes longer than most tests."""
    return _read_key(json.loads(written))


def _attribute(user: dict[str, Any], name: str) -> str:
    return next(entry["Value"] for entry in user["Attributes"] if entry["Name"] == name)
