"""The stack that may stand before the REST API: made only when asked for, and what it holds back."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks

from infra.application import build_application
from infra.packaging.synth import unbundled_app
from smskit_deploy import stacks
from tests.support.templates import Template

HOST = "abc123.execute-api.eu-west-1.amazonaws.com"
REGION = "eu-west-1"


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    return synthesized(tmp_path_factory.mktemp("edge"), REGION)


def synthesized(folder, region):
    """The stack before the API of a region."""
    app = unbundled_app("prod", folder, {"edgeOrigin": f"abc123.execute-api.{region}.amazonaws.com"})
    build_application(app)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    stack = app.synth().get_stack_by_name(stacks.edge_name("prod", region))
    assert stack.environment.region == "us-east-1"
    return Template(stack.template)


def distribution(edge):
    [found] = edge.of_type("AWS::CloudFront::Distribution").values()
    return found["Properties"]["DistributionConfig"]


def rules(edge):
    [firewall] = edge.of_type("AWS::WAFv2::WebACL").values()
    return {rule["Name"]: rule for rule in firewall["Properties"]["Rules"]}


def test_there_is_no_such_stack_until_it_is_asked_for(tmp_path):
    app = unbundled_app("prod", tmp_path)
    build_application(app)

    assert not [stack.stack_name for stack in app.synth().stacks if "Edge" in stack.stack_name]


def test_the_edges_of_two_regions_share_no_name(edge, tmp_path):
    """They stand in one region, and WAF's figures are told apart by the list's metric."""
    other = synthesized(tmp_path, "af-south-1")

    for template, region in ((edge, REGION), (other, "af-south-1")):
        [firewall] = template.of_type("AWS::WAFv2::WebACL").values()
        name = f"smskit-prod-{region}"
        assert firewall["Properties"]["Name"] == name
        assert firewall["Properties"]["VisibilityConfig"]["MetricName"] == name
        assert distribution(template)["Comment"] == name
        assert "Export" not in template.outputs["EdgeUrl"]


@pytest.mark.parametrize("host", [f"https://{HOST}", f"{HOST}/", "api.example.com", f"x.{HOST}.example.com"])
def test_the_origin_is_an_apis_host_and_nothing_else(tmp_path, host):
    with pytest.raises(ValueError, match="the API's host"):
        build_application(unbundled_app("prod", tmp_path, {"edgeOrigin": host}))


def test_the_distribution_stands_behind_the_firewall_and_before_the_api(edge):
    [firewall] = edge.of_type("AWS::WAFv2::WebACL")
    config = distribution(edge)
    [origin] = config["Origins"]

    assert config["WebACLId"] == {"Fn::GetAtt": [firewall, "Arn"]}
    assert edge.resources[firewall]["Properties"]["Scope"] == "CLOUDFRONT"
    assert origin["DomainName"] == HOST
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert "EdgeUrl" in edge.outputs


def test_answers_to_a_key_are_never_kept_and_every_method_passes(edge):
    config = distribution(edge)
    disabled, optimized = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "658327ea-f89d-4fab-a63d-7e88639e58f6"

    assert config["DefaultCacheBehavior"]["CachePolicyId"] == disabled
    assert {one["PathPattern"]: one["CachePolicyId"] for one in config["CacheBehaviors"]} == {
        "/api/openapi.json": optimized
    }
    for behavior in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
        assert set(behavior["AllowedMethods"]) >= {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
        assert behavior["ViewerProtocolPolicy"] == "https-only"
        # All that the caller sent but Host, by which API Gateway would look for another API.
        assert behavior["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def test_a_flood_without_credentials_is_held_back_long_before_one_with_them(edge):
    keyless = rules(edge)["Keyless"]["Statement"]["RateBasedStatement"]
    flood = rules(edge)["Flood"]["Statement"]["RateBasedStatement"]
    without = keyless["ScopeDownStatement"]["AndStatement"]["Statements"]
    headers = {
        one["NotStatement"]["Statement"]["SizeConstraintStatement"]["FieldToMatch"]["SingleHeader"]["Name"]
        for one in without
    }

    assert headers == {"x-api-key", "authorization"}
    assert keyless["Limit"] * 100 <= flood["Limit"]
    assert "ScopeDownStatement" not in flood
    for name in ("Keyless", "Flood"):
        assert rules(edge)[name]["Action"] == {"Block": {}}


def test_no_message_text_is_taken_for_an_attack_and_no_path_is_sampled(edge):
    """AWS's common rules look into bodies, and refuse those that look like code."""
    managed = [rule["Statement"].get("ManagedRuleGroupStatement", {}).get("Name") for rule in rules(edge).values()]

    assert [name for name in managed if name] == ["AWSManagedRulesAmazonIpReputationList"]
    for rule in rules(edge).values():
        assert rule["VisibilityConfig"]["SampledRequestsEnabled"] is False
