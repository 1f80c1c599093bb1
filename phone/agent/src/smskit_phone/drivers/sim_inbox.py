"""SMS for a simulated phone: files in a folder, which the simulated radio hands over in the order of their names."""

import hashlib
import json
import logging
import os
import secrets
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from smskit_phone.clock import rfc3339
from smskit_phone.drivers.base import InboundMessage, OnReceived

INBOX = "inbox"
_FILES_AT_ONCE = 100
_FIELDS = frozenset({"phoneMessageId", "from", "to", "simSlot", "content", "receivedAt"})

_log = logging.getLogger(__name__)


class UnusableFileError(Exception):
    """The file isn't an SMS; the message names the field, and quotes nothing."""


def new_message_id() -> str:
    """A phoneMessageId that no other message has."""
    return f"sim_{secrets.token_hex(12)}"


def put(folder: Path, messages: Iterable[InboundMessage]) -> None:
    """Adds SMS behind those that wait. Each file appears complete or not at all, readable by its owner only.

    It works whether the phone runs or not, and may be called by several programs at once.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    now = time.time_ns()
    for number, message in enumerate(messages):
        name = f"{now:020}-{number:06}-{secrets.token_hex(4)}.json"
        draft = folder / f".{name}.part"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(_document(message), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)


class SimInbox:
    """The radio's side of the folder: it keeps a file until the phone has taken its message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def hand_over(self, on_received: OnReceived) -> bool:
        """Hands over the oldest messages; whether there was anything. An unusable file is renamed, not deleted."""
        messages: dict[Path, InboundMessage] = {}
        files = self._waiting()
        for file in files:
            try:
                messages[file] = read(file)
            except FileNotFoundError:
                continue
            except (OSError, UnusableFileError) as error:
                reason = str(error) if isinstance(error, UnusableFileError) else type(error).__name__
                _log.warning("%s is no SMS: %s", file, reason)
                file.replace(file.with_name(f"{file.name}.unusable"))
        if messages:
            on_received(list(messages.values()))
        for file in messages:
            file.unlink(missing_ok=True)
        return bool(files)

    def _waiting(self) -> list[Path]:
        try:
            names = [file.name for file in self.folder.iterdir()]
        except FileNotFoundError:
            return []
        usable = sorted(name for name in names if name.endswith(".json") and not name.startswith("."))
        return [self.folder / name for name in usable[:_FILES_AT_ONCE]]


def read(file: Path) -> InboundMessage:
    """What the file leaves out is derived from the file, so that it is the same however often it is read."""
    status = file.stat()
    try:
        document = json.loads(file.read_text())
    except (ValueError, RecursionError):
        raise UnusableFileError("not JSON") from None
    if not isinstance(document, dict):
        raise UnusableFileError("not a JSON object")
    if not document.keys() <= _FIELDS:
        raise UnusableFileError(f"a field that is none of {', '.join(sorted(_FIELDS))}")
    identity = f"{file.name} {status.st_ino} {status.st_mtime_ns}"
    derived = f"sim_{hashlib.sha256(identity.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}"
    return InboundMessage(
        phone_message_id=_message_id(document.get("phoneMessageId", derived)),
        sim_slot=_slot(document.get("simSlot", 0)),
        sender=_text(document, "from"),
        content=_text(document, "content", may_be_empty=True),
        received_at=_time(document.get("receivedAt", rfc3339(status.st_mtime))),
        recipient=_text(document, "to") if document.get("to") is not None else None,
    )


def _document(message: InboundMessage) -> dict[str, Any]:
    document = {
        "phoneMessageId": message.phone_message_id,
        "from": message.sender,
        "simSlot": message.sim_slot,
        "content": message.content,
        "receivedAt": message.received_at,
    }
    return document | ({"to": message.recipient} if message.recipient else {})


def _text(document: dict[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not (value or may_be_empty):
        raise UnusableFileError(f"{name}: a string is needed")
    return value


def _message_id(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 64 or not (value.isascii() and value.isprintable()):
        raise UnusableFileError("phoneMessageId: 1 to 64 printable ASCII characters")
    return value


def _slot(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 7:
        raise UnusableFileError("simSlot: an integer from 0 to 7")
    return value


def _time(value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return rfc3339(moment.timestamp())
    except (TypeError, ValueError, OverflowError):
        raise UnusableFileError("receivedAt: RFC 3339 with its zone") from None
