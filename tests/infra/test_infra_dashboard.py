"""The dashboard's address: files, headers, and which paths lead to the API."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from infra.config.environments import load_config
from infra.constructs.dashboard import API_PATHS, content_security_policy
from infra.packaging.synth import synthesize
from tests.support.templates import Template


def distribution_of(stacks):
    [found] = stacks.data.of_type("AWS::CloudFront::Distribution").values()
    return found["Properties"]["DistributionConfig"]


def test_the_files_are_nobodys_but_the_distributions(prod):
    [bucket] = prod.data.of_type("AWS::S3::Bucket").values()
    [policy] = prod.data.of_type("AWS::S3::BucketPolicy").values()
    by_effect = {s["Effect"]: s for s in policy["Properties"]["PolicyDocument"]["Statement"]}

    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert by_effect["Deny"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert by_effect["Allow"]["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert by_effect["Allow"]["Action"] == "s3:GetObject"
    assert "AWS:SourceArn" in by_effect["Allow"]["Condition"]["StringEquals"]


def test_paths_of_the_api_lead_to_it_and_nothing_of_them_is_cached(prod):
    config = distribution_of(prod)
    behaviors = {behavior["PathPattern"]: behavior for behavior in config["CacheBehaviors"]}

    assert tuple(behaviors) == API_PATHS
    for behavior in behaviors.values():
        assert behavior["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's CachingDisabled
        assert behavior["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"  # all but Host
        assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
        assert "FunctionAssociations" not in behavior
    # A page stands for an error nowhere, so a 404 of the API stays one.
    assert "CustomErrorResponses" not in config


def test_nothing_but_our_own_files_runs_and_only_api_and_user_pool_are_asked(prod):
    [policy] = prod.data.of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    security = policy["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    said = json.dumps(security["ContentSecurityPolicy"]["ContentSecurityPolicy"])

    assert "connect-src 'self' https://smskit-prod-" in said and ".amazoncognito.com" in said
    assert "unsafe" not in said and "*" not in said
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert security["FrameOptions"]["FrameOption"] == "DENY"


def test_the_policy_is_the_designs():
    assert content_security_policy("https://login") == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' https://login;"
        " img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
        " require-trusted-types-for 'script'"
    )


@pytest.mark.parametrize(
    ("uri", "served"),
    [
        *(("/", "/index.html"), ("/messages/job_1", "/index.html"), ("/opt-outs", "/index.html")),
        *(("/assets/main-1a2b.js", "/assets/main-1a2b.js"), ("/config.json", "/config.json")),
        ("/v1.2/page", "/index.html"),
    ],
)
def test_the_address_of_a_page_leads_to_the_program(prod, uri, served):
    """The very code that CloudFront runs, by Node."""
    [function] = prod.data.of_type("AWS::CloudFront::Function").values()
    code = function["Properties"]["FunctionCode"]
    script = f"{code}; console.log(handler({{ request: {{ uri: {json.dumps(uri)} }} }}).uri)"

    answer = subprocess.run(["node", "--eval", script], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == served


def test_a_domain_of_its_own_comes_with_its_certificate(tmp_path):
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    data, _ = synthesize("prod", tmp_path, {"dashboardDomain": "sms.example.com", "dashboardCertificate": arn})
    template = Template(data)
    [found] = template.of_type("AWS::CloudFront::Distribution").values()
    config = found["Properties"]["DistributionConfig"]

    assert config["Aliases"] == ["sms.example.com"]
    assert config["ViewerCertificate"]["AcmCertificateArn"] == arn
    assert re.fullmatch(r"TLSv1\.2_\d+", config["ViewerCertificate"]["MinimumProtocolVersion"])
    assert template.outputs["DashboardUrl"]["Value"] == "https://sms.example.com/"
    assert template.outputs["DashboardHost"]["Value"]["Fn::GetAtt"][1] == "DomainName"
    with pytest.raises(ValueError, match="needs its certificate"):
        load_config("prod", dashboard_domain="sms.example.com")


def test_no_webhook_may_go_to_the_dashboard(prod):
    variables = prod.app.function("webhook_sender")["Properties"]["Environment"]["Variables"]

    assert "Dashboard" in json.dumps(variables["WEBHOOK_OWN_DOMAINS"])
