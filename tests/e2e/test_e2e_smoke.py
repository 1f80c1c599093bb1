"""``make smoke`` on the emulator: everything holds but what only AWS shows, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any
from uuid import uuid4

import pytest

from infra.config.table_specs import TABLES
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e

ONLY_ON_AWS = {
    "a closed connection is noticed",
    "the login page",
    "stream of an encrypted table",
    "API Gateway's role for logs",
}


async def start(stack: Stack, *options: str) -> asyncio.subprocess.Process:
    environment = {**stack.emulator.environment, "PYTHONPATH": os.environ.get("PYTHONPATH", "scripts")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "smskit_smoke", "--env", "emulator", *options),
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


def smoke_accounts(stack: Stack) -> list[str]:
    """The accounts that a smoke has made and that are still there."""
    items = stack.aws("dynamodb").scan(TableName=stack.outputs["AccountsTable"])["Items"]
    return [item["pk"]["S"] for item in items if item.get("name", {}).get("S") == "Smoke"]


def holding(stack: Stack, text: str) -> list[tuple[str, Any]]:
    """The items of any table that name it."""
    return [
        (spec.name, item)
        for spec in TABLES
        for item in stack.aws("dynamodb").scan(TableName=stack.outputs[f"{spec.name.capitalize()}Table"])["Items"]
        if text in str(item)
    ]


def users(stack: Stack) -> list[str]:
    found = stack.aws("cognito-idp").list_users(UserPoolId=stack.outputs["UserPoolId"])["Users"]
    emails = [part["Value"] for user in found for part in user["Attributes"] if part["Name"] == "email"]
    return [email for email in emails if email.startswith("smoke-")]


async def test_everything_holds_and_nothing_is_left_behind(stack: Stack):
    process = await start(stack)
    out, _ = await asyncio.wait_for(process.communicate(), 240)
    said = out.decode()
    print(said)
    assert process.returncode == 0, said

    rows = [line for line in said.splitlines() if line[:1] in "✓✗–○"]
    table = rows[len(rows) // 2 :]
    assert {line[1:].strip().split("  ")[0] for line in table if line.startswith("○")} == ONLY_ON_AWS
    assert len([line for line in table if line.startswith("✓")]) == 9
    assert "What was made for this is removed." in said
    account = next(word for word in said.split() if word.startswith("acc_"))
    assert (smoke_accounts(stack), users(stack)) == ([], [])
    kept = {name for name, _ in holding(stack, account)}
    assert kept <= {"usage"}  # figures that are counted later, and expire


async def test_after_ctrl_c_nothing_is_left_behind_either(stack: Stack):
    asked = asyncio.Event()
    path = f"/{uuid4()}"  # endpoints of other tests may have had this port

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if path in (await reader.readline()).decode():
            asked.set()
        await writer.wait_closed()

    async with await asyncio.start_server(never_answer, "127.0.0.1", 0) as endpoint:
        port = endpoint.sockets[0].getsockname()[1]
        process = await start(stack, "--webhook-url", f"http://127.0.0.1:{port}{path}")
        await asyncio.wait_for(asked.wait(), 60)  # nearly all that it makes is there, and it waits
        process.send_signal(signal.SIGINT)
        out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 130, out.decode()
    assert "What was made for this is removed." in out.decode()
    assert (smoke_accounts(stack), users(stack)) == ([], [])
