"""What stands before the API where a deployment was given EDGE=true (docs/decisions/0041)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import boto3

from infra.config.environments import EDGE_REGION
from smskit_deploy import stacks
from smskit_deploy.place import Place
from smskit_deploy.terminal import stop


def url(here: Place, env: str) -> str | None:
    """The address of what stands before this deployment's API, or None when nothing does.

    An organisation may forbid every region but its own, and China's has other keys: where nobody may look, nobody has
    made one either.
    """
    found = stacks.outputs(_where_edges_are(here), stacks.edge_name(env, here.region), if_allowed=True)
    return None if found is None else found.get("EdgeUrl", "")


def described(here: Place, env: str) -> str:
    """Its stack and where that is."""
    return f"{stacks.edge_name(env, here.region)} in {EDGE_REGION}: CloudFront and WAF"


def put_before(here: Place, env: str, context: Mapping[str, str]) -> None:
    """Make or update it behind the API's own deployment, and let the API name its address.

    The two need each other's names, so the API is deployed once more where the address is a new one.
    """
    _, app = stacks.names(env)
    host = (stacks.outputs(here, app) or {}).get("ApiHost")
    if host is None:
        stop(f"{app} doesn't say which host it has, so nothing can stand before it.")
    there = _where_edges_are(here)
    stacks.bootstrap(there)
    stacks.deploy_one(there, stacks.edge_name(env, here.region), {**context, "edgeOrigin": host})
    address = url(here, env)
    if address and address != context.get("edgeUrl"):
        print("The API is told the address of what stands before it.")
        stacks.deploy_one(here, app, {**context, "edgeUrl": address})


def take_away(here: Place, env: str, context: Mapping[str, str]) -> None:
    """Remove it. The CDK knows no stack that its application doesn't make, so some API of this region is named."""
    any_api = f"aaaaaaaaaa.execute-api.{here.region}.amazonaws.com"
    stacks.destroy(_where_edges_are(here), stacks.edge_name(env, here.region), {**context, "edgeOrigin": any_api})


def _where_edges_are(here: Place) -> Place:
    return replace(here, session=boto3.Session(region_name=EDGE_REGION), region=EDGE_REGION)
