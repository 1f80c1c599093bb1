"""Synthesizes templates without building layers: ``python -m infra.packaging.synth ENV FOLDER``.

For linting and tests. What is deployed comes from the CDK's own command line.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from infra.application import build_application
from infra.packaging.build import ROOT

Template = dict[str, Any]


def unbundled_app(env: str, folder: Path, context: Mapping[str, str] | None = None) -> cdk.App:
    """An application for ``env`` with the context of cdk.json, whose assets aren't built."""
    settings = json.loads((ROOT / "cdk.json").read_text())["context"]
    chosen = {**settings, **(context or {}), "env": env, "aws:cdk:bundling-stacks": []}
    return cdk.App(context=chosen, outdir=str(folder))


def synthesize(env: str, folder: Path, context: Mapping[str, str] | None = None) -> tuple[Template, Template]:
    """Return the templates of the Data and the App stack."""
    app = unbundled_app(env, folder, context)
    stacks = build_application(app)
    assembly = app.synth()
    data, stateless = (assembly.get_stack_by_name(stack.stack_name).template for stack in stacks)
    return data, stateless


if __name__ == "__main__":
    synthesize(sys.argv[1], Path(sys.argv[2]))
