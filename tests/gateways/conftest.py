"""Fixtures of the tests of what leaves the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from smskit import settings
from tests.support.certificates import Authority
from tests.support.endpoints import Endpoint


@pytest.fixture
def endpoint() -> Iterator[Callable[..., Endpoint]]:
    """Makes endpoints that are closed after the test."""
    made: list[Endpoint] = []

    def make(*arguments: object, **options: object) -> Endpoint:
        made.append(Endpoint(*arguments, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(autouse=True)
def anywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on AWS: https to public addresses."""
    for name in ("WEBHOOK_LOCAL", "WEBHOOK_OWN_DOMAINS"):
        monkeypatch.delenv(name, raising=False)
    settings.forget()
    yield
    settings.forget()


@pytest.fixture
def one_machine(anywhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with the whole stack on one machine: http and loopback too."""
    monkeypatch.setenv("WEBHOOK_LOCAL", "true")
    settings.forget()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who certifies the endpoints of the tests."""
    return Authority(tmp_path_factory.mktemp("certificates"))
