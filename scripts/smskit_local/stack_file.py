"""What ``make up`` remembers in ``.local/stack.json``: where the stack is and how to get in."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from smskit_local.deploy import ROOT

LOCAL = ROOT / ".local"
STACK_FILE = LOCAL / "stack.json"


@dataclass(frozen=True)
class LocalStack:
    """A complete local stack. The names are those of the file, for tools in any language."""

    env: str
    endpointUrl: str  # noqa: N815
    region: str
    accountId: str  # noqa: N815
    apiUrl: str  # noqa: N815
    apiKey: str  # noqa: N815
    clientId: str  # noqa: N815
    webSocketUrl: str  # noqa: N815
    pairUrl: str  # noqa: N815
    awsEnv: dict[str, str]  # noqa: N815
    webhookUrl: str  # noqa: N815
    webhookSecret: str  # noqa: N815
    dashboardUrl: str  # noqa: N815
    dashboardEmail: str  # noqa: N815
    dashboardPassword: str  # noqa: N815
    outputs: dict[str, str]
    sourceHash: str  # noqa: N815


def read(path: Path = STACK_FILE) -> LocalStack | None:
    """The stack of the last ``make up``, or None if there is none or an older version wrote it."""
    try:
        return LocalStack(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write(stack: LocalStack, path: Path = STACK_FILE) -> None:
    """Save the stack, readable by its owner only: it holds an API key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        json.dump(asdict(stack), stream, indent=2)
        stream.write("\n")
    partial.replace(path)


def forget(path: Path = STACK_FILE) -> None:
    """Remove the file."""
    path.unlink(missing_ok=True)
