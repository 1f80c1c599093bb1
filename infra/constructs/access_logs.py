"""Access logs of the APIs: who called what and how it went, and never a header, a body or a key."""

import json
from collections.abc import Mapping

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config.environments import EnvironmentConfig
from infra.constructs.functions import retention


class AccessLog(Construct):
    """A log group, and the settings that make a stage write the given fields to it."""

    def __init__(
        self, scope: Construct, construct_id: str, *, config: EnvironmentConfig, name: str, fields: Mapping[str, str]
    ) -> None:
        super().__init__(scope, construct_id)
        group = logs.LogGroup(
            self,
            "Group",
            log_group_name=f"/smskit/{config.name}/{name}",
            retention=retention(config.log_retention_days),
            removal_policy=RemovalPolicy.DESTROY,
        )
        # The group's own ARN attribute ends in ":*", which API Gateway doesn't take.
        self._arn = Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=group.log_group_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self._format = json.dumps({key: f"$context.{value}" for key, value in fields.items()})

    def apply_to(self, stage: apigatewayv2.HttpStage | apigatewayv2.WebSocketStage) -> None:
        """Make the stage write a line for every request."""
        cfn_stage = stage.node.default_child
        assert isinstance(cfn_stage, apigatewayv2.CfnStage)  # noqa: S101
        cfn_stage.access_log_settings = apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=self._arn, format=self._format
        )


class AccountLogging(Construct):
    """Lets API Gateway write logs: a WebSocket stage with access logs can't be deployed without it.

    This is a setting of the whole account and region. Role and setting stay when the stack goes,
    since other APIs of the account may have come to rely on them.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id)
        removal = RemovalPolicy.RETAIN if config.keep_data else RemovalPolicy.DESTROY
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonAPIGatewayPushToCloudWatchLogs")
            ],
        )
        role.apply_removal_policy(removal)
        self.account = apigateway.CfnAccount(self, "Account", cloud_watch_role_arn=role.role_arn)
        self.account.apply_removal_policy(removal)
