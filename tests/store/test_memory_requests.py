"""The DynamoDB in memory answers as the real one does; both are asked the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import Cloud
from tests.support.memory import DynamoDB

Item = dict[str, Any]
Ask = Callable[..., Item]
TABLE = "devices"


def key(sort: str) -> Item:
    return {"pk": {"S": "scope"}, "sk": {"S": sort}}


@pytest.fixture(params=["memory", "moto"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """A request by its method, to either of the two; what the answer says about the request is left out."""
    client: Any = DynamoDB()
    name = TABLE
    if request.param == "moto":
        cloud: Cloud = request.getfixturevalue("cloud")
        client, name = cloud.dynamodb, cloud.tables[TABLE]

    def call(method: str, **arguments: Any) -> Item:
        answer = getattr(client, method)(TableName=name, **arguments)
        return {field: value for field, value in answer.items() if field != "ResponseMetadata"}

    return call


def fill(ask: Ask, count: int) -> None:
    for number in range(count):
        shard = {"onlineShard": {"S": f"x#{number % 2}"}, "heartbeatAt": {"N": str(100 - number)}}
        ask("put_item", Item=key(f"{number:02d}") | shard | {"weight": {"N": str(number % 3)}})


def query(ask: Ask, condition: str, values: dict[str, str], **more: Any) -> Item:
    typed = {name: {"S": value} for name, value in values.items()}
    return ask("query", KeyConditionExpression=condition, ExpressionAttributeValues=typed, **more)


def sorts(answer: Item) -> list[str]:
    return [item["sk"]["S"] for item in answer["Items"]]


@pytest.mark.parametrize(
    ("condition", "values", "found"),
    [
        ("pk = :pk", {}, ["00", "01", "02", "03", "04", "05"]),
        ("pk = :pk AND sk < :sk", {":sk": "02"}, ["00", "01"]),
        ("pk = :pk AND sk <= :sk", {":sk": "02"}, ["00", "01", "02"]),
        ("pk = :pk AND sk > :sk", {":sk": "03"}, ["04", "05"]),
        ("pk = :pk AND sk >= :sk", {":sk": "03"}, ["03", "04", "05"]),
        ("pk = :pk AND sk = :sk", {":sk": "03"}, ["03"]),
        ("pk = :pk AND sk BETWEEN :from AND :to", {":from": "01", ":to": "03"}, ["01", "02", "03"]),
        ("pk = :pk AND begins_with(sk, :sk)", {":sk": "0"}, ["00", "01", "02", "03", "04", "05"]),
        ("pk = :pk AND begins_with(sk, :sk)", {":sk": "04"}, ["04"]),
        ("pk = :pk", {":pk": "elsewhere"}, []),
    ],
)
def test_a_query_finds_a_range_in_order(ask: Ask, condition: str, values: dict[str, str], found: list[str]) -> None:
    fill(ask, 6)
    wanted = {":pk": "scope"} | values
    assert sorts(query(ask, condition, wanted)) == found
    assert sorts(query(ask, condition, wanted, ScanIndexForward=False)) == found[::-1]


@pytest.mark.parametrize("forward", [True, False])
def test_pages_follow_each_other(ask: Ask, forward: bool) -> None:
    fill(ask, 5)
    pages, more = [], {}
    while True:
        answer = query(ask, "pk = :pk", {":pk": "scope"}, Limit=2, ScanIndexForward=forward, **more)
        pages.append(sorts(answer))
        if "LastEvaluatedKey" not in answer:
            break
        assert answer["LastEvaluatedKey"] == key(pages[-1][-1])
        more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    expected = ["00", "01", "02", "03", "04"] if forward else ["04", "03", "02", "01", "00"]
    assert [entry for page in pages for entry in page] == expected


def test_an_index_shows_its_keys_in_its_own_order(ask: Ask) -> None:
    fill(ask, 6)
    answer = query(ask, "onlineShard = :shard", {":shard": "x#1"}, IndexName="by_heartbeat")
    assert sorts(answer) == ["05", "03", "01"]
    assert answer["Items"][0].keys() == {"pk", "sk", "onlineShard", "heartbeatAt"}
    ask(
        "update_item",
        Key=key("01"),
        UpdateExpression="SET heartbeatAt = :at",
        ExpressionAttributeValues={":at": {"N": "1"}},
    )
    ask("update_item", Key=key("03"), UpdateExpression="REMOVE onlineShard")
    ask("delete_item", Key=key("05"))
    answer = query(ask, "onlineShard = :shard", {":shard": "x#1"}, IndexName="by_heartbeat")
    assert sorts(answer) == ["01"]


def test_filters_counts_and_projections(ask: Ask) -> None:
    fill(ask, 6)
    values = {":pk": {"S": "scope"}, ":none": {"N": "0"}}
    filtered = {"KeyConditionExpression": "pk = :pk", "FilterExpression": "weight > :none",
                "ExpressionAttributeValues": values, "Limit": 4}  # fmt: skip
    assert sorts(ask("query", **filtered)) == ["01", "02"]
    counted = ask("query", Select="COUNT", **filtered)
    assert (counted["Count"], counted["ScannedCount"], "Items" in counted) == (2, 4, False)
    shown = query(ask, "pk = :pk", {":pk": "scope"}, ProjectionExpression="sk, #n", Limit=1,
                  ExpressionAttributeNames={"#n": "weight"})  # fmt: skip
    assert shown["Items"] == [{"sk": {"S": "00"}, "weight": {"N": "0"}}]


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [("NONE", None), ("ALL_OLD", "1"), ("ALL_NEW", "2"), ("UPDATED_NEW", "2")],
)
def test_an_update_returns_what_is_asked_for(ask: Ask, wanted: str, shown: str | None) -> None:
    ask("put_item", Item=key("a") | {"n": {"N": "1"}})
    answer = ask("update_item", Key=key("a"), UpdateExpression="SET n = n + :one", ReturnValues=wanted,
                 ExpressionAttributeValues={":one": {"N": "1"}})  # fmt: skip
    rest = {} if wanted.startswith("UPDATED") else key("a")
    assert answer.get("Attributes") == (None if shown is None else rest | {"n": {"N": shown}})


@pytest.mark.parametrize("method", ["put_item", "delete_item"])
def test_a_write_returns_what_was_there(ask: Ask, method: str) -> None:
    ask("put_item", Item=key("a") | {"n": {"N": "1"}})
    whole = {"Item": key("a")} if method == "put_item" else {"Key": key("a")}
    assert ask(method, ReturnValues="ALL_OLD", **whole) == {"Attributes": key("a") | {"n": {"N": "1"}}}


def test_a_failed_condition_shows_the_item_to_whom_asks_for_it(ask: Ask) -> None:
    ask("put_item", Item=key("a"))
    condition = {"ConditionExpression": "attribute_not_exists(pk)"}
    for more, shown in (({}, None), ({"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}, key("a"))):
        with pytest.raises(ClientError) as caught:
            ask("put_item", Item=key("a"), **condition, **more)
        assert caught.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
        assert caught.value.response["Error"]["Message"] == "The conditional request failed"
        assert caught.value.response.get("Item") == shown


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("n = :one", True), ("n <> :one", False), ("gone <> :one", True), ("gone < :one", False),
        ("n BETWEEN :one AND :two", True), ("n IN (:two, :one)", True), ("NOT n = :one", False),
        ("label = :one", False), ("begins_with(label, :a)", True), ("contains(words, :a)", True),
        ("attribute_exists(tree.leaf) AND attribute_not_exists(tree.bud)", True),
        ("n = :two OR n = :one AND label = :a", True), ("(n = :two OR n = :one) AND label = :a", True),
        ("size(words) = :one", True), ("words[0] = :a", True), ("tree.leaf >= :two", True),
    ],
)  # fmt: skip
def test_conditions(ask: Ask, condition: str, holds: bool) -> None:
    ask("put_item", Item=key("a") | {
        "n": {"N": "1"}, "label": {"S": "a"}, "words": {"L": [{"S": "a"}]}, "tree": {"M": {"leaf": {"N": "2"}}},
    })  # fmt: skip
    values = {":one": {"N": "1"}, ":two": {"N": "2"}, ":a": {"S": "a"}}
    used = {name: value for name, value in values.items() if name in condition}
    more = {"ExpressionAttributeValues": used} if used else {}
    if holds:
        ask("delete_item", Key=key("a"), ConditionExpression=condition, **more)
        return
    with pytest.raises(ClientError, match="conditional request failed"):
        ask("delete_item", Key=key("a"), ConditionExpression=condition, **more)


@pytest.mark.parametrize(
    ("update", "after"),
    [
        ("SET n = n + :two, was = n", {"n": {"N": "3"}, "was": {"N": "1"}}),
        ("SET #m.#new = :two", {"tree": {"M": {"leaf": {"N": "2"}, "new": {"N": "2"}}}}),
        ("REMOVE words[0], words[1]", {"words": {"L": [{"S": "c"}]}}),
        ("ADD fresh :two, n :two", {"fresh": {"N": "2"}, "n": {"N": "3"}}),
        ("SET fresh = if_not_exists(n, :two)", {"fresh": {"N": "1"}}),
        ("SET fresh = list_append(words, :list)", {"fresh": {"L": [{"S": word} for word in "abcd"]}}),
        ("SET n = n - :two REMOVE words", {"n": {"N": "-1"}, "words": None}),
    ],
)
def test_updates(ask: Ask, update: str, after: dict[str, Item | None]) -> None:
    before = {"n": {"N": "1"}, "words": {"L": [{"S": word} for word in "abc"]}, "tree": {"M": {"leaf": {"N": "2"}}}}
    ask("put_item", Item=key("a") | before)
    values = {":two": {"N": "2"}, ":list": {"L": [{"S": "d"}]}}
    used = {name: value for name, value in values.items() if name in update}
    more: Item = {"ExpressionAttributeValues": used} if used else {}
    if "#" in update:
        more["ExpressionAttributeNames"] = {"#m": "tree", "#new": "new"}
    ask("update_item", Key=key("a"), UpdateExpression=update, **more)
    expected = {name: value for name, value in {**key("a"), **before, **after}.items() if value is not None}
    assert ask("get_item", Key=key("a"), ConsistentRead=True)["Item"] == expected


@pytest.mark.parametrize("update", ["SET gone.leaf = :one", "SET n = gone + :one"])
def test_an_update_of_what_is_not_there_is_refused(ask: Ask, update: str) -> None:
    ask("put_item", Item=key("a"))
    with pytest.raises(ClientError) as caught:
        ask("update_item", Key=key("a"), UpdateExpression=update, ExpressionAttributeValues={":one": {"N": "1"}})
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert ask("get_item", Key=key("a"))["Item"] == key("a")
