"""The DynamoDB in memory refuses as the real one does: conflicts, throttling, lost answers, tokens, stale reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from tests.support.memory import DynamoDB
from tests.support.weather import Weather

Item = dict[str, Any]
KEY: Item = {"pk": {"S": "acc"}, "sk": {"S": "one"}}
OTHER: Item = {"pk": {"S": "acc"}, "sk": {"S": "two"}}


def put(item: Item, **more: Any) -> Item:
    return {"Put": {"TableName": "accounts", "Item": item, **more}}


def refused(request: Callable[[], Any]) -> Item:
    """The response of the error by which a request is refused."""
    with pytest.raises(ClientError) as caught:
        request()
    return dict(caught.value.response)


class Meeting(Weather):
    """Runs `meanwhile` inside of the next transaction."""

    def __init__(self) -> None:
        self.meanwhile: list[Callable[[], Any]] = []

    def pause(self) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()


def test_an_item_in_a_transaction_is_busy_for_everybody_else() -> None:
    db = DynamoDB(weather := Meeting())
    met: list[Item] = []
    entries = {"accounts": [{"PutRequest": {"Item": KEY}}, {"PutRequest": {"Item": OTHER}}]}

    def others() -> None:
        met.append(refused(lambda: db.put_item(TableName="accounts", Item=KEY)))
        met.append(refused(lambda: db.transact_write_items(TransactItems=[put(OTHER), put(KEY)])))
        met.append(db.batch_write_item(RequestItems=entries))
        met.append(db.get_item(TableName="accounts", Key=KEY, ConsistentRead=True))

    weather.meanwhile = [others]
    db.transact_write_items(TransactItems=[put(KEY | {"by": {"S": "first"}})])
    single, transaction, batch, read = met
    assert single["Error"] == {"Code": "TransactionConflictException", "Message": "Transaction is ongoing for the item"}
    assert [reason["Code"] for reason in transaction["CancellationReasons"]] == ["None", "TransactionConflict"]
    assert transaction["Error"]["Code"] == "TransactionCanceledException"
    assert batch["UnprocessedItems"] == {"accounts": [{"PutRequest": {"Item": KEY}}]}
    assert "Item" not in read
    assert db.get_item(TableName="accounts", Key=KEY)["Item"]["by"] == {"S": "first"}
    db.put_item(TableName="accounts", Item=KEY)  # it is free again


def test_a_cancelled_transaction_lets_go_and_says_why_for_each_operation() -> None:
    db, stored = DynamoDB(), KEY | {"n": {"N": "1"}}
    db.put_item(TableName="accounts", Item=stored)
    new = "attribute_not_exists(pk)"
    taken = put(KEY, ConditionExpression=new, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    answer = refused(lambda: db.transact_write_items(TransactItems=[put(OTHER, ConditionExpression=new), taken]))
    assert answer["CancellationReasons"] == [
        {"Code": "None"},
        {
            "Code": "ConditionalCheckFailed",
            "Message": "The conditional request failed",
            "Item": KEY | {"n": {"N": "1"}},
        },
    ]
    assert "Item" not in db.get_item(TableName="accounts", Key=OTHER)
    db.put_item(TableName="accounts", Item=OTHER)


def test_dynamodb_finishes_the_transaction_of_a_caller_that_dies() -> None:
    db = DynamoDB(weather := Meeting())

    def die() -> None:
        raise KeyboardInterrupt

    weather.meanwhile = [die]
    with pytest.raises(KeyboardInterrupt):
        db.transact_write_items(TransactItems=[put(KEY), put(OTHER)])
    assert len(db.tables["accounts"]) == 2
    db.put_item(TableName="accounts", Item=KEY)


def test_a_transaction_is_carried_out_once_for_a_token() -> None:
    db = DynamoDB(weather := Meeting())
    count = {"Update": {"TableName": "accounts", "Key": KEY, "UpdateExpression": "ADD n :one",
                        "ExpressionAttributeValues": {":one": {"N": "1"}}}}  # fmt: skip
    under_way: list[Item] = []

    def again() -> None:
        under_way.append(refused(lambda: db.transact_write_items(TransactItems=[count], ClientRequestToken="t")))

    weather.meanwhile = [again]
    for _ in range(3):
        db.transact_write_items(TransactItems=[count], ClientRequestToken="t")
    assert under_way[0]["Error"]["Code"] == "TransactionInProgressException"
    assert db.get_item(TableName="accounts", Key=KEY)["Item"]["n"] == {"N": "1"}
    other = refused(lambda: db.transact_write_items(TransactItems=[put(KEY)], ClientRequestToken="t"))
    assert other["Error"]["Code"] == "IdempotentParameterMismatchException"


def test_a_cancelled_transaction_may_be_tried_again_under_its_token() -> None:
    db = DynamoDB()
    db.put_item(TableName="accounts", Item=KEY)
    operations = [put(KEY, ConditionExpression="attribute_not_exists(pk)")]
    refused(lambda: db.transact_write_items(TransactItems=operations, ClientRequestToken="t"))
    db.delete_item(TableName="accounts", Key=KEY)
    db.transact_write_items(TransactItems=operations, ClientRequestToken="t")
    assert len(db.tables["accounts"]) == 1


class Throttling(Weather):
    """Throttles every second request, or part of a batch."""

    def __init__(self, code: str = "ThrottlingException") -> None:
        self.code, self.asked = code, 0

    def throttles(self, operation: str, table: str) -> str | None:
        self.asked += 1
        return self.code if self.asked % 2 == 0 else None


@pytest.mark.parametrize("code", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_a_throttled_request_changes_nothing(code: str) -> None:
    db = DynamoDB(Throttling(code))
    db.put_item(TableName="accounts", Item=KEY)
    answer = refused(lambda: db.delete_item(TableName="accounts", Key=KEY))
    assert answer["Error"]["Code"] == code
    assert len(db.tables["accounts"]) == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("ThrottlingException", "ThrottlingError"),
        ("ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded"),
    ],
)
def test_a_throttled_transaction_is_cancelled(code: str, reason: str) -> None:
    db = DynamoDB(Throttling(code))
    answer = refused(lambda: db.transact_write_items(TransactItems=[put(KEY), put(OTHER)]))
    assert [each["Code"] for each in answer["CancellationReasons"]] == ["None", reason]
    assert not db.tables["accounts"]


def test_parts_of_batches_come_back_unprocessed() -> None:
    db = DynamoDB(Throttling())
    entries = [{"PutRequest": {"Item": KEY}}, {"PutRequest": {"Item": OTHER}}]
    assert db.batch_write_item(RequestItems={"accounts": entries})["UnprocessedItems"] == {"accounts": entries[1:]}
    answer = db.batch_get_item(RequestItems={"accounts": {"Keys": [KEY, OTHER], "ConsistentRead": True}})
    assert answer["Responses"] == {"accounts": [KEY]}
    assert answer["UnprocessedKeys"] == {"accounts": {"Keys": [OTHER], "ConsistentRead": True}}


def test_a_batch_of_which_nothing_can_be_done_is_an_error() -> None:
    weather = Throttling("ProvisionedThroughputExceededException")
    db = DynamoDB(weather)
    db.put_item(TableName="accounts", Item=KEY)
    get = refused(lambda: db.batch_get_item(RequestItems={"accounts": {"Keys": [KEY]}}))
    weather.asked = 1
    write = refused(lambda: db.batch_write_item(RequestItems={"accounts": [{"DeleteRequest": {"Key": KEY}}]}))
    assert {get["Error"]["Code"], write["Error"]["Code"]} == {"ProvisionedThroughputExceededException"}
    assert len(db.tables["accounts"]) == 1


def test_an_answer_may_be_lost_after_the_write_happened() -> None:
    class Losing(Weather):
        def loses_answer(self, operation: str) -> bool:
            return operation == "TransactWriteItems"

    db = DynamoDB(Losing())
    with pytest.raises(ReadTimeoutError):
        db.transact_write_items(TransactItems=[put(KEY)])
    assert db.get_item(TableName="accounts", Key=KEY)["Item"] == KEY


def test_an_eventually_consistent_read_may_find_what_stood_before() -> None:
    class Stale(Weather):
        keeps_versions = True

        def is_stale(self, table: str) -> bool:
            return True

    db = DynamoDB(Stale())
    shard = {"onlineShard": {"S": "x#1"}, "heartbeatAt": {"N": "5"}}
    db.put_item(TableName="devices", Item=KEY | shard)
    db.put_item(TableName="devices", Item=KEY | {"n": {"N": "2"}})
    db.put_item(TableName="devices", Item=OTHER)

    def query(**more: Any) -> list[Item]:
        values = {":pk": {"S": "acc"}}
        answer = db.query(
            TableName="devices", KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values, **more
        )
        return list(answer["Items"])

    assert query() == [KEY | shard]
    assert query(ConsistentRead=True) == [KEY | {"n": {"N": "2"}}, OTHER]
    assert db.get_item(TableName="devices", Key=KEY)["Item"] == KEY | shard
    assert db.get_item(TableName="devices", Key=KEY, ConsistentRead=True)["Item"] == KEY | {"n": {"N": "2"}}
    answer = db.query(TableName="devices", IndexName="by_heartbeat", KeyConditionExpression="onlineShard = :shard",
                      ExpressionAttributeValues={":shard": {"S": "x#1"}})  # fmt: skip
    assert answer["Items"] == [KEY | shard]
