"""Reads faults from a JSON file, and reads them again when the file changes."""

import json
from pathlib import Path
from typing import Any

from smskit_phone.errors import FaultsError
from smskit_phone.faults import ErrorRule, Faults, FrameRule, Range


class FaultSource:
    """The faults of the moment. From a file they are read again whenever it changes; otherwise `set` changes them."""

    def __init__(self, faults: Faults | None = None, file: Path | None = None) -> None:
        self._faults = faults or Faults()
        self._file = file
        self._seen: tuple[int, int, int] | None = None
        if file is not None:
            if not file.exists():
                raise FaultsError(f"{file} does not exist")
            self._seen = _version(file)
            self._faults = load(file)

    def set(self, faults: Faults) -> None:
        """Replaces the faults at run time."""
        self._faults = faults

    def current(self) -> Faults:
        """A file that has become unreadable, or is half written, leaves the faults as they were."""
        if self._file is None:
            return self._faults
        try:
            version = _version(self._file)
            if version != self._seen:
                self._faults, self._seen = load(self._file), version
        except (OSError, FaultsError):
            pass
        return self._faults


def load(file: Path) -> Faults:
    """Raises FaultsError, which names the field that is wrong."""
    try:
        return parse(json.loads(file.read_text()))
    except ValueError as error:
        raise FaultsError(f"{file}: {error}") from None


def parse(document: Any) -> Faults:
    """From the file's JSON. Unknown fields are refused, so that a typo does not pass for a phone without faults."""
    if not isinstance(document, dict):
        raise FaultsError("the faults must be a JSON object")
    fields = _fields(document, Faults, "")
    for name in ("send_latency", "delivery_latency"):
        if name in fields:
            fields[name] = _range(fields[name], _camel(name))
    fields["lost_delivery_numbers"] = tuple(fields.get("lost_delivery_numbers", ()))
    fields["errors"] = tuple(_error_rule(rule) for rule in fields.get("errors", ()))
    fields["frames"] = tuple(_frame_rule(rule) for rule in fields.get("frames", ()))
    return Faults(**fields)


def _error_rule(document: Any) -> ErrorRule:
    fields = _fields(document, ErrorRule, "errors.")
    if "code" not in fields:
        raise FaultsError("errors.code is missing")
    return ErrorRule(**fields)


def _frame_rule(document: Any) -> FrameRule:
    fields = _fields(document, FrameRule, "frames.")
    if "action" not in fields:
        raise FaultsError("frames.action is missing")
    if "seconds" in fields:
        fields["seconds"] = _range(fields["seconds"], "frames.seconds")
    return FrameRule(**fields)


def _fields(document: Any, kind: type, prefix: str) -> dict[str, Any]:
    known = {_camel(name): name for name in kind.__dataclass_fields__}  # type: ignore[attr-defined]
    if not isinstance(document, dict):
        raise FaultsError(f"{prefix.rstrip('.')}: each rule must be a JSON object")
    unknown = sorted(set(document) - set(known))
    if unknown:
        raise FaultsError(f"unknown field {prefix}{unknown[0]}")
    return {known[name]: value for name, value in document.items()}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)


def _range(value: Any, name: str) -> Range:
    low, high = value if isinstance(value, list) and len(value) == 2 else (value, value)
    if not all(isinstance(end, (int, float)) and not isinstance(end, bool) for end in (low, high)):
        raise FaultsError(f"{name}: a number or [from, to] in seconds")
    return float(low), float(high)


def _version(file: Path) -> tuple[int, int, int]:
    status = file.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino
