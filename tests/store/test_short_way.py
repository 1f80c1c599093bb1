"""What the short way to moto answers and leaves behind is what the long way does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError
from moto.core.botocore_stubber import BotocoreStubber

from tests.support import aws, short_way
from tests.support.aws import Cloud

Item = dict[str, Any]
Work = Callable[[Cloud], list[Any]]
EachWay = Callable[[Work], list[list[Any]]]
CHANCE = ("MessageId", "ReceiptHandle", "SequenceNumber")
KEY: Item = {"pk": {"S": "acc_1"}, "sk": {"S": "dvc_1"}}
ATTRIBUTES: Item = {
    "text": {"S": "Grüße, 你好"},
    "empty": {"S": ""},
    "many": {"N": "12345678901234567890.5"},
    "is_on": {"BOOL": True},
    "is_off": {"BOOL": False},
    "nothing": {"NULL": True},
    "parts": {"L": [{"S": "a"}, {"L": []}, {"M": {}}]},
    "nested": {"M": {"deep": {"M": {"er": {"N": "1"}}}, "S": {"S": "a member's name"}}},
    "names": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2"]},
    "onlineShard": {"S": "x#1"},
    "heartbeatAt": {"N": "7"},
}
# What only the stored item makes wrong: the rest is refused before moto sees it.
WRONG_UPDATES = (
    "SET many = parts + :one",
    "SET many = nowhere + :one",
    "SET nowhere.deep = :one",
    "SET many = list_append(parts, :one)",
)


def test_items(each_way: EachWay) -> None:
    short, long = each_way(about_items)
    assert short == long
    assert [it for it in short if isinstance(it, str)] == [
        "ConditionalCheckFailedException",
        "TransactionCanceledException",
        "ResourceNotFoundException",
        *["ValidationException"] * len(WRONG_UPDATES),
    ]


def test_messages(each_way: EachWay) -> None:
    short, long = each_way(about_messages)
    assert short == long
    assert [it for it in short if isinstance(it, str)] == [
        "ReceiptHandleIsInvalid",
        "AWS.SimpleQueueService.NonExistentQueue",
    ]


@pytest.fixture
def each_way() -> EachWay:
    """Does the same on a new cloud each: by the short way, then by the long one."""

    def asked(work: Work) -> list[list[Any]]:
        found = []
        for is_short in (True, False):
            with pytest.MonkeyPatch.context() as patch, time_machine.travel("2026-06-23T10:00:00Z", tick=False):
                if not is_short:
                    patch.setattr(short_way, "take", lambda _: None)
                with aws.cloud(patch) as cloud:
                    assert (BotocoreStubber.process_request is short_way._long_way) is not is_short
                    found.append(work(cloud))
        return found

    return asked


def outcome(request: Callable[..., Any], **arguments: Any) -> list[Any]:
    """The answer without what chance gives it, or the error's code and answer."""
    try:
        answer = request(**arguments)
    except ClientError as refused:
        return [refused.response["Error"]["Code"], plain(refused.response)]
    return [plain(answer)]


def plain(answer: Any) -> Any:
    if isinstance(answer, list):
        return [plain(it) for it in answer]
    if not isinstance(answer, dict):
        return answer
    if "HTTPStatusCode" in answer:
        return (
            answer["HTTPStatusCode"],
            answer["HTTPHeaders"]["content-type"],
            "x-amzn-requestid" in answer["HTTPHeaders"],
        )
    return {name: name if name in CHANCE else plain(it) for name, it in answer.items()}


