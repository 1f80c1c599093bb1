"""The rules of the protocol, as far as a server can see whether a phone keeps them."""

from smskit_phone.conformance.rules import (
    claiming,
    connecting,
    crashing,
    deadlines,
    greeting,
    handing_over,
    pairing,
    receiving,
    reporting,
    settings,
    strange_frames,
)
from smskit_phone.conformance.verdicts import RULES, Rule

ORDER = (
    pairing,
    greeting,
    claiming,
    deadlines,
    handing_over,
    reporting,
    crashing,
    settings,
    receiving,
    connecting,
    strange_frames,
)
FIRST = "pair.code"
"""Without this one there is nothing to judge."""
ALL_FRAMES = "frames.valid"
"""Judged last, by all that phones said under any rule."""


def in_order() -> list[Rule]:
    """As they are told: the way of a phone from its pairing on."""
    modules = [module.__name__ for module in ORDER]
    return sorted(RULES.values(), key=lambda rule: modules.index(rule.judge.__module__))
