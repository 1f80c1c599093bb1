"""People of an account: who is recognised, how they join, change and leave, and that an owner stays."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from smskit import aws
from smskit.accounts.logic import accounts
from smskit.accounts.store import members
from smskit.platform.times import now_ms
from tests.support import aws as aws_support
from tests.support import console
from tests.support.aws import Cloud
from tests.support.console import AMINA, Console, as_person, invited, roles
from tests.support.meter import Meter
from tests.support.user_pool import UserPool


@pytest.fixture(autouse=True)
def pool(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> UserPool:
    return UserPool(monkeypatch)


@pytest.fixture
def home(cloud: Cloud) -> Console:
    return console.owner()


def test_me_is_who_the_membership_says(home: Console) -> None:
    assert home.who
    assert home.get("/console/me").body == {
        "personId": home.who.person_id,
        "email": home.who.email,
        "role": "owner",
        "accountId": home.account_id,
        "accountName": "Acme",
    }


def test_an_owner_renames_the_account_for_everybody(home: Console) -> None:
    viewer = console.colleague(home, "viewer")
    renamed = home.patch("/console/account", {"name": "Acme Kenya"})
    assert (renamed.status, renamed.body) == (200, {"accountId": home.account_id, "accountName": "Acme Kenya"})
    assert viewer.get("/console/me").body["accountName"] == "Acme Kenya"
    assert home.patch("/console/account", {"name": "Acme Kenya"}).status == 200
    entries = [entry for entry in home.get("/console/audit").body["entries"] if entry["action"] == "account.renamed"]
    assert [entry["details"] for entry in entries] == [{"before": "Acme", "after": "Acme Kenya"}], "once"
    for wrong in ("", " ", "x" * 101, 7, None):
        answer = home.patch("/console/account", {"name": wrong})
        assert (answer.status, answer.pointers) == (400, ["#/name"])
    assert viewer.patch("/console/account", {"name": "Mine"}).slug == "forbidden"


def test_knowing_who_asks_is_one_read(home: Console) -> None:
    viewer = console.colleague(home, "viewer")
    meter = Meter(aws.session())
    aws.client.cache_clear()
    assert viewer.get("/console/audit").slug == "forbidden"
    assert (dict(meter.requests), meter.rru, meter.wru) == ({"dynamodb.GetItem": 1}, 1.0, 0.0)


def test_an_id_token_is_no_key(home: Console) -> None:
    assert home.claims
    home.claims |= {"token_use": "id"}
    answer = home.get("/console/me")
    assert (answer.status, answer.slug) == (401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("subject", ["", None])
def test_a_token_without_a_subject_is_no_key(home: Console, subject: str | None) -> None:
    assert home.claims
    home.claims["sub"] = subject  # type: ignore[assignment]
    assert home.get("/console/me").status == 401


def test_a_token_without_membership_opens_nothing_whatever_its_group(home: Console) -> None:
    answer = as_person("11111111-2222-3333-4444-555555555555").get("/console/members")
    assert (answer.status, answer.slug) == (403, "no-membership")
    assert as_person("x").get("/console/nowhere").slug == "no-membership"


def test_a_group_in_the_token_gives_no_role(home: Console) -> None:
    viewer = console.colleague(home, "viewer")
    assert viewer.claims
    viewer.claims["cognito:groups"] = "[owner operator viewer]"
    assert viewer.post("/console/members", AMINA).slug == "forbidden"


def test_an_invitation_makes_a_user_and_a_member(home: Console, pool: UserPool) -> None:
    answer = home.post("/console/members", AMINA | {"email": "Amina@Example.com"})
    person_id = answer.body["personId"]
    assert home.who and answer.status == 201
    assert (answer.body["email"], answer.body["role"]) == ("amina@example.com", "operator")
    assert answer.body["invitedBy"] == home.who.person_id
    assert pool.users() == {"amina@example.com": "FORCE_CHANGE_PASSWORD"}
    assert pool.groups(person_id) == ["operator"]
    assert as_person(person_id).get("/console/me").body["accountId"] == home.account_id
    assert "assword" not in answer.text


def test_an_invitation_sent_again_changes_nothing(home: Console, pool: UserPool) -> None:
    first = home.post("/console/members", AMINA)
    again = home.post("/console/members", AMINA)
    assert (again.status, again.body) == (201, first.body)
    assert len(pool.users()) == 1 and len(roles(home)) == 2
    assert pool.mailed == ["amina@example.com"] * 2, "the first temporary password may have ended"
    pool.sign_in("amina@example.com")
    assert home.post("/console/members", AMINA).body == first.body
    assert len(pool.mailed) == 2
    assert [entry["action"] for entry in home.get("/console/audit").body["entries"]] == ["member.invited"] * 2


def test_a_member_with_another_role_or_of_another_account_isnt_invited(home: Console, pool: UserPool) -> None:
    invited(home)
    own = home.post("/console/members", AMINA | {"role": "viewer"})
    foreign = console.owner().post("/console/members", AMINA)
    assert pool.mailed == [AMINA["email"]]
    assert (own.status, own.slug) == (foreign.status, foreign.slug) == (409, "member-exists")
    assert own.body["detail"] == foreign.body["detail"]
    assert own.pointers == ["#/email"]
    assert roles(home)["amina@example.com"] == "operator"


def test_who_signed_up_with_the_address_of_another_gets_out_of_the_way(home: Console, pool: UserPool) -> None:
    client = pool.client.create_user_pool_client(UserPoolId=pool.pool_id, ClientName="any")["UserPoolClient"]
    taken = pool.client.sign_up(ClientId=client["ClientId"], Username=AMINA["email"], Password="Mine-all-mine-1")
    assert pool.users() == {AMINA["email"]: "UNCONFIRMED"}
    person_id = invited(home)
    assert person_id != taken["UserSub"]
    assert pool.users() == {AMINA["email"]: "FORCE_CHANGE_PASSWORD"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"email": "amina", "role": "viewer"}, "#/email"),
        ({"email": "amina@example", "role": "viewer"}, "#/email"),
        ({"email": "a b@example.com", "role": "viewer"}, "#/email"),
        ({"email": "amina@example.com\n", "role": "viewer"}, "#/email"),
        ({"email": "a,b@example.com", "role": "viewer"}, "#/email"),
        ({"email": "amina.@example.com", "role": "viewer"}, "#/email"),
        ({"email": "a..b@example.com", "role": "viewer"}, "#/email"),
        ({"email": "amina@-example.com", "role": "viewer"}, "#/email"),
        ({"email": "amina@exam_ple.com", "role": "viewer"}, "#/email"),
        ({"email": "a" * 65 + "@example.com", "role": "viewer"}, "#/email"),
        ({"email": "ämina@example.com", "role": "viewer"}, "#/email"),
        ({"email": "a" * 120 + "@example.com", "role": "viewer"}, "#/email"),
        ({"email": "amina@example.com", "role": "admin"}, "#/role"),
        ({"email": "amina@example.com", "role": "Owner"}, "#/role"),
        ({"email": "amina@example.com"}, "#/role"),
        ({"email": None, "role": "viewer"}, "#/email"),
        ({"email": "amina@example.com", "role": "viewer", "accountId": "acc_1"}, "#/accountId"),
    ],
)
def test_a_bad_invitation_names_the_field(home: Console, pool: UserPool, body: object, pointer: str) -> None:
    answer = home.post("/console/members", body)
    assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", [pointer])
    assert pool.users() == {}


@pytest.mark.parametrize("email", ["oneil+sms@mail.example.co.ke", "a_b-c.d@x1.example.com", "1@2.io"])
def test_an_address_may_have_what_addresses_have(home: Console, pool: UserPool, email: str) -> None:
    assert invited(home, email=email)


@pytest.mark.parametrize(
    ("code", "status", "slug"),
    [
        ("InvalidParameterException", 400, "invalid-request"),
        ("LimitExceededException", 503, "unavailable"),
        ("TooManyRequestsException", 503, "unavailable"),
        ("CodeDeliveryFailureException", 503, "unavailable"),
    ],
)
def test_what_the_user_pool_refuses_is_told_apart(
    home: Console, monkeypatch: pytest.MonkeyPatch, code: str, status: int, slug: str
) -> None:
    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "AdminCreateUser")

    with monkeypatch.context() as broken:
        broken.setattr(aws.client("cognito-idp"), "admin_create_user", refuse)
        answer = home.post("/console/members", AMINA)
    assert (answer.status, answer.slug) == (status, slug)
    assert answer.pointers == (["#/email"] if status == 400 else [])
    assert ("retry-after" in answer.headers) == (status == 503)
    assert list(roles(home)) == [home.who and home.who.email]
    assert invited(home)


def test_another_role_counts_at_once(home: Console, pool: UserPool) -> None:
    person_id = invited(home)
    amina = as_person(person_id, "operator")
    assert amina.get("/console/audit").slug == "forbidden"
    answer = home.patch(f"/console/members/{person_id}", {"role": "owner"})
    assert (answer.status, answer.body["role"]) == (200, "owner")
    assert pool.groups(person_id) == ["owner"]
    newest = amina.get("/console/audit").body["entries"][0]
    assert home.who
    assert (newest["action"], newest["subject"], newest["email"]) == ("member.role-changed", person_id, home.who.email)
    assert newest["details"] == {"before": "operator", "after": "owner"}


def test_the_same_role_again_is_no_change(home: Console) -> None:
    person_id = invited(home)
    before = home.get("/console/audit").body
    assert home.patch(f"/console/members/{person_id}", {"role": "operator"}).status == 200
    assert home.get("/console/audit").body == before


def test_who_is_removed_is_out_with_the_next_request(home: Console, pool: UserPool) -> None:
    person_id = invited(home)
    amina = as_person(person_id)
    assert amina.get("/console/me").status == 200
    assert home.delete(f"/console/members/{person_id}").body == {"personId": person_id, "removed": True}
    assert amina.get("/console/me").slug == "no-membership"
    assert pool.users() == {}
    assert "amina@example.com" not in roles(home)
    assert home.delete(f"/console/members/{person_id}").status == 404


def test_who_was_removed_can_be_invited_again_even_by_another_account(home: Console, pool: UserPool) -> None:
    person_id = invited(home)
    home.delete(f"/console/members/{person_id}")
    other = console.owner()
    again = invited(other)
    assert again != person_id
    assert as_person(again).get("/console/me").body["accountId"] == other.account_id


def test_the_last_owner_can_neither_leave_nor_step_down(home: Console) -> None:
    assert home.who
    path = f"/console/members/{home.who.person_id}"
    for answer in (home.delete(path), home.patch(path, {"role": "operator"})):
        assert (answer.status, answer.slug) == (409, "last-owner")
    assert home.get("/console/me").body["role"] == "owner"
    second = console.colleague(home, "owner")
    assert home.patch(path, {"role": "viewer"}).status == 200
    assert second.who
    assert second.delete(f"/console/members/{second.who.person_id}").slug == "last-owner"


def test_an_account_has_a_bounded_number_of_members(home: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MAX_MEMBERS", 3)
    gone = invited(home, email="a@example.com")
    invited(home, email="b@example.com")
    answer = home.post("/console/members", AMINA)
    assert (answer.status, answer.slug) == (409, "too-many-members")
    home.delete(f"/console/members/{gone}")
    invited(home)
    assert len(roles(home)) == 3


def test_an_account_that_was_made_before_there_were_members_gets_its_first_owner(cloud: Cloud) -> None:
    account = accounts.create("Old", now_ms())
    assert console.person("owner", account.account_id).account_id == account.account_id


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
@pytest.mark.parametrize("person_id", ["x" * 3_000, "a%20b", "%C3%A9"], ids=["long", "space", "letter"])
def test_what_is_no_persons_id_is_not_found(home: Console, method: str, person_id: str) -> None:
    """DynamoDB refuses a key of more than 2 KB. Moto doesn't, so what counts is that it isn't asked."""
    aws_support.forget()
    meter = Meter(aws.session())
    answer = home.call(method, f"/console/members/{person_id}", {"role": "viewer"} if method == "PATCH" else None)
    assert (answer.status, answer.slug) == (404, "not-found")
    assert dict(meter.requests) == {"dynamodb.GetItem": 1}, "who asks is read"
