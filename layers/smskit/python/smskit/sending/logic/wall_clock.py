"""Moments in words, as the clock on the wall shows them where the account is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock in the account's time zone. Where it has chosen none, its times say that they are UTC."""

    zone: tzinfo
    name: str
    now: int

    def at(self, moment: int | None, *, seconds: bool = False) -> str:
        """`14:00`, with seconds `14:00:05`, of another day `24 June 14:00`."""
        local = self._local(self.now if moment is None else moment)
        time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
        day = "" if local.date() == self._local(self.now).date() else f"{local.day} {local:%B} "
        return f"{day}{time}{self.name}"

    def _local(self, moment: int) -> datetime:
        return datetime.fromtimestamp(moment // 1000, self.zone)
