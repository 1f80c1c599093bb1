"""SMS that come in at a GSM modem: on the phone's disk before the SIM forgets them, whole, each once."""

import asyncio
import json
import signal
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from smskit_phone.database import Database
from smskit_phone.drivers import gammu_parts
from smskit_phone.drivers.gammu_lines import Part
from smskit_phone.drivers.gammu_parts import Parts
from tests.phone import at_modem, pdu
from tests.phone.disks import FullFile
from tests.phone.inbound import contents
from tests.phone.modems import ALICE, AT, PATIENCE, SELDOM, ModemRunner, start_agent
from tests.phone.server_double import eventually

OFTEN = replace(SELDOM, poll=0.2)


async def test_a_message_is_forwarded_and_its_place_on_the_sim_is_free(server, runner, modem):
    await ModemRunner(runner, [modem]).start()

    modem.receive(pdu.deliver(ALICE, "Ndiyo 😀", AT))
    modem.receive(pdu.deliver_gsm("MPESA", "a€{}b", AT))
    await eventually(lambda: len(server.inbound) == 2 and not modem.stored, PATIENCE)
    await runner.stop()

    first, second = server.inbound.values()
    assert (first["from"], first["content"], first["simSlot"]) == (ALICE, "Ndiyo 😀", 0)
    assert first["receivedAt"] == "2026-06-23T10:05:00.000Z"
    assert (second["from"], second["content"]) == ("MPESA", "a€{}b")
    told = "".join(event.as_json() for event in runner.events)
    kept = b"".join(file.read_bytes() for file in runner.state_dir.iterdir())
    assert not any(secret in told or secret.encode() in kept for secret in ("Ndiyo", ALICE, "MPESA"))


async def test_what_came_in_while_nothing_ran_is_taken_at_the_start_in_its_order(server, runner, modem):
    for number in range(3):
        modem.receive(pdu.deliver(ALICE, f"text {number}", AT + timedelta(seconds=number)))

    await ModemRunner(runner, [modem]).start()
    await eventually(lambda: len(server.inbound) == 3 and not modem.stored, PATIENCE)

    assert contents(server) == ["text 0", "text 1", "text 2"]


async def test_a_long_message_is_whole_however_its_parts_come_and_the_sim_need_not_hold_them(server, runner, modem):
    await ModemRunner(runner, [modem]).start()
    first, second, third = (
        pdu.deliver(ALICE, f"part {number} ", AT, reference=7, part=number, parts=3) for number in (1, 2, 3)
    )
    modem.receive(third)
    modem.receive(pdu.deliver("+254700000009", "part 1 ", AT, reference=7, part=1, parts=3))
    await eventually(lambda: not modem.stored, PATIENCE)
    modem.receive(third)
    modem.receive(first)
    await eventually(lambda: not modem.stored, PATIENCE)
    await runner.pull_battery()
    assert contents(server) == []

    await ModemRunner(runner, [modem]).start()
    modem.receive(second)
    await eventually(lambda: contents(server) == ["part 1 part 2 part 3 "] and not modem.stored, PATIENCE)


async def test_the_same_text_twice_in_a_second_is_two_messages_however_often_the_sim_is_read(server, runner, modem):
    same = pdu.deliver(ALICE, "same", AT)
    modem.receive(same)
    modem.receive(same)
    await ModemRunner(runner, [modem]).start(timings=OFTEN)
    await eventually(lambda: len(server.inbound) == 2 and not modem.stored, PATIENCE)

    modem.receive(same)
    await eventually(lambda: len(server.inbound) == 3 and not modem.stored, PATIENCE)


async def test_the_same_text_at_a_place_that_has_just_become_free_is_another_message(
    server, runner, modem, monkeypatch
):
    monkeypatch.setattr(at_modem, "PLACES", 1)
    modem.receive_all([pdu.deliver(ALICE, "same", AT)] * 3)
    await ModemRunner(runner, [modem]).start(timings=OFTEN)
    await eventually(lambda: len(server.inbound) == 3 and not modem.stored, PATIENCE)


