"""Where the dashboard is: files in a bucket, and a distribution that also leads to the API (docs/decisions/0060)."""

from aws_cdk import Duration, Fn, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.config.api_urls import api_host, emulator_path
from infra.config.environments import EnvironmentConfig
from infra.constructs.user_pool import login_origin

# What of the API's paths the dashboard's address leads to; every other path is the dashboard's own.
API_PATHS = ("/console/*", "/api/*", "/health")
_TWO_YEARS = Duration.days(730)

# A path without a file's ending is a page: the program that is then loaded knows which. Paths of the API never come
# here, so a 404 of theirs stays one.
_PAGES = """\
function handler(event) {
  var request = event.request;
  var name = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (name.indexOf('.') < 0) request.uri = '/index.html';
  return request;
}
"""


class Dashboard(Construct):
    """Bucket and distribution. The files are put there behind the deployment, since they name what it made."""

    def __init__(
        self, scope: Construct, construct_id: str, *, config: EnvironmentConfig, api: apigatewayv2.IHttpApi
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Files",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=config.require_tls,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.distribution = self._create_distribution(config, api)
        self.host = config.dashboard_domain or self.distribution.distribution_domain_name
        self.url = _url(config, self.host)

    def _create_distribution(self, config: EnvironmentConfig, api: apigatewayv2.IHttpApi) -> cloudfront.Distribution:
        origin = _origin(config, api)
        domain, certificate = self._domain(config)
        return cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"smskit-{config.name}: dashboard",
            default_root_object="index.html",
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            domain_names=domain,
            certificate=certificate,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket),
                viewer_protocol_policy=_viewers(config),
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                response_headers_policy=self._create_headers(config),
                function_associations=[
                    cloudfront.FunctionAssociation(
                        function=self._create_pages(config), event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
                    )
                ],
            ),
            additional_behaviors={path: _passing_on(config, origin) for path in API_PATHS},
        )

    def _domain(self, config: EnvironmentConfig) -> tuple[list[str] | None, acm.ICertificate | None]:
        if config.dashboard_domain is None or config.dashboard_certificate is None:
            return None, None
        certificate = acm.Certificate.from_certificate_arn(self, "Certificate", config.dashboard_certificate)
        return [config.dashboard_domain], certificate

    def _create_pages(self, config: EnvironmentConfig) -> cloudfront.Function:
        return cloudfront.Function(
            self,
            "Pages",
            comment=f"smskit-{config.name}: a page's address leads to the program",
            code=cloudfront.FunctionCode.from_inline(_PAGES),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )

    def _create_headers(self, config: EnvironmentConfig) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            comment=f"smskit-{config.name}: dashboard",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=content_security_policy(login_origin(config)), override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=_TWO_YEARS, include_subdomains=True, override=True
                ),
            ),
        )


def content_security_policy(login: str) -> str:
    """Nothing but our own files runs, and only the API and the user pool are asked. `login`: the pool's origin."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"connect-src 'self' {login}",
            "img-src 'self' data:",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def _origin(config: EnvironmentConfig, api: apigatewayv2.IHttpApi) -> origins.HttpOrigin:
    if config.endpoint is None:
        return origins.HttpOrigin(api_host(api.api_id), protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY)
    host, _, port = config.endpoint.removeprefix("http://").partition(":")
    return origins.HttpOrigin(
        host,
        http_port=int(port),
        origin_path=emulator_path(api.api_id),
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY,
    )


def _passing_on(config: EnvironmentConfig, api: origins.HttpOrigin) -> cloudfront.BehaviorOptions:
    """Every header but Host, by which API Gateway knows its APIs."""
    return cloudfront.BehaviorOptions(
        origin=api,
        viewer_protocol_policy=_viewers(config),
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    )


def _viewers(config: EnvironmentConfig) -> cloudfront.ViewerProtocolPolicy:
    if config.endpoint:
        return cloudfront.ViewerProtocolPolicy.ALLOW_ALL
    return cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS


def _url(config: EnvironmentConfig, host: str) -> str:
    """The emulator serves distributions at names that browsers take for this machine, over its own port."""
    if config.endpoint is None:
        return f"https://{host}/"
    port = config.endpoint.rpartition(":")[2]
    return f"http://{Fn.select(0, Fn.split('.', host))}.cloudfront.localhost:{port}/"
