"""Decides what becomes of each frame of a faulty connection."""

import random

from smskit_phone.faults import FrameRule
from smskit_phone.faults_file import FaultSource

_BEFORE_SILENCE = frozenset({"hello", "welcome"})


class FrameFaults:
    """Applies the frame rules and silence. Counts over the whole run, not for each connection."""

    def __init__(self, source: FaultSource) -> None:
        self._source = source
        self._seed = source.current().seed
        self._random = random.Random(self._seed)
        self._used: dict[FrameRule, int] = {}
        self._sent = 0

    @property
    def silent(self) -> bool:
        """As an app that hangs: its socket is open, but it neither reads nor answers."""
        faults = self._source.current()
        after = faults.silent_after_frames
        return faults.silence or (after is not None and self._sent >= after)

    def deliveries(self, direction: str, kind: str) -> list[float]:
        """The delays in seconds after which the frame goes on: none = dropped, two = duplicated.

        `hello` and `welcome` pass in silence too, so that a phone can be online and mute.
        """
        faults = self._source.current()
        if faults.seed != self._seed:
            self._seed, self._random = faults.seed, random.Random(faults.seed)
        if self.silent and kind not in _BEFORE_SILENCE:
            return []
        deliveries = [0.0]
        for rule in faults.frames:
            if self._applies(rule, direction, kind):
                deliveries = self._apply(rule, deliveries)
        if direction == "out" and deliveries:
            self._sent += 1
        return deliveries

    def _applies(self, rule: FrameRule, direction: str, kind: str) -> bool:
        if rule.direction not in (direction, "both") or rule.type not in (kind, "*"):
            return False
        used = self._used.get(rule, 0)
        if (rule.times is not None and used >= rule.times) or self._random.random() >= rule.probability:
            return False
        self._used[rule] = used + 1
        return True

    def _apply(self, rule: FrameRule, deliveries: list[float]) -> list[float]:
        if rule.action == "drop":
            return []
        if rule.action == "duplicate":
            return deliveries * 2
        return [delay + self._random.uniform(*rule.seconds) for delay in deliveries]
