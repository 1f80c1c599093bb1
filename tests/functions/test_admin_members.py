"""smskit-admin member: the first owner of an account."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from smskit.logic import accounts
from smskit.models.times import now_ms
from smskit_admin.cli import app
from tests.support import deployment
from tests.support.aws import Cloud
from tests.support.console import Console, claims_of
from tests.support.user_pool import UserPool

EMAIL = "amina@example.com"


@pytest.fixture(autouse=True)
def pool(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> UserPool:
    made = UserPool(monkeypatch)
    deployment.deploy("dev")
    monkeypatch.setenv("SMSKIT_ENV", "dev")
    monkeypatch.setenv("USER_POOL_ID", "known from the stack only")
    return made


@pytest.fixture
def account() -> str:
    return accounts.create("Acme", now_ms()).account_id


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["member", "create-owner", *arguments])


def made(account: str, *arguments: str) -> Any:
    result = run("--account", account, "--email", EMAIL, "--json", *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_the_first_owner_is_made_and_may_invite(account: str, pool: UserPool) -> None:
    owner = made(account)
    assert (owner["email"], owner["role"]) == (EMAIL, "owner")
    assert pool.users() == {EMAIL: "FORCE_CHANGE_PASSWORD"}
    assert pool.groups(owner["personId"]) == ["owner"]
    person = Console(None)
    person.claims = claims_of(owner["personId"])
    assert person.post("/console/members", {"email": "b@example.com", "role": "viewer"}).status == 201
    oldest = person.get("/console/audit").body["entries"][-1]
    assert (oldest["personId"], oldest["action"], oldest["subject"]) == (
        *("smskit-admin", "member.invited", owner["personId"]),
    )


def test_a_given_temporary_password_is_taken_and_not_shown(account: str, pool: UserPool) -> None:
    result = run("--account", account, "--email", EMAIL, "--temporary-password", "Once-only-2026")
    assert result.exit_code == 0
    assert f"{EMAIL} is an owner of {account}" in result.output
    assert "Once-only" not in result.output
    client = pool.client.create_user_pool_client(
        UserPoolId=pool.pool_id, ClientName="any", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]
    answer = pool.client.initiate_auth(
        ClientId=client["ClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": EMAIL, "PASSWORD": "Once-only-2026"},
    )
    assert answer["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_the_same_command_again_makes_nobody_else(account: str, pool: UserPool) -> None:
    assert made(account) == made(account)
    assert len(pool.users()) == 1


def test_an_unknown_account_makes_no_user(pool: UserPool) -> None:
    result = run("--account", "acc_00000000000000000000", "--email", EMAIL)
    assert result.exit_code == 1
    assert "there is no account" in result.output
    assert pool.users() == {}


def test_a_member_of_another_account_is_refused(account: str) -> None:
    made(account)
    result = run("--account", accounts.create("Other", now_ms()).account_id, "--email", EMAIL)
    assert result.exit_code == 1
    assert "belongs to a member already" in result.output


@pytest.mark.parametrize("text", ["amina", "amina@", ""])
def test_an_address_that_is_none_is_refused(account: str, pool: UserPool, text: str) -> None:
    result = run("--account", account, "--email", text)
    assert result.exit_code == 2
    assert pool.users() == {}
