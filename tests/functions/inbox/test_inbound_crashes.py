"""The moments between two requests of a gateway that stores SMS: it dies there, or another one is at the same."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

import botocore.client
import pytest

from smskit.errors import TransactionRefusedError
from smskit.inbox.logic import receive
from smskit.platform import table
from tests.functions.webhooks.test_crashes import Killed, die
from tests.support.inbox import ALICE, BOB, Inbox, sms


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", range(1, 6))
def test_a_gateway_that_dies_at_any_request_loses_and_doubles_nothing(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, number: int, after: bool
) -> None:
    phone = inbox.phone()
    frame = [sms("one"), sms("two", BOB), sms("three")]
    acknowledged = False
    with monkeypatch.context() as patch:
        die(patch, number, after=after)
        with contextlib.suppress(Killed):
            acknowledged = bool(phone.receive(*frame))
    assert not acknowledged or inbox.contents() == ["one", "two", "three"]
    phone.connect()
    assert phone.receive(*frame)["type"] == "ack"
    phone.receive(sms("four"))
    inbox.clock.shift(7)
    assert inbox.contents() == ["one", "two", "three", "four"]
    assert (inbox.conversation(ALICE)["unreadCount"], inbox.conversation(BOB)["unreadCount"]) == (3, 1)


@pytest.mark.parametrize("request_", range(1, 4))
def test_the_same_frame_on_two_connections_at_once_is_one(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, request_: int
) -> None:
    """The second runs whole between two requests of the first."""
    phone, frame = inbox.phone(), [sms("one"), sms("two")]
    original, made = botocore.client.BaseClient._make_api_call, [0]

    def meet(self: Any, operation: str, arguments: Any) -> Any:
        made[0] += 1
        if made[0] == request_:
            assert phone.receive(*frame)["type"] == "ack"
        return original(self, operation, arguments)

    with monkeypatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", meet)
        assert phone.receive(*frame)["type"] == "ack"
    assert made[0] >= request_
    assert inbox.contents() == ["one", "two"]
    assert inbox.conversation()["unreadCount"] == 2


def test_writers_that_meet_try_again_and_give_up_in_time(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in knows no conflicts of transactions, so they are played."""
    original, left, slept = table.transact, [3], list[float]()

    def meet(operations: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise TransactionRefusedError(["None", "TransactionConflict", "None"])
        original(operations)

    phone = inbox.phone()
    monkeypatch.setattr(table, "transact", meet)
    monkeypatch.setattr(time, "sleep", slept.append)
    assert phone.receive(sms("one"))["type"] == "ack"
    assert len(slept) == 3 and inbox.contents() == ["one"]
    left[0] = 1_000_000
    event = json.dumps({"type": "received", "seq": 2, "messages": [sms("two")]})
    slept.clear()
    assert inbox.world.gateway("$default", phone, event) == {"statusCode": 500}
    assert len(slept) == receive.TRIES and sum(slept) < 3.5
    left[0] = 0
    assert phone.receive(sms("three"))["type"] == "ack"
    assert inbox.contents() == ["one"], "a number may still be filled by who took it"
    inbox.clock.shift(7)
    assert inbox.contents() == ["one", "three"]
