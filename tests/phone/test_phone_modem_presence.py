"""A modem that is unplugged, a SIM that is not ready: the server knows, nothing is tried, all comes back by itself."""

from dataclasses import replace

import pytest

from smskit_phone import Sim
from tests.phone.modems import ALICE, PATIENCE, SELDOM, ModemRunner
from tests.phone.server_double import eventually

OFTEN = replace(SELDOM, poll=0.2)


def readiness(server) -> list[dict]:
    return [frame["sims"] for frame in server.of("heartbeat")]


async def is_ready(server, seconds: float = PATIENCE) -> None:
    """Wait for it. A modem that is still starting isn't ready, which says nothing of its SIM."""
    await eventually(lambda: readiness(server)[-1:] == [[{"simSlot": 0, "isReady": True}]], seconds)


def declined(server) -> list[str]:
    return [item["reason"] for frame in server.of("decline") for item in frame["items"]]


async def test_unplugged_and_back(server, runner, modem):
    await ModemRunner(runner, [modem]).start()
    server.reoffer = False
    await is_ready(server)
    job = server.add("job_1", recipient=ALICE)

    modem.unplug()
    await eventually(lambda: readiness(server)[-1] == [{"simSlot": 0, "isReady": False}], PATIENCE)
    await server.offer(job)
    await eventually(lambda: declined(server), PATIENCE)
    modem.plug()
    await is_ready(server)
    await server.offer(job)
    await eventually(lambda: job.status == "Delivered", PATIENCE)

    assert declined(server) == ["modem-unplugged"]
    assert server.states("job_1") == ["Sent", "Delivered"]
    assert len(modem.sent) == 1


@pytest.mark.parametrize(
    ("attribute", "value", "reason"),
    [("sim", None, "sim-absent"), ("sim", "SIM PIN", "sim-wants-pin"), ("registration", 2, "no-service")],
)
async def test_a_sim_that_is_not_ready_is_told_with_the_reason_and_so_is_its_return(
    server, runner, modem, attribute, value, reason
):
    phone = await ModemRunner(runner, [modem]).start(timings=OFTEN)
    server.reoffer = False
    await is_ready(server)
    before = getattr(modem, attribute)
    job = server.add("job_1", recipient=ALICE)

    setattr(modem, attribute, value)
    await eventually(lambda: readiness(server)[-1] == [{"simSlot": 0, "isReady": False}], PATIENCE)
    await server.offer(job)
    await eventually(lambda: declined(server), PATIENCE)
    assert phone.driver.vitals().signal_strength == 0
    setattr(modem, attribute, before)
    await is_ready(server)
    await server.offer(job)
    await eventually(lambda: job.status == "Delivered", PATIENCE)

    assert declined(server) == [reason]


async def test_a_cleared_job_whose_modem_is_gone_by_now_goes_back(server, runner, modem):
    await ModemRunner(runner, [modem]).start()
    server.reoffer = False
    job = server.add("job_1", recipient=ALICE)

    def unplug_first(frame):
        modem.unplug()
        return [server._on_claim(frame)] if runner.phone.driver.vitals().unready else []

    server.hooks["claim"] = unplug_first
    await server.offer(job)
    await eventually(lambda: declined(server), PATIENCE)

    assert (declined(server), job.reports) == (["modem-unplugged"], [])


async def test_a_modem_that_falls_silent_is_started_anew(server, runner, modem):
    await ModemRunner(runner, [modem]).start(timings=replace(OFTEN, silence=6))
    await is_ready(server)

    modem.silent = True
    await eventually(lambda: readiness(server)[-1] == [{"simSlot": 0, "isReady": False}], PATIENCE)
    modem.silent = False
    await is_ready(server, 2 * PATIENCE)


async def test_hello_names_the_carrier_and_how_well_it_is_heard(server, runner, modem):
    driver = ModemRunner(runner, [modem]).driver()
    await driver.settle(PATIENCE)

    assert driver.sims == [Sim(0, "63902")]
    vitals = driver.vitals()
    assert (vitals.signal_strength, vitals.unready) == (3, {})
    await driver.close()


async def test_a_modem_that_is_not_there_does_not_hold_up_the_start(runner, tmp_path, modem):
    modem.unplug()
    driver = ModemRunner(runner, [modem]).driver()

    await driver.settle(PATIENCE)

    assert driver.vitals().unready == {0: "modem-unplugged"}
    await driver.close()
