"""What the type checker passes over is nothing that the stacks are made of."""

from __future__ import annotations

import re
import tomllib
from collections import deque
from importlib.util import find_spec
from pathlib import Path

from tests.support.doc_blocks import ROOT

CDK = Path(str(find_spec("aws_cdk").submodule_search_locations[0]))  # type: ignore[union-attr, index]


def test_no_service_that_is_used_is_without_types() -> None:
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    (skipped,) = [set(one["module"]) for one in overrides if one.get("follow_imports") == "skip"]

    used = reached(named_in_sources())

    assert {"aws_cdk.aws_lambda", "aws_cdk.aws_iam", "aws_cdk.aws_ec2"} <= used
    assert not used & skipped
    assert all((CDK / name.removeprefix("aws_cdk.") / "__init__.py").exists() for name in skipped)


def named_in_sources() -> set[str]:
    sources = [ROOT / "app.py", *(ROOT / "infra").rglob("*.py")]
    words = {word for source in sources for word in re.findall(r"\w+", source.read_text())}
    return {f"aws_cdk.{found.parent.name}" for found in CDK.glob("*/__init__.py") if found.parent.name in words}


def reached(modules: set[str]) -> set[str]:
    """These, and all that they import. The package itself names every service for the type checker, and needs none."""
    found, ahead = set(modules), deque(modules)
    while ahead:
        folder = CDK.joinpath(*ahead.popleft().split(".")[1:])
        source = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
        names = re.findall(rb"^ *import (aws_cdk\.[\w.]+) as _", source.read_bytes(), re.MULTILINE)
        new = {name.decode() for name in names} - found
        found |= new
        ahead += new
    return found
