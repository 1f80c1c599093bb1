"""Who may sign in, how, and what stands before the console's routes."""

from __future__ import annotations

import json

import pytest

from infra.config.environments import load_config
from infra.constructs.user_pool import ROLES
from infra.packaging.synth import synthesize
from smskit.models.member import Role
from tests.support.templates import Template


def pool_of(stacks):
    [pool] = stacks.data.of_type("AWS::Cognito::UserPool").values()
    return pool


def client_of(stacks):
    [client] = stacks.data.of_type("AWS::Cognito::UserPoolClient").values()
    return client["Properties"]


def test_the_pool_outlives_its_stack_on_aws_and_goes_with_it_locally(prod, emulator):
    assert pool_of(prod)["DeletionPolicy"] == pool_of(prod)["UpdateReplacePolicy"] == "Retain"
    assert pool_of(prod)["Properties"]["DeletionProtection"] == "ACTIVE"
    assert pool_of(emulator)["DeletionPolicy"] == "Delete"


def test_people_are_invited_and_dont_sign_up(prod, tmp_path):
    assert pool_of(prod)["Properties"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True

    open_data, _ = synthesize("prod", tmp_path, {"selfSignUp": "true"})
    [pool] = Template(open_data).of_type("AWS::Cognito::UserPool").values()
    assert pool["Properties"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is False


def test_an_invitation_names_the_console_and_the_password(prod):
    message = json.dumps(pool_of(prod)["Properties"]["AdminCreateUserConfig"]["InviteMessageTemplate"]["EmailMessage"])
    [distribution] = prod.data.of_type("AWS::CloudFront::Distribution")

    assert message.count(distribution) == 2  # the link and its words
    assert "{username}" in message and "{####}" in message


def test_passwords_are_strong_and_recovered_by_mail_and_a_second_factor_is_no_sms(prod):
    properties = pool_of(prod)["Properties"]
    policy = properties["Policies"]["PasswordPolicy"]

    assert policy["MinimumLength"] >= 12
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert policy["TemporaryPasswordValidityDays"] == 7
    assert properties["AccountRecoverySetting"]["RecoveryMechanisms"] == [{"Name": "verified_email", "Priority": 1}]
    assert (properties["MfaConfiguration"], properties["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])


def test_one_address_is_one_person(prod):
    properties = pool_of(prod)["Properties"]

    assert properties["UsernameAttributes"] == ["email"]
    assert properties["UsernameConfiguration"] == {"CaseSensitive": False}
    assert properties["UserAttributeUpdateSettings"]["AttributesRequireVerificationBeforeUpdate"] == ["email"]


def test_the_console_is_a_public_client_of_the_code_flow_and_nothing_else(prod):
    client = client_of(prod)

    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    # Of no use: there is no trigger. None at all would mean those that take passwords, by default.
    assert client["ExplicitAuthFlows"] == ["ALLOW_CUSTOM_AUTH"]
    assert "LambdaConfig" not in pool_of(prod)["Properties"]
    assert client["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 30}
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["EnableTokenRevocation"] is True
    assert client["WriteAttributes"] == ["email"]
    assert set(client["TokenValidityUnits"].values()) == {"minutes"}
    assert client["AccessTokenValidity"] <= 60


def test_a_managed_login_has_a_style_without_which_it_shows_no_page(prod):
    [domain] = prod.data.of_type("AWS::Cognito::UserPoolDomain").values()
    [style] = prod.data.of_type("AWS::Cognito::ManagedLoginBranding").values()
    [client] = prod.data.of_type("AWS::Cognito::UserPoolClient")

    assert domain["Properties"]["ManagedLoginVersion"] == 2
    assert style["Properties"]["ClientId"] == {"Ref": client}


def test_every_role_has_its_group_the_strongest_first(prod):
    groups = [group["Properties"] for group in prod.data.of_type("AWS::Cognito::UserPoolGroup").values()]

    assert [group["GroupName"] for group in sorted(groups, key=lambda group: group["Precedence"])] == list(ROLES)
    assert list(reversed(ROLES)) == list(Role)


def test_the_console_lies_behind_the_pools_tokens_but_for_a_browsers_preflight(prod):
    [(reference, authorizer)] = [
        (key, resource["Properties"])
        for key, resource in prod.data.of_type("AWS::ApiGatewayV2::Authorizer").items()
        if resource["Properties"]["AuthorizerType"] == "JWT"
    ]
    routes = {
        route["Properties"]["RouteKey"]: route["Properties"]
        for route in prod.app.of_type("AWS::ApiGatewayV2::Route").values()
    }

    assert routes["ANY /console/{proxy+}"]["AuthorizationType"] == "JWT"
    assert routes["ANY /console/{proxy+}"]["AuthorizerId"]["Fn::ImportValue"].startswith(
        f"SmsKit-prod-Data:ExportsOutputRef{reference}"
    )
    assert routes["OPTIONS /console/{proxy+}"]["AuthorizationType"] == "NONE"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert "PeoplePoolConsole" in json.dumps(authorizer["JwtConfiguration"]["Audience"])
    assert "cognito-idp." in json.dumps(authorizer["JwtConfiguration"]["Issuer"])
    for key, route in routes.items():
        if "console" not in key:
            assert route.get("AuthorizationType", "NONE") == "NONE" or key == "$connect"


def test_signing_in_leads_back_to_the_dashboard_with_nothing_to_type(prod):
    [distribution] = prod.data.of_type("AWS::CloudFront::Distribution")
    address = {"Fn::Join": ["", ["https://", {"Fn::GetAtt": [distribution, "DomainName"]}, "/"]]}

    assert client_of(prod)["CallbackURLs"] == client_of(prod)["LogoutURLs"] == [address]
    assert prod.data.outputs["DashboardUrl"]["Value"] == address


def test_further_consoles_are_where_signing_in_leads_too_and_who_may_call(tmp_path):
    urls = "https://console.example.com/signed-in, http://localhost:5173/"
    data, _ = synthesize("prod", tmp_path, {"consoleUrls": urls})
    [client] = Template(data).of_type("AWS::Cognito::UserPoolClient").values()
    [api] = Template(data).of_type("AWS::ApiGatewayV2::Api").values()

    assert client["Properties"]["CallbackURLs"][1:] == [
        *("https://console.example.com/signed-in", "http://localhost:5173/")
    ]
    assert api["Properties"]["CorsConfiguration"]["AllowOrigins"] == [
        *("http://localhost:5173", "https://console.example.com")
    ]


@pytest.mark.parametrize(
    "url", ["http://console.example.com/", "https://console.example.com", "console", "https://x.example/#a", ""]
)
def test_an_address_that_signing_in_cant_lead_back_to_is_refused(url):
    with pytest.raises(ValueError, match="console's address"):
        load_config("prod", console_urls=f"https://ok.example/,{url}")


def test_the_outputs_tell_how_to_sign_in(prod, emulator):
    assert {"UserPoolId", "UserPoolClientId", "LoginUrl"} <= set(prod.data.outputs)
    assert ".amazoncognito.com" in json.dumps(prod.data.outputs["LoginUrl"])
    assert emulator.data.outputs["LoginUrl"]["Value"] == "http://127.0.0.1:4999"
