"""SIGKILL on the agent's real process anywhere between its radio and the ack: nothing lost, nothing doubled."""

import asyncio
import json
import random
import signal
import sqlite3

import pytest

from smskit_phone import FaultSource, SimDriver
from smskit_phone.faults import INBOUND_CRASH_STEPS
from tests.phone.server_double import eventually
from tests.phone.test_phone_crash import start_process

# Seconds: starting a process takes long where many compete.
PATIENCE = 30
# Right after the crash: messages with the radio, in the journal, at the server.
AFTER_CRASH = {
    "after_inbound_read": (3, 0, 0),
    "after_inbound_journaled": (3, 3, 0),
    "before_received": (0, 3, 0),
    "after_received": (0, 3, 3),
    "before_received_ack": (0, 3, 3),
}


def radio_of(runner) -> SimDriver:
    """The radio's own side, beside whatever process runs the phone."""
    return SimDriver(FaultSource(), runner.state_dir / "radio.log")


def with_radio(runner) -> int:
    return len(list((runner.state_dir / "inbox").glob("*.json")))


def in_journal(runner) -> int:
    connection = sqlite3.connect(runner.state_dir / "journal.sqlite3")
    try:
        return int(connection.execute("SELECT count(*) FROM received").fetchone()[0])
    finally:
        connection.close()


def test_every_crash_step_has_its_case():
    assert tuple(AFTER_CRASH) == INBOUND_CRASH_STEPS


@pytest.mark.parametrize("step", INBOUND_CRASH_STEPS)
async def test_a_phone_killed_at_a_step_forwards_each_message_once_and_in_order(server, runner, faults_file, step):
    radio = radio_of(runner)
    injected = [radio.inject("+254712345678", f"secret {number}") for number in range(3)]
    faults = faults_file({"crashAt": step})

    first = await start_process(runner, faults)
    assert await asyncio.wait_for(first.wait(), PATIENCE) == -signal.SIGKILL
    radio_has, journal_has, server_has = AFTER_CRASH[step]
    await eventually(lambda: len(server.inbound) == server_has, PATIENCE)
    assert (with_radio(runner), in_journal(runner)) == (radio_has, journal_has)

    second = await start_process(runner, faults)
    try:
        await eventually(lambda: server.inbound and with_radio(runner) == in_journal(runner) == 0, PATIENCE)
    finally:
        second.send_signal(signal.SIGTERM)
    output, _ = await asyncio.wait_for(second.communicate(), PATIENCE)

    assert second.returncode == 0
    assert list(server.inbound) == injected
    assert [message["content"] for message in server.inbound.values()] == [f"secret {n}" for n in range(3)]
    assert "secret" not in output.decode()
    assert "254712345678" not in output.decode()


async def test_a_frame_under_way_in_the_crash_comes_again_with_the_same_seq_and_messages(server, runner, faults_file):
    radio_of(runner).inject("+254712345678", "hello")
    faults = faults_file({"crashAt": "before_received_ack"})

    first = await start_process(runner, faults)
    await asyncio.wait_for(first.wait(), PATIENCE)
    radio_of(runner).inject("+254712345678", "later")
    second = await start_process(runner, faults)
    await eventually(lambda: len(server.inbound) == 2, PATIENCE)
    second.send_signal(signal.SIGTERM)
    await asyncio.wait_for(second.communicate(), PATIENCE)

    before, again, later = server.of("received")
    assert (again["seq"], again["messages"]) == (before["seq"], before["messages"])
    assert (later["seq"], [message["content"] for message in later["messages"]]) == (before["seq"] + 1, ["later"])


async def test_kills_at_any_moment_of_a_burst_lose_and_double_nothing(server, runner, faults_file):
    """From outside, so that no step is chosen; each life of the phone brings some of the burst further."""
    chance = random.Random(7)
    radio = radio_of(runner)
    injected: list[str] = []

    def on_received(frame):
        # Acks get lost with the process more often than not.
        return server._on_received(frame) if chance.random() < 0.8 else []

    server.hooks["received"] = on_received
    for life in range(6):
        process = await start_process(runner, faults_file({}))
        known = len(server.of("hello"))
        injected += [radio.inject("+254712345678", f"{life}") for _ in range(40)]
        await eventually(lambda: len(server.of("hello")) > known, PATIENCE)  # noqa: B023
        await asyncio.sleep(chance.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        await process.wait()
    server.hooks.clear()
    last = await start_process(runner, faults_file({}))
    await eventually(lambda: with_radio(runner) == in_journal(runner) == 0, PATIENCE)
    last.send_signal(signal.SIGTERM)
    output, _ = await asyncio.wait_for(last.communicate(), PATIENCE)

    assert list(server.inbound) == injected
    assert all(json.loads(line)["deviceId"] == "dvc_1" for line in output.splitlines())
