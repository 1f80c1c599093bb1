"""The stack that is lent to a command: one that ran stays, one that was brought up for it is ended whatever happens."""

from __future__ import annotations

import pytest

from smskit_local.errors import LocalStackError
from smskit_smoke import lend


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `smskit_local` is asked to do."""
    done: list[str] = []
    monkeypatch.setattr(lend, "_local", lambda command, _: done.append(command))
    monkeypatch.setattr(lend, "_lend", lambda command, _: int(command[0]))
    monkeypatch.setattr(lend, "_is_up", lambda: False)
    return done


def test_a_stack_that_is_brought_up_is_ended(asked: list[str]):
    assert lend.main(["0"]) == 0
    assert asked == ["up", "down"]


def test_a_stack_that_ran_stays(asked: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lend, "_is_up", lambda: True)
    assert lend.main(["0"]) == 0
    assert asked == ["up"]


def test_the_commands_exit_code_is_told(asked: list[str]):
    assert lend.main(["3"]) == 3
    assert asked == ["up", "down"]


@pytest.mark.parametrize("error", [LocalStackError("no"), KeyboardInterrupt(), SystemExit(143)])
def test_it_is_ended_also_when_lending_fails(asked: list[str], monkeypatch: pytest.MonkeyPatch, error: BaseException):
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(lend, "_lend", fail)
    with pytest.raises(type(error)):
        lend.main(["0"])
    assert asked == ["up", "down"]
