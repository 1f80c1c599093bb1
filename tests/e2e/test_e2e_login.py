"""Signing in, from the login page to the console's answer, and every token that opens nothing."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from typer.testing import CliRunner

from smskit.accounts.logic import members
from smskit.platform.times import now_ms
from smskit_admin import members as admin
from tests.e2e.people import CALLBACK, SCOPES, Browser, Console, Tokens, sign_in
from tests.e2e.stack import Stack, Tenant
from tests.e2e.test_e2e_answers import problem
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e
TEMPORARY, CHOSEN = "Once-only-2026!", "Mangoes-in-Mombasa-7"


@dataclass(frozen=True)
class Owner:
    """An account's owner who has never signed in."""

    account_id: str
    person_id: str
    email: str


def new_owner(tenant: Tenant) -> Owner:
    tenant.stack.secrets.update({TEMPORARY, CHOSEN})
    email = f"owner-{secrets.token_hex(4)}@example.com"
    made = members.create_owner(tenant.account_id, email, now_ms(), TEMPORARY)
    return Owner(tenant.account_id, made.person_id, email)


@pytest.fixture
def owner(tenant: Tenant) -> Owner:
    return new_owner(tenant)


async def signed_in(stack: Stack, owner: Owner, scopes: str = SCOPES) -> Tokens:
    return await sign_in(stack, owner.email, TEMPORARY, CHOSEN, scopes)


def totp(secret: str, later: int = 0) -> str:
    """The code that RFC 6238 gives at this moment, or `later` seconds from it."""
    counter = struct.pack(">Q", int(time.time() + later) // 30)
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, "sha1")
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(number & 0x7FFF_FFFF) % 1_000_000:06d}"


async def test_the_whole_way_from_the_login_page_to_the_console(stack: Stack, owner: Owner):
    browser = Browser(stack)
    page = await browser.open()
    wrong = await browser.submit(page, username=owner.email, password="Not-the-one-2026!")
    assert wrong.status_code == 200 and "Incorrect" in wrong.text
    must_change = await browser.submit(page, username=owner.email, password=TEMPORARY)
    weak = await browser.submit(must_change, new_password="mangoes", confirm_password="mangoes")
    assert weak.status_code == 200 and "policy" in weak.text
    code = browser.code_of(await browser.submit(weak, new_password=CHOSEN, confirm_password=CHOSEN))

    tokens = browser.tokens_of(await browser.redeem(code))
    answer = await Console(stack, tokens.access).get("/console/me")

    assert answer.status_code == 200, answer.text
    me = answer.json()
    assert (me["personId"], me["accountId"], me["email"], me["role"]) == (
        *(owner.person_id, owner.account_id, owner.email, "owner"),
    )
    renewed = (await browser.renew(tokens.refresh)).json()["access_token"]
    stack.secrets.add(renewed)
    assert (await Console(stack, renewed).get("/console/me")).json() == me


async def test_a_code_is_good_once_and_only_with_its_verifier(stack: Stack, owner: Owner):
    browser = Browser(stack)
    answer = await browser.submit(await browser.open(), username=owner.email, password=TEMPORARY)
    code = browser.code_of(await browser.submit(answer, new_password=CHOSEN, confirm_password=CHOSEN))

    for changes in ({"code_verifier": secrets.token_urlsafe(48)}, {"code_verifier": ""}, {"redirect_uri": "x"}):
        refused = await browser.redeem(code, **changes)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant"), changes
    browser.tokens_of(await browser.redeem(code))
    again = await browser.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


async def test_the_login_page_leads_back_to_the_console_only(stack: Stack):
    browser = Browser(stack)

    assert (await browser.open(redirect_uri="https://elsewhere.example/")).status_code == 400
    assert (await browser.open(client_id="1234567890abcdef")).status_code == 400
    assert (await browser.open(response_type="token")).status_code == 400


