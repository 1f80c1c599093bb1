"""The audit log: its pages, their cursors, and its end."""

from __future__ import annotations

import pytest
import time_machine

from smskit import settings
from smskit.accounts.api.permissions import PERMISSIONS, Permission
from smskit.platform import cursors
from tests.support import console
from tests.support.aws import Cloud
from tests.support.console import Console, invited
from tests.support.console_scenes import SCENES
from tests.support.user_pool import UserPool

# A role is required in its change.
# A role and an account's name are changed alone, so they can't be left out.
CHANGES = [
    row
    for row in PERMISSIONS
    if row.method == "PATCH" and row.path not in {"/console/members/<person_id>", "/console/account"}
]


@pytest.fixture(autouse=True)
def pool(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> UserPool:
    return UserPool(monkeypatch)


@pytest.fixture
def home(cloud: Cloud) -> Console:
    return console.owner()


def test_the_log_is_paged_newest_first_and_ends_with_its_time(home: Console) -> None:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        for number in range(5):
            clock.shift(1)
            invited(home, email=f"p{number}@example.com")
        seen, query = [], "limit=2"
        for _ in range(4):
            page = home.get("/console/audit", query)
            seen += [entry["details"].get("email") for entry in page.body["entries"]]
            if not page.body["hasMore"]:
                break
            query = f"limit=2&cursor={page.body['cursor']}"
        # The first entry of all, the owner's own, is of today's real clock.
        assert [email for email in seen if email] == [f"p{number}@example.com" for number in (4, 3, 2, 1, 0)]
        clock.shift(settings.audit_seconds() - 2)
        left = home.get("/console/audit").body["entries"]
        assert [entry["details"].get("email") for entry in left if entry["details"]] == [
            *("p4@example.com", "p3@example.com")
        ]
        assert home.get("/console/audit", query).body == {"entries": [], "hasMore": False}


@pytest.mark.parametrize("cursor", ["x", "%20", "MTIz", "AAAA", "MTc4MjIwODgwMDAwMCNhdWRfeA=="])
def test_a_cursor_that_no_answer_gave_is_refused(home: Console, cursor: str) -> None:
    answer = home.get("/console/audit", f"cursor={cursor}")
    assert (answer.status, answer.slug) == (400, "invalid-request")


def test_a_cursor_of_another_accounts_log_or_another_list_is_refused(home: Console) -> None:
    other = console.owner()
    for person, email in ((home, "p1@example.com"), (other, "p2@example.com")):
        invited(person, email=email)
    entry = "1782208800000.aud_06F2M8QZ4N1R7T3V5W0X"
    mine = cursors.write("audit", home.account_id, entry)
    assert home.get("/console/audit", f"cursor={mine}").status == 200
    far = cursors.write("audit", home.account_id, entry.replace("178", "1780"))
    for cursor in (
        other.get("/console/audit", "limit=1").body["cursor"],
        cursors.write("clients", home.account_id, entry),
        far,
    ):
        answer = home.get("/console/audit", f"cursor={cursor}")
        assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/cursor"])


def test_entries_expire_by_ttl(home: Console, cloud: Cloud) -> None:
    invited(home)
    kept = [item for item in cloud.items("accounts") if item["pk"] == f"{home.account_id}#audit"]
    assert len(kept) == 2
    assert {item["ttl"] - item["at"] // 1000 for item in kept} == {365 * 86_400}


@pytest.mark.parametrize("query", ["limt=2", "limit=2&Cursor=x", "=0", "%2Fa~=1"])
def test_a_query_parameter_that_the_route_doesnt_have_is_refused(home: Console, query: str) -> None:
    answer = home.get("/console/audit", query)
    assert (answer.status, answer.slug) == (400, "invalid-request")
    assert len(answer.pointers) == 1
    assert home.get("/console/me", query).status == 400


@pytest.mark.parametrize("row", CHANGES, ids=lambda row: row.path)
def test_a_change_of_nothing_is_not_noted(home: Console, row: Permission) -> None:
    scene = SCENES[row.method, row.path](home.account_id)
    before = home.get("/console/audit").body
    assert home.patch(scene.path, {}).status == 200
    assert home.get("/console/audit").body == before
    assert home.patch(scene.path, scene.body).status == 200
    assert len(home.get("/console/audit").body["entries"]) == len(before["entries"]) + 1
