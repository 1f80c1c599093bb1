"""Where clients, phones and functions reach the deployed APIs.

The emulator serves every API below its own address, while CloudFormation there still answers
with amazonaws.com names; hence the addresses aren't read from the CDK's own attributes.
"""

import re

from aws_cdk import Aws

from infra.config.environments import WEBSOCKET_STAGE, EnvironmentConfig

_API_HOST = re.compile(r"[a-z0-9]+\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?")


def api_url(config: EnvironmentConfig, api_id: str) -> str:
    """The base URL of the HTTP API, or of what stands before it, without a trailing slash."""
    if config.edge_url:
        return config.edge_url
    return config.endpoint + emulator_path(api_id) if config.endpoint else f"https://{api_host(api_id)}"


def websocket_url(config: EnvironmentConfig, api_id: str) -> str:
    """The URL that a phone connects to."""
    if config.endpoint:
        return config.endpoint.replace("http://", "ws://", 1) + emulator_path(api_id, WEBSOCKET_STAGE)
    return f"wss://{api_host(api_id)}/{WEBSOCKET_STAGE}"


def websocket_callback_url(config: EnvironmentConfig, api_id: str) -> str:
    """The management endpoint of the stage, through which functions post to connections."""
    if config.endpoint:
        return config.endpoint + emulator_path(api_id, WEBSOCKET_STAGE)
    return f"https://{api_host(api_id)}/{WEBSOCKET_STAGE}"


def api_host(api_id: str) -> str:
    """The name that AWS gives an API."""
    return f"{api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"


def checked_api_host(host: str) -> str:
    """The name of an API as AWS gives it. Raises ValueError for anything else, such as its URL."""
    if not _API_HOST.fullmatch(host):
        raise ValueError(f"the API's host must look like abc123.execute-api.eu-west-1.amazonaws.com, not {host!r}")
    return host


def region_of(host: str) -> str:
    """The region of the API that `checked_api_host` let pass."""
    match = _API_HOST.fullmatch(host)
    assert match is not None  # noqa: S101
    return match["region"]


def emulator_path(api_id: str, stage: str | None = None) -> str:
    """Where the emulator serves an API, below its own address."""
    return f"/_aws/execute-api/{api_id}" + (f"/{stage}" if stage else "")
