"""The emulator runs the stacks that AWS runs, but for the differences that are written down."""

from __future__ import annotations

import re

import pytest

from tests.support.templates import as_list

ONLY_ON_AWS = {"AWS::ApiGatewayV2::RouteResponse", "AWS::SQS::QueuePolicy", "AWS::Cognito::ManagedLoginBranding"}


def by_id(template, environment):
    """Types by logical id; some ids hold the name of the environment and hashes over it."""
    return {
        re.sub(r"[0-9A-F]{8}", "", key.replace(environment, "")): resource["Type"]
        for key, resource in template.resources.items()
    }


@pytest.mark.parametrize("stack", ["data", "app"])
def test_the_emulator_has_the_same_resources_but_for_the_stated_ones(prod, emulator, stack):
    on_aws, locally = by_id(getattr(prod, stack), "prod"), by_id(getattr(emulator, stack), "emulator")

    missing = {kind for key, kind in on_aws.items() if key not in locally}
    added = {key for key in locally if key not in on_aws}

    assert not added
    assert missing <= ONLY_ON_AWS


@pytest.mark.parametrize("stack", ["data", "app"])
def test_no_policy_differs_but_for_the_stated_action(prod, emulator, stack):
    """The emulator wants an action for SendMessageBatch that AWS doesn't have."""
    on_aws = getattr(prod, stack).of_type("AWS::IAM::Policy")
    locally = getattr(emulator, stack).of_type("AWS::IAM::Policy")

    def actions(policies):
        return {
            key: {
                action
                for statement in policy["Properties"]["PolicyDocument"]["Statement"]
                for action in as_list(statement["Action"])
            }
            for key, policy in policies.items()
        }

    found = {key: granted - {"sqs:SendMessageBatch"} for key, granted in actions(locally).items()}
    assert found == actions(on_aws)


def test_the_emulator_keeps_nothing_when_its_stack_goes(emulator):
    for template in (emulator.data, emulator.app):
        assert "Retain" not in {resource.get("DeletionPolicy") for resource in template.resources.values()}
    for table in emulator.data.of_type("AWS::DynamoDB::Table").values():
        assert not table["Properties"].get("DeletionProtectionEnabled")


def test_addresses_in_the_emulator_are_below_its_endpoint(emulator):
    variables = emulator.app.function("phone_gateway")["Properties"]["Environment"]["Variables"]

    callback = variables["WEBSOCKET_CALLBACK_URL"]["Fn::Join"][1]
    public = variables["WEBSOCKET_PUBLIC_URL"]["Fn::Join"][1]

    assert (callback[0], callback[-1]) == ("http://127.0.0.1:4999/_aws/execute-api/", "/v1")
    assert (public[0], public[-1]) == ("ws://127.0.0.1:4999/_aws/execute-api/", "/v1")
    assert variables["HEARTBEAT_SECONDS"] == "30"


@pytest.mark.parametrize("environment", ["prod", "emulator"])
def test_everything_that_can_be_tagged_is(request, environment):
    stacks = request.getfixturevalue(environment)

    for template in (stacks.data, stacks.app):
        for resource in template.resources.values():
            tags = resource["Properties"].get("Tags")
            if isinstance(tags, list):
                tags = {tag["Key"]: tag["Value"] for tag in tags}
            if tags is not None:
                assert (tags["project"], tags["environment"]) == ("smskit", environment)
    for table in stacks.data.of_type("AWS::DynamoDB::Table").values():
        assert table["Properties"]["Tags"]
