"""The REST API: one HTTP API in front of three functions."""

from urllib.parse import urlsplit

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.config.api_urls import api_url
from infra.config.environments import EnvironmentConfig
from infra.constructs.access_logs import AccessLog
from infra.constructs.user_pool import People

# No path: it may hold a telephone number. The function's own line of the request names the route.
_LOG_FIELDS = {
    "requestId": "requestId",
    "time": "requestTime",
    "sourceIp": "identity.sourceIp",
    "method": "httpMethod",
    "route": "routeKey",
    "status": "status",
    "responseBytes": "responseLength",
    "latencyMs": "responseLatency",
    "integrationError": "integrationErrorMessage",
}

# Requests a second, and at once, on routes that ask for no credential: beside these no flood of theirs takes anything
# from the others. Of pairing it is what bounds guesses (docs/decisions/0004).
_OPEN_ROUTES = {
    "GET /api/openapi.json": (5, 20),
    "GET /health": (10, 20),
    "POST /phone/pair": (10, 20),
    "OPTIONS /console/{proxy+}": (50, 100),
    "$default": (10, 20),
}
_SEND_ROUTE = "POST /api/sms/send"


def create_api(scope: Construct, config: EnvironmentConfig) -> apigatewayv2.HttpApi:
    """The API without its routes: an address, which stays when the functions behind it are made anew."""
    return apigatewayv2.HttpApi(
        scope,
        "Api",
        api_name=f"smskit-{config.name}",
        create_default_stage=False,
        cors_preflight=_consoles(config),
    )


class RestApi(Construct):
    """The routes of the HTTP API with its ``$default`` stage.

    The API key isn't checked here but in ``client_api``: one conditional write checks and counts. Tokens of people are:
    nothing without a good one reaches ``console_api``.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        api: apigatewayv2.HttpApi,
        client_api: lambda_.IFunction,
        phone_pairing: lambda_.IFunction,
        console_api: lambda_.IFunction,
        people: People,
    ) -> None:
        super().__init__(scope, construct_id)
        self.api = api
        self.url = api_url(config, api.api_id)

        client = integrations.HttpLambdaIntegration("ClientApi", client_api)
        pairing = integrations.HttpLambdaIntegration("PhonePairing", phone_pairing)
        self._route("/api/{proxy+}", apigatewayv2.HttpMethod.ANY, client)
        self._route("/api/sms/send", apigatewayv2.HttpMethod.POST, client)
        self._route("/api/openapi.json", apigatewayv2.HttpMethod.GET, client)
        self._route("/2010-04-01/{proxy+}", apigatewayv2.HttpMethod.ANY, client)  # Twilio's shape
        self._route("/health", apigatewayv2.HttpMethod.GET, client)
        self._route("/phone/pair", apigatewayv2.HttpMethod.POST, pairing)
        self._add_console(integrations.HttpLambdaIntegration("ConsoleApi", console_api), people)
        # Any other path is answered by client_api too, so that a 404 looks like every other error.
        self._add("Default", apigatewayv2.HttpRouteKey.DEFAULT, client)
        self.stage = self._stage(config)

    def _route(
        self,
        path: str,
        method: apigatewayv2.HttpMethod,
        integration: integrations.HttpLambdaIntegration,
        authorizer: apigatewayv2.IHttpRouteAuthorizer | None = None,
    ) -> None:
        self._add(f"{method.value}{path}", apigatewayv2.HttpRouteKey.with_(path, method), integration, authorizer)

    def _add(
        self,
        construct_id: str,
        key: apigatewayv2.HttpRouteKey,
        integration: integrations.HttpLambdaIntegration,
        authorizer: apigatewayv2.IHttpRouteAuthorizer | None = None,
    ) -> None:
        """A route of this stack on the other one's API."""
        apigatewayv2.HttpRoute(
            self, construct_id, http_api=self.api, route_key=key, integration=integration, authorizer=authorizer
        )

    def _add_console(self, integration: integrations.HttpLambdaIntegration, people: People) -> None:
        """The console's routes. A browser's preflight carries no token: its route has no authorizer, as AWS advises."""
        path = "/console/{proxy+}"
        authorizer = authorizers.HttpUserPoolAuthorizer("SignedIn", people.pool, user_pool_clients=[people.client])
        self._route(path, apigatewayv2.HttpMethod.ANY, integration, authorizer)
        self._route(path, apigatewayv2.HttpMethod.OPTIONS, integration)

    def _stage(self, config: EnvironmentConfig) -> apigatewayv2.HttpStage:
        stage = apigatewayv2.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(rate_limit=config.throttle_rate, burst_limit=config.throttle_burst),
        )
        AccessLog(self, "AccessLog", config=config, name="http-access", fields=_LOG_FIELDS).apply_to(stage)
        self._limit_routes(stage, config)
        return stage

    def _limit_routes(self, stage: apigatewayv2.HttpStage, config: EnvironmentConfig) -> None:
        """A throttle of its own for each route that anyone may call, and for sending; the rest share the stage's.

        A stage that names a route which isn't there yet is refused, so it waits for all of them.
        """
        limits = {**_OPEN_ROUTES, _SEND_ROUTE: (config.throttle_rate, config.throttle_burst)}
        cfn_stage = stage.node.default_child
        assert isinstance(cfn_stage, apigatewayv2.CfnStage)  # noqa: S101
        cfn_stage.route_settings = {
            route: {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}
            for route, (rate, burst) in limits.items()
        }
        for route in self.node.find_all():
            if isinstance(route, apigatewayv2.CfnRoute):
                stage.node.add_dependency(route)


def _consoles(config: EnvironmentConfig) -> apigatewayv2.CorsPreflightOptions:
    """Scripts of a console's own pages may call the API; those of any other page may not."""
    origins = {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, config.console_urls)}
    methods = apigatewayv2.CorsHttpMethod
    return apigatewayv2.CorsPreflightOptions(
        allow_origins=sorted(origins),
        allow_methods=[methods.GET, methods.POST, methods.PUT, methods.PATCH, methods.DELETE],
        allow_headers=["authorization", "content-type"],
        expose_headers=["link", "location", "retry-after", "x-request-id"],
        max_age=Duration.hours(1),
    )