async def test_while_the_disk_is_full_the_sim_keeps_the_message(server, runner, modem, monkeypatch, caplog):
    disk = FullFile(monkeypatch)
    await ModemRunner(runner, [modem]).start(timings=OFTEN)
    listings = modem.commands.count("AT+CMGL=4")
    disk.databases.sort(key=lambda database: "modems" in database.rows("PRAGMA database_list")[0]["file"])
    disk.fill()

    for number in range(1, 26):  # parts of a message wait on the disk, and fill it
        modem.receive(pdu.deliver(ALICE, f"{number:60}", AT, reference=1, part=number, parts=25))
    await eventually(lambda: modem.commands.count("AT+CMGL=4") > listings + 3, PATIENCE)
    assert modem.stored
    disk.clear()
    await eventually(lambda: server.inbound and not modem.stored, PATIENCE)
    assert contents(server)[0].split() == [str(number) for number in range(1, 26)]
    assert "is lost" not in caplog.text  # for so much news at once


async def test_a_message_that_cannot_be_read_does_not_hold_back_the_others(server, runner, modem):
    modem.receive("07915274000000F004FF")
    modem.receive(pdu.deliver(ALICE, "first", AT))
    modem.receive("07915274000000F004FF")
    modem.receive(pdu.deliver(ALICE, "second", AT))

    await ModemRunner(runner, [modem]).start(timings=OFTEN)
    await eventually(lambda: len(modem.stored) == 2, PATIENCE)

    assert contents(server) == ["first", "second"]


@pytest.mark.parametrize("step", ["after_inbound_read", "after_inbound_journaled", "before_received_ack"])
async def test_an_agent_killed_at_a_step_forwards_the_message_once(server, runner, modem, faults_file, step):
    modem.receive(pdu.deliver(ALICE, "secret", AT))
    faults = faults_file({"crashAt": step})

    first = await start_agent(runner, modem.device, faults)
    assert await asyncio.wait_for(first.wait(), PATIENCE) == -signal.SIGKILL
    second = await start_agent(runner, modem.device, faults)
    await eventually(lambda: server.inbound and not modem.stored, PATIENCE)
    modem.receive(pdu.deliver(ALICE, "later", AT))
    await eventually(lambda: len(server.inbound) == 2, PATIENCE)
    second.send_signal(signal.SIGTERM)
    output, _ = await asyncio.wait_for(second.communicate(), PATIENCE)

    assert contents(server) == ["secret", "later"]
    assert "secret" not in output.decode()
    assert all(json.loads(line)["deviceId"] == "dvc_1" for line in output.splitlines())


def test_a_long_message_without_a_part_is_handed_over_with_a_gap_after_a_day(tmp_path, monkeypatch):
    parts = Parts(Database(tmp_path / "modems.sqlite3", gammu_parts.SCHEMA))
    for number in (1, 3):
        parts.add("card", 0, Part(number, ALICE, 7, number, 3, f"part {number}", 0.0))
    assert parts.whole() == []

    later = time.time() + gammu_parts.AWAITED_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)

    assert [message.content for message in parts.whole()] == ["part 1[…]part 3"]


@pytest.mark.parametrize("is_told", ["of the deletion", "of all that is stored"])
def test_the_place_of_a_deleted_message_may_hold_the_same_text_again(tmp_path, is_told):
    parts = Parts(Database(tmp_path / "modems.sqlite3", gammu_parts.SCHEMA))
    same = Part(3, ALICE, 0, 1, 1, "same", 0.0)
    parts.add("card", 0, same)
    parts.taken(parts.whole())
    parts.add("card", 0, same)
    assert parts.whole() == []

    if is_told == "of the deletion":
        parts.deleted("other card", 3)
        parts.deleted("card", 4)
        parts.add("card", 0, same)
        assert parts.whole() == []
        parts.deleted("card", 3)
    else:
        parts.listed(gammu_parts.Listed("card", frozenset()))
    parts.add("card", 0, same)

    assert len(parts.whole()) == 1
