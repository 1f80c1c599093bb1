"""gammu's own dummy phone: a message out to Delivered, one in, gone and back. Its messages are files in a folder."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from smskit.sending.logic import segments
from smskit_phone import Phone
from smskit_phone.config import PhoneConfig
from smskit_phone.drivers.gammu import STORE, GammuDriver
from smskit_phone.drivers.gammu_modem import Port
from tests.phone.conftest import QUICK
from tests.phone.inbound import contents
from tests.phone.modems import ALICE, PATIENCE, SELDOM, program
from tests.phone.server_double import eventually

# The only reference that the dummy gives.
REFERENCE = 255
INBOX = "sms/1"


def backup(kind: str, text: str, **fields: object) -> str:
    """A stored message in the form of gammu's backups."""
    values = {"PDU": kind, "DateTime": "20260623T100500Z", "State": "UnRead", "Number": f'"{ALICE}"', **fields}
    units = text.encode("utf-16-be").hex().upper()
    lines = [f"{name} = {value}" for name, value in values.items()]
    return "\n".join(["[SMSBackup000]", *lines, f"Text00 = {units}", "Coding = Unicode_No_Compression", "Folder = 1"])


def put(folder: Path, number: int, message: str) -> None:
    inbox = folder / INBOX
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / f".{number}").write_text(message + "\nLength = 0\n")
    (inbox / f".{number}").rename(inbox / str(number))


@pytest.fixture
async def dummy(runner, tmp_path) -> Path:
    folder = tmp_path / "dummy"
    folder.mkdir()
    driver = GammuDriver(runner.state_dir, [Port(folder, "dummy")], program(), replace(SELDOM, poll=0.1))
    await driver.settle(PATIENCE)
    await runner.run(Phone(PhoneConfig(runner.state_dir, timings=QUICK), driver, on_event=runner.events.append))
    return folder


async def test_a_message_out_to_delivered(server, runner, dummy):
    job = server.add("job_1", recipient=ALICE, message="Habari 😀")
    await server.offer(job)
    await eventually(lambda: job.status == "Sent", PATIENCE)

    put(dummy, 1, backup("Status_Report", "Delivered", DeliveryStatus=0, MessageReference=REFERENCE))
    await eventually(lambda: job.status == "Delivered", PATIENCE)

    await eventually(lambda: not list((dummy / INBOX).iterdir()), PATIENCE)
    assert server.of("hello")[0]["sims"][0]["carrierName"] == "GammuT3l"
    assert server.states("job_1") == ["Sent", "Delivered"]


async def test_the_longest_text_is_handed_over_part_by_part(server, runner, dummy):
    text = "😀" * 1600  # a character more is refused by the API
    job = server.add("job_1", recipient=ALICE, message=text, segments=segments.count(text))
    await server.offer(job)
    await eventually(lambda: job.status == "Sent", PATIENCE)

    with closing(sqlite3.connect(runner.state_dir / STORE)) as store:
        parts = store.execute("SELECT part, parts FROM handed_over ORDER BY id").fetchall()
    assert parts == [(part, 49) for part in range(49)]


async def test_one_in(server, runner, dummy):
    put(dummy, 1, backup("Deliver", "Ndiyo 😀"))

    await eventually(lambda: contents(server) == ["Ndiyo 😀"], PATIENCE)
    await eventually(lambda: not list((dummy / INBOX).iterdir()), PATIENCE)


async def test_gone_and_back(server, runner, dummy):
    server.reoffer = False
    job = server.add("job_1", recipient=ALICE)

    dummy.rename(dummy.with_name("away"))
    await eventually(lambda: runner.phone.driver.vitals().unready == {0: "modem-unplugged"}, PATIENCE)
    await server.offer(job)
    await eventually(lambda: server.of("decline"), PATIENCE)
    dummy.with_name("away").rename(dummy)
    await eventually(lambda: not runner.phone.driver.vitals().unready, PATIENCE)
    await server.offer(job)
    await eventually(lambda: job.status == "Sent", PATIENCE)
