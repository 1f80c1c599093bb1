"""smskit-admin member: the first owner of an account."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from smskit.accounts.logic import accounts
from smskit.platform.times import now_ms
from smskit_admin.cli import app
from tests.support import deployment
from tests.support.aws import Cloud
from tests.support.console import Console, as_person, claims_of, invited, roles
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
    home = Console(None)
    home.claims = claims_of(owner["personId"])
    assert home.post("/console/members", {"email": "b@example.com", "role": "viewer"}).status == 201
    oldest = home.get("/console/audit").body["entries"][-1]
    assert (oldest["personId"], oldest["action"], oldest["subject"]) == (
        *("smskit-admin", "member.invited", owner["personId"]),
    )


def test_a_given_temporary_password_is_taken_and_not_shown(account: str, pool: UserPool) -> None:
    result = run("--account", account, "--email", EMAIL, "--temporary-password", "Once-only-2026")
    assert result.exit_code == 0
    assert f"{EMAIL} is an owner of {account}" in result.output
    assert "Once-only" not in result.output
    assert pool.mailed == []
    assert pool.challenge(EMAIL, "Once-only-2026") == "NEW_PASSWORD_REQUIRED"


def test_who_missed_the_days_of_the_temporary_password_gets_another_one(account: str, pool: UserPool) -> None:
    first = made(account, "--temporary-password", "Once-only-2026")
    assert made(account, "--temporary-password", "Twice-only-2026") == first
    assert pool.challenge(EMAIL, "Twice-only-2026") == "NEW_PASSWORD_REQUIRED"
    assert pool.mailed == []
    assert made(account) == first
    assert pool.mailed == [EMAIL]


def test_who_has_signed_in_keeps_their_password(account: str, pool: UserPool) -> None:
    made(account)
    pool.sign_in(EMAIL)
    made(account, "--temporary-password", "Twice-only-2026")
    assert pool.users() == {EMAIL: "CONFIRMED"}
    assert pool.mailed == [EMAIL]


def test_a_member_becomes_an_owner_and_the_log_says_so(account: str, pool: UserPool) -> None:
    first = json.loads(run("--account", account, "--email", "first@example.com", "--json").output)["personId"]
    home = as_person(first)
    person_id = invited(home, email=EMAIL, role="viewer")
    assert made(account)["personId"] == person_id
    assert roles(home)[EMAIL] == "owner" and pool.groups(person_id) == ["owner"]
    newest = home.get("/console/audit").body["entries"][0]
    assert (newest["personId"], newest["action"], newest["details"]) == (
        *("smskit-admin", "member.role-changed", {"before": "viewer", "after": "owner"}),
    )
    assert home.delete(f"/console/members/{first}").status == 200, "owners are counted right"


def test_the_same_command_again_makes_nobody_else(account: str, pool: UserPool) -> None:
    assert made(account) == made(account)
    assert len(pool.users()) == 1


def test_an_unknown_account_makes_no_user(pool: UserPool) -> None:
    result = run("--account", "acc_00000000000000000000", "--email", EMAIL)
    assert result.exit_code == 1
    assert "there is no account" in result.output
    assert pool.users() == {}


def test_a_member_of_another_account_is_refused(account: str, pool: UserPool) -> None:
    made(account)
    result = run("--account", accounts.create("Other", now_ms()).account_id, "--email", EMAIL)
    assert result.exit_code == 1
    assert "belongs to a member already" in result.output
    assert pool.mailed == [EMAIL]


@pytest.mark.parametrize("text", ["amina", "amina@", ""])
def test_an_address_that_is_none_is_refused(account: str, pool: UserPool, text: str) -> None:
    result = run("--account", account, "--email", text)
    assert result.exit_code == 2
    assert pool.users() == {}
