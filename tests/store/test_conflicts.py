"""What DynamoDB refuses for the moment. Moto knows no such moment, so DynamoDB's answers are put in its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from smskit import aws
from smskit.contacts import store as contacts
from smskit.errors import ConditionFailedError, ContentionError, TransactionRefusedError
from smskit.platform import patience, table
from tests.support.aws import Cloud
from tests.support.path import refuse

ACCOUNT, NUMBER = "acc_" + "0" * 20, "+254712345678"
KEY = {"pk": ACCOUNT, "sk": f"contact#{NUMBER}"}
WRITES: dict[str, Callable[[], object]] = {
    "PutItem": lambda: table.put("contacts", KEY),
    "UpdateItem": lambda: table.update("contacts", KEY, "SET unread = :none", {":none": 0}),
    "DeleteItem": lambda: table.delete("contacts", KEY),
}
REQUESTS = WRITES | {
    "GetItem": lambda: table.get("contacts", KEY),
    "BatchGetItem": lambda: table.get_many("contacts", [KEY]),
    "BatchWriteItem": lambda: table.put_many("contacts", [KEY]),
    "Query": lambda: table.query("contacts", "pk = :pk", {":pk": ACCOUNT}, limit=1),
    "TransactWriteItems": lambda: table.transact([table.put_op("contacts", KEY)]),
}
OF_THE_MOMENT = (
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "InternalServerError",
    "ServiceUnavailable",
)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, in seconds; none of them takes any time."""
    made: list[float] = []
    monkeypatch.setattr(patience, "pause", made.append)
    return made


@pytest.mark.parametrize("operation", list(WRITES))
def test_a_write_waits_for_the_transaction_that_holds_its_item(
    cloud: Cloud, pauses: list[float], operation: str
) -> None:
    met = refuse(operation, "TransactionConflictException", 2)
    WRITES[operation]()
    assert len(met) == len(pauses) == 2


@pytest.mark.parametrize("code", OF_THE_MOMENT)
@pytest.mark.parametrize("operation", list(REQUESTS))
def test_every_request_is_made_again_when_it_is_refused_for_the_moment(
    cloud: Cloud, pauses: list[float], operation: str, code: str
) -> None:
    met = refuse(operation, code, 3)
    REQUESTS[operation]()
    assert len(met) == len(pauses) == 3


@pytest.mark.parametrize("operation", list(REQUESTS))
def test_who_waited_long_enough_says_so(cloud: Cloud, pauses: list[float], operation: str) -> None:
    refuse(operation, "ThrottlingException", 1_000)
    with pytest.raises(ContentionError):
        REQUESTS[operation]()
    assert patience.LIMIT_S <= sum(pauses) < patience.LIMIT_S + patience.LONGEST_S
    assert all(pause <= patience.LONGEST_S for pause in pauses) and pauses[0] <= patience.FIRST_S


def test_nobody_waits_longer_than_the_invocation_may_run(cloud: Cloud, pauses: list[float]) -> None:
    left = iter([5_000, 700, 390])
    refuse("GetItem", "ThrottlingException", 1_000)
    patience.heed(SimpleNamespace(get_remaining_time_in_millis=lambda: next(left)))
    try:
        with pytest.raises(ContentionError):
            table.get("contacts", KEY)
    finally:
        patience.heed(None)
    assert len(pauses) == 2


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_is_cancelled_for_the_moment_is_made_again(
    cloud: Cloud, pauses: list[float], reason: str
) -> None:
    met = refuse("TransactWriteItems", "TransactionCanceledException", 2, [reason, "None"])
    table.transact([table.put_op("contacts", KEY), table.put_op("contacts", KEY | {"sk": "x"})])
    assert len(cloud.items("contacts")) == 2 and len(pauses) == 2
    assert met[0]["ClientRequestToken"] != met[1]["ClientRequestToken"]  # what was cancelled is over


def test_one_reason_that_somebody_moved_on_decides(cloud: Cloud, pauses: list[float]) -> None:
    reasons = ["TransactionConflict", "ConditionalCheckFailed"]
    refuse("TransactWriteItems", "TransactionCanceledException", 1, reasons)
    with pytest.raises(TransactionRefusedError) as refused:
        table.transact([table.put_op("contacts", KEY), table.put_op("contacts", KEY | {"sk": "x"})])
    assert refused.value.reasons == reasons and not pauses


