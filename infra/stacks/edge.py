"""What may stand before the REST API, in the region where WAF wants what guards CloudFront."""

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from infra.config.environments import EDGE_REGION, EnvironmentConfig
from infra.constructs.edge import Edge
from infra.nag_findings import acknowledge_edge_findings


class EdgeStack(Stack):
    """Made only when asked for; it takes the API's host by name, so that it may live in another region."""

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig, origin: str) -> None:
        super().__init__(
            scope,
            construct_id,
            env=Environment(region=EDGE_REGION),
            description="SMSKit: CloudFront and WAF before the REST API",
        )
        edge = Edge(self, "Edge", config=config, origin=origin)
        acknowledge_edge_findings(edge)
        CfnOutput(self, "EdgeUrl", value=edge.url)
