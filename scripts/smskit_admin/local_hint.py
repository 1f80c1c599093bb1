"""What to say to somebody whose command reached no deployment, and who may have meant the local stack."""

from __future__ import annotations

import os
from pathlib import Path

LOCAL_STACK = Path(__file__).resolve().parents[2] / ".local" / "stack.json"
"""Written by ``make up``."""


def local_hint() -> str:
    """What to add to the error; empty for a shell that points at an emulator already."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        return ""
    if LOCAL_STACK.exists():
        return '. This shell points at AWS; for the local stack of make up run: eval "$(make -s env)"'
    return '. This shell points at AWS; for a local stack first run: make up, then: eval "$(make -s env)"'
