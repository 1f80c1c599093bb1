"""Messages out over a GSM modem, to Delivered or to whatever else can be said of them."""

import asyncio
import os
import signal

import pytest

from tests.phone.at_modem import AtModem
from tests.phone.modems import ALICE, PATIENCE, ModemRunner, start_agent, worker_of
from tests.phone.server_double import eventually

BOB = "+254700000002"


def texts(modem: AtModem) -> list[str]:
    return [part.text for part in modem.sent]


async def test_a_long_message_is_sent_when_every_part_is_out_and_delivered_when_every_part_is_confirmed(
    server, runner, modem
):
    modem.confirms = False
    await ModemRunner(runner, [modem]).start()
    text = "Habari 😀 " * 12
    job = server.add("job_1", recipient=ALICE, message=text, segments=2)

    await server.offer(job)
    await eventually(lambda: job.status == "Sent", PATIENCE)
    modem.report(2, ALICE)
    modem.report(2, ALICE)
    modem.report(7, ALICE)
    await eventually(lambda: len(server.of("heartbeat")) >= 1)
    assert server.states("job_1") == ["Sent"]
    modem.report(1, ALICE)
    await eventually(lambda: job.status == "Delivered", PATIENCE)
    await runner.stop()

    assert "".join(texts(modem)) == text
    assert {part.recipient for part in modem.sent} == {ALICE}
    assert [part.header[1:] for part in modem.sent] == [b"\x02\x01", b"\x02\x02"]
    assert all(part.wants_report for part in modem.sent)
    assert server.states("job_1") == ["Sent", "Delivered"]
    assert server.of("hello")[0]["capabilities"] == {"deliveryReports": True}
    assert not any("Habari" in event.as_json() or ALICE in event.as_json() for event in runner.events)
    assert not any(b"Habari" in file.read_bytes() for file in runner.state_dir.rglob("*") if file.is_file())


async def test_a_refusal_is_reported_in_the_protocols_words(server, runner, modem):
    refusals = {
        "+CMS ERROR: 38": "no_service",
        "+CMS ERROR: 1": "invalid_number",
        "+CMS ERROR: 310": "sim_absent",
        "+CMS ERROR: 500": "generic_failure",
        "+CME ERROR: 56": "fdn_blocked",
        "ERROR": "generic_failure",
    }
    await ModemRunner(runner, [modem]).start()
    server.reoffer = False
    for number, (answer, code) in enumerate(refusals.items()):
        modem.refusals.append(answer)
        job = server.add(f"job_{number}", recipient=ALICE)
        await server.offer(job)
        await eventually(lambda: job.reports, PATIENCE)  # noqa: B023

        assert [(report["state"], report["error"]["code"]) for report in job.reports] == [("Failed", code)]
        assert answer == "ERROR" or answer.split()[-1] in job.reports[0]["error"]["message"]
    assert len(modem.sent) == len(refusals)


async def test_what_a_modem_refuses_is_sent_at_the_servers_next_attempt(server, runner, modem):
    modem.refusals.append("+CMS ERROR: 38")
    await ModemRunner(runner, [modem]).start()
    job = server.add("job_1", recipient=ALICE)
    await server.offer(job)
    await eventually(lambda: job.reports, PATIENCE)

    await server.offer(job)
    await eventually(lambda: job.status == "Delivered", PATIENCE)

    assert len(modem.sent) == 2


async def test_a_part_that_fails_behind_another_leaves_the_message_unknown_and_says_why(server, runner, modem):
    modem.refusals.extend(["", "+CMS ERROR: 38"])
    await ModemRunner(runner, [modem]).start()
    job = server.add("job_1", recipient=ALICE, message="a" * 400, segments=3)

    await server.offer(job)
    await eventually(lambda: job.reports, PATIENCE)

    assert (job.reports[0]["state"], job.reports[0]["error"]["code"]) == ("Unknown", "unknown_outcome")
    assert "no_service after 1 parts" in job.reports[0]["error"]["message"]
    assert len(modem.sent) == 2


