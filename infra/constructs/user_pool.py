"""Who may sign in to the console: the user pool, its login pages, and the console as their client."""

from aws_cdk import Aws, CfnOutput, Duration, Fn, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.config.environments import EnvironmentConfig

# By precedence: of a user's groups the first one counts.
ROLES = ("owner", "operator", "viewer")
_ATTRIBUTES = cognito.ClientAttributes().with_standard_attributes(email=True)


class People(Construct):
    """The user pool. The application decides who is a member of what (docs/decisions/0030); the groups mirror it."""

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig, dashboard_url: str) -> None:
        super().__init__(scope, construct_id)
        self.pool = self._create_pool(config, dashboard_url)
        for precedence, role in enumerate(ROLES):
            self.pool.add_group(role.capitalize(), group_name=role, precedence=precedence)
        self.client = self._create_client([dashboard_url, *config.console_urls])
        self.login_url = self._create_login(config)

        CfnOutput(scope, "UserPoolId", value=self.pool.user_pool_id)
        CfnOutput(scope, "UserPoolClientId", value=self.client.user_pool_client_id)
        CfnOutput(scope, "LoginUrl", value=self.login_url)

    def grant_manage(self, grantee: iam.IGrantable) -> None:
        """Allow making, finding and removing users, and changing their groups."""
        self.pool.grant(
            grantee,
            "cognito-idp:AdminCreateUser",
            "cognito-idp:AdminGetUser",
            "cognito-idp:AdminDeleteUser",
            "cognito-idp:AdminAddUserToGroup",
            "cognito-idp:AdminRemoveUserFromGroup",
        )

    def _create_pool(self, config: EnvironmentConfig, dashboard_url: str) -> cognito.UserPool:
        return cognito.UserPool(
            self,
            "Pool",
            user_pool_name=f"smskit-{config.name}",
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            self_sign_up_enabled=config.self_sign_up,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True)
            ),
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
                temp_password_validity=Duration.days(7),
            ),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            user_invitation=cognito.UserInvitationConfig(
                email_subject="You are invited to SMSKit", email_body=_invitation(dashboard_url)
            ),
            deletion_protection=config.keep_data,
            removal_policy=RemovalPolicy.RETAIN if config.keep_data else RemovalPolicy.DESTROY,
        )

    def _create_client(self, urls: list[str]) -> cognito.UserPoolClient:
        """A public client: the authorization code flow with PKCE, and no way to sign in but the login pages."""
        client = self.pool.add_client(
            "Console",
            user_pool_client_name="console",
            generate_secret=False,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                # The last one lets a person set up a second factor and change the password from within the console.
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.COGNITO_ADMIN],
                callback_urls=urls,
                logout_urls=urls,
            ),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.minutes(30),
            id_token_validity=Duration.minutes(30),
            refresh_token_validity=Duration.hours(12),
            # A refresh token works once: of one that was stolen, the thief or the person is soon without, and both see
            # it. The old one stays good for a moment, since an answer may get lost.
            refresh_token_rotation_grace_period=Duration.seconds(30),
            read_attributes=_ATTRIBUTES.with_standard_attributes(email_verified=True, email=True),
            write_attributes=_ATTRIBUTES,
        )
        resource = client.node.default_child
        assert isinstance(resource, cognito.CfnUserPoolClient)  # noqa: S101
        # Left out, Cognito would take passwords through its API too, and rotation excludes REFRESH_TOKEN_AUTH. This one
        # opens nothing: the pool has none of the triggers that it consists of.
        # https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
        resource.explicit_auth_flows = ["ALLOW_CUSTOM_AUTH"]
        return client

    def _create_login(self, config: EnvironmentConfig) -> str:
        """The login pages; the address below which /oauth2/authorize is."""
        self.pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=_prefix(config)),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        if config.managed_login_style:
            cognito.CfnManagedLoginBranding(
                self,
                "Style",
                user_pool_id=self.pool.user_pool_id,
                client_id=self.client.user_pool_client_id,
                use_cognito_provided_values=True,
            )
        return login_origin(config)


def login_origin(config: EnvironmentConfig) -> str:
    """Where the login pages are. Put together from what it consists of: what refers to the domain waits for the pool,
    and the pool's invitations name the dashboard, which refers to this."""
    return config.endpoint or f"https://{_prefix(config)}.auth.{Aws.REGION}.amazoncognito.com"


def _prefix(config: EnvironmentConfig) -> str:
    """Unique among everyone's pools of a region: part of the stack's own id."""
    if config.endpoint:
        return f"smskit-{config.name}"
    return f"smskit-{config.name}-{Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))))}"


def _invitation(dashboard_url: str) -> str:
    return (
        f"<p>You are invited to SMSKit. Sign in at <a href='{dashboard_url}'>{dashboard_url}</a> "
        "as {username} with the temporary password {####} within 7 days.</p>"
    )
