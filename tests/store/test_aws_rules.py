"""Each rule of AWS that moto lets pass, with a request that breaks it: refused in memory, found on moto."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smskit import aws
from tests.support import aws as clouds
from tests.support.memory import DynamoDB, Queues
from tests.support.rule_checker import BrokenRuleError, check

Request = dict[str, Any]
KEY: Request = {"pk": {"S": "a"}, "sk": {"S": "b"}}
OTHER: Request = {"pk": {"S": "a"}, "sk": {"S": "c"}}
ONE: Request = {":one": {"N": "1"}}


def put(**more: Any) -> Request:
    return {"TableName": "devices", "Item": KEY} | more


def update(expression: str, **more: Any) -> Request:
    return {"TableName": "devices", "Key": KEY, "UpdateExpression": expression, "ExpressionAttributeValues": ONE} | more


def query(condition: str = "pk = :pk", values: Request | None = None, **more: Any) -> Request:
    known = {":pk": {"S": "a"}} | (values or {})
    return {"TableName": "devices", "KeyConditionExpression": condition, "ExpressionAttributeValues": known} | more


def keys(count: int) -> list[Request]:
    return [{"pk": {"S": "a"}, "sk": {"S": str(number)}} for number in range(count)]


def nested(depth: int) -> Request:
    return {"N": "1"} if depth == 0 else {"L": [nested(depth - 1)]}


EXISTS = "attribute_exists(x)"
HALF_MB = {"S": "x" * 390_000}
BROKEN: dict[str, tuple[str, Request, str]] = {
    # keys
    "half a key": ("GetItem", {"TableName": "pool", "Key": {"pk": {"S": "a"}}}, "does not match the schema"),
    "more than a key": ("DeleteItem", {"TableName": "pool", "Key": KEY | {"x": {"S": "y"}}}, "does not match"),
    "a key that is a number": ("GetItem", {"TableName": "jobs", "Key": {"pk": {"N": "1"}}}, "Type mismatch"),
    "an empty key": ("PutItem", put(Item=KEY | {"sk": {"S": ""}}), "empty string"),
    "a long sort key": ("PutItem", put(Item=KEY | {"sk": {"S": "x" * 1025}}), "maximum size limit of 1024"),
    "a long partition key": ("PutItem", put(Item=KEY | {"pk": {"S": "x" * 2049}}), "maximum size limit of 2048"),
    "an item without its key": ("PutItem", put(Item={"pk": {"S": "a"}}), "Missing the key sk"),
    "an empty key of an index": ("PutItem", put(Item=KEY | {"onlineShard": {"S": ""}}), "empty string"),
    "an index key of another type": ("PutItem", put(Item=KEY | {"heartbeatAt": {"S": "1"}}), "Type mismatch"),
    "an index key set to another type": ("UpdateItem", update("SET onlineShard = :one"), "Type mismatch"),
    "no such table": ("GetItem", {"TableName": "none", "Key": KEY}, "not found"),
    # values
    "a large item": ("PutItem", put(Item=KEY | {"x": {"S": "x" * 410_000}}), "maximum allowed size"),
    "an empty set": ("PutItem", put(Item=KEY | {"x": {"SS": []}}), "may not be empty"),
    "an empty set in an expression": (
        "UpdateItem", update("SET x = :one", ExpressionAttributeValues={":one": {"SS": []}}), "may not be empty",
    ),
    "a set with duplicates": ("PutItem", put(Item=KEY | {"x": {"NS": ["1", "1"]}}), "duplicates"),
    "a long number": ("PutItem", put(Item=KEY | {"x": {"N": "1" * 39}}), "38 significant digits"),
    "a deep value": ("PutItem", put(Item=KEY | {"x": nested(33)}), "Nesting Levels"),
    # expressions
    "a reserved word": ("UpdateItem", update("SET connection = :one"), "reserved keyword: connection"),
    "a reserved word in a condition": ("PutItem", put(ConditionExpression="attribute_exists(#a.status)",
                                                      ExpressionAttributeNames={"#a": "x"}), "keyword: status"),
    "an unused name": ("UpdateItem", update("SET x = :one", ExpressionAttributeNames={"#x": "x"}), "unused"),
    "an unused value": ("PutItem", put(ConditionExpression=EXISTS, ExpressionAttributeValues=ONE), "unused"),
    "an undefined name": ("UpdateItem", update("SET #x = :one"), "doesn't define"),
    "an undefined value": ("UpdateItem", update("SET x = :one + :two"), "doesn't define"),
    "values without an expression": ("PutItem", put(ExpressionAttributeValues=ONE), "only be specified when using"),
    "no values at all": (
        "PutItem", put(ConditionExpression=EXISTS, ExpressionAttributeValues={}), "must not be empty",
    ),
    "an empty expression": ("PutItem", put(ConditionExpression=" "), "can not be empty"),
    "a syntax error": ("PutItem", put(ConditionExpression="attribute_exists(x"), "Syntax error"),
    "another syntax error": ("UpdateItem", update("SET x == :one"), "Syntax error"),
    "redundant parentheses": ("PutItem", put(ConditionExpression="((attribute_exists(x)))"), "redundant parentheses"),
    "a long expression": ("PutItem", put(ConditionExpression=" OR ".join(["attribute_exists(abcdef)"] * 160)), "size"),
    "many operators": ("PutItem", put(ConditionExpression=" OR ".join(["a=:one"] * 160), ExpressionAttributeValues=ONE),
                       "too many operators"),
    "overlapping paths": ("UpdateItem", update("SET x = :one, x.y = :one"), "overlap"),
    "one path twice": ("UpdateItem", update("SET x = :one REMOVE x"), "overlap"),
    "a clause twice": ("UpdateItem", update("SET x = :one REMOVE y SET z = :one"), "only be used once"),
    "an update of a key": ("UpdateItem", update("SET sk = :one"), "part of the key"),
    "an update of a key by its name": (
        "UpdateItem", update("SET #k = :one", ExpressionAttributeNames={"#k": "pk"}), "part of the key",
    ),
    # returned values
    "the new item of a put": ("PutItem", put(ReturnValues="ALL_NEW"), "Return values"),
    "the new item of a failed condition": (
        "PutItem", put(ConditionExpression=EXISTS, ReturnValuesOnConditionCheckFailure="ALL_NEW"), "ALL_OLD",
    ),
    # queries
    "a consistent read of an index": (
        "Query", query("onlineShard = :pk", IndexName="by_heartbeat", ConsistentRead=True), "not supported",
    ),
    "no such index": ("Query", query(IndexName="by_mood"), "specified index"),
    "another key than the index has": ("Query", query(IndexName="by_heartbeat"), "missed key schema element"),
    "a limit of none": ("Query", query(Limit=0), "at least 1"),
    "bounds the wrong way": (
        "Query", query("pk = :pk AND sk BETWEEN :b AND :a", {":a": {"S": "a"}, ":b": {"S": "b"}}), "upper bound",
    ),
    "an empty partition key": ("Query", query(values={":pk": {"S": ""}}), "empty string"),
    "an empty bound": ("Query", query("pk = :pk AND sk > :a", {":a": {"S": ""}}), "empty string"),
    "two ranges": ("Query", query("pk = :pk AND sk > :a AND sk < :a", {":a": {"S": "a"}}), "can't be read"),
    "no partition": ("Query", {"TableName": "pool"}, "must be specified"),
    "a filter on a key": ("Query", query(FilterExpression="sk = :pk"), "non-primary key"),
    "a count of some attributes": ("Query", query(Select="COUNT", ProjectionExpression="x"), "only the Count"),
    "half a starting key": ("Query", query(ExclusiveStartKey={"pk": {"S": "a"}}), "starting key is invalid"),
    "a starting key elsewhere": ("Query", query(ExclusiveStartKey=KEY | {"pk": {"S": "z"}}), "outside query"),
    "a starting key behind the range": (
        "Query", query("pk = :pk AND sk < :a", {":a": {"S": "a"}}, ExclusiveStartKey=KEY), "outside query",
    ),
    # batches
    "101 keys": ("BatchGetItem", {"RequestItems": {"pool": {"Keys": keys(101)}}}, "Too many items"),
    "no keys": ("BatchGetItem", {"RequestItems": {"pool": {"Keys": []}}}, "Too many items"),
    "a key twice": ("BatchGetItem", {"RequestItems": {"pool": {"Keys": [KEY, KEY]}}}, "duplicates"),
    "26 writes": (
        "BatchWriteItem", {"RequestItems": {"pool": [{"PutRequest": {"Item": key}} for key in keys(26)]}}, "Too many",
    ),
    "an item written twice": (
        "BatchWriteItem",
        {"RequestItems": {"pool": [{"PutRequest": {"Item": KEY}}, {"DeleteRequest": {"Key": KEY}}]}}, "duplicates",
    ),
    # transactions
    "101 operations": (
        "TransactWriteItems", {"TransactItems": [{"Put": put(Item=key)} for key in keys(101)]}, "1 to 100",
    ),
    "no operations": ("TransactWriteItems", {"TransactItems": []}, "1 to 100"),
    "two operations on an item": (
        "TransactWriteItems", {"TransactItems": [{"Put": put()}, {"Delete": {"TableName": "devices", "Key": KEY}}]},
        "multiple operations on one item",
    ),
    "more than 4 MB": (
        "TransactWriteItems", {"TransactItems": [{"Put": put(Item=key | {"x": HALF_MB})} for key in keys(11)]}, "4 MB",
    ),
    "a check without a condition": (
        "TransactWriteItems", {"TransactItems": [{"ConditionCheck": {"TableName": "pool", "Key": KEY}}]}, "can't have",
    ),
    "a delete with an update": (
        "TransactWriteItems", {"TransactItems": [{"Delete": update("SET x = :one")}]}, "Delete can't have",
    ),
    "values returned by a transaction": (
        "TransactWriteItems", {"TransactItems": [{"Put": put(ReturnValues="ALL_OLD")}]}, "Put can't have",
    ),
    "a long token": (
        "TransactWriteItems", {"TransactItems": [{"Put": put()}], "ClientRequestToken": "x" * 37}, "1 to 36 characters",
    ),
}  # fmt: skip


def method_of(operation: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", operation).lower()


@pytest.mark.parametrize("case", BROKEN)
def test_a_request_that_dynamodb_refuses_is_refused_in_memory_and_found_on_moto(case: str) -> None:
    operation, request, words = BROKEN[case]
    with pytest.raises(ClientError, match=re.escape(words)) as caught:
        getattr(DynamoDB(), method_of(operation))(**request)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert caught.value.operation_name == operation
    with pytest.raises(BrokenRuleError, match=re.escape(words)):
        check("dynamodb", operation, request)


FIFO: Request = {"QueueUrl": "jobs.fifo", "MessageBody": "x", "MessageGroupId": "g", "MessageDeduplicationId": "d"}
TIMERS: Request = {"QueueUrl": "timers", "MessageBody": "x"}
BROKEN_MESSAGES: dict[str, tuple[Request, str]] = {
    "a large message": (TIMERS | {"MessageBody": "x" * 1_048_577}, "shorter than 1048576"),
    "an empty message": (TIMERS | {"MessageBody": ""}, "MessageBody"),
    "a character that XML doesn't have": (TIMERS | {"MessageBody": "a\x00b"}, "U\\+0000"),
    "half of a surrogate pair": (TIMERS | {"MessageBody": "\ud83d"}, "U\\+D83D"),
    "a delay of 901 s": (TIMERS | {"DelaySeconds": 901}, "DelaySeconds"),
    "a negative delay": (TIMERS | {"DelaySeconds": -1}, "DelaySeconds"),
    "a delay in a FIFO queue": (FIFO | {"DelaySeconds": 1}, "DelaySeconds"),
    "no group": ({name: FIFO[name] for name in FIFO if name != "MessageGroupId"}, "MessageGroupId"),
    "a long group": (FIFO | {"MessageGroupId": "g" * 129}, "MessageGroupId"),
    "a group with a space": (FIFO | {"MessageGroupId": "+254 712"}, "MessageGroupId"),
    "a long deduplication id": (FIFO | {"MessageDeduplicationId": "d" * 129}, "MessageDeduplicationId"),
    "a deduplication id in a standard queue": (TIMERS | {"MessageDeduplicationId": "d"}, "MessageDeduplicationId"),
}


@pytest.mark.parametrize("case", BROKEN_MESSAGES)
def test_a_message_that_sqs_refuses_is_refused_in_memory_and_found_on_moto(case: str) -> None:
    request, words = BROKEN_MESSAGES[case]
    with pytest.raises(ClientError, match=words):
        Queues(lambda: 0).send_message(**request)
    with pytest.raises(BrokenRuleError, match=words):
        check("sqs", "SendMessage", request)


ENTRY: Request = {"Id": "1", "MessageBody": "x"}


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([], "1 to 10"),
        ([ENTRY | {"Id": str(number)} for number in range(11)], "1 to 10"),
        ([ENTRY, ENTRY], "same Id"),
        ([ENTRY | {"Id": "a.b"}], "specification"),
        ([ENTRY | {"Id": str(number), "MessageBody": "x" * 600_000} for number in range(2)], "shorter than"),
        ([ENTRY | {"DelaySeconds": 901}], "DelaySeconds"),
    ],
)
def test_a_batch_that_sqs_refuses_is_found(entries: list[Request], words: str) -> None:
    with pytest.raises(BrokenRuleError, match=words):
        check("sqs", "SendMessageBatch", {"QueueUrl": "deliveries", "Entries": entries})


def test_what_the_limits_allow_passes() -> None:
    db = DynamoDB()
    for part in range(0, 100, 25):
        entries = [{"PutRequest": {"Item": key}} for key in keys(100)[part : part + 25]]
        db.batch_write_item(RequestItems={"pool": entries})
    assert len(db.batch_get_item(RequestItems={"pool": {"Keys": keys(100)}})["Responses"]["pool"]) == 100
    db.transact_write_items(TransactItems=[{"Put": put(Item=key | {"x": {"S": "y"}})} for key in keys(100)])
    db.put_item(**put(Item=KEY | {"sk": {"S": "x" * 1024}, "x": {"S": "x" * 400_000}, "deep": nested(31)}))
    queues = Queues(lambda: 0)
    queues.send_message(**FIFO | {"MessageBody": "é" * 524_288, "MessageGroupId": "254712345678"})
    queues.send_message(**TIMERS | {"DelaySeconds": 900})
    assert len(queues.messages) == 2


def test_the_checker_stands_around_the_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that breaks a rule fails the test even where the function that made it goes on."""
    with pytest.raises(BrokenRuleError, match="reserved keyword"), clouds.cloud(monkeypatch) as cloud:
        name = cloud.tables["pool"]
        with pytest.raises(BrokenRuleError):
            aws.client("dynamodb").update_item(**update("SET connection = :one") | {"TableName": name})
        assert cloud.items("pool") == []


def test_a_fifo_queue_takes_a_message_once_in_five_minutes() -> None:
    now = [0]
    queues = Queues(lambda: now[0])
    for moment in (0, 299_999, 300_000):
        now[0] = moment
        queues.send_message(**FIFO)
    assert len(queues.messages) == 2
