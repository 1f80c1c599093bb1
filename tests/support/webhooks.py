"""The webhook path in one process: stream, fan-out, queue, sender and state machine, on moto and real sockets."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import pytest
import time_machine

from smskit.dispatch.store.job_items import job_item
from smskit.entrypoints import webhook_sender
from smskit.models.job import Job, JobError, JobStatus, Rank
from smskit.platform.codec import encode_item
from smskit.platform.ids import derived_id, new_id
from smskit.platform.times import now_ms
from tests.support import aws, functions
from tests.support.aws import REGION, Cloud
from tests.support.client_api import ClientApi
from tests.support.hooks import Hook, Rule
from tests.support.state_machine import DEFINITION, Played, play
from tests.support.stream_filters import is_told

Record = dict[str, Any]
_numbers = itertools.count(1)


def reach_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let webhooks go to this machine, from a process that is as new."""
    monkeypatch.setenv("WEBHOOK_LOCAL", "true")
    # The stand-in's long poll never ends on a clock that stands still.
    monkeypatch.setattr(webhook_sender, "HELP_SECONDS", 0)
    aws.forget()
    aws.one_call_at_a_time(monkeypatch)


@contextmanager
def on_a_still_clock(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhooks]:
    """Webhooks that may go to this machine, on a clock that stands still."""
    reach_this_machine(monkeypatch)
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        made = Webhooks(cloud, clock)
        yield made
        made.close()


