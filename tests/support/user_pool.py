"""A user pool on moto, set up as the stack does."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from smskit import settings
from smskit.models.member import Role
from tests.support.aws import REGION


class UserPool:
    """The pool and what tests ask of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.client: Any = boto3.client("cognito-idp", region_name=REGION)
        made = self.client.create_user_pool(
            PoolName="smskit-people", UsernameAttributes=["email"], UsernameConfiguration={"CaseSensitive": False}
        )
        self.pool_id = made["UserPool"]["Id"]
        for role in Role:
            self.client.create_group(UserPoolId=self.pool_id, GroupName=role.value)
        monkeypatch.setenv("USER_POOL_ID", self.pool_id)
        settings.forget()

    def users(self) -> dict[str, str]:
        """Status of every user by address."""
        found = self.client.list_users(UserPoolId=self.pool_id)["Users"]
        return {_attribute(user, "email"): user["UserStatus"] for user in found}

    def groups(self, person_id: str) -> list[str]:
        """The groups of a user."""
        answer = self.client.admin_list_groups_for_user(UserPoolId=self.pool_id, Username=person_id)
        return [group["GroupName"] for group in answer["Groups"]]


def _attribute(user: dict[str, Any], name: str) -> str:
    return next(entry["Value"] for entry in user["Attributes"] if entry["Name"] == name)