def about_items(cloud: Cloud) -> list[Any]:
    table, client = cloud.tables["devices"], boto3.client("dynamodb")
    here: Item = {"TableName": table, "Key": KEY}
    update: Item = {
        "UpdateExpression": "SET nested.deep.er = nested.deep.er + :one, #n = :new REMOVE parts[0] ADD many :one",
        "ExpressionAttributeNames": {"#n": "text"},
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":new": {"S": "new"}},
    }
    wrong: Item = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    everything: Item = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "acc_1"}}}
    transaction = [{"Update": here | update}, {"Delete": here | {"Key": KEY | {"sk": {"S": "dvc_2"}}} | wrong}]
    second = KEY | {"sk": {"S": "dvc_2"}}
    return [
        *outcome(client.put_item, TableName=table, Item=KEY | ATTRIBUTES),
        *outcome(client.put_item, TableName=table, Item=KEY | ATTRIBUTES, ReturnValues="ALL_OLD"),
        *outcome(client.get_item, **here, ConsistentRead=True),
        *outcome(client.get_item, TableName=table, Key=second),
        *outcome(client.update_item, **here, **update, ReturnValues="ALL_NEW"),
        *outcome(client.update_item, **here, **update, ReturnValues="UPDATED_OLD"),
        *outcome(client.update_item, **here, **update, **wrong),
        *outcome(client.batch_write_item, RequestItems={table: [{"PutRequest": {"Item": second}}]}),
        *outcome(client.batch_get_item, RequestItems={table: {"Keys": [KEY, second], "ProjectionExpression": "sk"}}),
        *outcome(client.query, TableName=table, **everything, Limit=1),
        *outcome(client.query, TableName=table, **everything, ScanIndexForward=False, ReturnConsumedCapacity="TOTAL"),
        *outcome(client.query, TableName=table, **everything, Select="COUNT"),
        *outcome(client.transact_write_items, TransactItems=transaction),
        *outcome(client.transact_write_items, TransactItems=transaction[:1]),
        *outcome(client.delete_item, TableName=table, Key=second, ReturnValues="ALL_OLD"),
        *outcome(client.delete_item, TableName=table, Key=second),
        *outcome(client.put_item, TableName=table, Item=second | {"bytes": {"B": b"\x00\xff"}}),
        *outcome(client.scan, TableName=table),
        *outcome(client.describe_table, TableName=table),
        *outcome(client.describe_table, TableName="elsewhere"),
        *(part for wrong in WRONG_UPDATES for part in outcome(client.update_item, **here, **_used(update, wrong))),
    ]


def _used(update: Item, expression: str) -> Item:
    """The update with another expression, and of its names and values those that this one uses."""
    kept = {
        kind: {name: value for name, value in update[kind].items() if name in expression}
        for kind in ("ExpressionAttributeNames", "ExpressionAttributeValues")
    }
    return {"UpdateExpression": expression} | {kind: found for kind, found in kept.items() if found}


def about_messages(cloud: Cloud) -> list[Any]:
    urgent, timers, client = (
        {"QueueUrl": cloud.queues["urgent"]},
        {"QueueUrl": cloud.queues["timers"]},
        boto3.client("sqs"),
    )
    fifo = {"MessageGroupId": "g", "MessageDeduplicationId": "d"}
    typed = {
        "text": {"DataType": "String", "StringValue": "ü"},
        "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    entries = [{"Id": f"{number}", "MessageBody": "{}", "DelaySeconds": number} for number in range(3)]
    found = [
        *outcome(client.send_message, **urgent, **fifo, MessageBody="Grüße"),
        *outcome(client.send_message, **urgent, **fifo, MessageBody="Grüße"),
        *outcome(client.send_message_batch, **timers, Entries=entries),
        *outcome(client.get_queue_attributes, **timers, AttributeNames=["All"]),
    ]
    taken = client.receive_message(**urgent, AttributeNames=["All"])
    handle = {"ReceiptHandle": taken["Messages"][0]["ReceiptHandle"]}
    return [
        *found,
        plain(taken),
        *outcome(client.receive_message, **urgent),
        *outcome(client.receive_message, **timers, MaxNumberOfMessages=10),
        *outcome(client.send_message, **timers, MessageBody="typed", MessageAttributes=typed),
        *outcome(client.receive_message, **timers, MessageAttributeNames=["All"]),
        *outcome(client.change_message_visibility, **urgent, **handle, VisibilityTimeout=0),
        *outcome(client.delete_message, **urgent, **handle),
        *outcome(client.delete_message, **urgent, **handle),
        *outcome(client.delete_message, **urgent, ReceiptHandle="none"),
        *outcome(client.list_queues),
        *outcome(client.send_message, QueueUrl=cloud.queues["timers"] + "-elsewhere", MessageBody="{}"),
    ]
