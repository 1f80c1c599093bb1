"""Read, change, write: again while somebody else is faster, and not for ever."""

from __future__ import annotations

import pytest

from smskit.errors import ConditionFailedError, ContentionError, NotFoundError
from smskit.platform import patience
from smskit.platform.retries import until_written


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    made: list[float] = []
    monkeypatch.setattr(patience, "pause", made.append)
    return made


def test_what_others_changed_is_read_again(pauses: list[float]) -> None:
    values = iter(["old", "newer", "newest"])

    def write(seen: str) -> str:
        if seen != "newest":
            raise ConditionFailedError(None)
        return seen + ", and mine"

    assert until_written(lambda: next(values), write, "changed") == "newest, and mine"
    assert len(pauses) == 2 and next(values, None) is None


def test_who_is_never_first_is_told_why(pauses: list[float]) -> None:
    def write(seen: int) -> None:
        raise ConditionFailedError(None)

    with pytest.raises(ContentionError, match="the item changed under every try"):
        until_written(lambda: 1, write, "the item changed under every try")
    assert sum(pauses) >= patience.LIMIT_S


def test_another_refusal_ends_it_at_once(pauses: list[float]) -> None:
    def write(seen: None) -> None:
        raise NotFoundError("There is no such thing")

    with pytest.raises(NotFoundError):
        until_written(lambda: None, write, "changed")
    assert not pauses
