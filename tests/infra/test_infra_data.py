"""The stateful stack: what it must never lose, leak or reorder."""

from __future__ import annotations

import json
from typing import Any

import pytest

TABLES = {
    *("Clients", "Devices", "Jobs", "Pool", "Contacts", "Messages", "Accounts", "Pairing", "Webhooks", "Usage"),
    *("Batches", "Changes"),
}
FIFO = ("Urgent", "Standard", "Bulk")


def table(prod: Any, name: str) -> dict[str, Any]:
    return prod.data.one("AWS::DynamoDB::Table", f"Tables{name}")


def queue(prod: Any, name: str) -> dict[str, Any]:
    found = prod.data.of_type("AWS::SQS::Queue")
    return next(
        resource["Properties"]
        for key, resource in found.items()
        if key.startswith(f"Queues{name}") and ("DeadLetters" in key) == name.endswith("DeadLetters")
    )


def test_there_is_a_table_for_each_aggregate(prod):
    assert len(prod.data.of_type("AWS::DynamoDB::Table")) == len(TABLES)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_can_be_restored_and_not_deleted_by_mistake(prod, name):
    resource = table(prod, name)

    assert resource["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert resource["Properties"]["DeletionProtectionEnabled"] is True
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert resource["Properties"]["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_is_encrypted_with_our_key(prod, name):
    [key] = prod.data.of_type("AWS::KMS::Key")

    encryption = table(prod, name)["Properties"]["SSESpecification"]

    assert encryption["SSEType"] == "KMS"
    assert encryption["KMSMasterKeyId"] == {"Fn::GetAtt": [key, "Arn"]}


def test_the_key_rotates_and_stays(prod):
    [key] = prod.data.of_type("AWS::KMS::Key").values()

    assert key["Properties"]["EnableKeyRotation"] is True
    assert key["DeletionPolicy"] == "Retain"


def test_only_what_may_expire_expires(prod):
    expiring = {name for name in TABLES if "TimeToLiveSpecification" in table(prod, name)["Properties"]}

    assert expiring == TABLES - {"Clients", "Devices"}
    for name in expiring:
        ttl = table(prod, name)["Properties"]["TimeToLiveSpecification"]
        assert ttl == {"AttributeName": "ttl", "Enabled": True}


def test_only_jobs_messages_and_phones_stream_their_changes_with_both_images(prod):
    streams = {name: table(prod, name)["Properties"].get("StreamSpecification") for name in TABLES}

    both = {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    told = {name: stream for name, stream in streams.items() if stream}
    assert told == {"Jobs": both, "Messages": both, "Devices": both}


@pytest.mark.parametrize(
    ("name", "index", "keys", "projection"),
    [
        ("Devices", "by_heartbeat", [("onlineShard", "S", "HASH"), ("heartbeatAt", "N", "RANGE")], "KEYS_ONLY"),
        ("Jobs", "by_conversation", [("conversationId", "S", "HASH"), ("createdAt", "N", "RANGE")], "KEYS_ONLY"),
        ("Jobs", "by_account", [("accountId", "S", "HASH"), ("createdAt", "N", "RANGE")], "KEYS_ONLY"),
        ("Jobs", "by_reference", [("referenceId", "S", "HASH"), ("createdAt", "N", "RANGE")], "KEYS_ONLY"),
        ("Clients", "by_account", [("accountId", "S", "HASH"), ("createdAt", "N", "RANGE")], "KEYS_ONLY"),
        ("Contacts", "by_conversation", [("conversationId", "S", "HASH"), ("sk", "S", "RANGE")], "KEYS_ONLY"),
        ("Contacts", "by_activity", [("inbox", "S", "HASH"), ("activity", "S", "RANGE")], "ALL"),
        ("Contacts", "by_unread", [("unreadInbox", "S", "HASH"), ("unreadSince", "S", "RANGE")], "KEYS_ONLY"),
        ("Contacts", "by_opt_out", [("optOuts", "S", "HASH"), ("optedOutAt", "N", "RANGE")], "ALL"),
        ("Messages", "by_conversation", [("conversationId", "S", "HASH"), ("place", "S", "RANGE")], "ALL"),
    ],
)
def test_an_index_holds_what_is_read_by_it_and_no_more(prod, name, index, keys, projection):
    properties = table(prod, name)["Properties"]
    types = {entry["AttributeName"]: entry["AttributeType"] for entry in properties["AttributeDefinitions"]}

    [made] = [made for made in properties["GlobalSecondaryIndexes"] if made["IndexName"] == index]

    assert made["Projection"] == {"ProjectionType": projection}
    assert [(key["AttributeName"], types[key["AttributeName"]], key["KeyType"]) for key in made["KeySchema"]] == keys


@pytest.mark.parametrize("name", FIFO)
def test_a_job_queue_orders_and_deduplicates_by_recipient_at_full_speed(prod, name):
    properties = queue(prod, name)

    assert properties["FifoQueue"] is True
    assert properties["DeduplicationScope"] == "messageGroup"
    assert properties["FifoThroughputLimit"] == "perMessageGroupId"


def test_the_timers_queue_isnt_fifo_since_those_cant_delay_single_messages(prod):
    assert "FifoQueue" not in queue(prod, "Timers")


def test_the_deliveries_queue_isnt_fifo_so_that_an_endpoints_events_go_side_by_side(prod):
    assert "FifoQueue" not in queue(prod, "Deliveries")


@pytest.mark.parametrize("name", [*FIFO, "Timers", "Background", "Test", "Deliveries"])
def test_a_message_that_is_received_in_vain_goes_at_last_to_a_dead_letter_queue_of_the_same_kind(prod, name):
    properties = queue(prod, name)
    target = properties["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
    dead_letters = prod.data.resources[target]["Properties"]

    assert target.startswith(f"Queues{'Timers' if name == 'Background' else name}DeadLetters")
    assert properties["RedrivePolicy"]["maxReceiveCount"] == (100 if name == "Deliveries" else 960)
    assert dead_letters.get("FifoQueue") == properties.get("FifoQueue")
    assert dead_letters["MessageRetentionPeriod"] == 14 * 86400


def test_a_job_outlives_no_queue(prod):
    """A job may wait up to 72 hours; a queue that forgets earlier would strand it."""
    for properties in (queue(prod, name) for name in [*FIFO, "Timers", "Background", "Deliveries"]):
        assert properties["MessageRetentionPeriod"] > 72 * 3600


def test_every_queue_is_encrypted_and_takes_tls_only(prod):
    queues = prod.data.of_type("AWS::SQS::Queue")
    policies = [json.dumps(policy) for policy in prod.data.of_type("AWS::SQS::QueuePolicy").values()]

    for key, resource in queues.items():
        assert resource["Properties"]["SqsManagedSseEnabled"] is True
        [policy] = [text for text in policies if f'"Queues": [{{"Ref": "{key}"}}]' in text]
        assert '"aws:SecureTransport": "false"' in policy
        assert '"Effect": "Deny"' in policy


def test_the_stack_says_where_everything_is(prod):
    queues = (*FIFO, "Timers", "Background", "Deliveries")
    named = {f"{name}Table" for name in TABLES} | {f"{name}QueueUrl" for name in queues}

    assert named <= set(prod.data.outputs)
