"""Templates of each environment, synthesized once a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from moto import mock_aws

from infra.packaging.synth import synthesize
from tests.support.deploying import REGION, Account
from tests.support.templates import Template


@dataclass(frozen=True)
class Stacks:
    """The two stacks of an environment."""

    data: Template
    app: Template


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    data, app = synthesize("prod", tmp_path_factory.mktemp("prod"))
    return Stacks(Template(data), Template(app))


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    context = {"endpoint": "http://127.0.0.1:4999"}
    data, app = synthesize("emulator", tmp_path_factory.mktemp("emulator"), context)
    return Stacks(Template(data), Template(app))


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Account]:
    for name in ("index.html", "assets/main-1a2b.js"):
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_text(name)
    with mock_aws():
        for variable in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("AWS_REGION", REGION)
        monkeypatch.setenv("YES", "1")
        yield Account(monkeypatch, tmp_path / "site")
