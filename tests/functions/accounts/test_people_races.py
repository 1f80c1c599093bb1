"""People of an account when two change it at once, or a request dies between the user pool and the table."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from smskit.accounts.gateways import user_pool
from smskit.accounts.store import members
from tests.support import console
from tests.support.aws import Cloud
from tests.support.console import AMINA, Console, as_person, invited, roles
from tests.support.http_events import Answer
from tests.support.user_pool import UserPool


@pytest.fixture(autouse=True)
def pool(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> UserPool:
    return UserPool(monkeypatch)


@pytest.fixture
def home(cloud: Cloud) -> Console:
    return console.owner()


def test_an_invitation_that_died_half_way_is_completed_by_the_next(
    home: Console, pool: UserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise ClientError({"Error": {"Code": "InternalError", "Message": "down"}}, "TransactWriteItems")

    with monkeypatch.context() as broken:
        broken.setattr(members, "add", die)
        assert home.post("/console/members", AMINA).status == 500
    with monkeypatch.context() as broken:
        broken.setattr(user_pool, "set_group", die)
        assert home.post("/console/members", AMINA).status == 500
    person_id = invited(home)
    assert pool.groups(person_id) == ["operator"]
    assert len(pool.users()) == 1


def test_a_removal_that_died_half_way_lets_nobody_in_and_doesnt_block_an_invitation(
    home: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id = invited(home)

    def die(_: str) -> None:
        raise ClientError({"Error": {"Code": "InternalError", "Message": "down"}}, "AdminDeleteUser")

    with monkeypatch.context() as broken:
        broken.setattr(user_pool, "delete", die)
        assert home.delete(f"/console/members/{person_id}").status == 500
    assert as_person(person_id).get("/console/me").slug == "no-membership"
    assert invited(home, role="viewer") == person_id
    assert roles(home)["amina@example.com"] == "viewer"


def _die(_: str) -> None:
    raise ClientError({"Error": {"Code": "InternalError", "Message": "down"}}, "AdminDeleteUser")


def half_removed(home: Console, monkeypatch: pytest.MonkeyPatch) -> str:
    person_id = invited(home)
    with monkeypatch.context() as broken:
        broken.setattr(user_pool, "delete", _die)
        assert home.delete(f"/console/members/{person_id}").status == 500
    return person_id


def test_a_removal_that_died_half_way_is_completed_by_the_same_request(
    home: Console, pool: UserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id = half_removed(home, monkeypatch)
    assert console.owner().delete(f"/console/members/{person_id}").status == 404
    assert pool.users()
    answer = home.delete(f"/console/members/{person_id}")
    assert (answer.status, answer.body) == (200, {"personId": person_id, "removed": True})
    assert pool.users() == {}
    assert home.delete(f"/console/members/{person_id}").status == 404
    entries = home.get("/console/audit").body["entries"]
    assert [entry["action"] for entry in entries].count("member.removed") == 1


def test_completing_a_removal_takes_nobody_from_another_account(
    home: Console, pool: UserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id, other = half_removed(home, monkeypatch), console.owner()
    assert invited(other) == person_id
    assert home.delete(f"/console/members/{person_id}").status == 200
    assert list(pool.users()) == [AMINA["email"]]
    assert as_person(person_id).get("/console/me").body["accountId"] == other.account_id


def test_a_removal_that_nobody_completes_is_forgotten(
    home: Console, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id = half_removed(home, monkeypatch)
    (kept,) = (item for item in cloud.items("accounts") if item["sk"] == f"removed#{person_id}")
    assert kept["ttl"]


@pytest.mark.parametrize("change", ["remove", "set_role"])
def test_the_same_change_of_an_owner_twice_at_once_is_no_last_owner(
    home: Console, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    other = console.colleague(home, "owner")
    assert other.who
    path, original, raced = f"/console/members/{other.who.person_id}", getattr(members, change), []

    def send() -> Answer:
        return home.delete(path) if change == "remove" else home.patch(path, {"role": "viewer"})

    def first_another(*arguments: object) -> object:
        if not raced:
            raced.append(True)
            assert send().status == 200
        return original(*arguments)

    monkeypatch.setattr(members, change, first_another)
    answer = send()
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert send().status == (404 if change == "remove" else 200)


def test_of_two_owners_who_remove_each_other_one_stays(home: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the other as an owner when the first removal happens."""
    second = console.colleague(home, "owner")
    assert home.who and second.who
    mine, theirs = f"/console/members/{home.who.person_id}", f"/console/members/{second.who.person_id}"
    original, raced = members.remove, []

    def first_the_other(*arguments: object) -> None:
        if not raced:
            raced.append(True)
            assert second.delete(mine).status == 200
        original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(members, "remove", first_the_other)
    assert home.delete(theirs).slug == "last-owner"
    assert second.get("/console/me").body["role"] == "owner"


def test_a_change_that_crosses_another_is_to_be_sent_again(home: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    person_id = invited(home)
    path, original, raced = f"/console/members/{person_id}", members.set_role, []

    def first_another(*arguments: object) -> object:
        if not raced:
            raced.append(True)
            assert home.patch(path, {"role": "owner"}).status == 200
        return original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(members, "set_role", first_another)
    answer = home.patch(path, {"role": "viewer"})
    assert (answer.status, answer.slug, answer.headers["retry-after"]) == (503, "unavailable", "1")
    assert home.patch(path, {"role": "viewer"}).body["role"] == "viewer"
    assert home.who
    assert home.delete(f"/console/members/{home.who.person_id}").slug == "last-owner", "owners are counted right"
