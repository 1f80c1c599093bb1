"""The alarms fire on what a person must know."""

from __future__ import annotations

import json

import pytest

FUNCTIONS = (
    "ClientApi",
    "PhonePairing",
    "PhoneAuth",
    "PhoneGateway",
    "Dispatcher",
    "Timekeeper",
    "TestPlayer",
    "Janitor",
    "EventFanout",
    "WebhookSender",
    "WebhookRecovery",
)


def alarm(prod, name):
    return prod.app.one("AWS::CloudWatch::Alarm", f"Monitoring{name}")["Properties"]


@pytest.mark.parametrize("queue", ["Urgent", "Standard", "Bulk", "Timers", "Test"])
def test_a_dead_letter_is_noticed_although_the_janitor_takes_it_at_once(prod, queue):
    """What a redrive moves isn't counted as sent, and the queue is empty again before it is measured."""
    made = alarm(prod, f"{queue}DeadLetters")

    assert made["MetricName"] == "NumberOfMessagesReceived"
    assert (made["Statistic"], made["Threshold"]) == ("Sum", 1)
    assert f"Queues{queue}DeadLetters" in json.dumps(made["Dimensions"])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_failing_function_is_noticed(prod, function):
    made = alarm(prod, f"{function}Errors")

    assert made["MetricName"] == "Errors"
    assert f"Functions{function}" in json.dumps(made["Dimensions"])


def test_throttled_functions_are_noticed_whichever_they_are(prod):
    """Without a dimension the metric is the sum over all functions of the account and region."""
    made = alarm(prod, "Throttles")

    assert (made["Namespace"], made["MetricName"]) == ("AWS/Lambda", "Throttles")
    assert "Dimensions" not in made
    assert (made["Statistic"], made["Threshold"]) == ("Sum", 1)


def test_urgent_messages_that_wait_are_noticed(prod):
    made = alarm(prod, "UrgentTooOld")

    assert made["MetricName"] == "ApproximateAgeOfOldestMessage"
    assert made["Threshold"] == 60


def test_a_janitor_that_doesnt_run_at_all_is_noticed(prod):
    made = alarm(prod, "JanitorMissing")

    assert made["MetricName"] == "Invocations"
    assert made["ComparisonOperator"] == "LessThanThreshold"
    assert made["TreatMissingData"] == "breaching"


@pytest.mark.parametrize(
    ("name", "queue"), [("DeliveriesLost", "QueuesDeliveriesDeadLetters"), ("EventsLost", "QueuesEventFailures")]
)
def test_what_webhooks_lost_is_noticed_for_as_long_as_it_lies_there(prod, name, queue):
    made = alarm(prod, name)

    assert made["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert made["Threshold"] == 1
    assert queue in json.dumps(made["Dimensions"])


def test_a_recovery_that_fails_is_noticed(prod):
    made = alarm(prod, "RecoveryFailed")

    assert made["MetricName"] == "ExecutionsFailed"
    assert made["Threshold"] == 1


@pytest.mark.parametrize(
    ("name", "metric", "api"),
    [("RestRefusals", "4xx", "Data:ExportsOutputRefApi"), ("PhoneRefusals", "ClientError", "PhoneApi")],
)
def test_a_flood_of_refused_requests_is_noticed(prod, name, metric, api):
    made = alarm(prod, name)

    assert (made["MetricName"], made["Namespace"]) == (metric, "AWS/ApiGateway")
    assert {dimension["Name"] for dimension in made["Dimensions"]} == {"ApiId", "Stage"}
    assert api in json.dumps(made["Dimensions"])
    assert (made["Statistic"], made["Period"], made["Threshold"]) == ("Sum", 300, 3_000)


def test_every_alarm_reaches_the_topic(prod):
    [topic] = prod.app.of_type("AWS::SNS::Topic")

    for made in prod.app.of_type("AWS::CloudWatch::Alarm").values():
        assert made["Properties"]["AlarmActions"] == [{"Ref": topic}]
        assert made["Properties"]["AlarmDescription"]


def test_the_topics_own_policy_lets_alarms_of_this_account_publish_and_nobody_else(prod):
    """A topic with a policy of its own has lost the default one, by which CloudWatch could publish."""
    policies = [made["Properties"] for made in prod.app.of_type("AWS::SNS::TopicPolicy").values()]
    targets = {
        json.dumps(action)
        for made in prod.app.of_type("AWS::CloudWatch::Alarm").values()
        for action in made["Properties"]["AlarmActions"]
    }

    for target in targets:
        statements = [
            statement
            for policy in policies
            if target in map(json.dumps, policy["Topics"])
            for statement in policy["PolicyDocument"]["Statement"]
        ]
        allowed = [statement for statement in statements if statement["Effect"] == "Allow"]
        assert [
            (made["Principal"], made["Action"], json.dumps(made["Resource"]), made["Condition"]) for made in allowed
        ] == [
            (
                {"Service": "cloudwatch.amazonaws.com"},
                "sns:Publish",
                target,
                {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
            )
        ]
        [denied] = [statement for statement in statements if statement["Effect"] == "Deny"]
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
