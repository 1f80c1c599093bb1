"""Functions, their triggers and their limits."""

from __future__ import annotations

import json

import pytest

from infra.config.environments import load_config

TIMEOUTS = {
    "client_api": 10,
    "phone_pairing": 10,
    "console_api": 10,
    "phone_auth": 5,
    "phone_gateway": 5,
    "dispatcher": 5,
    "timekeeper": 5,
    "test_player": 5,
    "janitor": 30,
    "event_fanout": 10,
    "usage_counter": 30,
    "webhook_sender": 60,
    "webhook_recovery": 120,
}
POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "LOG_LEVEL"}
WEBHOOK_VARIABLES = {
    *("TABLE_WEBHOOKS", "QUEUE_DELIVERIES_URL", "RETENTION_DAYS", "WEBHOOK_WAIT_SCALE"),
    *POWERTOOLS,
}
OWN_VARIABLES = {
    "client_api": {"QUEUE_DELIVERIES_URL", "SECRETS_KEY_ARN", "WEBHOOK_WAIT_SCALE", "WEBHOOK_OWN_DOMAINS"},
    "console_api": {
        *("USER_POOL_ID", "SECRETS_KEY_ARN", "AUDIT_DAYS", "API_URL"),
        *("QUEUE_DELIVERIES_URL", "WEBHOOK_WAIT_SCALE", "WEBHOOK_OWN_DOMAINS"),
    },
    "event_fanout": {"TABLE_CHANGES", "TABLE_DEVICES"},
    "webhook_sender": {"RECOVERY_MACHINE_ARN", "SECRETS_KEY_ARN", "WEBHOOK_OWN_DOMAINS"},
    "webhook_recovery": {"SECRETS_KEY_ARN", "WEBHOOK_OWN_DOMAINS"},
}
VARIABLES = {
    *(
        f"TABLE_{name}"
        for name in (
            *("CLIENTS", "DEVICES", "JOBS", "POOL", "CONTACTS", "MESSAGES", "ACCOUNTS", "PAIRING", "WEBHOOKS", "USAGE"),
            *("BATCHES", "CHANGES"),
        )
    ),
    *(f"QUEUE_{name}_URL" for name in ("URGENT", "STANDARD", "BULK", "TIMERS", "BACKGROUND", "TEST")),
    *("WEBSOCKET_CALLBACK_URL", "WEBSOCKET_PUBLIC_URL", "HEARTBEAT_SECONDS", "REPORT_SECONDS", "RETENTION_DAYS"),
    *POWERTOOLS,
}
CONCURRENCY = {
    "QueuesUrgent": 50,
    "QueuesStandard": 20,
    "QueuesBulk": 5,
    "QueuesTimers": 20,
    "QueuesBackground": 10,
    "QueuesTest": 2,
    "QueuesDeliveries": 50,
}


def queue_mappings(prod):
    mappings = prod.app.of_type("AWS::Lambda::EventSourceMapping").values()
    return [mapping for mapping in mappings if "StartingPosition" not in mapping["Properties"]]


@pytest.mark.parametrize("name", sorted(TIMEOUTS))
def test_a_function_has_the_defaults_of_the_project(prod, name):
    properties = prod.app.function(name)["Properties"]

    assert properties["Timeout"] == TIMEOUTS[name]
    assert properties["Architectures"] == ["arm64"]
    assert properties["Runtime"] == "python3.13"
    assert properties["Handler"] == "handler.lambda_handler"
    assert properties["MemorySize"] == (1024 if name in ("dispatcher", "phone_gateway", "phone_auth") else 512)
    assert "TracingConfig" not in properties


@pytest.mark.parametrize("name", sorted(TIMEOUTS))
def test_a_function_gets_its_environment_and_never_logs_events(prod, name):
    """What talks to the outside world, or serves those that do, knows of nothing else."""
    variables = prod.app.function(name)["Properties"]["Environment"]["Variables"]
    is_webhook = name in ("event_fanout", "webhook_sender", "webhook_recovery")
    if name == "usage_counter":
        assert set(variables) == {"TABLE_USAGE", "TABLE_BATCHES"} | POWERTOOLS
        return

    assert set(variables) == (WEBHOOK_VARIABLES if is_webhook else VARIABLES) | OWN_VARIABLES.get(name, set())
    assert variables["RETENTION_DAYS"] == "30"
    if not is_webhook:
        assert variables["HEARTBEAT_SECONDS"] == "300"
        assert variables["REPORT_SECONDS"] == "600"


