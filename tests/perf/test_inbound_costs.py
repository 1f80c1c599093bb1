"""What an inbound SMS costs, and reading it: the same with 10 and with very many messages in one conversation.

Counted, not timed, on the DynamoDB in memory, which holds all of the messages and as many jobs: 10,000 of each, several
of the largest pages that DynamoDB reads, and 100,000 with SMSKIT_BENCHMARK, as `make bench` does.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from smskit import aws, settings
from smskit.contacts.store import received_op
from smskit.dispatch.store.job_items import job_item
from smskit.inbox.logic import conversation_messages as thread
from smskit.inbox.logic import conversations, feed
from smskit.inbox.store.inbound_items import message_item
from smskit.models.contact import conversation_id
from smskit.models.inbound_message import InboundMessage
from smskit.models.job import Job
from smskit.phones.store import devices, lanes
from smskit.platform import table, times
from tests.support.functions import LambdaContext, load
from tests.support.heard import heard
from tests.support.memory import DynamoDB
from tests.support.meter import Meter
from tests.support.seeds import Device, Lane, LaneKey

ACCOUNT, DEVICE, NUMBER = "acc_" + "0" * 20, "dvc_" + "0" * 20, "+254712345678"
NOW = 1_782_208_800_000
MANY = 100_000 if os.environ.get("SMSKIT_BENCHMARK") else 10_000
CONVERSATION = conversation_id(ACCOUNT, NUMBER)
# One message alone in its frame; of twenty in a frame, each. Marker 2, message 2 and its index 1, contact 2 and its
# index 2, counter 1, and nothing for its place among the unread: it has it already, and its first unread message pays 1
# for that, its being read another. The lanes are read with eventual consistency.
ALONE = {"wru": 10.0, "rru": 0.5, "requests": 3.0}
OF_TWENTY = {"wru": 5.25, "rru": 0.025, "requests": 0.15}


class Counted:
    """A client whose requests are counted."""

    def __init__(self, client: DynamoDB, meter: Meter) -> None:
        self.client, self.meter, self.exceptions = client, meter, client.exceptions

    def __getattr__(self, name: str) -> Any:
        operation = re.sub(r"(?:^|_)([a-z])", lambda match: match[1].upper(), name)

        def call(**arguments: Any) -> Any:
            answer = getattr(self.client, name)(**arguments)
            self.meter.requests[operation] += 1
            self.meter.count(operation, arguments, answer)
            return answer

        return call


class Account:
    """An account with a phone and a conversation of `count` messages each way."""

    def __init__(self, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("devices", "jobs", "pool", "contacts", "messages", "accounts"):
            monkeypatch.setenv(f"TABLE_{name.upper()}", name)
        monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "perf")
        settings.forget()
        self.dynamodb, self.meter = DynamoDB(), Meter()
        client = Counted(self.dynamodb, self.meter)
        monkeypatch.setattr(aws, "client", lambda *_: client)
        monkeypatch.setattr(times, "time", SimpleNamespace(time_ns=lambda: NOW * 1_000_000))
        table.transact(devices.create_ops(Device(ACCOUNT, DEVICE, "Phone", "hash"), []))
        lanes.save(None, Lane(LaneKey(ACCOUNT, DEVICE, 0), connection_id="c", connected_at=NOW))
        self._fill(count)

    def _fill(self, count: int) -> None:
        ttl = NOW // 1000 + 86_400
        kept = self.dynamodb.tables
        for seq in range(1, count + 1):
            at = NOW - 2 * count + 2 * seq
            message = InboundMessage(f"msg_{seq:020d}", ACCOUNT, NUMBER, None, "x" * 160, DEVICE, 0, at, CONVERSATION,
                                     at, seq)  # fmt: skip
            item = message_item(message, at - 2, ttl)
            kept["messages"][ACCOUNT, item["sk"]] = {name: value for name, value in item.items() if value is not None}
            kept["messages"][message.message_id, "in"] = {"pk": message.message_id, "sk": "in", "ttl": ttl}
            job = Job(f"job_{seq:020d}", ACCOUNT, "cli_0", NUMBER, "y" * 160, 1, 0, at + 1, NOW + 86_400_000,
                      conversation_id=CONVERSATION)  # fmt: skip
            kept["jobs"][job.job_id, ""] = job_item(job)
        kept["messages"][ACCOUNT, "count"] = {"pk": ACCOUNT, "sk": "count", "n": count, "at": NOW - 2, "previousAt": 0}
        table.transact([received_op([message])])

    def frame(self, first: int, count: int) -> None:
        """A `received` frame through the gateway."""
        messages = [
            {"phoneMessageId": f"new-{first + line}", "from": NUMBER, "simSlot": 0, "content": "z" * 160,
             "receivedAt": "2026-06-23T10:00:00Z"}
            for line in range(count)
        ]  # fmt: skip
        body = json.dumps({"type": "received", "seq": first, "messages": messages})
        context = {"routeKey": "$default", "connectionId": "c", "connectedAt": NOW,
                   "authorizer": {"accountId": ACCOUNT, "deviceId": DEVICE}}  # fmt: skip
        answer = load("phone_gateway").lambda_handler({"requestContext": context, "body": body}, LambdaContext())
        assert heard(answer["body"]) == {"type": "ack", "seq": first}

    def cost(self, work: Callable[[], object], messages: int, title: str) -> dict[str, float]:
        """The units and requests of some work, for each of its messages; printed."""
        self.meter.reset()
        work()
        figures = {
            "wru": self.meter.wru / messages,
            "rru": self.meter.rru / messages,
            "requests": self.meter.requests.total() / messages,
        }
        print(f"\n{title}, per message: " + "  ".join(f"{name} {value:.3f}" for name, value in figures.items()))
        print("  " + "  ".join(f"{name} {count}" for name, count in sorted(self.meter.requests.items())))
        return figures


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[int, dict[str, dict[str, float]]]:
    """What each kind of work costs, by the length of the conversation."""
    found: dict[int, dict[str, dict[str, float]]] = {}
    for count in (10, MANY):
        account = Account(count, monkeypatch)
        cursor = feed.list_page(ACCOUNT, None, 4, NOW).cursor
        page = thread.list_page(ACCOUNT, CONVERSATION, 4, None, NOW).cursor
        size = f"{count:,} messages"
        found[count] = {
            "alone": account.cost(lambda: account.frame(1, 1), 1, f"One in a frame, {size}"),  # noqa: B023
            "of twenty": account.cost(lambda: account.frame(2, 20), 20, f"Twenty in a frame, {size}"),  # noqa: B023
            "again": account.cost(lambda: account.frame(2, 20), 20, f"The same frame again, {size}"),  # noqa: B023
            "feed": account.cost(lambda: feed.list_page(ACCOUNT, cursor, 4, NOW), 4, f"A page of the feed, {size}"),  # noqa: B023
            "thread": account.cost(
                lambda: thread.list_page(ACCOUNT, CONVERSATION, 4, page, NOW), 4, f"A page of the conversation, {size}"  # noqa: B023
            ),
            "list": account.cost(lambda: conversations.list_page(ACCOUNT, 4, None, NOW), 1, f"The list, {size}"),
        }  # fmt: skip
    return found


def test_costs_do_not_depend_on_the_length_of_the_conversation(
    figures: dict[int, dict[str, dict[str, float]]],
) -> None:
    assert figures[10] == figures[MANY]
    assert figures[10]["alone"] == ALONE
    assert figures[10]["of twenty"] == pytest.approx(OF_TWENTY)
    for name in ("feed", "thread", "list"):
        assert figures[10][name]["wru"] == 0 and figures[10][name]["rru"] <= 1.5, name
