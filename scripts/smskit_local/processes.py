"""Background processes that can be found again, whatever happened in between.

A process id alone proves nothing: it may belong to someone else by now. Each process instead
carries a mark in its environment, which its children inherit; looking for the mark finds exactly
ours, also the workers of a parent that crashed.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_VARIABLE = "SMSKIT_LOCAL_MARK"
_PROC = Path("/proc")


@dataclass(frozen=True)
class Mark:
    """Identifies the processes of one role (``emulator``, ``phone``) that belong to one home folder."""

    role: str
    home: Path

    @property
    def entry(self) -> str:
        """The mark as it stands in a process's environment."""
        return f"{_VARIABLE}={self.role}@{self.home.resolve()};"


def start(mark: Mark, command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, which outlives this one; its output goes to ``log``."""
    log.parent.mkdir(parents=True, exist_ok=True)
    name, _, value = mark.entry.partition("=")
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**environment, name: value},
            start_new_session=True,
        )


def find(mark: Mark) -> list[int]:
    """The ids of all living processes that carry the mark."""
    processes = _environments_from_proc() if _PROC.is_dir() else _environments_from_ps()
    return [pid for pid, environment in processes if mark.entry in environment and pid != os.getpid()]


def stop(mark: Mark, *, patience: float = 5.0) -> int:
    """End every process that carries the mark and return how many there were.

    Asks first and kills after ``patience`` seconds; returns only when none is left.
    """
    ended: set[int] = set()
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + patience
        while living := _find_twice(mark):
            _signal([pid for pid in living if pid not in ended or number == signal.SIGKILL], number)
            ended.update(living)
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
    _reap()
    return len(ended)


def _find_twice(mark: Mark) -> list[int]:
    """Look again before believing that none is left: a process has no environment while it is being started."""
    _reap()
    found = find(mark)
    if not found:
        time.sleep(0.02)
        found = find(mark)
    return found


def _signal(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _reap() -> None:
    """Collect our own ended children; the others have the system's first process as parent."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _environments_from_proc() -> list[tuple[int, str]]:
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            # Processes of other users can't be read, and some end while we look.
            with contextlib.suppress(OSError):
                found.append((int(entry.name), (entry / "environ").read_bytes().decode(errors="replace")))
    return found


def _environments_from_ps() -> list[tuple[int, str]]:
    """macOS has no /proc; its ps appends the environment of one's own processes to the command."""
    option = "-axwwE" if sys.platform == "darwin" else "axwwe"
    listing = subprocess.run(["ps", option, "-o", "pid=,command="], check=True, capture_output=True, text=True).stdout
    lines = [line.strip().partition(" ") for line in listing.splitlines() if line.strip()]
    return [(int(pid), command) for pid, _, command in lines]
