"""Templates of each environment, synthesized once a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with mock_aws():
        for variable in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("AWS_REGION", REGION)
        monkeypatch.setenv("YES", "1")
        yield Account(monkeypatch)
