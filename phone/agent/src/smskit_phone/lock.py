"""One process at a time on a state folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smskit_phone import credentials
from smskit_phone.errors import StateInUseError


@contextmanager
def exclusive(state_dir: Path) -> Iterator[None]:
    """Raises StateInUseError. The kernel drops the lock when the process dies, however it dies."""
    credentials.make_folder(state_dir)
    descriptor = os.open(state_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateInUseError(f"{state_dir} is in use by another phone that is running") from None
        yield
    finally:
        os.close(descriptor)
