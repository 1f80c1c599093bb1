"""Our own commands, run the way a user would run them."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smskit_local.errors import CommandError

_BIN = Path(sys.executable).parent
PHONE = str(_BIN / "smskit-phone")
_ADMIN = str(_BIN / "smskit-admin")


def admin(*arguments: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Run ``smskit-admin … --json`` and return what it printed. Raises CommandError if it fails."""
    command = [_ADMIN, *arguments, "--json"]
    result = subprocess.run(
        command, env={**environment, "SMSKIT_ENV": "emulator"}, check=False, capture_output=True, text=True, timeout=60
    )
    if result.returncode != 0:
        raise CommandError(f"smskit-admin {' '.join(arguments)} failed:\n{result.stderr or result.stdout}")
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer
