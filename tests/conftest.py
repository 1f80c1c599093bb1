"""Fixtures that every test may use."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support import aws

if TYPE_CHECKING:
    from tests.e2e.stack import Stack


def pytest_configure() -> None:
    """A shell that runs the tests in the background has them ignore Ctrl-C, and so would each program of a test."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What was collected lives to the end. To look through it for garbage again and again was a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[aws.Cloud]:
    """All tables and queues on moto, and the environment of the functions."""
    with aws.cloud(monkeypatch) as made:
        yield made


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole stack on the emulator with IAM enforced: deployed once from the templates that AWS gets, for all tests
    of a run that drive it."""
    from tests.e2e.stack import deployed

    with deployed(tmp_path_factory.mktemp("stack")) as made:
        yield made