@pytest.mark.parametrize("end", ["killed", "unplugged", "network-timeout"])
async def test_a_part_without_an_answer_is_unknown_and_never_sent_again(server, runner, modem, end):
    modem.refusals.append("+CMS ERROR: 332" if end == "network-timeout" else None)
    await ModemRunner(runner, [modem]).start()
    job = server.add("job_1", recipient=ALICE)
    await server.offer(job)
    await eventually(lambda: modem.sent, PATIENCE)

    if end == "killed":
        os.kill(worker_of(modem.device), signal.SIGKILL)
    elif end == "unplugged":
        modem.unplug()
        modem.plug()
    await eventually(lambda: job.reports, PATIENCE)
    await server.offer(job)
    other = server.add("job_2", recipient=BOB)
    await eventually(lambda: not runner.phone.driver.vitals().unready, PATIENCE)
    await server.offer(other)
    await eventually(lambda: other.status == "Delivered", PATIENCE)

    assert (job.reports[0]["state"], job.reports[0]["error"]["code"]) == ("Unknown", "unknown_outcome")
    assert [part.recipient for part in modem.sent] == [ALICE, BOB]


@pytest.mark.parametrize(("step", "parts"), [("after_sending_journaled", 0), ("after_radio", 1)])
async def test_an_agent_killed_around_the_radio_says_unknown_and_sends_nothing_again(
    server, runner, modem, faults_file, step, parts
):
    faults = faults_file({"crashAt": step})
    server.reoffer = False
    job = server.add("job_1", recipient=ALICE)

    first = await start_agent(runner, modem.device, faults)
    await eventually(lambda: server.of("hello"), PATIENCE)
    await server.offer(job)
    assert await asyncio.wait_for(first.wait(), PATIENCE) == -signal.SIGKILL
    second = await start_agent(runner, modem.device, faults)
    await eventually(lambda: job.reports, PATIENCE)
    await server.offer(other := server.add("job_2", recipient=BOB))
    await eventually(lambda: other.status == "Delivered", PATIENCE)
    second.send_signal(signal.SIGTERM)
    output, _ = await asyncio.wait_for(second.communicate(), PATIENCE)

    assert (job.reports[0]["state"], job.reports[0]["error"]["code"]) == ("Unknown", "unknown_outcome")
    assert [part.recipient for part in modem.sent] == [ALICE] * parts + [BOB]
    assert not any(secret in output.decode() for secret in ("secret", ALICE, BOB))


async def test_a_modem_that_lacks_commands_sends_all_the_same(server, runner, modem):
    modem.unknown = {"AT+CSQ", "AT+CIMI", "AT+CREG?", "AT+CGATT?", "AT+CNMI=?"}
    modem.confirms = False
    await ModemRunner(runner, [modem]).start()

    await server.offer(job := server.add("job_1", recipient=ALICE))
    await eventually(lambda: job.status == "Sent", PATIENCE)


async def test_each_modem_is_a_sim_and_sends_its_own(server, runner, modem, tmp_path):
    second = AtModem(tmp_path / "ttyUSB1")
    second.imsi, second.carrier = "639030000000002", "63903"
    second.plug()
    phone = await ModemRunner(runner, [modem, second]).start()
    jobs = [server.add(f"job_{slot}", recipient=ALICE, message=f"by {slot}", sim_slot=slot) for slot in (0, 1)]

    await server.offer(*jobs)
    await eventually(lambda: all(job.status == "Delivered" for job in jobs), PATIENCE)
    second.unplug()

    assert (texts(modem), texts(second)) == (["by 0"], ["by 1"])
    assert [sim.carrier_name for sim in phone.driver.sims] == ["63902", "63903"]


async def test_a_text_that_gammu_would_cut_off_is_not_sent(server, runner, modem):
    await ModemRunner(runner, [modem]).start()
    server.reoffer = False
    job = server.add("job_1", recipient=ALICE, message="before\0after")

    await server.offer(job)
    await eventually(lambda: job.reports, PATIENCE)

    assert (job.reports[0]["error"]["code"], modem.sent) == ("null_pdu", [])
