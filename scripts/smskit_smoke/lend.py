"""Runs a command against the local stack, with an account of its own to work on; then takes away what was made for it.

    python -m smskit_smoke.lend COMMAND…

The command finds in SMSKIT_STACK the name of a file that says where the stack is and how to get in (`Way`). A stack
that runs is used, and stays; else one is brought up as by ``make up``, and ended.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

from smskit_admin import stack
from smskit_local import receiver, stack_file, up
from smskit_local.demo import Customer
from smskit_local.errors import LocalStackError
from smskit_smoke import account, endpoint
from smskit_smoke.removal import Removal
from smskit_smoke.report import SmokeError
from smskit_smoke.signing_in import LoginPages
from smskit_smoke.target import Target, find, point_at_local_stack
from webhook_receiver.verifying import Secrets

VARIABLE = "SMSKIT_STACK"


@dataclass(frozen=True)
class Way:
    """How to get in. The names are those of the file, for tests in any language.

    `consoleToken` is an owner's; `webhooks` is a file with a line of JSON for each delivery: its `event`, its `body`,
    and whether the signature was `verified`.
    """

    apiUrl: str  # noqa: N815
    apiKey: str  # noqa: N815
    consoleToken: str  # noqa: N815
    webhooks: str


def main(command: Sequence[str]) -> int:
    """The exit code of the command."""
    environment = dict(os.environ)
    was_up = _is_up()
    try:
        _local("up", environment)
        return _lend(command, environment)
    finally:
        if not was_up:
            _local("down", environment)


def _is_up() -> bool:
    return stack_file.read() is not None and up.emulator().is_running()


def _local(command: str, environment: Mapping[str, str]) -> None:
    subprocess.run([sys.executable, "-m", "smskit_local", command], env=environment, check=True)


def _lend(command: Sequence[str], environment: Mapping[str, str]) -> int:
    with tempfile.TemporaryDirectory() as folder, stack.connected(point_at_local_stack()) as name:
        removal = Removal()
        try:
            file = Path(folder) / "stack.json"
            file.write_text(json.dumps(asdict(asyncio.run(_open(find(name), Path(folder), removal)))))
            return subprocess.run(command, env={**environment, VARIABLE: str(file)}, check=False).returncode
        finally:
            for left in asyncio.run(removal.run()):
                print(f"left behind: {left}", file=sys.stderr)


async def _open(target: Target, folder: Path, removal: Removal) -> Way:
    """An account, its webhook and its owner."""
    opened = account.open_account("Lent", removal)
    log, secrets = folder / "webhooks.log", Secrets([])
    stream = log.open("w")
    removal.note("the log of webhooks", stream.close)
    url = endpoint.listen_here(removal, secrets, stream)
    with Customer(target.api_url, opened.api_key) as customer:
        secrets.set([customer.register_webhook(url, receiver.EVENTS)])
    login = account.new_owner(opened.account_id, target, removal)
    pages = LoginPages(target)
    try:
        token = await pages.sign_in(login, lambda _: None)
    finally:
        await pages.close()
    return Way(target.api_url, opened.api_key, token, str(log))


def _end(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as failed:  # it has said why
        sys.exit(failed.returncode)
    except (LocalStackError, SmokeError) as failed:
        sys.exit(str(failed))
    except KeyboardInterrupt:
        sys.exit(130)
