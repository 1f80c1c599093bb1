"""A write that meets a transaction on its item. Moto knows no such moment, so DynamoDB's answer is put in its place."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from smskit import aws
from smskit.errors import ContentionError
from smskit.store import contacts, table
from tests.support.aws import Cloud

ACCOUNT, NUMBER = "acc_" + "0" * 20, "+254712345678"
KEY = {"pk": ACCOUNT, "sk": f"contact#{NUMBER}"}
WRITES: dict[str, Callable[[], object]] = {
    "PutItem": lambda: table.put("contacts", KEY),
    "UpdateItem": lambda: table.update("contacts", KEY, "SET unread = :none", {":none": 0}),
    "DeleteItem": lambda: table.delete("contacts", KEY),
}


def conflict(operation: str, times: int) -> list[str]:
    """The next requests of an operation meet a transaction; those that did."""
    error = {"Code": "TransactionConflictException", "Message": "Transaction is ongoing for the item"}
    met: list[str] = []

    def answer(**_: Any) -> tuple[SimpleNamespace, dict[str, Any]] | None:
        if len(met) == times:
            return None
        met.append(operation)
        return SimpleNamespace(status_code=400), {"Error": error, "ResponseMetadata": {}}

    aws.client("dynamodb").meta.events.register_first(f"before-call.dynamodb.{operation}", answer)
    return met


@pytest.mark.parametrize("operation", list(WRITES))
def test_every_write_says_so(cloud: Cloud, operation: str) -> None:
    met = conflict(operation, 1)
    with pytest.raises(ContentionError):
        WRITES[operation]()
    assert met == [operation]
    WRITES[operation]()


def test_erasing_a_conversation_waits_for_a_message_that_is_being_stored(cloud: Cloud) -> None:
    table.put("contacts", KEY | {"inboundAt": 1})
    met = conflict("DeleteItem", 2)
    contacts.forget(ACCOUNT, NUMBER, 1)
    assert len(met) == 2 and cloud.items("contacts") == []


def test_erasing_a_conversation_gives_up_after_some_tries(cloud: Cloud) -> None:
    table.put("contacts", KEY | {"inboundAt": 1})
    conflict("DeleteItem", 100)
    with pytest.raises(ContentionError):
        contacts.forget(ACCOUNT, NUMBER, 1)
    assert len(cloud.items("contacts")) == 1
