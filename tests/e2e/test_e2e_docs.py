"""Every command of the documentation, pasted into a shell as a reader would after ``make up``.

The test's own stack stands for the one of ``make up``. What isn't run is listed with its reason, all of it.
"""

from __future__ import annotations

import asyncio
import os
import shlex
from contextlib import suppress
from pathlib import Path

import pytest

from smskit_local import processes, stack_file
from smskit_local.safety import aws_environment, clean_environment
from smskit_local.shell import USE
from smskit_local.stack_file import LocalStack
from tests.e2e.inbox import of_feed
from tests.e2e.phones import Phones
from tests.e2e.stack import Stack, Tenant
from tests.support.doc_blocks import ROOT, Command, blocks, commands

pytestmark = pytest.mark.e2e

NOT_RUN = {
    "make up": "the stack of the tests stands for it",
    "make down": "the stack of the tests stands for it",
    "pytest tests/contract": "those tests are run beside this one",
    "python -m smskit_generate.openapi": "it writes into the sources; a line below it compares",
    "python -m smskit_generate.asyncapi": "it writes into the sources; tests/contract compares",
    "python -m smskit_generate.capabilities": "it writes into the sources; tests/unit compares",
}
_SECONDS = 300
# `make` is the one command that is played: it would install tools, and its stack is another one.
_SHELL = """
set -em -o pipefail
cd {root}
make() {{
  [ "$*" = "-s env" ] || {{ echo "make $*: not here" >&2; exit 99; }}
  {python} -m smskit_local env --stack {stack}
}}
going=()
trap 'for pid in "${{going[@]}}"; do kill -KILL -- -$pid 2>&-; done' EXIT
speaks() {{  # a command that goes on has begun when it says something
  until [ -s "$2" ]; do kill -0 "$1" && read -rt 0.1 < <(:) || true; kill -0 "$1"; done
}}
"""
_GOES_ON = '{command} > "$HOME/going-{number}" 2>&1 &\ngoing+=($!); speaks $! "$HOME/going-{number}"'
_CTRL_C = """
for pid in "${going[@]}"; do kill -INT -- -$pid; wait $pid; done
going=()
"""


class Reader:
    """Somebody with a shell, a home of their own, and the stack of ``make up``."""

    def __init__(self, home: Path, stack: Stack, tenant: Tenant, phone: Path) -> None:
        self._home = home
        self._file = home / ".local" / "stack.json"
        urls = {
            "apiUrl": stack.url,
            "webSocketUrl": stack.outputs["WebSocketUrl"],
            "pairUrl": f"{stack.url}/phone/pair",
        }
        aws = aws_environment(stack.emulator.endpoint)
        stack_file.write(
            LocalStack(
                env="emulator", endpointUrl=stack.emulator.endpoint, region=aws["AWS_REGION"],
                accountId=tenant.account_id,
                apiKey=tenant.key, clientId=tenant.client_id, awsEnv=aws, webhookUrl="", webhookSecret="",
                outputs=stack.outputs, sourceHash="", dashboardUrl="", dashboardEmail="", dashboardPassword="", **urls,
            ),
            self._file,
        )  # fmt: skip
        (home / ".local" / "phone").symlink_to(phone, target_is_directory=True)
        (home / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n")

    async def paste(self, page: list[Command]) -> str:
        """Paste all commands of a page into one shell; what it printed. Fails at the first that fails."""
        first = _SHELL.format(
            root=shlex.quote(str(ROOT)), python=".venv/bin/python", stack=shlex.quote(str(self._file))
        )
        mark = processes.Mark("reader", self._home)
        name, _, value = mark.entry.partition("=")
        script = "\n".join([first, USE, *(_pasted(command, number) for number, command in enumerate(page)), _CTRL_C])
        screen = self._home / "screen"
        with screen.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                "bash", "-c", script,
                env={
                    **clean_environment(), "HOME": str(self._home), "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
                    name: value,
                },
                stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _SECONDS)
        code = process.returncode
        await asyncio.to_thread(processes.stop, mark)  # commands that go on are groups of their own
        await process.wait()
        going = "\n".join(log.read_text() for log in sorted(self._home.glob("going-*")))
        ended = f"not done after {_SECONDS} s" if code is None else f"exit code {code}"
        assert code == 0, f"{ended}:\n{screen.read_text()}\n{going}"
        return screen.read_text()


def _pasted(command: Command, number: int) -> str:
    shown = f"printf '%s\\n' {shlex.quote('$ ' + command.text)}"
    run = _GOES_ON.format(command=command.bare, number=number) if command.goes_on else command.text
    return f"{shown}\n{run}"


def _of(page: str) -> tuple[list[Command], dict[str, str]]:
    """What is to be run of a page, and what isn't, with its reason."""
    all_commands = [
        command for block in blocks() if (block.page, block.kind) == (page, "sh") for command in commands(block)
    ]
    left = {command.bare: NOT_RUN[command.bare] for command in all_commands if command.bare in NOT_RUN}
    return [command for command in all_commands if command.bare not in NOT_RUN], left


async def test_every_command_of_the_documentation_works_when_pasted(
    stack: Stack, tenant: Tenant, phones: Phones, tmp_path: Path
):
    phone = await phones.new(tenant)
    home = tmp_path / "home"
    home.mkdir()
    reader = Reader(home, stack, tenant, phone.folder)

    for page in dict.fromkeys(block.page for block in blocks()):
        run, left = _of(page)
        print(f"\n{page}", *(f"  ran      {command.text}" for command in run), sep="\n")
        print(*(f"  not run  {command}: {reason}" for command, reason in left.items()), sep="\n")
        for block in blocks():
            if block.page == page and block.kind != "sh":
                print(f"  not run  a block of {block.kind!r} that begins with {block.text.splitlines()[0]!r}")
        if run:
            await reader.paste(run)
        if page == "README.md":  # the SMS that it lets come in is answered by another page
            assert [message["content"] for message in await of_feed(tenant, 1)] == ["YES"]
    assert set(NOT_RUN) >= {command for page in {b.page for b in blocks()} for command in _of(page)[1]}
