"""The event source from which usage is counted: what counting each record once relies on."""

from __future__ import annotations

import json

import pytest


def source(stacks):
    [found] = [
        mapping["Properties"]
        for mapping in stacks.app.of_type("AWS::Lambda::EventSourceMapping").values()
        if "UsageCounter" in mapping["Properties"]["FunctionName"]["Ref"]
    ]
    return found


@pytest.fixture
def mapping(prod):
    return source(prod)


def test_a_batch_names_its_shard_and_comes_alone_and_in_order(mapping):
    """Only with a tumbling window does Lambda say which shard a batch is from."""
    assert mapping["TumblingWindowInSeconds"] == 900
    assert mapping["ParallelizationFactor"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert "EventFailures" in json.dumps(mapping["DestinationConfig"])


def test_many_messages_share_a_write(mapping):
    assert mapping["MaximumBatchingWindowInSeconds"] == 60
    assert mapping["BatchSize"] == 1000


def test_only_what_changes_figures_invokes_it(mapping):
    patterns = [json.loads(entry["Pattern"]) for entry in mapping["FilterCriteria"]["Filters"]]

    assert patterns == [
        {"eventName": ["INSERT"]},
        {
            "eventName": ["MODIFY"],
            "dynamodb": {"NewImage": {"status": {"S": ["Sent", "Delivered", "Failed", "DeadLetter"]}}},
        },
        {"eventName": ["REMOVE"], "dynamodb": {"OldImage": {"status": {"S": ["Pending"]}}}},
        {"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"batchId": {"S": [{"exists": True}]}}}},
    ]
