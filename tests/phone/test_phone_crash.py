"""SIGKILL at each step, on a real process and a real socket: at most one hand-over, and a final word for every job."""

import asyncio
import json
import signal
import sys

import pytest

from smskit_phone.faults import CRASH_STEPS
from tests.phone.server_double import eventually

# What the journal says after the crash, and what the server hears in the end.
EXPECTED = {
    "before_claim": ("Claimed", ["Sent", "Delivered"], 1),
    "after_claim": ("Claimed", ["Sent", "Delivered"], 1),
    "after_go": ("Cleared", ["Sent", "Delivered"], 1),
    "after_sending_journaled": ("Sending", ["Unknown"], 0),
    "after_radio": ("Sending", ["Unknown"], 1),
    "after_report_written": ("Sent", ["Sent", "Delivered"], 1),
    "before_ack": ("Sent", ["Sent", "Delivered"], 1),
}


async def start_process(runner, faults) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "smskit_phone",
        "run", "--state", str(runner.state_dir), "--faults", str(faults), "--json",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip


def test_every_crash_step_has_its_case():
    assert tuple(EXPECTED) == CRASH_STEPS


@pytest.mark.parametrize("step", CRASH_STEPS)
async def test_a_phone_killed_at_a_step_recovers_without_a_second_hand_over(server, runner, faults_file, step):
    journaled, reported, hand_overs = EXPECTED[step]
    # The delivery is late enough not to be in the journal at the crash.
    faults = faults_file({"crashAt": step, "deliveryLatency": 0.2})
    job = server.add("job_1")

    first = await start_process(runner, faults)
    assert await asyncio.wait_for(first.wait(), 10) == -signal.SIGKILL
    assert list(runner.journal_states().values()) == [journaled]

    second = await start_process(runner, faults)
    try:
        await eventually(lambda: server.states("job_1")[-1:] == reported[-1:], 10)
    finally:
        second.send_signal(signal.SIGTERM)
    output, _ = await asyncio.wait_for(second.communicate(), 10)

    assert second.returncode == 0
    assert list(dict.fromkeys(server.states("job_1"))) == reported
    assert len(runner.handed_over()) == hand_overs
    if reported == ["Unknown"]:
        assert job.reports[0]["error"]["code"] == "unknown_outcome"
    assert "secret" not in output.decode()
    assert json.loads(output.decode().splitlines()[-1])["event"] == "disconnected"


async def test_a_report_under_way_in_the_crash_comes_again_with_the_same_seq(server, runner, faults_file):
    server.add("job_1")
    faults = faults_file({"crashAt": "before_ack", "deliveryReports": False})

    first = await start_process(runner, faults)
    await asyncio.wait_for(first.wait(), 10)
    second = await start_process(runner, faults)
    await eventually(lambda: len(server.of("report")) == 2, 10)
    second.send_signal(signal.SIGTERM)
    await asyncio.wait_for(second.communicate(), 10)

    first_report, again = server.of("report")
    assert (again["seq"], again["items"]) == (first_report["seq"], first_report["items"])
    assert server.states("job_1") == ["Sent"]