async def test_tokens_that_open_nothing(stack: Stack, owner: Owner, another_pool: str, another_client: str):
    good = (await signed_in(stack, owner)).access
    head, body, signature = good.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "somebody-else"}).encode()).rstrip(b"=").decode()
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    bad = {
        "no token": None,
        "no word": "-",
        "garbage": "garbage",
        "three parts of garbage": "a.b.c",
        "other claims": f"{head}.{forged}.{signature}",
        "cut": good[:-8],
        "unsigned": f"{unsigned}.{body}.",
        "of another pool": another_pool,
        "of another client": another_client,
        "expired": await expired_token(stack, owner),
    }

    answers = {name: await Console(stack, token).get("/console/me") for name, token in bad.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(bad, 401)
    assert {answer.text for answer in answers.values()} == {answers["no token"].text}
    assert (await Console(stack, good).get("/console/me")).status_code == 200


async def test_an_id_token_is_no_key(stack: Stack, owner: Owner):
    tokens = await signed_in(stack, owner)

    problem(await Console(stack, tokens.identity).get("/console/me"), 401, "not-signed-in")


async def test_an_invited_person_works_with_the_role_that_the_account_gives(stack: Stack, owner: Owner):
    boss = Console(stack, (await signed_in(stack, owner)).access)
    email = f"guest-{secrets.token_hex(4)}@example.com"
    invited = await boss.send("POST", "/console/members", {"email": email, "role": "viewer"})
    assert invited.status_code == 201, invited.text
    person_id = invited.json()["personId"]
    # The mail with the temporary password doesn't arrive here.
    stack.aws("cognito-idp").admin_set_user_password(
        UserPoolId=stack.outputs["UserPoolId"], Username=email, Password=CHOSEN, Permanent=True
    )
    guest = Console(stack, (await sign_in(stack, email, CHOSEN)).access)

    assert (await guest.get("/console/me")).json()["role"] == "viewer"
    problem(await guest.send("DELETE", f"/console/members/{owner.person_id}"), 403, "forbidden")
    promoted = await boss.send("PATCH", f"/console/members/{person_id}", {"role": "owner"})
    assert promoted.status_code == 200, promoted.text
    assert (await guest.get("/console/audit")).status_code == 200
    assert (await boss.send("DELETE", f"/console/members/{person_id}")).status_code == 200
    problem(await guest.get("/console/me"), 403, "no-membership")
    problem(await boss.send("DELETE", f"/console/members/{owner.person_id}"), 409, "last-owner")
    groups = stack.aws("cognito-idp").admin_list_groups_for_user(
        UserPoolId=stack.outputs["UserPoolId"], Username=owner.person_id
    )
    assert [group["GroupName"] for group in groups["Groups"]] == ["owner"]


async def test_a_person_adds_a_second_factor_and_the_password_alone_opens_nothing(stack: Stack, owner: Owner):
    """The emulator's login pages never ask for the factor, so that part goes by Cognito's API."""
    token = (await signed_in(stack, owner, "openid email aws.cognito.signin.user.admin")).access
    pool, cognito = stack.outputs["UserPoolId"], stack.aws("cognito-idp")
    secret = cognito.associate_software_token(AccessToken=token)["SecretCode"]
    stack.secrets.add(secret)
    with pytest.raises(cognito.exceptions.EnableSoftwareTokenMFAException):
        cognito.verify_software_token(AccessToken=token, UserCode=totp(secret, 1_000))
    assert cognito.verify_software_token(AccessToken=token, UserCode=totp(secret))["Status"] == "SUCCESS"
    cognito.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})

    other = client_for_passwords(cognito, pool)
    try:
        asked = password_auth(cognito, pool, other, owner.email)
        assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA" and "AuthenticationResult" not in asked
        answer = {"UserPoolId": pool, "ClientId": other, "ChallengeName": "SOFTWARE_TOKEN_MFA"}
        codes = {"USERNAME": owner.email, "SOFTWARE_TOKEN_MFA_CODE": totp(secret, 1_000)}
        with pytest.raises(cognito.exceptions.CodeMismatchException):
            cognito.admin_respond_to_auth_challenge(**answer, Session=asked["Session"], ChallengeResponses=codes)
        codes["SOFTWARE_TOKEN_MFA_CODE"] = totp(secret)
        asked = password_auth(cognito, pool, other, owner.email)
        opened = cognito.admin_respond_to_auth_challenge(**answer, Session=asked["Session"], ChallengeResponses=codes)
        assert opened["AuthenticationResult"]["AccessToken"]
    finally:
        cognito.delete_user_pool_client(UserPoolId=pool, ClientId=other)


