"""A cloud on moto: the tables and queues of the stack, and what the tests look up in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import boto3
import botocore.client
import botocore.session
import pytest
from moto import mock_aws

from infra.config.table_specs import TABLES, TTL_ATTRIBUTE, create_table_input
from smskit import caches
from smskit.platform.codec import decode_item
from tests.support import pristine, rule_checker, short_way, transactions
from tests.support.pristine import REGION

# Each test gets its own session, so that its event handlers end with it; botocore's data is read once for all of them.
_SHARED_LOADER = lru_cache(maxsize=4)(botocore.session.create_loader)
FIFO_QUEUES = ("urgent", "standard", "bulk")


@dataclass(frozen=True)
class Names:
    """What a cloud is made of: tables and queues by their short names, and the key's ARN."""

    tables: dict[str, str]
    queues: dict[str, str]
    key: str


class Cloud:
    """The tables and queues by their short names, and what is in them."""

    def __init__(self, names: Names) -> None:
        self.tables, self.queues, self.key = names.tables, names.queues, names.key
        self.dynamodb, self.sqs = pristine.client("dynamodb"), pristine.client("sqs")

    def environment(self) -> dict[str, str]:
        """The environment variables of the functions."""
        tables = {f"TABLE_{name.upper()}": table for name, table in self.tables.items()}
        queues = {f"QUEUE_{name.upper()}_URL": url for name, url in self.queues.items()}
        return tables | queues | {"SECRETS_KEY_ARN": self.key}

    def items(self, table: str) -> list[dict[str, Any]]:
        """Every item of a table, decoded."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.tables[table])
        return [decode_item(item) for page in pages for item in page["Items"]]

    def messages(self, queue: str) -> list[dict[str, Any]]:
        """Take every visible message of a queue; FIFO attributes under `Attributes`, the body decoded."""
        taken: list[dict[str, Any]] = []
        while True:
            answer = self.sqs.receive_message(
                QueueUrl=self.queues[queue], MaxNumberOfMessages=10, AttributeNames=["All"], WaitTimeSeconds=0
            )
            if not answer.get("Messages"):
                return taken
            taken += [message | {"Body": json.loads(message["Body"])} for message in answer["Messages"]]

    def has_visible(self, queue: str) -> bool:
        """Whether a receive could find anything now: looks into moto, which takes a hundredth of a request's time."""
        return bool(pristine.backend("sqs").queues[self.queues[queue].rpartition("/")[2]].messages)

    def queued(self) -> int:
        """How many jobs wait in the three job queues; looks without taking."""
        wanted = ["ApproximateNumberOfMessages"]
        answers = [
            self.sqs.get_queue_attributes(QueueUrl=self.queues[name], AttributeNames=wanted) for name in FIFO_QUEUES
        ]
        return sum(int(answer["Attributes"][wanted[0]]) for answer in answers)


@lru_cache(maxsize=1)
def _pristine() -> pristine.Pristine[Names]:
    return pristine.Pristine(_make)


def _make() -> Names:
    """Make the tables, the queues and the key as the stack does."""
    dynamodb, sqs = pristine.client("dynamodb"), pristine.client("sqs")
    tables, queues = {spec.name: f"smskit-{spec.name}" for spec in TABLES}, dict[str, str]()
    for spec in TABLES:
        dynamodb.create_table(**create_table_input(spec, tables[spec.name]))
        if spec.ttl:
            ttl = {"Enabled": True, "AttributeName": TTL_ATTRIBUTE}
            dynamodb.update_time_to_live(TableName=tables[spec.name], TimeToLiveSpecification=ttl)
    fifo = {
        "FifoQueue": "true",
        "DeduplicationScope": "messageGroup",
        "FifoThroughputLimit": "perMessageGroupId",
        "VisibilityTimeout": "30",
    }
    for name in FIFO_QUEUES:
        queues[name] = sqs.create_queue(QueueName=f"smskit-{name}.fifo", Attributes=fifo)["QueueUrl"]
    for name, visibility in (("timers", "30"), ("background", "30"), ("test", "30"), ("deliveries", "360")):
        made = sqs.create_queue(QueueName=f"smskit-{name}", Attributes={"VisibilityTimeout": visibility})
        queues[name] = made["QueueUrl"]
    return Names(tables, queues, pristine.client("kms").create_key()["KeyMetadata"]["Arn"])


def forget() -> None:
    """Be as a new process: clients, settings and whatever else is remembered are those of this test."""
    caches.forget()


@contextmanager
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """A cloud for one test, with the environment that the functions see. No request may break a rule of AWS."""
    fixed = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "WEBSOCKET_CALLBACK_URL": f"https://ws.execute-api.{REGION}.amazonaws.com/live",
        "API_URL": f"https://api.execute-api.{REGION}.amazonaws.com",
        "WEBSOCKET_PUBLIC_URL": f"wss://ws.execute-api.{REGION}.amazonaws.com/live",
        "RECOVERY_MACHINE_ARN": f"arn:aws:states:{REGION}:123456789012:stateMachine:smskit-webhook-recovery",
        "USER_POOL_ID": f"{REGION}_Unset",
        "POWERTOOLS_SERVICE_NAME": "tests",
        "POWERTOOLS_METRICS_NAMESPACE": "SMSKit",
    }
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(botocore.session, "create_loader", _SHARED_LOADER)
    short_way.take(monkeypatch)
    before = _pristine()
    transactions.copy_little(monkeypatch)
    with mock_aws(), rule_checker.checked(monkeypatch):
        for name, value in fixed.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", pristine.session())
        before.restore()
        made = Cloud(before.made)
        for name, value in made.environment().items():
            monkeypatch.setenv(name, value)
        forget()
        yield made
    forget()


def one_call_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each AWS call atomic for tests with threads: moto isn't, DynamoDB's single-item writes are."""
    original, lock = botocore.client.BaseClient._make_api_call, Lock()

    def locked(self: Any, operation: str, arguments: Any) -> Any:
        with lock:
            return original(self, operation, arguments)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", locked)
