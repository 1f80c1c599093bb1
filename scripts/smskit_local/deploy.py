"""Deploys the very templates that AWS gets, with the CDK's own command, to the emulator."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.config.environments import EMULATOR_REGION, load_config
from infra.packaging.build import cached_vendor
from infra.packaging.site import built_site, put_site, settings_of
from smskit_local.errors import DeployError, log_tail
from smskit_local.safety import command_environment, emulator_session, require_emulator

ROOT = Path(__file__).resolve().parents[2]
CDK = ROOT / "node_modules" / ".bin" / "cdk"
_SECONDS = 600


def deploy(endpoint: str, *, output: Path, webhook_wait_scale: str = "1") -> dict[str, str]:
    """Deploy both stacks and the dashboard's files to the emulator at ``endpoint``; the stacks' outputs by name.

    ``output`` gets the cloud assembly and ``deploy.log``; ``webhook_wait_scale`` shortens the waits between tries at a
    webhook endpoint that fails. Raises UnsafeEndpointError before
    anything is touched if that isn't an emulator on this machine, BuildError if the layers can't be
    built, DeployError if the CDK fails.
    """
    require_emulator(endpoint)
    output.mkdir(parents=True, exist_ok=True)
    # Here pip still sees the user's proxies; the CDK's environment has none.
    cached_vendor("host")
    _create_asset_bucket(endpoint)
    outputs_file = output / "outputs.json"
    _run_cdk(endpoint, output, outputs_file, {"webhookWaitScale": webhook_wait_scale})
    _allow_loops(endpoint, output)
    _allow_consoles(endpoint, output)
    outputs = _read_outputs(outputs_file)
    put_site(s3_of(endpoint), outputs["DashboardBucket"], built_site(), settings_of(outputs, EMULATOR_REGION))
    return outputs


def s3_of(endpoint: str) -> Any:
    """The emulator's S3."""
    return emulator_session().client("s3", endpoint_url=endpoint)


def _create_asset_bucket(endpoint: str) -> None:
    """The one thing of ``cdk bootstrap`` that a deployment with the root key needs."""
    s3 = s3_of(endpoint)
    bucket = load_config("emulator").asset_bucket
    assert bucket is not None  # noqa: S101
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=bucket)


def _run_cdk(endpoint: str, output: Path, outputs_file: Path, context: dict[str, str]) -> None:
    log = output / "deploy.log"
    command = [
        *(str(CDK), "deploy", "--all", "--context", "env=emulator", "--context", f"endpoint={endpoint}"),
        *(part for name, value in context.items() for part in ("--context", f"{name}={value}")),
        *("--app", f"{sys.executable} app.py", "--output", str(output.resolve() / "assembly")),
        *("--require-approval", "never", "--method", "direct", "--asset-parallelism", "--concurrency", "2"),
        *("--no-notices", "--progress", "events", "--outputs-file", str(outputs_file.resolve())),
    ]
    environment = {**command_environment(endpoint), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1"}
    try:
        with log.open("wb") as out:
            result = subprocess.run(
                command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, timeout=_SECONDS, check=False
            )
    except subprocess.TimeoutExpired:
        raise DeployError(f"cdk deploy has not ended within {_SECONDS} s.\n{log_tail(log)}") from None
    if result.returncode != 0:
        raise DeployError(f"cdk deploy failed.\n{log_tail(log)}")


def _allow_loops(endpoint: str, output: Path) -> None:
    """Set what the templates say of recursive loops: the emulator's CloudFormation passes over it."""
    client = emulator_session().client("lambda", endpoint_url=endpoint)
    for properties in _declared(output, "AWS::Lambda::Function", "RecursiveLoop"):
        client.put_function_recursion_config(
            FunctionName=properties["FunctionName"], RecursiveLoop=properties["RecursiveLoop"]
        )


def _allow_consoles(endpoint: str, output: Path) -> None:
    """Set whose pages may call an API: the emulator's CloudFormation keeps it under names that its API Gateway doesn't
    look at."""
    client = emulator_session().client("apigatewayv2", endpoint_url=endpoint)
    ids = {api["Name"]: api["ApiId"] for api in client.get_apis()["Items"]}
    for properties in _declared(output, "AWS::ApiGatewayV2::Api", "CorsConfiguration"):
        client.update_api(ApiId=ids[properties["Name"]], CorsConfiguration=properties["CorsConfiguration"])


def _declared(output: Path, kind: str, name: str) -> Iterator[dict[str, Any]]:
    """The properties of each resource of a type that has the property ``name``."""
    for template in (output / "assembly").glob("*.template.json"):
        for resource in json.loads(template.read_text())["Resources"].values():
            if resource["Type"] == kind and name in resource.get("Properties", {}):
                yield resource["Properties"]


def _read_outputs(outputs_file: Path) -> dict[str, str]:
    """All outputs by name, without the exports through which the CDK connects the stacks."""
    stacks: dict[str, dict[str, str]] = json.loads(outputs_file.read_text())
    merged = {name: value for outputs in stacks.values() for name, value in outputs.items()}
    return {name: value for name, value in merged.items() if not name.startswith("ExportsOutput")}
