"""The WebSocket API that phones connect to."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.config.api_urls import websocket_callback_url, websocket_url
from infra.config.environments import WEBSOCKET_STAGE, EnvironmentConfig
from infra.constructs.access_logs import AccessLog, AccountLogging

_LOG_FIELDS = {
    "requestId": "requestId",
    "time": "requestTime",
    "sourceIp": "identity.sourceIp",
    "connectionId": "connectionId",
    "event": "eventType",
    "route": "routeKey",
    "status": "status",
    "authorizerError": "authorizer.error",
    "integrationError": "integrationErrorMessage",
}


class PhoneApi(Construct):
    """The API and its stage; ``connect`` adds the routes once their functions exist.

    The functions need the API's addresses and the routes need the functions, hence the two steps.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self.api = apigatewayv2.WebSocketApi(
            self,
            "Api",
            api_name=f"smskit-{config.name}-phones",
            route_selection_expression="$request.body.type",
        )
        self.url = websocket_url(config, self.api.api_id)
        self.callback_url = websocket_callback_url(config, self.api.api_id)
        self.logging = AccountLogging(self, "AccountLogging", config=config)
        self.stage = self._stage()

    def connect(self, *, authorizer: lambda_.IFunction, gateway: lambda_.IFunction) -> None:
        """Route every frame to ``gateway``, after ``authorizer`` let the phone connect."""
        integration = integrations.WebSocketLambdaIntegration("Gateway", gateway)
        self.api.add_route(
            "$connect",
            integration=integration,
            authorizer=authorizers.WebSocketLambdaAuthorizer(
                "PhoneAuth", authorizer, identity_source=["route.request.header.Authorization"]
            ),
        )
        self.api.add_route("$disconnect", integration=integration)
        # Without a route response AWS drops what the handler returns instead of sending it back.
        self.api.add_route(
            "$default", integration=integration, return_response=self._config.websocket_route_response or None
        )

    def grant_post(self, grantee: iam.IGrantable) -> None:
        """Allow posting to the phones' connections and closing them."""
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["execute-api:ManageConnections"],
            resource_arns=[self._connections_arn("POST"), self._connections_arn("DELETE")],
        )

    def _connections_arn(self, method: str) -> str:
        return Stack.of(self).format_arn(
            service="execute-api",
            resource=self.api.api_id,
            resource_name=f"{WEBSOCKET_STAGE}/{method}/@connections/*",
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )

    def _stage(self) -> apigatewayv2.WebSocketStage:
        stage = apigatewayv2.WebSocketStage(
            self,
            "Stage",
            web_socket_api=self.api,
            stage_name=WEBSOCKET_STAGE,
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(
                rate_limit=self._config.frame_rate, burst_limit=self._config.frame_burst
            ),
        )
        AccessLog(self, "AccessLog", config=self._config, name="websocket-access", fields=_LOG_FIELDS).apply_to(stage)
        stage.node.add_dependency(self.logging.account)
        return stage
