"""Background processes that can be found again, whatever happened in between.

A process id alone proves nothing: it may belong to someone else by now. Each process instead
carries a mark in its environment, which its children inherit; looking for the mark finds exactly
ours, also the workers of a parent that crashed. Whoever has just started one knows better whether
it lives: by the Popen.
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

from smskit_local.errors import LocalStackError

_VARIABLE = "SMSKIT_LOCAL_MARK"
_PROC = Path("/proc")
_EXEC_SECONDS = 10.0  # to load a program, on a machine with much else to do
_KILL_SECONDS = 30.0


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
    """The ids of all living processes that carry the mark, also of those whose program is just being loaded."""
    deadline = time.monotonic() + _EXEC_SECONDS
    while True:
        processes = _environments_from_proc() if _PROC.is_dir() else _environments_from_ps()
        if time.monotonic() > deadline or all(environment is not None for _, environment in processes):
            return [pid for pid, environment in processes if mark.entry in (environment or "") and pid != os.getpid()]
        time.sleep(0.01)


def stop(mark: Mark, *, patience: float = 5.0) -> int:
    """End every process that carries the mark and return how many there were.

    Asks first and kills after ``patience`` seconds; returns only when none is left. Raises LocalStackError if the
    system doesn't end them even so.
    """
    asked: set[int] = set()
    deadline = time.monotonic() + patience
    while (living := _find_twice(mark)) and time.monotonic() <= deadline:
        _signal([pid for pid in living if pid not in asked], signal.SIGTERM)
        asked.update(living)
        time.sleep(0.05)
    deadline = time.monotonic() + _KILL_SECONDS
    while living:
        _signal(living, signal.SIGKILL)
        asked.update(living)
        if time.monotonic() > deadline:
            raise LocalStackError(f"these processes don't end: {' '.join(map(str, living))}")
        time.sleep(0.05)
        living = _find_twice(mark)
    _reap()
    return len(asked)


def _find_twice(mark: Mark) -> list[int]:
    """Look again before believing that none is left: ps shows no environment while a program is being loaded."""
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


def _environments_from_proc() -> list[tuple[int, str | None]]:
    """By process id; None while the program is being loaded, so that it can't be said yet."""
    found: list[tuple[int, str | None]] = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            # Processes of other users can't be read, and some end while we look.
            with contextlib.suppress(OSError):
                environment = (entry / "environ").read_bytes().decode(errors="replace")
                found.append((int(entry.name), environment if environment or not _is_loading(entry) else None))
    return found


def _is_loading(process: Path) -> bool:
    """Linux shows neither environment nor arguments of a process between the start of exec and its end.

    The same holds for kernel threads and for what has ended, but those have no program either.
    """
    return (process / "cmdline").read_bytes() == b"" and bool((process / "exe").readlink())


def _environments_from_ps() -> list[tuple[int, str | None]]:
    """macOS has no /proc; its ps appends the environment of one's own processes to the command."""
    option = "-axwwE" if sys.platform == "darwin" else "axwwe"
    listing = subprocess.run(["ps", option, "-o", "pid=,command="], check=True, capture_output=True, text=True).stdout
    lines = [line.strip().partition(" ") for line in listing.splitlines() if line.strip()]
    return [(int(pid), command) for pid, _, command in lines]
