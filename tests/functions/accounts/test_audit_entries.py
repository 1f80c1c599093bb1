"""The audit log when a write to it fails: no change that can't be made twice is without its entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smskit import aws
from smskit.clients.logic import clients
from smskit.platform import patience
from smskit.platform.times import now_ms
from tests.support import console, keywords, seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.console import Console
from tests.support.console_scenes import SCENES
from tests.support.http_events import Answer
from tests.support.path import refuse


@pytest.fixture
def home(cloud: Cloud) -> Console:
    return console.owner()


def fail_next_note() -> None:
    """The next write that holds an entry of an audit log fails, alone or in a transaction."""
    failed: list[bool] = []

    def fail(params: dict[str, Any], model: Any, **_: Any) -> None:
        puts = (
            [params] if model.name == "PutItem" else [each.get("Put", {}) for each in params.get("TransactItems", ())]
        )
        if not failed and any(put.get("Item", {}).get("pk", {}).get("S", "").endswith("#audit") for put in puts):
            failed.append(True)
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, model.name)

    aws.session().events.register("before-parameter-build.dynamodb", fail)
    aws.client.cache_clear()


def actions(home: Console) -> list[str]:
    return [entry["action"] for entry in home.get("/console/audit").body["entries"]]


def _scene(method: str, path: str) -> Callable[[Console], Callable[[], Answer]]:
    def make(home: Console) -> Callable[[], Answer]:
        scene = SCENES[method, path](home.account_id)
        return lambda: home.call(method, scene.path, scene.body)

    return make


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("POST", "/console/messages/<job_id>/cancel", "message.cancelled"),
        ("DELETE", "/console/devices/<device_id>", "device.revoked"),
        ("POST", "/console/webhooks", "webhook.registered"),
        ("DELETE", "/console/webhooks/<webhook_id>", "webhook.removed"),
        ("DELETE", "/console/pairing-codes/<code_id>", "pairing-code.cancelled"),
        ("POST", "/console/opt-outs", "opt-out.added"),
        ("DELETE", "/console/opt-outs/<number>", "opt-out.removed"),
        ("POST", "/console/clients/<client_id>/remove-key", "client-key.removed"),
    ],
)
def test_a_change_whose_entry_failed_is_not_made_and_can_be_sent_again(
    home: Console, method: str, path: str, action: str
) -> None:
    send = _scene(method, path)(home)
    fail_next_note()
    assert send().status == 500
    assert action not in actions(home)
    assert send().status < 300
    assert actions(home).count(action) == 1


@pytest.mark.parametrize(
    ("path", "listed"),
    [("/console/clients", "clients"), ("/console/pairing-codes", "codes")],
)
def test_nothing_is_made_that_the_log_doesnt_tell_of(home: Console, path: str, listed: str) -> None:
    fail_next_note()
    assert home.post(path, {"name": "Billing"}).status == 500
    assert home.get(path).body[listed] == []


def test_a_rotation_whose_entry_failed_leaves_the_key_that_is_in_use(home: Console) -> None:
    client, key = clients.create(home.account_id, "Billing", now_ms())
    fail_next_note()
    assert home.post(f"/console/clients/{client.client_id}/rotate-key", {"slot": 1}).status == 500
    assert clients.admit(key, now_ms()) is not None


def test_opting_out_through_the_client_api_leaves_no_entry(cloud: Cloud, api: ClientApi) -> None:
    assert api.post("/api/opt-outs", {"number": keywords.NUMBER}).status == 201
    assert not [item for item in cloud.items("accounts") if item["pk"].endswith("#audit")]


def test_a_key_that_is_being_changed_refuses_no_request_with_the_other_one(
    home: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DynamoDB refuses a write to an item that a transaction holds at that moment."""
    _, key = clients.create(home.account_id, "Billing", now_ms())
    monkeypatch.setattr(patience, "pause", lambda _: None)
    met = refuse("UpdateItem", "TransactionConflictException", 2)
    assert clients.admit(key, now_ms()) is not None
    assert len(met) == 2


def test_a_revoked_phone_is_gone_with_its_entry(home: Console) -> None:
    device = seeds.phone(home.account_id).device_id
    assert home.delete(f"/console/devices/{device}").status == 200
    assert home.get("/console/devices").body["devices"] == []
    (entry, *_) = home.get("/console/audit").body["entries"]
    assert (entry["action"], entry["subject"]) == ("device.revoked", device)
