"""contact:opted_out and contact:opted_in, from the stream of the audit trail to the customer's endpoint."""

from __future__ import annotations

from typing import Any

import boto3

from smskit.models.lane import LaneKey
from tests.support import seeds
from tests.support.aws import REGION, Cloud
from tests.support.keywords import NUMBER, receive
from tests.support.webhooks import Webhooks


def stream(cloud: Cloud) -> list[dict[str, Any]]:
    """All records of the messages table's stream."""
    client: Any = boto3.client("dynamodbstreams", region_name=REGION)
    arn = cloud.dynamodb.describe_table(TableName=cloud.tables["messages"])["Table"]["LatestStreamArn"]
    found: list[dict[str, Any]] = []
    for shard in client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        where = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = client.get_shard_iterator(**where)["ShardIterator"]
        found += client.get_records(ShardIterator=iterator, Limit=1000)["Records"]
    for record in found:
        told = record["dynamodb"]
        told["ApproximateCreationDateTime"] = told["ApproximateCreationDateTime"].timestamp()
    return found


def test_each_change_is_told_once_with_its_source_and_reason(hooks: Webhooks) -> None:
    assert hooks.clock is not None
    hook, _, _ = hooks.hook("contact:opted_out", "contact:opted_in")
    device = seeds.phone(hooks.account_id)
    receive(LaneKey(hooks.account_id, device.device_id, 0), "Sitisha")
    hooks.clock.shift(1)
    assert hooks.api.call("DELETE", "/api/opt-outs/0712345678", query="reason=Back").status == 204
    hooks.clock.shift(1)
    assert hooks.api.post("/api/opt-outs", {"number": NUMBER}).status == 201
    records = [record for record in stream(hooks.cloud) if record["dynamodb"]["Keys"]["sk"]["S"] != "in"]
    assert hooks.fan_out(records) == []
    hooks.send()
    first, second, third = sorted(hook.events(), key=lambda event: event["at"])
    client = f"api:{hooks.api.tenant.client_id}"
    assert first == {
        "event": "contact:opted_out", "eventId": first["eventId"], "number": NUMBER, "reason": "SITISHA",
        "source": first["source"], "at": "2026-06-23T10:00:00Z",
    }  # fmt: skip
    assert first["source"].startswith("sms:msg_")
    assert second == {
        "event": "contact:opted_in", "eventId": second["eventId"], "number": NUMBER, "reason": "Back",
        "source": client, "at": "2026-06-23T10:00:01Z",
    }  # fmt: skip
    assert third == {
        "event": "contact:opted_out", "eventId": third["eventId"], "number": NUMBER, "source": client,
        "at": "2026-06-23T10:00:02Z",
    }  # fmt: skip
    assert len({event["eventId"] for event in (first, second, third)}) == 3
    hooks.fan_out(records)
    hooks.send()
    assert len(hook.events()) == 3, "a replayed record tells nothing new"


def test_only_who_subscribes_is_told_and_other_accounts_never(hooks: Webhooks) -> None:
    deaf, _, _ = hooks.hook("sms:delivered")
    hook, _, _ = hooks.hook("contact:opted_in")
    seeds.phone(hooks.account_id)
    hooks.api.post("/api/opt-outs", {"number": NUMBER})
    hooks.fan_out(stream(hooks.cloud))
    hooks.send()
    assert deaf.calls == [] and hook.calls == []


def test_a_removed_entry_or_a_marker_tells_nothing(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook("contact:opted_out", "contact:opted_in")
    device = seeds.phone(hooks.account_id)
    receive(LaneKey(hooks.account_id, device.device_id, 0), "START")
    hooks.api.post("/api/opt-outs", {"number": NUMBER})
    (entry,) = [record for record in stream(hooks.cloud) if "NewImage" in record["dynamodb"] and _is_audit(record)]
    removed = entry | {"eventName": "REMOVE", "dynamodb": {**entry["dynamodb"]}}
    removed["dynamodb"]["OldImage"] = removed["dynamodb"].pop("NewImage")
    changed = entry | {"eventName": "MODIFY"}
    others = [record for record in stream(hooks.cloud) if not _is_audit(record)]
    assert others, "the marker of the message"
    assert hooks.fan_out([removed, changed, *others]) == []
    hooks.send()
    assert hook.calls == []


def _is_audit(record: dict[str, Any]) -> bool:
    return bool(record["dynamodb"]["NewImage"].get("direction", {}).get("S") == "audit")
