"""The environments as typed data: everything in which the emulator, dev and prod differ."""

from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from infra.config.concurrency import IN_EMULATOR, ON_AWS, Concurrency, fitting

LAMBDA_PYTHON = "3.13"
WEBSOCKET_STAGE = "v1"

EMULATOR_ACCOUNT = "000000000000"
EMULATOR_REGION = "us-east-1"
# Where WAF wants what guards CloudFront.
EDGE_REGION = "us-east-1"
DEFAULT_EMULATOR_ENDPOINT = "http://127.0.0.1:4566"

# The dashboard of somebody who works on it, on their own machine (RFC 8252).
DEFAULT_CONSOLE_URLS = ("http://localhost:5173/",)

WheelTarget = Literal["host", "lambda"]


@dataclass(frozen=True)
class EnvironmentConfig:
    """One environment. ``endpoint`` is set for the emulator only.

    ``keep_data`` retains tables and key when a stack goes and forbids deleting them.
    ``websocket_route_response`` creates the route response that carries a handler's return value
    back on the socket. ``require_tls`` denies queue access without TLS.
    ``alarm_email`` gets the alarms, if set. ``webhook_local`` lets webhooks go to this machine, over http.
    ``batch_send_action``: SendMessageBatch needs an action of its own, where on AWS ``sqs:SendMessage`` is enough.
    ``webhook_wait_scale`` shortens the waits between tries at an endpoint that fails.
    ``console_urls`` are where signing in may lead back to besides the dashboard. ``dashboard_domain`` is the name that
    the dashboard has of its own, if any, and ``dashboard_certificate`` the ARN of its certificate, in us-east-1.
    ``self_sign_up`` lets anyone make a user, who is a member of no account until an owner invites them. ``tracing``
    sends traces to X-Ray. ``edge``: something stands before the API, at ``edge_url`` once that is known.
    ``managed_login_style`` creates the style without which the managed login shows no page; the emulator has a page of
    its own.
    """

    name: str
    wheels: WheelTarget
    keep_data: bool
    websocket_route_response: bool
    require_tls: bool
    log_retention_days: int
    heartbeat_seconds: int
    report_seconds: int = 600
    retention_days: int = 30
    concurrency: Concurrency = ON_AWS
    webhook_local: bool = False
    batch_send_action: bool = False
    webhook_wait_scale: str = "1"
    console_urls: tuple[str, ...] = ()
    dashboard_domain: str | None = None
    dashboard_certificate: str | None = None
    self_sign_up: bool = False
    tracing: bool = False
    edge: bool = False
    edge_url: str | None = None
    managed_login_style: bool = True
    audit_days: int = 365
    usage_window_seconds: int = 60
    throttle_rate: int = 200
    throttle_burst: int = 400
    # Of the phones' API, for the whole installation. A message takes about three frames up (claim, Sent, Delivered), so
    # 3,000 a second are 1,000 messages a second; the burst lets a thousand phones connect and say hello at once. Both
    # stay below what AWS gives all APIs of an account and region by default, 10,000 and 5,000.
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    frame_rate: int = 3_000
    frame_burst: int = 4_000
    account: str | None = None
    region: str | None = None
    asset_bucket: str | None = None
    endpoint: str | None = None
    alarm_email: str | None = None


_PROD = EnvironmentConfig(
    name="prod",
    wheels="lambda",
    keep_data=True,
    websocket_route_response=True,
    require_tls=True,
    log_retention_days=30,
    heartbeat_seconds=300,
)
_DEV = replace(_PROD, name="dev", log_retention_days=7, console_urls=DEFAULT_CONSOLE_URLS)
_EMULATOR = EnvironmentConfig(
    name="emulator",
    wheels="host",
    keep_data=False,
    websocket_route_response=False,
    require_tls=False,
    log_retention_days=1,
    heartbeat_seconds=30,
    console_urls=DEFAULT_CONSOLE_URLS,
    concurrency=IN_EMULATOR,
    webhook_local=True,
    batch_send_action=True,
    managed_login_style=False,
    usage_window_seconds=1,
    account=EMULATOR_ACCOUNT,
    region=EMULATOR_REGION,
    asset_bucket=f"smskit-assets-{EMULATOR_ACCOUNT}-{EMULATOR_REGION}",
)
_ENVIRONMENTS = {config.name: config for config in (_EMULATOR, _DEV, _PROD)}


def load_config(
    name: str,
    *,
    endpoint: str | None = None,
    alarm_email: str | None = None,
    webhook_wait_scale: str | None = None,
    console_urls: str | None = None,
    dashboard_domain: str | None = None,
    dashboard_certificate: str | None = None,
    self_sign_up: bool = False,
    tracing: bool = False,
    edge: bool = False,
    edge_url: str | None = None,
    lambda_concurrency: int | None = None,
) -> EnvironmentConfig:
    """Return the environment called ``name``.

    ``endpoint`` and ``webhook_wait_scale`` count for the emulator only; ``edge``, ``edge_url`` and the dashboard's
    domain on AWS only.
    ``console_urls`` are comma separated. ``lambda_concurrency`` is how many functions the account runs at once. Raises
    ValueError for an unknown name, for an endpoint that isn't ``http://host:port``, and for a console's address that
    signing in can't lead back to.
    """
    if name not in _ENVIRONMENTS:
        raise ValueError(f"unknown environment {name!r}: choose one of {', '.join(_ENVIRONMENTS)} with -c env=NAME")
    urls = _console_urls(console_urls) if console_urls else _ENVIRONMENTS[name].console_urls
    config = replace(
        _ENVIRONMENTS[name], alarm_email=alarm_email, console_urls=urls, self_sign_up=self_sign_up, tracing=tracing
    )  # fmt: skip
    if config.account is None:
        most = fitting(lambda_concurrency) if lambda_concurrency else config.concurrency
        if bool(dashboard_domain) != bool(dashboard_certificate):
            raise ValueError("the dashboard's own domain needs its certificate, and a certificate its domain")
        return replace(
            config,
            concurrency=most,
            edge=edge,
            edge_url=edge_url if edge else None,
            dashboard_domain=dashboard_domain,
            dashboard_certificate=dashboard_certificate,
        )
    scale = webhook_wait_scale or config.webhook_wait_scale
    return replace(config, endpoint=_checked(endpoint or DEFAULT_EMULATOR_ENDPOINT), webhook_wait_scale=scale)


def _checked(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    if parts.scheme != "http" or parts.port is None or parts.path not in {"", "/"}:
        raise ValueError(f"the emulator's endpoint must look like http://127.0.0.1:4566, not {endpoint!r}")
    return f"http://{parts.netloc}"


def _console_urls(text: str) -> tuple[str, ...]:
    urls = tuple(url.strip() for url in text.split(","))
    for url in urls:
        parts = urlsplit(url)
        local = parts.scheme == "http" and parts.hostname == "localhost"
        if not (local or parts.scheme == "https") or not parts.hostname or not parts.path or parts.fragment:
            raise ValueError(f"a console's address must look like https://console.example.com/, not {url!r}")
    return urls
