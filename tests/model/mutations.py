"""Rules of the message's path, each broken on purpose in the real handlers. What they patch is named here only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from smskit.dispatch.logic import connections, dispatch, due_offers, lane_filling, lane_picks, matching, offers
from smskit.dispatch.store import jobs, pool
from smskit.errors import ContentionError, TransactionRefusedError
from smskit.models.job import Job, Rank
from smskit.models.lane import Lane
from smskit.phones.store import lanes
from smskit.platform import dynamodb, table
from tests.model import invocations


class _Changed:
    """A module with some of its functions replaced, for one of those that import it."""

    def __init__(self, module: Any, **changed: Callable[..., Any]) -> None:
        self._module, self._changed = module, changed

    def __getattr__(self, name: str) -> Any:
        return self._changed.get(name) or getattr(self._module, name)


def _release_first(monkeypatch: pytest.MonkeyPatch) -> None:
    late: dict[object, list[Job]] = {}

    def publish(found: Sequence[Job]) -> None:
        late.setdefault(invocations.current(), []).extend(found)

    def save(*arguments: Any) -> Lane:
        saved = lanes.save(*arguments)
        pool.publish(late.pop(invocations.current(), []))
        return saved

    monkeypatch.setattr(connections, "pool", _Changed(pool, publish=publish))
    monkeypatch.setattr(connections, "lanes", _Changed(lanes, save=save))


def _timer_late(monkeypatch: pytest.MonkeyPatch) -> None:
    def hold(current: Lane, wanted: Lane, taken: Sequence[Job], now: int, tries: offers.Tries) -> Lane:
        saved = lanes.save(current, wanted) if wanted != current else current
        if taken:
            tries.arm(saved.key, taken, saved.held)
        return saved

    monkeypatch.setattr(lane_filling, "hold", hold)


def _clear_assigned(monkeypatch: pytest.MonkeyPatch) -> None:
    takeable = lane_picks._takeable

    def clears(job: Job, lane: Lane, now: int) -> bool:
        if job.rank == Rank.ASSIGNED:
            pool.withdraw(job)
        return takeable(job, lane, now)

    monkeypatch.setattr(lane_picks, "_takeable", clears)


def _no_look_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "match_waiting", lambda published, now: None)


def _blind_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    def update(*arguments: Any, condition: str | None = None, **more: Any) -> Any:
        blind = condition and condition.replace("#rank = :pending AND expiresAt", "#rank <> :pending AND expiresAt")
        if blind == condition:
            return table.update(*arguments, condition=condition, **more)
        try:
            return table.update(*arguments, condition=condition, **more)
        except Exception:
            return table.update(*arguments, condition=blind, **more)

    monkeypatch.setattr(jobs, "table", _Changed(table, update=update))


def _conflict_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    def transact(operations: Sequence[Any]) -> None:
        try:
            dynamodb._once("transact_write_items", {"TransactItems": list(operations), "ClientRequestToken": "x"})
        except ContentionError:
            raise TransactionRefusedError(["ConditionalCheckFailed"] * len(operations)) from None

    monkeypatch.setattr(lanes, "table", _Changed(table, transact=transact))


def _no_orphans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_offers, "matching", _Changed(matching, publish=lambda found, now: None))


MUTATIONS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "release-first": _release_first,  # the lane lets go before the entry is back
    "timer-late": _timer_late,  # the offer's timer is set behind the hold
    "clear-assigned": _clear_assigned,  # who meets the entry of an Assigned job removes it
    "no-look-job": _no_look_job,  # a job that was put into the pool doesn't look for a lane once more
    "blind-claim": _blind_claim,  # a claim doesn't ask whether the job is Pending
    "conflict-decides": _conflict_decides,  # a refusal for the moment counts as one for good
    "no-orphans": _no_orphans,  # a timer that finds its job in neither place leaves it there
}
