"""Transactions leave on moto what they would leave if it copied everything, done or refused."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

from tests.support import aws, transactions
from tests.support.aws import Cloud

ITEMS: dict[str, dict[str, Any]] = {
    "jobs": {"pk": {"S": "job_1"}},
    "devices": {"pk": {"S": "acc_1"}, "sk": {"S": "dvc_1"}},
}


def update(cloud: Cloud, table: str, value: str, condition: str = "attribute_exists(pk)") -> dict[str, Any]:
    return {
        "Update": {
            "TableName": cloud.tables[table],
            "Key": ITEMS[table],
            "UpdateExpression": "SET kept.body = :value",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":value": {"S": value}},
        }
    }


def change_and_fail(cloud: Cloud) -> list[Any]:
    """What stands, and what the streams tell, after transactions that are done, refused and done again."""
    seen: list[Any] = []
    for table, key in ITEMS.items():
        cloud.dynamodb.put_item(TableName=cloud.tables[table], Item=key | {"kept": {"M": {"body": {"S": "0"}}}})
    other = {"Put": {"TableName": cloud.tables["jobs"], "Item": {"pk": {"S": "job_2"}}}}
    gone = {"Delete": {"TableName": cloud.tables["devices"], "Key": ITEMS["devices"]}}
    wrong = "attribute_not_exists(pk)"
    for work in (
        [update(cloud, "jobs", "1"), update(cloud, "devices", "1")],
        [update(cloud, "jobs", "2"), update(cloud, "devices", "2", wrong)],
        [other, gone, update(cloud, "jobs", "3", wrong)],
        [update(cloud, "devices", "4"), other, update(cloud, "jobs", "4")],
        [gone, update(cloud, "jobs", "5")],
    ):
        try:
            cloud.dynamodb.transact_write_items(TransactItems=work)
        except ClientError as refused:
            seen.append(refused.response["Error"]["Code"])
        for table in ITEMS:
            seen.append(cloud.dynamodb.scan(TableName=cloud.tables[table])["Items"])
            seen.append(streamed(cloud, table))
    return seen


def streamed(cloud: Cloud, table: str) -> list[Any]:
    shard = aws.pristine.backend("dynamodb").tables[cloud.tables[table]].stream_shard
    told = [record.to_json() for record in shard.items] if shard else []
    return [(it["eventName"], it["dynamodb"].get("OldImage"), it["dynamodb"].get("NewImage")) for it in told]


def test_the_same_as_with_whole_copies() -> None:
    results = []
    for is_quick in (True, False):
        with pytest.MonkeyPatch.context() as patch, aws.cloud(patch) as cloud:
            assert hasattr(Table, "__deepcopy__")
            if not is_quick:
                patch.delattr(Table, "__deepcopy__")
                patch.setattr(DynamoDBBackend, "update_item", transactions._update)
            results.append(change_and_fail(cloud))
    assert results[0] == results[1]
    assert results[0].count("TransactionCanceledException") == 2
    assert results[0][-4][0]["kept"] == {"M": {"body": {"S": "5"}}}
