"""The cloud of a test is as new, whatever the one before did to its own: looked at by what moto itself lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from smskit import aws as smskit_aws
from smskit.webhooks.gateways import sealing
from tests.support import aws
from tests.support.aws import Cloud
from tests.support.user_pool import UserPool
from tests.support.webhooks import Webhooks


def in_a_cloud(work: Callable[[Cloud, pytest.MonkeyPatch], Any]) -> Any:
    """What a test of its own would see."""
    with pytest.MonkeyPatch.context() as patch, aws.cloud(patch) as cloud:
        return work(cloud, patch)


def tables(cloud: Cloud) -> list[str]:
    return list(cloud.dynamodb.list_tables()["TableNames"])


def queues(cloud: Cloud) -> list[str]:
    return list(cloud.sqs.list_queues()["QueueUrls"])


def held(cloud: Cloud, queue: str) -> dict[str, int]:
    """How many messages a queue holds: visible, in flight and delayed."""
    found = cloud.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    return {name: int(value) for name, value in found.items() if name.startswith("ApproximateNumber")}


def streamed(table: str) -> int:
    """How many records the stream of a table holds; 0 without one."""
    streams = boto3.client("dynamodbstreams")
    found = 0
    for stream in streams.list_streams(TableName=table)["Streams"]:
        for shard in streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]:
            start = streams.get_shard_iterator(
                StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            found += len(streams.get_records(ShardIterator=start)["Records"])
    return found


def send(cloud: Cloud, queue: str) -> str:
    """A message, the same each time: a FIFO queue drops it for five minutes. The id that the queue gives it."""
    fifo = {"MessageGroupId": "g", "MessageDeduplicationId": "d"} if queue.endswith(".fifo") else {}
    return str(cloud.sqs.send_message(QueueUrl=queue, MessageBody="{}", **fifo)["MessageId"])


def fill(cloud: Cloud, patch: pytest.MonkeyPatch) -> None:
    """Leave something in everything that there is, and things that weren't there."""
    for table in tables(cloud):
        schema = cloud.dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]
        cloud.dynamodb.put_item(TableName=table, Item={key["AttributeName"]: {"S": "left"} for key in schema})
    for queue in queues(cloud):
        send(cloud, queue)
        assert len(cloud.sqs.receive_message(QueueUrl=queue)["Messages"]) == 1  # in flight: its group is locked
        if queue.endswith(".fifo"):
            cloud.sqs.send_message(QueueUrl=queue, MessageBody="{}", MessageGroupId="h", MessageDeduplicationId="e")
        else:
            cloud.sqs.send_message(QueueUrl=queue, MessageBody="{}", DelaySeconds=60)
        assert sum(held(cloud, queue).values()) == 2
    boto3.client("kms").create_key()
    boto3.client("kms").disable_key(KeyId=cloud.key.rpartition("/")[2])
    pool = UserPool(patch)
    pool.client.admin_create_user(UserPoolId=pool.pool_id, Username="a@example.com")
    Webhooks(cloud).close()
    machine = boto3.client("stepfunctions").list_state_machines()["stateMachines"][0]["stateMachineArn"]
    boto3.client("stepfunctions").start_execution(stateMachineArn=machine, input="{}")
    boto3.client("s3").create_bucket(Bucket="left", CreateBucketConfiguration={"LocationConstraint": aws.REGION})


def require_new(cloud: Cloud, patch: pytest.MonkeyPatch) -> None:
    assert sorted(tables(cloud)) == sorted(cloud.tables.values())
    assert sorted(queues(cloud)) == sorted(cloud.queues.values())
    for table in tables(cloud):
        assert cloud.dynamodb.scan(TableName=table)["Count"] == 0, table
        assert cloud.dynamodb.describe_table(TableName=table)["Table"]["ItemCount"] == 0, table
        assert streamed(table) == 0, table
    for queue in queues(cloud):
        assert set(held(cloud, queue).values()) == {0}, queue
        sent = send(cloud, queue)
        assert [it["MessageId"] for it in cloud.sqs.receive_message(QueueUrl=queue)["Messages"]] == [sent], queue
    assert [key["KeyArn"] for key in boto3.client("kms").list_keys()["Keys"]] == [cloud.key]
    assert sealing.opened(sealing.seal("secret", "acc_1", "whk_1"), "acc_1", "whk_1") == "secret"
    assert boto3.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"] == []
    assert boto3.client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert boto3.client("s3").list_buckets()["Buckets"] == []


def test_nothing_of_a_test_is_left_for_the_next() -> None:
    in_a_cloud(require_new)
    in_a_cloud(fill)
    in_a_cloud(require_new)


def test_what_a_test_removes_or_changes_is_there_for_the_next() -> None:
    def remove(cloud: Cloud, _: pytest.MonkeyPatch) -> None:
        for table in tables(cloud):
            cloud.dynamodb.delete_table(TableName=table)
        for queue in queues(cloud):
            cloud.sqs.delete_queue(QueueUrl=queue)

    def change(cloud: Cloud, _: pytest.MonkeyPatch) -> None:
        for queue in queues(cloud):
            cloud.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})

    def visibility(cloud: Cloud, _: pytest.MonkeyPatch) -> dict[str, str]:
        wanted = ["VisibilityTimeout"]
        return {
            name: cloud.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"][wanted[0]]
            for name, url in cloud.queues.items()
        }

    in_a_cloud(remove)
    in_a_cloud(require_new)
    in_a_cloud(change)
    assert in_a_cloud(visibility) == dict.fromkeys(aws.FIFO_QUEUES, "30") | {
        "timers": "30",
        "background": "30",
        "test": "30",
        "deliveries": "360",
    }


def test_a_hook_on_the_functions_client_ends_with_its_test() -> None:
    called: list[str] = []

    def hook(cloud: Cloud, _: pytest.MonkeyPatch) -> None:
        client = smskit_aws.client("dynamodb")
        client.meta.events.register("before-call.dynamodb.*", lambda model, **_: called.append(model.name))
        client.list_tables()

    in_a_cloud(hook)
    in_a_cloud(lambda cloud, _: smskit_aws.client("dynamodb").list_tables())
    assert called == ["ListTables"]


def test_a_cloud_within_a_cloud_is_refused(cloud: Cloud) -> None:
    with pytest.raises(RuntimeError, match="within a cloud"):
        in_a_cloud(require_new)
