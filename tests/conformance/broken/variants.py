"""Phones that are broken on purpose: the agent, each with a defect that somebody could well make."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from smskit_phone import harness
from smskit_phone.drivers.base import InboundMessage
from smskit_phone.frames import Frame
from smskit_phone.inbound_sender import Forwarder
from smskit_phone.websocket import Link

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Variant:
    """`breaks` are the rules that must find it, `may_break` those that the same defect breaks now and then."""

    name: str
    break_it: Callable[[Patch], None]
    breaks: frozenset[str]
    may_break: frozenset[str]

    def __str__(self) -> str:
        return self.name


VARIANTS: list[Variant] = []


def variant(*breaks: str, may_break: tuple[str, ...] = ()) -> Callable[[Callable[[Patch], None]], None]:
    """Registers what breaks the agent."""

    def register(break_it: Callable[[Patch], None]) -> None:
        name = break_it.__name__.replace("_", " ")
        VARIANTS.append(Variant(name, break_it, frozenset(breaks), frozenset(may_break)))

    return register


def wait(patch: Patch, **timings: float) -> None:
    """Other waits than those of the protocol."""
    shortened = harness.shortened
    patch.setattr(harness, "shortened", lambda scale: replace(shortened(scale), **timings))


def change_sms(patch: Patch, change: Callable[[InboundMessage], InboundMessage]) -> None:
    """Takes each SMS for another one."""
    take = Forwarder._take
    patch.setattr(Forwarder, "_take", lambda self, messages: take(self, [change(one) for one in messages]))


def say(patch: Patch, kind: str, change: Callable[[Frame], Frame]) -> None:
    """Says something else in frames of a type."""
    send = Link.send

    async def changed(self, frame):
        await send(self, change(frame) if frame["type"] == kind else frame)

    patch.setattr(Link, "send", changed)
