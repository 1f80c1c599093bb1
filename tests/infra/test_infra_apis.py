"""The two APIs: routes, the authorizer, throttling and what they log."""

from __future__ import annotations

import json

import pytest


def routes(prod, api):
    found = prod.app.of_type("AWS::ApiGatewayV2::Route")
    return {
        resource["Properties"]["RouteKey"]: resource["Properties"]
        for name, resource in found.items()
        if name.startswith(api)
    }


def integration_of(prod, route):
    reference = route["Target"]["Fn::Join"][1][1]["Ref"]
    return json.dumps(prod.app.resources[reference]["Properties"]["IntegrationUri"])


@pytest.mark.parametrize(
    ("route", "function"),
    [
        ("ANY /api/{proxy+}", "ClientApi"),
        ("ANY /2010-04-01/{proxy+}", "ClientApi"),
        ("POST /api/sms/send", "ClientApi"),
        ("GET /api/openapi.json", "ClientApi"),
        ("GET /health", "ClientApi"),
        ("$default", "ClientApi"),
        ("POST /phone/pair", "PhonePairing"),
        ("ANY /console/{proxy+}", "ConsoleApi"),
        ("OPTIONS /console/{proxy+}", "ConsoleApi"),
    ],
)
def test_the_rest_api_reaches_the_right_function(prod, route, function):
    assert f"Functions{function}" in integration_of(prod, routes(prod, "RestApi")[route])


def test_the_rest_api_has_no_other_routes(prod):
    assert set(routes(prod, "RestApi")) == {
        *("ANY /api/{proxy+}", "POST /api/sms/send", "GET /api/openapi.json", "ANY /2010-04-01/{proxy+}"),
        *("GET /health", "$default", "POST /phone/pair"),
        *("ANY /console/{proxy+}", "OPTIONS /console/{proxy+}"),
    }


def test_a_phone_connects_only_past_the_authorizer(prod):
    [(reference, authorizer)] = [
        (key, resource)
        for key, resource in prod.app.of_type("AWS::ApiGatewayV2::Authorizer").items()
        if key.startswith("PhoneApi")
    ]
    connect = routes(prod, "PhoneApi")["$connect"]

    assert connect["AuthorizationType"] == "CUSTOM"
    assert connect["AuthorizerId"] == {"Ref": reference}
    assert authorizer["Properties"]["AuthorizerType"] == "REQUEST"
    assert authorizer["Properties"]["IdentitySource"] == ["route.request.header.Authorization"]
    assert "FunctionsPhoneAuth" in json.dumps(authorizer["Properties"]["AuthorizerUri"])


@pytest.mark.parametrize("route", ["$connect", "$disconnect", "$default"])
def test_every_frame_reaches_the_gateway(prod, route):
    assert "FunctionsPhoneGateway" in integration_of(prod, routes(prod, "PhoneApi")[route])


def test_the_answer_of_the_gateway_goes_back_on_the_socket(prod):
    [response] = prod.app.of_type("AWS::ApiGatewayV2::RouteResponse").values()
    default = routes(prod, "PhoneApi")["$default"]

    assert default["RouteResponseSelectionExpression"] == "$default"
    assert response["Properties"]["RouteResponseKey"] == "$default"


def test_both_stages_are_throttled_and_logged_without_secrets(prod):
    stages = prod.app.of_type("AWS::ApiGatewayV2::Stage").values()

    assert len(stages) == 2
    for stage in stages:
        limits = stage["Properties"]["DefaultRouteSettings"]
        line = json.loads(stage["Properties"]["AccessLogSettings"]["Format"])
        assert limits["ThrottlingRateLimit"] > 0
        assert limits["ThrottlingBurstLimit"] > 0
        assert line["requestId"] == "$context.requestId"
        # A path may hold a telephone number.
        unwanted = ("header", "body", "path", "query")
        assert not [field for field in line.values() if any(word in field.lower() for word in unwanted)]


def limits_of(prod):
    properties = prod.app.one("AWS::ApiGatewayV2::Stage", "RestApi")["Properties"]
    return properties["RouteSettings"], properties["DefaultRouteSettings"]


def test_every_route_that_anyone_may_call_has_a_small_throttle_of_its_own(prod):
    """Else a flood of them would leave clients with a key nothing."""
    settings, default = limits_of(prod)
    keyed = {"ANY /api/{proxy+}", "POST /api/sms/send", "ANY /console/{proxy+}", "ANY /2010-04-01/{proxy+}"}

    for route in set(routes(prod, "RestApi")) - keyed:
        assert 0 < settings[route]["ThrottlingRateLimit"] <= default["ThrottlingRateLimit"] / 4
        assert 0 < settings[route]["ThrottlingBurstLimit"] <= default["ThrottlingBurstLimit"] / 4


def test_sending_shares_its_throttle_with_no_other_route(prod):
    settings, default = limits_of(prod)

    assert settings["POST /api/sms/send"] == {
        "ThrottlingRateLimit": default["ThrottlingRateLimit"],
        "ThrottlingBurstLimit": default["ThrottlingBurstLimit"],
    }


def test_routes_are_there_before_the_stage_names_them(prod):
    """API Gateway refuses settings of a route that it doesn't know."""
    stage = prod.app.one("AWS::ApiGatewayV2::Stage", "RestApi")
    by_key = {
        resource["Properties"]["RouteKey"]: reference
        for reference, resource in prod.app.of_type("AWS::ApiGatewayV2::Route").items()
    }

    for route in stage["Properties"]["RouteSettings"]:
        assert by_key[route] in stage["DependsOn"]


def test_api_gateway_may_write_logs_before_the_websocket_stage_asks_it_to(prod):
    """Without the account's logging role the deployment of such a stage fails."""
    [account] = prod.app.of_type("AWS::ApiGateway::Account")
    stage = prod.app.one("AWS::ApiGatewayV2::Stage", "PhoneApi")

    assert account in stage["DependsOn"]


def test_the_rest_apis_address_outlives_what_is_behind_it(prod):
    """It stands with what is kept, so functions and routes can be made anew and clients needn't know."""
    [api] = prod.data.of_type("AWS::ApiGatewayV2::Api")

    assert not [name for name in prod.app.of_type("AWS::ApiGatewayV2::Api") if not name.startswith("PhoneApi")]
    for route in routes(prod, "RestApi").values():
        assert api in json.dumps(route["ApiId"])


def test_addresses_are_those_of_the_apis(prod):
    assert set(prod.app.outputs) >= {"ApiUrl", "WebSocketUrl", "WebSocketCallbackUrl"}
    assert prod.app.outputs["ApiUrl"]["Value"]["Fn::Join"][1][0] == "https://"
    assert prod.app.outputs["WebSocketUrl"]["Value"]["Fn::Join"][1][0] == "wss://"
    assert prod.app.outputs["WebSocketUrl"]["Value"]["Fn::Join"][1][-1] == "/v1"
