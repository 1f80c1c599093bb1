"""Named steps at which a phone can be told to die, to prove what its journal promises."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from smskit_phone.faults_file import FaultSource

Probe = Callable[[str], None]
MARKER = "crashed"


def no_probe(step: str) -> None:
    """For phones that are not under test."""


class CrashProbe:
    """Kills this process with SIGKILL at the step that the faults name: once in the life of a state folder."""

    def __init__(self, source: FaultSource, state_dir: Path) -> None:
        self._source = source
        self._marker = state_dir / MARKER

    def __call__(self, step: str) -> None:
        if self._source.current().crash_at != step or self._marker.exists():
            return
        self._marker.write_text(f"{step}\n")
        os.kill(os.getpid(), signal.SIGKILL)