async def test_a_browser_may_ask_before_it_has_a_token(stack: Stack):
    ask = {"Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "authorization"}
    console = Console(stack, None)

    own = await console.http.options("/console/me", headers=ask | {"Origin": CALLBACK.rstrip("/")})
    foreign = await console.http.options("/console/me", headers=ask | {"Origin": "https://elsewhere.example"})

    assert own.status_code in (200, 204)
    assert own.headers["access-control-allow-origin"] == CALLBACK.rstrip("/")
    assert "DELETE" in own.headers["access-control-allow-methods"]
    assert "access-control-allow-origin" not in foreign.headers


def test_the_command_line_makes_the_first_owner(stack: Stack, tenant: Tenant, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", stack.emulator.endpoint)
    for name, value in stack.emulator.environment.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    email = f"first-{secrets.token_hex(4)}@example.com"

    result = CliRunner().invoke(admin.app, ["--account", tenant.account_id, "--email", email, "--json"])

    assert result.exit_code == 0, result.output
    made = json.loads(result.output)
    assert [member.person_id for member in members.list_all(tenant.account_id)] == [made["personId"]]


@pytest.fixture
def another_client(stack: Stack) -> Iterator[str]:
    """A token of our pool, made for another client of it."""
    pool, client = stack.outputs["UserPoolId"], stack.aws("cognito-idp")
    made = client_for_passwords(client, pool)
    yield password_token(client, pool, made)
    client.delete_user_pool_client(UserPoolId=pool, ClientId=made)


@pytest.fixture
def another_pool(stack: Stack) -> Iterator[str]:
    """A token of another pool."""
    client = stack.aws("cognito-idp")
    pool = client.create_user_pool(PoolName="elsewhere")["UserPool"]["Id"]
    yield password_token(client, pool, client_for_passwords(client, pool))
    client.delete_user_pool(UserPoolId=pool)


def client_for_passwords(client: Any, pool: str) -> str:
    made = client.create_user_pool_client(
        UserPoolId=pool, ClientName="other", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )
    return str(made["UserPoolClient"]["ClientId"])


def password_token(client: Any, pool: str, client_id: str) -> str:
    email = f"other-{secrets.token_hex(4)}@example.com"
    client.admin_create_user(UserPoolId=pool, Username=email, MessageAction="SUPPRESS")
    client.admin_set_user_password(UserPoolId=pool, Username=email, Password=CHOSEN, Permanent=True)
    return str(password_auth(client, pool, client_id, email)["AuthenticationResult"]["AccessToken"])


def password_auth(client: Any, pool: str, client_id: str, email: str) -> Any:
    return client.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": CHOSEN},
    )


async def expired_token(stack: Stack, owner: Owner) -> str:
    """A token of the console's own client, whose time is over; tokens last a second meanwhile."""
    client, pool = stack.aws("cognito-idp"), stack.outputs["UserPoolId"]
    found = client.describe_user_pool_client(UserPoolId=pool, ClientId=stack.outputs["UserPoolClientId"])
    before = {
        name: value
        for name, value in found["UserPoolClient"].items()
        if value != "" and name not in ("ClientSecret", "CreationDate", "LastModifiedDate")
    }
    units = before["TokenValidityUnits"] | {"AccessToken": "seconds"}
    client.update_user_pool_client(**before | {"AccessTokenValidity": 1, "TokenValidityUnits": units})
    try:
        token = (await sign_in(stack, owner.email, CHOSEN)).access
    finally:
        client.update_user_pool_client(**before)
    ends = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))["exp"]
    await eventually(lambda: time.time() > ends + 1, 10)
    return token
