"""Accounts, phones and endpoints around the stack on the emulator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.endpoints import MakeHook
from tests.e2e.phones import Phones
from tests.e2e.stack import Stack, Tenant, open_account, use_smskit
from tests.support.hooks import Answer, Hook, Rule


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The search of the logs comes last: it is about what all the others left in them."""
    items.sort(key=lambda item: item.path.name == "test_e2e_logs.py")


@pytest.fixture(autouse=True)
def _smskit(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from use_smskit(stack, monkeypatch)


@pytest.fixture
def new_tenant(stack: Stack) -> Callable[..., Tenant]:
    """Makes accounts: each test has its own, so that none meets another's phones."""
    return lambda **more: open_account(stack, **more)


@pytest.fixture
def tenant(new_tenant: Callable[..., Tenant]) -> Tenant:
    return new_tenant()


@pytest.fixture
def hook(make_hook: MakeHook) -> Hook:
    """A customer's endpoint that takes everything."""
    return make_hook(200)


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[Phones]:
    made = Phones(tmp_path)
    yield made
    await made.end()


@pytest.fixture
def make_hook() -> Iterator[MakeHook]:
    """Makes endpoints that listen on this machine."""
    made: list[Hook] = []

    def make(rule: Rule | Answer = 200) -> Hook:
        made.append(Hook(rule))
        return made[-1]

    yield make
    for hook in made:
        hook.close()
