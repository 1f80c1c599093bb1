"""The program that runs a modem, by itself: what it does without its agent, and how it splits texts."""

import asyncio
import json
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process

from smskit.sending.logic import segments
from tests.phone import pdu
from tests.phone.at_modem import AtModem
from tests.phone.modems import ALICE, AT, PATIENCE, PROGRAM, program
from tests.phone.server_double import eventually

GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà"
SPLIT = """
import json, sys
from smskit_gammu.text import split
for text in json.load(sys.stdin):
    print(len(split(text)))
"""


async def start(modem: AtModem) -> Process:
    return await asyncio.create_subprocess_exec(
        *program(), "--poll", "600", str(modem.device), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )


async def said(process: Process, event: str) -> dict:
    """The next line about this event."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        while True:
            line = json.loads(await process.stdout.readline())
            if line["event"] == event:
                return line


async def test_without_an_agent_no_further_part_is_handed_over(modem):
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *program(), "--poll", "600", str(modem.device), stdin=PIPE, stdout=writing, stderr=DEVNULL
    )
    os.close(writing)
    await eventually(lambda: "AT+CMGL=4" in modem.commands, PATIENCE)
    request = {"do": "send", "id": 1, "recipient": ALICE, "text": "a" * 1000}
    process.stdin.write(json.dumps(request).encode() + b"\n")
    await eventually(lambda: modem.is_writing, PATIENCE)

    os.close(reading)  # as the kernel does for an agent that was killed
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 1

    assert len(modem.sent) == 1


async def test_a_deletion_that_comes_twice_leaves_what_came_to_that_place_meanwhile(modem):
    place = modem.receive(pdu.deliver(ALICE, "first", AT))
    process = await start(modem)
    tag = (await said(process, "part"))["tag"]
    delete = json.dumps({"do": "delete", "tag": tag}).encode() + b"\n"

    process.stdin.write(delete)
    assert (await said(process, "deleted"))["location"] == place
    assert not modem.stored
    assert modem.receive(pdu.deliver(ALICE, "second", AT)) == place
    process.stdin.write(delete)

    second = await said(process, "part")
    process.stdin.write(delete)
    process.stdin.write(json.dumps({"do": "send", "id": 1, "recipient": ALICE, "text": "behind it"}).encode() + b"\n")
    await said(process, "sent")
    assert second["text"] == "second"
    assert list(modem.stored) == [place]

    process.stdin.write(json.dumps({"do": "delete", "tag": second["tag"]}).encode() + b"\n")
    await eventually(lambda: not modem.stored, PATIENCE)
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_all_that_a_modem_passes_on_at_once_is_told(modem):
    process = await start(modem)
    await said(process, "listed")
    numbers = list(range(1, 16))

    for number in numbers:
        modem.pass_on(pdu.deliver(ALICE, f"{number}", AT, flash=True))
        modem.report(number, ALICE)
    reports = [await said(process, "report") for _ in numbers]
    for number in numbers:
        modem.report(number, ALICE)
        modem.pass_on(pdu.deliver(ALICE, f"{number}", AT, flash=True))
    parts = [await said(process, "part") for _ in numbers]

    assert [report["reference"] for report in reports] == numbers
    assert [int(part["text"]) for part in parts] == numbers
    assert {part["location"] for part in parts} == {None}
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_a_port_has_one_program(modem):
    first = await start(modem)
    await said(first, "listed")

    second = await start(modem)
    assert await said(second, "lost") == {"event": "lost", "error": "ERR_DEVICEOPENERROR"}
    assert await asyncio.wait_for(second.wait(), PATIENCE) == 1

    first.stdin.close()
    assert await asyncio.wait_for(first.wait(), PATIENCE) == 0


def test_texts_have_as_many_parts_as_the_server_counts_segments():
    program()
    texts = [
        GSM, "a" * 160, "a" * 161, "€" * 80, "€" * 81, "a" * 152 + "€€", "ü" * 459,
        "ж" * 70, "ж" * 71, "😀" * 35, "😀" * 36, "a" * 66 + "😀" * 40, "😀" * 1600, " ", "é\u200b",
    ]  # fmt: skip
    command = [PROGRAM.with_name("python"), "-c", SPLIT]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)

    assert [int(line) for line in done.stdout.split()] == [segments.count(text) for text in texts]


def test_what_is_missing_for_modems_is_said(runner):
    command = [sys.executable, "-m", "smskit_phone", "run", "--state", runner.state_dir, "--driver", "gammu"]

    bare = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    without = subprocess.run(
        [*command, "--modem", "/dev/null"],
        env={**os.environ, "PATH": "/nowhere"}, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip

    assert (bare.returncode, without.returncode) == (1, 1)
    assert "needs a --modem" in bare.stderr
    assert "smskit-gammu is not installed" in without.stderr