class Webhooks:
    """An account with endpoints. `clock` is shifted by the waits of the state machine, if there is one."""

    def __init__(self, cloud: Cloud, clock: time_machine.Coordinates | None = None, api: ClientApi | None = None):
        self.cloud, self.clock = cloud, clock
        self.api = api or ClientApi(cloud, limit=1_000_000)
        self.account_id = self.api.account_id
        self.hooks: list[Hook] = []
        self.invocations = {"event_fanout": 0, "webhook_sender": 0, "webhook_recovery": 0}
        self.states: Any = boto3.client("stepfunctions", region_name=REGION)
        self.states.create_state_machine(
            name="smskit-webhook-recovery", definition=json.dumps(DEFINITION),
            roleArn="arn:aws:iam::123456789012:role/recovery",
        )  # fmt: skip
        self._streams: Any = boto3.client("dynamodbstreams", region_name=REGION)
        self._played: set[str] = set()
        self._read: dict[tuple[str, str], str] = {}  # by stream and shard: the last record

    def close(self) -> None:
        for hook in self.hooks:
            hook.close()

    def hook(self, *events: str, rule: Rule | int = 200) -> tuple[Hook, str, str]:
        """A registered endpoint that listens; its id and its secret."""
        hook = Hook(rule)
        self.hooks.append(hook)
        answer = self.api.post("/api/webhooks", {"url": hook.url, "events": list(events) or ["sms:delivered"]})
        assert answer.status == 201, answer.body
        return hook, answer.body["webhookId"], answer.body["secret"]

    def get(self, webhook_id: str) -> dict[str, Any]:
        """The endpoint as the API shows it."""
        return self.api.get(f"/api/webhooks/{webhook_id}").body

    def status(self, webhook_id: str) -> str:
        return str(self.get(webhook_id)["status"])

    def log(self, webhook_id: str, limit: int = 100) -> list[dict[str, Any]]:
        """The whole log, newest event first."""
        found: list[dict[str, Any]] = []
        query = f"limit={limit}"
        while True:
            page = self.api.get(f"/api/webhooks/{webhook_id}/deliveries", query=query).body
            found += page["deliveries"]
            if not page["hasMore"]:
                return found
            query = f"limit={limit}&cursor={page['cursor']}"

    def statuses(self, webhook_id: str) -> list[str]:
        """The log's statuses but for pings, oldest event first."""
        return [entry["status"] for entry in reversed(self.log(webhook_id)) if entry["event"] != "ping"]

    def job(self, **changes: Any) -> Job:
        """A job that a phone holds."""
        now = now_ms()
        job = Job(
            new_id("job", now), self.account_id, "cli_0", "+254712345678", "Your code is 123456", 1, 9, now,
            now + 86_400_000, status=JobStatus.ASSIGNED, rank=Rank.ASSIGNED, attempts=1, token="t",
            device_id=derived_id("dvc", "a phone"), sim_slot=0,
        )  # fmt: skip
        return replace(job, **changes)

    def delivered(self, job: Job | None = None, at: int | None = None, heard_at: int | None = None) -> Record:
        """The stream's record of a job that turns Delivered; now, or as a phone said it at other times."""
        job, now = job or self.job(), now_ms()
        new = replace(
            job, status=JobStatus.DELIVERED, rank=Rank.DELIVERED, delivered_at=at or now, heard_at=heard_at or now
        )
        return record(job, new)

    def failed(self, job: Job | None = None, rank: int = Rank.FAILED) -> Record:
        job = job or self.job()
        error = JobError("invalid_number", "The number is not in use")
        return record(job, replace(job, status=JobStatus.FAILED, rank=rank, failed_at=now_ms(), error=error))

    def happen(self, count: int = 1) -> list[str]:
        """Deliveries of SMS, told to the endpoints: one a second; the job ids in order."""
        ids = []
        records = []
        for _ in range(count):
            job = self.job()
            ids.append(job.job_id)
            records.append(self.delivered(job))
            if self.clock:
                self.clock.shift(1)
        self.fan_out(records)
        self.send()
        return ids

    def stream(self, table: str = "jobs") -> list[Record]:
        """What a table's stream has that was not read yet, as its event source's filter lets through."""
        described = self.cloud.dynamodb.describe_table(TableName=self.cloud.tables[table])["Table"]
        arn = described["LatestStreamArn"]
        found: list[Record] = []
        for shard in self._streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            place, last = (arn, shard["ShardId"]), self._read.get((arn, shard["ShardId"]))
            begin = {"ShardIteratorType": "TRIM_HORIZON"}
            if last is not None:
                begin = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": last}
            asked = {"StreamArn": arn, "ShardId": shard["ShardId"]} | begin
            iterator = self._streams.get_shard_iterator(**asked)["ShardIterator"]
            while page := self._streams.get_records(ShardIterator=iterator, Limit=1000):
                found += page["Records"]
                iterator = page.get("NextShardIterator")
                if not iterator or not page["Records"]:
                    break
                self._read[place] = page["Records"][-1]["dynamodb"]["SequenceNumber"]
        told = [entry for entry in found if is_told(table, entry)]
        for entry in told:
            entry["dynamodb"]["ApproximateCreationDateTime"] = entry["dynamodb"][
                "ApproximateCreationDateTime"
            ].timestamp()
        return told

    def fan_out(self, records: list[Record]) -> list[str]:
        """Invoke the fan-out as the event source does; the sequence numbers that failed."""
        failed: list[str] = []
        for start in range(0, len(records), 100):
            result = self.invoke("event_fanout", {"Records": records[start : start + 100]})
            failed += [entry["itemIdentifier"] for entry in result["batchItemFailures"]]
        return failed

    def send(self) -> None:
        """Deliver the messages that are visible now, until none is left."""
        while messages := self.receive():
            self.hand_over(messages)

    def receive(self) -> list[dict[str, Any]]:
        """Take a batch from the deliveries queue."""
        answer = self.cloud.sqs.receive_message(
            QueueUrl=self.cloud.queues["deliveries"], MaxNumberOfMessages=10, AttributeNames=["All"]
        )
        return answer.get("Messages", [])  # type: ignore[no-any-return]

    def hand_over(self, messages: list[dict[str, Any]]) -> list[str]:
        """Invoke the sender with a batch; what it handled leaves the queue. The bodies that failed."""
        records = [
            {"messageId": message["MessageId"], "body": message["Body"], "attributes": message["Attributes"]}
            for message in messages
        ]
        result = self.invoke("webhook_sender", {"Records": records})
        failed = {entry["itemIdentifier"] for entry in result["batchItemFailures"]}
        url = self.cloud.queues["deliveries"]
        for message in messages:
            if message["MessageId"] not in failed:
                self.cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages if message["MessageId"] in failed]

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        self.invocations[function] += 1
        return functions.load(function).lambda_handler(event, functions.LambdaContext())

    def executions(self) -> dict[str, dict[str, Any]]:
        """The executions that were started: their inputs by name."""
        arn = self.states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
        found = self.states.list_executions(stateMachineArn=arn)["executions"]
        return {
            entry["name"]: json.loads(self.states.describe_execution(executionArn=entry["executionArn"])["input"])
            for entry in found
        }

    def recover(self, on_wait: Callable[[int], None] | None = None, name: str | None = None) -> Played:
        """Play an execution to its end: this one, or the one that was started and not played yet."""
        if name is None:
            (name,) = set(self.executions()) - self._played
        self._played.add(name)
        count = itertools.count(1)

        def pause(seconds: int) -> None:
            if self.clock:
                self.clock.shift(seconds)
            if on_wait:
                on_wait(next(count))

        def task(given: dict[str, Any]) -> dict[str, Any]:
            done: dict[str, Any] = self.invoke("webhook_recovery", given)
            self.send()
            return done

        return play(self.executions()[name], task, pause)


def record(old: Job, new: Job) -> Record:
    """A stream record of a job's change."""
    return {
        "eventID": str(next(_numbers)),
        "eventName": "MODIFY",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "ApproximateCreationDateTime": now_ms() // 1000,
            "Keys": {"pk": {"S": new.job_id}},
            "OldImage": encode_item(job_item(old)),
            "NewImage": encode_item(job_item(new)),
            "SequenceNumber": str(100_000_000_000 + next(_numbers)),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    }
