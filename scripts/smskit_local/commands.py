"""Our own commands, run the way a user would run them."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smskit_local.errors import CommandError

_BIN = Path(sys.executable).parent
_SECONDS = 120
PHONE = str(_BIN / "smskit-phone")
_ADMIN = str(_BIN / "smskit-admin")


def admin(*arguments: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Run ``smskit-admin … --json`` and return what it printed. Raises CommandError if it fails."""
    command = [_ADMIN, *arguments, "--json"]
    wanted = {**environment, "SMSKIT_ENV": "emulator"}
    try:
        result = subprocess.run(command, env=wanted, check=False, capture_output=True, text=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise CommandError(f"smskit-admin {' '.join(arguments)} has not ended within {_SECONDS} s") from None
    if result.returncode != 0:
        raise CommandError(f"smskit-admin {' '.join(arguments)} failed:\n{result.stderr or result.stdout}")
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer
