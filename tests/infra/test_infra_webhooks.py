"""The stream's event source and the state machine: what they let through, and where they can't get stuck."""

from __future__ import annotations

import json

import pytest

from infra.config.stream_filters import TOLD as FILTERS
from infra.constructs.webhook_recovery import RECOVERY_DEFINITION
from smskit.webhooks.logic.recovery.outage_state import Next

DEFINITION = json.loads(RECOVERY_DEFINITION.read_text())
STATES = DEFINITION["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}


def presence(before, after):
    images = {"OldImage": {"presence": {"S": [before]}}, "NewImage": {"presence": {"S": [after]}}}
    return {"eventName": ["MODIFY"], "dynamodb": images}


TOLD = {
    "Jobs": [
        {
            "eventName": ["MODIFY"],
            "dynamodb": {"NewImage": {"status": {"S": ["Sent", "Delivered", "Failed", "DeadLetter"]}}},
        }
    ],
    "Messages": [{"eventName": ["INSERT"], "dynamodb": {"NewImage": {"direction": {"S": ["in", "audit"]}}}}],
    "Devices": [
        presence("Offline", "Online"),
        presence("Online", "Offline"),
        {"eventName": ["INSERT"], "dynamodb": {"NewImage": {"health": {"S": ["unhealthy"]}}}},
        {"eventName": ["REMOVE"], "dynamodb": {"OldImage": {"health": {"S": ["unhealthy"]}}}},
    ],
}


def mapping_of(prod, table):
    [found] = [
        mapping["Properties"]
        for mapping in prod.app.of_type("AWS::Lambda::EventSourceMapping").values()
        if "StartingPosition" in mapping["Properties"]
        and "EventFanout" in mapping["Properties"]["FunctionName"]["Ref"]
        and f"Tables{table}" in json.dumps(mapping["Properties"]["EventSourceArn"])
    ]
    return found


@pytest.mark.parametrize("table", sorted(TOLD))
def test_only_changes_that_are_told_invoke_the_fan_out(prod, table):
    mapping = mapping_of(prod, table)
    told = [json.loads(entry["Pattern"]) for entry in mapping["FilterCriteria"]["Filters"]]

    assert told == TOLD[table]
    assert told == [pattern for spec in FILTERS if spec.name == table.lower() for pattern in FILTERS[spec]], (
        "the streams of tests have another filter"
    )
    assert "EventFanout" in mapping["FunctionName"]["Ref"]


@pytest.mark.parametrize("table", sorted(TOLD))
def test_a_record_that_fails_blocks_the_stream_for_an_hour_at_most_and_is_noted(prod, table):
    mapping = mapping_of(prod, table)

    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRecordAgeInSeconds"] == 3600
    assert mapping["MaximumRetryAttempts"] == 20
    assert "EventFailures" in json.dumps(mapping["DestinationConfig"])
    assert mapping["StartingPosition"] == "TRIM_HORIZON", "nothing that happens during a deployment is missed"


def test_the_template_carries_the_definition(prod):
    [machine] = prod.app.of_type("AWS::StepFunctions::StateMachine").values()

    assert json.loads(machine["Properties"]["DefinitionString"]) == DEFINITION
    assert machine["Properties"]["StateMachineType"] == "STANDARD"


def test_every_way_on_that_a_task_can_say_has_its_state():
    hub = STATES["What now?"]
    known = {choice["StringEquals"]: choice["Next"] for choice in hub["Choices"]}

    assert set(known) | {"done"} == {way.value for way in Next}
    assert STATES[hub["Default"]]["Type"] == "Succeed"
    assert set(known.values()) <= set(STATES)


@pytest.mark.parametrize("name", sorted(TASKS))
def test_no_failure_of_ours_ends_an_execution(name):
    """An endpoint whose execution failed would be Recovering for ever."""
    [retry], [caught] = TASKS[name]["Retry"], TASKS[name]["Catch"]

    assert retry["ErrorEquals"] == caught["ErrorEquals"] == ["States.ALL"]
    assert retry["JitterStrategy"] == "FULL"
    assert caught["ResultPath"] == "$.fault", "the outage's state is kept"
    assert STATES[STATES[caught["Next"]]["Next"]] == STATES["Probe"]


def test_five_waits_share_one_choice():
    """Each state that is entered costs: a round of waiting is 2.2 of them."""
    way, name = [], "Wait"
    while name != "What now?":
        way.append(name)
        name = STATES[name]["Next"]

    assert [STATES[name]["Type"] for name in way] == ["Wait", "Task"] * 5
    assert {STATES[name]["SecondsPath"] for name in way[2::2]} == {"$.pause"}, "none before what isn't a probe"


def test_the_task_outlives_its_longest_run(prod):
    """Six posts of 15 s in a probe; 25 s and two posts of 15 s in a drain."""
    assert prod.app.function("webhook_recovery")["Properties"]["Timeout"] >= 6 * 15 + 15
