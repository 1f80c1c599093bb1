"""Timers: messages to ourselves that come back after a while. What each is about, and how a message says it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, NamedTuple, assert_never

from smskit.models.lane import LaneKey


class TimerKind(StrEnum):
    """What a timer looks after, as its message says it; the glossary has a table of them."""

    EARLY = "early"
    OFFER = "offer"
    REPORT = "report"
    MATCH = "match"
    EXPIRE = "expire"
    END = "end"
    STRAY = "stray"
    DUE = "due"
    WAKE = "wake"
    FILL = "fill"
    PHONE = "phone"
    ERASE = "erase"
    BATCH = "batch"
    WITHDRAW = "withdraw"


# Work of many messages, which takes as long as it takes: no offer's timer is to wait behind it.
_IN_BACKGROUND = frozenset({TimerKind.DUE, TimerKind.ERASE, TimerKind.BATCH, TimerKind.WITHDRAW})


def queue_of(kind: TimerKind) -> Literal["timers", "background"]:
    """The queue that brings such a timer back."""
    return "background" if kind in _IN_BACKGROUND else "timers"


# Named tuples: each function on the message's path makes these classes when it starts, in half the time of dataclasses.
# Each has `dead_lettered`: how many times it could not be handled and was set again.


class OffersTimer(NamedTuple):
    """Offers (job id, token) of a lane: is one claimed, and if so, reported?

    `is_hedged`: the jobs have been offered to other phones as well.
    """

    kind: Literal[TimerKind.EARLY, TimerKind.OFFER, TimerKind.REPORT]
    lane: LaneKey
    offers: tuple[tuple[str, str], ...]
    is_hedged: bool = False
    dead_lettered: int = 0


class JobsTimer(NamedTuple):
    """Jobs: those that look for a lane or are due, or the one whose deadline comes, or whose message was let go at
    `since`, ms; or those that were left to other lanes then."""

    kind: Literal[TimerKind.MATCH, TimerKind.DUE, TimerKind.EXPIRE, TimerKind.END, TimerKind.STRAY]
    job_ids: tuple[str, ...]
    since: int = 0
    dead_lettered: int = 0


class LaneTimer(NamedTuple):
    """A lane: short of budget until its `hour` ends, or one that lost to others, or whose rest is over."""

    kind: Literal[TimerKind.WAKE, TimerKind.FILL]
    lane: LaneKey
    hour: int = 0
    dead_lettered: int = 0


class PhoneTimer(NamedTuple):
    """A phone that people changed; with `scope`, one stretch of a pool behind `after`, whose jobs may end with it."""

    account_id: str
    device_id: str
    scope: str | None = None
    after: str = ""
    dead_lettered: int = 0
    kind: Literal[TimerKind.PHONE] = TimerKind.PHONE


class EraseTimer(NamedTuple):
    """Where an erasure goes on: behind a job (time, id), or behind a message that came in (time, number).

    `left`: a job before that place is still to come back to. `again`: the lists are gone through for the second time.
    """

    account_id: str
    number: str
    asked_at: int
    part: Literal["out", "in"] = "out"
    behind: tuple[int, str | int] | None = None
    left: bool = False
    again: bool = False
    dead_lettered: int = 0
    kind: Literal[TimerKind.ERASE] = TimerKind.ERASE


class BatchTimer(NamedTuple):
    """A batch whose messages are to be made or withdrawn: all `pieces` of it, or with `piece` that one.

    `attempt` names the request that asked for it at `asked_at`, ms, and may not be accepted yet.
    """

    kind: Literal[TimerKind.BATCH, TimerKind.WITHDRAW]
    batch_id: str
    attempt: str
    asked_at: int
    pieces: int
    piece: int | None = None
    dead_lettered: int = 0


Timer = OffersTimer | JobsTimer | LaneTimer | PhoneTimer | EraseTimer | BatchTimer


def message_of(timer: Timer) -> dict[str, Any]:
    """The timer, as a message says it."""
    counted = {"deadLettered": timer.dead_lettered} if timer.dead_lettered else {}
    return {"kind": timer.kind.value} | _said(timer) | counted


def _said(timer: Timer) -> dict[str, Any]:
    match timer:
        case OffersTimer():
            items = {"items": [list(offer) for offer in timer.offers]}
            return _where(timer.lane) | items | ({"hedged": True} if timer.is_hedged else {})
        case JobsTimer():
            return _jobs(timer)
        case LaneTimer():
            return _where(timer.lane) | ({"hour": timer.hour} if timer.kind is TimerKind.WAKE else {})
        case PhoneTimer():
            scope = {} if timer.scope is None else {"scope": timer.scope, "after": timer.after}
            return {"accountId": timer.account_id, "deviceId": timer.device_id} | scope
        case EraseTimer():
            return _erasure(timer)
        case BatchTimer():
            piece = {} if timer.piece is None else {"piece": timer.piece}
            about = {"batchId": timer.batch_id, "attempt": timer.attempt, "askedAt": timer.asked_at}
            return about | {"pieces": timer.pieces} | piece
        case _:
            assert_never(timer)


def _jobs(timer: JobsTimer) -> dict[str, Any]:
    if timer.kind in (TimerKind.MATCH, TimerKind.DUE):
        return {"jobIds": list(timer.job_ids)}
    if timer.kind is TimerKind.STRAY:
        return {"jobIds": list(timer.job_ids), "since": timer.since}
    return {"jobId": timer.job_ids[0]} | ({"since": timer.since} if timer.kind is TimerKind.END else {})


def _where(lane: LaneKey) -> dict[str, Any]:
    return {"accountId": lane.account_id, "deviceId": lane.device_id, "simSlot": lane.sim_slot}


def _erasure(timer: EraseTimer) -> dict[str, Any]:
    about: dict[str, Any] = {"accountId": timer.account_id, "number": timer.number, "askedAt": timer.asked_at}
    if timer.behind is not None:
        left = {"left": timer.left} if timer.part == "out" else {}
        return about | {"part": timer.part, "behind": list(timer.behind)} | left | {"again": timer.again}
    if timer.again:
        return about | {"part": timer.part, "again": True}
    return about | ({"part": timer.part} if timer.part == "in" else {})


def timer_of(message: Mapping[str, Any]) -> Timer:
    """The timer that a message is. Raises ValueError for a kind that isn't known."""
    kind, again = TimerKind(message["kind"]), int(message.get("deadLettered", 0))
    match kind:
        case TimerKind.EARLY | TimerKind.OFFER | TimerKind.REPORT:
            offers = tuple((job_id, token) for job_id, token in message["items"])
            return OffersTimer(kind, _lane_of(message), offers, bool(message.get("hedged")), again)
        case TimerKind.MATCH | TimerKind.DUE | TimerKind.EXPIRE | TimerKind.END | TimerKind.STRAY:
            named = message["jobIds"] if "jobIds" in message else [message["jobId"]]
            return JobsTimer(kind, tuple(named), message.get("since", 0), again)
        case TimerKind.WAKE | TimerKind.FILL:
            return LaneTimer(kind, _lane_of(message), message.get("hour", 0), again)
        case TimerKind.PHONE:
            return PhoneTimer(
                message["accountId"], message["deviceId"], message.get("scope"), message.get("after", ""), again
            )
        case TimerKind.ERASE:
            return _erase_timer(message, again)
        case TimerKind.BATCH | TimerKind.WITHDRAW:
            return _batch_timer(kind, message, again)
        case _:
            assert_never(kind)


def _batch_timer(
    kind: Literal[TimerKind.BATCH, TimerKind.WITHDRAW], message: Mapping[str, Any], dead_lettered: int
) -> BatchTimer:
    return BatchTimer(
        kind, message["batchId"], message["attempt"], message["askedAt"], message["pieces"], message.get("piece"),
        dead_lettered,
    )  # fmt: skip


def _lane_of(message: Mapping[str, Any]) -> LaneKey:
    return LaneKey(message["accountId"], message["deviceId"], message["simSlot"])


def _erase_timer(message: Mapping[str, Any], dead_lettered: int) -> EraseTimer:
    behind = message.get("behind")
    return EraseTimer(
        message["accountId"], message["number"], message["askedAt"], message.get("part", "out"),
        (behind[0], behind[1]) if behind else None, message.get("left", False), message.get("again", False),
        dead_lettered,
    )  # fmt: skip
