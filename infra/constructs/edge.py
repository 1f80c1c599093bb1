"""What may stand before the REST API: a CloudFront distribution with a firewall (docs/decisions/0041)."""

from typing import Any

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from infra.config.api_urls import region_of
from infra.config.environments import EnvironmentConfig

WINDOW_SECONDS = 300
# Requests of one address in a window. Clients behind one address may share it: 30,000 are a hundred a second.
KEYLESS_LIMIT = 100
LIMIT = 30_000
CREDENTIAL_HEADERS = ("x-api-key", "authorization")


class Edge(Construct):
    """A distribution that passes everything on to the API, past rules that hold floods back."""

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig, origin: str) -> None:
        super().__init__(scope, construct_id)
        # Those of all regions' deployments stand in one region, side by side.
        name = f"smskit-{config.name}-{region_of(origin)}"
        self.firewall = self._create_firewall(name)
        api = origins.HttpOrigin(origin, protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=name,
            web_acl_id=self.firewall.attr_arn,
            default_behavior=_passing_on(api, cloudfront.CachePolicy.CACHING_DISABLED),
            additional_behaviors={
                "/api/openapi.json": _passing_on(api, cloudfront.CachePolicy.CACHING_OPTIMIZED),
            },
        )
        self.url = f"https://{self.distribution.distribution_domain_name}"

    def _create_firewall(self, name: str) -> wafv2.CfnWebACL:
        return wafv2.CfnWebACL(
            self,
            "Firewall",
            name=name,
            scope="CLOUDFRONT",
            default_action={"allow": {}},
            visibility_config=_visibility(name),
            rules=[
                _rule(
                    "BadRepute",
                    0,
                    {
                        "managedRuleGroupStatement": {
                            "vendorName": "AWS",
                            "name": "AWSManagedRulesAmazonIpReputationList",
                        }
                    },
                    overrideAction={"none": {}},
                ),
                _rule("Keyless", 1, _rate(KEYLESS_LIMIT, _without_credentials()), action={"block": {}}),
                _rule("Flood", 2, _rate(LIMIT), action={"block": {}}),
            ],
        )


def _passing_on(api: origins.HttpOrigin, cache: cloudfront.ICachePolicy) -> cloudfront.BehaviorOptions:
    """Every header but Host, by which API Gateway knows its APIs."""
    return cloudfront.BehaviorOptions(
        origin=api,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        cache_policy=cache,
        origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    )


def _rule(name: str, priority: int, statement: dict[str, Any], **action: Any) -> dict[str, Any]:
    visibility = _visibility(f"Smskit{name}")
    return {"name": name, "priority": priority, "statement": statement, "visibilityConfig": visibility, **action}


def _rate(limit: int, only: dict[str, Any] | None = None) -> dict[str, Any]:
    counted = {"limit": limit, "aggregateKeyType": "IP", "evaluationWindowSec": WINDOW_SECONDS}
    return {"rateBasedStatement": counted if only is None else {**counted, "scopeDownStatement": only}}


def _without_credentials() -> dict[str, Any]:
    """Requests that bear neither an API key nor a token. A header that isn't there matches no statement about it."""
    return {
        "andStatement": {"statements": [{"notStatement": {"statement": _bears(name)}} for name in CREDENTIAL_HEADERS]}
    }


def _bears(header: str) -> dict[str, Any]:
    return {
        "sizeConstraintStatement": {
            "fieldToMatch": {"singleHeader": {"Name": header}},
            "comparisonOperator": "GT",
            "size": 0,
            "textTransformations": [{"priority": 0, "type": "NONE"}],
        }
    }


def _visibility(name: str) -> dict[str, Any]:
    """Figures, and no samples: a sampled request shows its path, which may hold a telephone number."""
    return {"cloudWatchMetricsEnabled": True, "metricName": name, "sampledRequestsEnabled": False}
