"""What a phone tells its operator. Events never carry a message's text or a recipient."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from smskit_phone.clock import rfc3339

Value = str | int | float | bool | None
OnEvent = Callable[["Event"], None]


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is one of the names that README.md lists; `fields` depend on it."""

    name: str
    device_id: str
    fields: Mapping[str, Value] = field(default_factory=dict)

    def as_json(self) -> str:
        """One line: time, event, deviceId, then the event's own fields."""
        line = {"time": rfc3339(time.time()), "event": self.name, "deviceId": self.device_id, **self.fields}
        return json.dumps(line, separators=(",", ":"))


class Emitter:
    """Sends one phone's events to whoever listens."""

    def __init__(self, device_id: str, on_event: OnEvent | None) -> None:
        self._device_id = device_id
        self._on_event = on_event

    def __call__(self, name: str, **fields: Value) -> None:
        if self._on_event is not None:
            self._on_event(Event(name, self._device_id, fields))
