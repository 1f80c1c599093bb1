"""The CDK's command line, and the stacks as they are deployed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from botocore.exceptions import ClientError

from smskit_deploy.place import Place
from smskit_deploy.terminal import asks_nothing, stop

ROOT = Path(__file__).resolve().parent.parent.parent
# The last is what a region of another partition says to keys of China or GovCloud.
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "InvalidClientTokenId"})
CDK = ROOT / "node_modules" / ".bin" / "cdk"


def names(env: str) -> tuple[str, str]:
    """The stacks of an environment: the one that keeps things, and the one that is replaced at any time."""
    return f"SmsKit-{env}-Data", f"SmsKit-{env}-App"


def edge_name(env: str, region: str) -> str:
    """The stack that may stand before the API of this region. Those of all regions are made in one."""
    return f"SmsKit-{env}-Edge-{region}"


def outputs(place: Place, stack: str, *, if_allowed: bool = False) -> dict[str, str] | None:
    """A stack's outputs by key, or None when there is no such stack; with `if_allowed` also where nobody may look."""
    try:
        found = place.session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error) or (if_allowed and error.response["Error"]["Code"] in _DENIED):
            return None
        stop(f"Can't read the stacks of this account in {place.region}: {error}")
    return {output["OutputKey"]: output["OutputValue"] for output in found[0].get("Outputs", [])}


def bootstrap(place: Place) -> None:
    """``cdk bootstrap`` once for each account and region."""
    if outputs(place, "CDKToolkit") is None:
        print("This account and region haven't been bootstrapped for the CDK; doing it now.")
        run(place, "bootstrap", f"aws://{place.account}/{place.region}")


def deploy(place: Place, context: Mapping[str, str]) -> None:
    """Deploy both stacks. The CDK shows changes of permissions, and asks about them unless YES=1."""
    run(place, "deploy", "--all", "--require-approval", _approval(), *_context(context))


def deploy_one(place: Place, stack: str, context: Mapping[str, str]) -> None:
    """Deploy one stack and leave the others as they are."""
    run(place, "deploy", stack, "--exclusively", "--require-approval", _approval(), *_context(context))


def destroy(place: Place, stack: str, context: Mapping[str, str]) -> None:
    """Delete a stack; what it retains stays."""
    run(place, "destroy", stack, "--exclusively", "--force", *_context(context))


def _approval() -> str:
    return "never" if asks_nothing() else "broadening"


def _context(context: Mapping[str, str]) -> list[str]:
    return [part for name, value in context.items() if value for part in ("--context", f"{name}={value}")]


def run(place: Place, *command: str) -> None:
    """Run the CDK in this place; ends the program when it fails."""
    app = ["--app", f"{sys.executable} app.py", "--no-notices"]
    environment = {**os.environ, "AWS_REGION": place.region, "AWS_DEFAULT_REGION": place.region}
    if subprocess.run([str(CDK), *command, *app], cwd=ROOT, env=environment, check=False).returncode != 0:
        stop(f"cdk {command[0]} failed; its message is above.")
