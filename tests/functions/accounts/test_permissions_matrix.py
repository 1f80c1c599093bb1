"""Every route of the console API as nobody, viewer, operator, owner, and owner of another account."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from smskit import aws
from smskit.accounts.api.permissions import PERMISSIONS, Permission
from smskit.models.member import Role
from tests.support import aws as aws_support
from tests.support import console, functions, seeds
from tests.support.aws import Cloud
from tests.support.console import Console
from tests.support.console_scenes import SCENES, Scene
from tests.support.http_events import Answer
from tests.support.meter import Meter
from tests.support.user_pool import UserPool

ROWS = [pytest.param(row, id=f"{row.method} {row.path}") for row in PERMISSIONS]
WITH_ID = [pytest.param(row, id=f"{row.method} {row.path}") for row in PERMISSIONS if "<" in row.path]
WITHOUT_ID = [pytest.param(row, id=f"{row.method} {row.path}") for row in PERMISSIONS if "<" not in row.path]

# Every number has a history, most of them an empty one.
EMPTY_IF_UNKNOWN = {"/console/opt-outs/<number>/history"}
# Asked with a body, and no change.
READS = {"/console/messages/preview"}


@pytest.fixture(autouse=True)
def pool(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> UserPool:
    return UserPool(monkeypatch)


@pytest.fixture
def home(cloud: Cloud) -> Console:
    return console.owner()


def send(who: Console, row: Permission, scene: Scene) -> Answer:
    return who.call(row.method, scene.path, scene.body, query=scene.query)


def kept(cloud: Cloud) -> str:
    tables = {name: sorted(json.dumps(item, sort_keys=True) for item in cloud.items(name)) for name in cloud.tables}
    return json.dumps(tables)


def entries(cloud: Cloud, account_id: str) -> list[dict[str, Any]]:
    return [item for item in cloud.items("accounts") if item["pk"] == f"{account_id}#audit"]


def ids_in(row: Permission, path: str) -> list[str]:
    return [part for name, part in zip(row.path.split("/"), path.split("/"), strict=True) if name.startswith("<")]


def made_up(row: Permission, scene: Scene) -> str:
    """The path with ids of the same shape that nothing has."""
    path = scene.path
    for given in ids_in(row, scene.path):
        if given.startswith("+"):
            path = path.replace(given, "+254700000000")
            continue
        prefix, _, body = given.rpartition("_")
        path = path.replace(given, (prefix and f"{prefix}_") + re.sub(r"\w", "0", body))
    return path


def without_ids(row: Permission, answer: Answer, path: str) -> tuple[int, str]:
    """What was answered, but for the ids that the caller sent and the id of the request."""
    text = answer.text.replace(answer.headers["x-request-id"], "")
    for given in ids_in(row, path):
        text = text.replace(given, "")
    return answer.status, text


def test_every_route_has_one_row_and_one_scene() -> None:
    app = functions.load("console_api").app
    routes = {(route.method, route.path) for route in (*app._static_routes, *app._dynamic_routes)}
    rows = [(row.method, row.path) for row in PERMISSIONS]
    assert sorted(rows) == sorted(set(rows)) == sorted(routes)
    assert set(SCENES) == set(rows)


def test_a_route_without_a_row_answers_nobody(home: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smskit.accounts.api.permissions._BY_ROUTE", {})
    answer = home.get("/console/me")
    assert (answer.status, answer.slug) == (500, "internal-error")


@pytest.mark.parametrize("row", ROWS)
def test_nobody_gets_in(cloud: Cloud, home: Console, row: Permission) -> None:
    scene = SCENES[row.method, row.path](home.account_id)
    before = kept(cloud)
    answer = send(Console(None), row, scene)
    assert (answer.status, answer.slug) == (401, "not-signed-in")
    assert kept(cloud) == before


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("row", ROWS)
def test_a_role_may_what_the_table_says(cloud: Cloud, home: Console, row: Permission, role: Role) -> None:
    scene = SCENES[row.method, row.path](home.account_id)
    who = console.colleague(home, role)
    before, noted = kept(cloud), len(entries(cloud, home.account_id))
    answer = send(who, row, scene)
    if not role.reaches(row.least):
        assert (answer.status, answer.slug) == (403, "forbidden")
        assert row.least.value in answer.body["detail"]
        assert kept(cloud) == before
        return
    assert answer.status < 300, answer.text
    for mark in scene.marks:
        if row.method == "GET":
            assert mark in answer.text, "the mark proves nothing if nobody sees it"
    if row.path in READS:
        assert kept(cloud) == before
    elif row.method != "GET":
        found = entries(cloud, home.account_id)
        assert len(found) == noted + 1, "a change is noted in the audit log, once"
        assert who.claims and who.claims["sub"] in [entry["personId"] for entry in found]


@pytest.mark.parametrize("row", WITH_ID)
def test_the_id_of_another_account_is_as_unknown_as_one_that_never_was(
    cloud: Cloud, home: Console, row: Permission
) -> None:
    """Not by the answer, and not by its time: both ids take the same requests to AWS."""
    scene = SCENES[row.method, row.path](home.account_id)
    foreign = console.owner()
    nothing = replace(scene, path=made_up(row, scene))
    before = kept(cloud)
    aws_support.forget()
    meter = Meter(aws.session())
    send(foreign, row, nothing)  # what a process remembers of an account
    meter.reset()
    answer = send(foreign, row, scene)
    if row.path in EMPTY_IF_UNKNOWN:
        assert answer.status == 200
        assert not any(mark in answer.text for mark in scene.marks)
    else:
        assert (answer.status, answer.slug) == (404, "not-found")
    assert kept(cloud) == before
    requests = dict(meter.requests)
    meter.reset()
    same = send(foreign, row, nothing)
    assert without_ids(row, answer, scene.path) == without_ids(row, same, nothing.path)
    assert requests == dict(meter.requests) and requests


@pytest.mark.parametrize("row", WITHOUT_ID)
def test_another_accounts_owner_sees_nothing_of_this_one(home: Console, row: Permission) -> None:
    scene = SCENES[row.method, row.path](home.account_id)
    other = console.owner()
    seeds.phone(other.account_id)
    answer = send(other, row, scene)
    assert answer.status < 300, answer.text
    for mark in (home.account_id, *scene.marks):
        assert mark not in answer.text