def test_a_transaction_that_is_wrong_is_not_taken_for_one_that_was_too_late(cloud: Cloud, pauses: list[float]) -> None:
    refuse("TransactWriteItems", "TransactionCanceledException", 1, ["ValidationError"])
    with pytest.raises(ClientError, match="TransactionCanceled"):
        table.transact([table.put_op("contacts", KEY)])
    assert not pauses


def test_a_lost_answer_is_asked_for_again_under_the_same_token(cloud: Cloud, pauses: list[float]) -> None:
    """By the token DynamoDB knows a transaction that it has carried out already."""
    tokens: list[str] = []

    def lose(params: dict[str, Any], **_: Any) -> None:
        tokens.append(json.loads(params["body"])["ClientRequestToken"])
        if len(tokens) == 1:
            raise ReadTimeoutError(endpoint_url="https://dynamodb")

    aws.client("dynamodb").meta.events.register_first("before-call.dynamodb.TransactWriteItems", lose)
    table.transact([table.put_op("contacts", KEY)])
    assert len(tokens) == 2 and tokens[0] == tokens[1]


def test_a_refused_condition_is_never_made_again(cloud: Cloud, pauses: list[float]) -> None:
    table.put("contacts", KEY | {"unread": 3})
    with pytest.raises(ConditionFailedError) as refused:
        table.put("contacts", KEY, "attribute_not_exists(pk)")
    assert refused.value.item == KEY | {"unread": 3} and not pauses


def test_more_keys_than_a_batch_takes_are_read_each_once(cloud: Cloud) -> None:
    keys = [{"pk": ACCOUNT, "sk": f"{number:03d}"} for number in range(250)]
    table.put_many("contacts", [*keys, *keys[:30]])
    found = table.get_many("contacts", [*keys, *keys])
    assert sorted(item["sk"] for item in found) == [key["sk"] for key in keys]
    table.delete_many("contacts", [*keys, *keys[:30]])
    assert cloud.items("contacts") == []


def test_what_a_batch_left_over_is_asked_for_again(cloud: Cloud, pauses: list[float]) -> None:
    keys = [{"pk": ACCOUNT, "sk": str(number)} for number in range(3)]
    left: list[int] = []

    def keep_back(params: dict[str, Any], **_: Any) -> None:
        """One key a request is processed, the others are left over."""
        body = json.loads(params["body"])
        ((name, entries),) = body["RequestItems"].items()
        wanted = entries["Keys"] if isinstance(entries, dict) else entries
        left.append(len(wanted) - 1)
        rest.append((name, wanted[1:]))
        del wanted[1:]
        params["body"] = json.dumps(body).encode()

    def tell(parsed: dict[str, Any], **_: Any) -> None:
        name, wanted = rest.pop()
        if wanted:
            key = "UnprocessedKeys" if "Responses" in parsed else "UnprocessedItems"
            parsed[key] = {name: {"Keys": wanted} if key == "UnprocessedKeys" else wanted}

    rest: list[tuple[str, Any]] = []
    for operation in ("BatchGetItem", "BatchWriteItem"):
        aws.client("dynamodb").meta.events.register_first(f"before-call.dynamodb.{operation}", keep_back)
        aws.client("dynamodb").meta.events.register_first(f"after-call.dynamodb.{operation}", tell)
    table.put_many("contacts", keys)
    assert len(cloud.items("contacts")) == 3
    assert len(table.get_many("contacts", keys)) == 3
    assert left == [2, 1, 0, 2, 1, 0] and len(pauses) == 4


def test_a_transaction_of_more_operations_than_dynamodb_takes_is_never_sent(cloud: Cloud) -> None:
    operations = [table.put_op("contacts", {"pk": ACCOUNT, "sk": str(number)}) for number in range(101)]
    with pytest.raises(ValueError, match="100 operations"):
        table.transact(operations)
    assert cloud.items("contacts") == []
    table.transact(operations[:100])
    assert len(cloud.items("contacts")) == 100


def test_erasing_a_conversation_waits_for_a_message_that_is_being_stored(cloud: Cloud, pauses: list[float]) -> None:
    table.put("contacts", KEY | {"inboundAt": 1})
    met = refuse("DeleteItem", "TransactionConflictException", 2)
    contacts.forget(ACCOUNT, NUMBER, 1)
    assert len(met) == 2 and cloud.items("contacts") == []
