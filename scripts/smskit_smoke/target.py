"""The deployment that is tried out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from smskit import aws, settings
from smskit_admin import stack
from smskit_local import stack_file
from smskit_smoke.report import SmokeError

LOCAL = "local"


@dataclass(frozen=True)
class Target:
    """A deployment by its outputs. `is_emulated`: it isn't AWS, whatever it shows."""

    env: str
    outputs: dict[str, str]
    is_emulated: bool
    place: str

    @property
    def api_url(self) -> str:
        """The base address of the REST API."""
        return self.outputs["ApiUrl"].rstrip("/")


def point_at_local_stack() -> str:
    """Let this process talk to the stack of ``make up`` alone; its environment's name. Raises SmokeError."""
    found = stack_file.read()
    if found is None:
        raise SmokeError("there is no local stack: run make up first")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(found.awsEnv)
    return found.env


def find(env: str) -> Target:
    """The deployment, whose tables `smskit` works on from now on. Raises StackNotFoundError, or what boto3 raises."""
    outputs = stack.outputs(f"SmsKit-{env}-Data") | stack.outputs(f"SmsKit-{env}-App")
    os.environ["TABLE_USAGE"] = outputs["UsageTable"]
    settings.forget()
    session = aws.session()
    account = session.client("sts").get_caller_identity()["Account"]
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    place = urlsplit(endpoint).netloc if endpoint else f"account {account}, region {session.region_name}"
    return Target(env, outputs, bool(endpoint), place)
