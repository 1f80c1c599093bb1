"""Keeps what was built until its sources change."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path


def kept(cached: Path, build: Callable[[Path], None]) -> Path:
    """The folder `cached`, filled by `build` unless it is there. `build` gets the path of a folder to make.

    Renamed at the end, so a build that was interrupted leaves nothing that looks finished. Of several processes one
    builds, and the others wait for it.
    """
    cached.parent.mkdir(parents=True, exist_ok=True)
    with cached.with_name(f"{cached.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not cached.is_dir():
            partial = cached.with_name(f"{cached.name}.{os.getpid()}")
            try:
                build(partial)
                partial.rename(cached)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    return cached