def test_webhooks_may_go_to_this_machine_in_the_emulator_only(prod, emulator):
    for name in ("client_api", "webhook_sender", "webhook_recovery"):
        on_aws = prod.app.function(name)["Properties"]["Environment"]["Variables"]
        locally = emulator.app.function(name)["Properties"]["Environment"]["Variables"]

        assert "WEBHOOK_LOCAL" not in on_aws
        assert locally["WEBHOOK_LOCAL"] == "true"
        assert json.dumps(on_aws["WEBHOOK_OWN_DOMAINS"]).count(".execute-api.") == 2
        assert on_aws["WEBHOOK_WAIT_SCALE"] == "1"


@pytest.mark.parametrize("name", sorted(TIMEOUTS))
def test_logs_are_kept_for_a_month_and_no_longer(prod, name):
    group = prod.app.function(name)["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]

    assert prod.app.resources[group]["Properties"]["RetentionInDays"] == 30


def test_no_log_group_keeps_logs_for_ever(prod):
    for group in prod.app.of_type("AWS::Logs::LogGroup").values():
        assert group["Properties"]["RetentionInDays"]


def test_a_handler_is_done_before_its_message_is_shown_again(prod):
    """AWS asks for six times the timeout, so that throttled batches aren't counted as failed."""
    functions = {ref: resource["Properties"] for ref, resource in prod.app.of_type("AWS::Lambda::Function").items()}
    exports = {key: output["Export"]["Name"] for key, output in prod.data.outputs.items() if "Export" in output}
    for mapping in queue_mappings(prod):
        timeout = functions[mapping["Properties"]["FunctionName"]["Ref"]]["Timeout"]
        export = mapping["Properties"]["EventSourceArn"]["Fn::ImportValue"]
        [output] = [key for key, name in exports.items() if name == export]
        queue = prod.data.outputs[output]["Value"]["Fn::GetAtt"][0]
        assert prod.data.resources[queue]["Properties"]["VisibilityTimeout"] >= 6 * timeout


def test_the_longest_handler_ends_before_an_offers_timer_fires(prod):
    """An offer stands for 5 s and its timer fires after 10 s: a claim in time must be through by then."""
    for name in ("phone_gateway", "dispatcher", "timekeeper"):
        assert prod.app.function(name)["Properties"]["Timeout"] <= 5


def test_every_queue_consumer_reports_single_failures(prod):
    mappings = queue_mappings(prod)

    assert len(mappings) == 12
    for mapping in mappings:
        assert mapping["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["Properties"]["BatchSize"] == 10


def test_bulk_cant_take_the_concurrency_of_urgent(prod):
    found = {}
    for mapping in queue_mappings(prod):
        source = json.dumps(mapping["Properties"]["EventSourceArn"])
        if "DeadLetters" not in source:
            [queue] = [name for name in CONCURRENCY if name in source]
            found[queue] = mapping["Properties"]["ScalingConfig"]["MaximumConcurrency"]

    assert found == CONCURRENCY


@pytest.mark.parametrize("name", ["dispatcher", "timekeeper", "test_player", "janitor", "webhook_sender"])
def test_a_long_chain_of_offers_isnt_cut_off_as_a_runaway_loop(prod, name):
    assert prod.app.function(name)["Properties"]["RecursiveLoop"] == "Allow"


def test_the_janitor_runs_every_minute(prod):
    [rule] = prod.app.of_type("AWS::Events::Rule").values()
    [target] = rule["Properties"]["Targets"]

    assert rule["Properties"]["ScheduleExpression"] == "rate(1 minute)"
    assert rule["Properties"]["State"] == "ENABLED"
    assert "Janitor" in target["Arn"]["Fn::GetAtt"][0]


def test_an_unknown_environment_is_refused_by_name():
    with pytest.raises(ValueError, match="unknown environment 'production'"):
        load_config("production")


@pytest.mark.parametrize("endpoint", ["https://127.0.0.1:4566", "127.0.0.1:4566", "http://127.0.0.1", "http://h:1/x"])
def test_an_endpoint_of_the_wrong_shape_is_refused(endpoint):
    with pytest.raises(ValueError, match="must look like"):
        load_config("emulator", endpoint=endpoint)
