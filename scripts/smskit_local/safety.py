"""Keeps the local commands away from real AWS accounts.

Three locks: commands run in an environment built from nothing but an allow list, so no profile,
key or endpoint of the user's can reach them; the endpoint must be a loopback address; and its STS
must answer with the emulator's account number, which AWS gives to nobody.
"""

import ipaddress
import os
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.config.environments import EMULATOR_ACCOUNT, EMULATOR_REGION
from smskit_local.errors import UnsafeEndpointError

FAKE_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": EMULATOR_REGION,
    "AWS_DEFAULT_REGION": EMULATOR_REGION,
}
_NO_REAL_ACCOUNT = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "NO_PROXY": "localhost,127.0.0.1",
    "no_proxy": "localhost,127.0.0.1",
}
_PASSED_ON = {"PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TERM", "TMPDIR"}
_PASSED_ON_PREFIXES = ("PIP_", "NPM_CONFIG_", "npm_config_", "SSL_CERT_")


def clean_environment() -> dict[str, str]:
    """The user's environment without anything that could name an AWS account."""
    kept = {key: value for key, value in os.environ.items() if key in _PASSED_ON or key.startswith(_PASSED_ON_PREFIXES)}
    return {**kept, **_NO_REAL_ACCOUNT}


def aws_environment(endpoint: str) -> dict[str, str]:
    """The variables that point any AWS tool at the emulator."""
    return {**FAKE_CREDENTIALS, "AWS_ENDPOINT_URL": endpoint}


def command_environment(endpoint: str) -> dict[str, str]:
    """The whole environment of a command that talks to the emulator."""
    return {**clean_environment(), **aws_environment(endpoint)}


def require_emulator(endpoint: str) -> None:
    """Raise UnsafeEndpointError unless the endpoint is an emulator on this machine."""
    host = urlsplit(endpoint).hostname or ""
    if not _is_loopback(host):
        raise UnsafeEndpointError(f"refusing to touch {endpoint}: it isn't on this machine")
    account = _account_of(endpoint)
    if account != EMULATOR_ACCOUNT:
        raise UnsafeEndpointError(
            f"refusing to touch {endpoint}: it answers for account {account}, not for the emulator's {EMULATOR_ACCOUNT}"
        )


def emulator_session() -> boto3.Session:
    """A session with the fake credentials, whatever the user's environment holds."""
    return boto3.Session(
        aws_access_key_id=FAKE_CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=FAKE_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        aws_session_token="",
        region_name=EMULATOR_REGION,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _account_of(endpoint: str) -> str:
    config = Config(proxies={}, retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=30)
    sts = emulator_session().client("sts", endpoint_url=endpoint, config=config)
    try:
        return str(sts.get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise UnsafeEndpointError(f"refusing to touch {endpoint}: it doesn't tell its account ({error})") from error
