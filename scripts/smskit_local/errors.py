"""What can go wrong with the local stack; every message says what to do."""

from pathlib import Path


class LocalStackError(Exception):
    """The local stack couldn't do what it was asked to."""


class UnsafeEndpointError(LocalStackError):
    """The endpoint isn't an emulator on this machine; nothing was changed there."""


class EmulatorError(LocalStackError):
    """The emulator didn't start or died."""


class DeployError(LocalStackError):
    """The deployment to the emulator failed."""


class CommandError(LocalStackError):
    """One of our own commands failed."""


class DemoError(LocalStackError):
    """The stack is up, but the test message didn't arrive."""


class NotYetError(DemoError):
    """The stack is too busy to answer, or hasn't come so far: what was asked may be asked again."""


def log_tail(log: Path, lines: int = 25) -> str:
    """The end of a log file, for an error message."""
    if not log.exists():
        return f"(no log at {log})"
    tail = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join([f"The last lines of {log}:", *(f"  {line}" for line in tail)])
