"""A disk that is full: what can't be written down is neither claimed nor sent, nothing is lost, and nothing ends."""

import sqlite3
from dataclasses import replace

import pytest

from smskit_phone import Faults, Phone, PhoneConfig
from smskit_phone.errors import JournalError
from smskit_phone.journal import Journal
from tests.phone.conftest import QUICK
from tests.phone.disks import FullDisk, FullFile
from tests.phone.inbound import ALICE, contents, files
from tests.phone.radios import HandRadio
from tests.phone.server_double import eventually
from tests.phone.test_phone_journal import AT, at_the_radio, offer

# More than a page of the file: there is no room for it beside what is there already.
LONG = "x" * 20_000


@pytest.fixture
def disk():
    disk = FullDisk()
    yield disk
    disk.clear()


@pytest.fixture
def file(monkeypatch):
    return FullFile(monkeypatch)


async def start(runner, radio=None) -> Phone:
    timings = replace(QUICK, journal_again=0.02, listen_again=0.02)
    if radio is None:
        return await runner.start(Faults(delivery_reports=False), journal_again=0.02, listen_again=0.02)
    phone = Phone(PhoneConfig(runner.state_dir, timings=timings), radio, on_event=runner.events.append)
    await runner.run(phone)
    return phone


def reasons(runner) -> set:
    return {event.fields["reason"] for event in runner.named("journal_failed")}


@pytest.mark.parametrize(("which", "reason"), [("disk", "SQLITE_IOERR"), ("file", "SQLITE_FULL")])
async def test_an_offer_that_cannot_be_journaled_is_declined_and_the_next_one_is_taken(
    server, runner, request, which, reason
):
    full = request.getfixturevalue(which)
    await start(runner)
    full.fill()
    await server.offer(lost := server.add("lost", message=LONG))
    await eventually(lambda: server.items("decline", "lost"))
    full.clear()
    await server.offer(job := server.add("job_1"))
    await eventually(lambda: job.status == "Sent")

    assert server.items("decline", "lost") == [{"jobId": "lost", "token": lost.token, "reason": "journal-failed"}]
    assert server.items("claim", "lost") == []
    assert {found.split("_WRITE")[0] for found in reasons(runner)} == {reason}
    assert runner.handed_over() == ["job_1"]
    assert len(server.connections) == 1


async def test_a_go_that_cannot_be_journaled_gives_the_job_back_and_a_later_go_changes_nothing(server, runner, disk):
    server.reoffer = False
    server.hooks["claim"] = lambda frame: []
    await start(runner)
    await server.offer(job := server.add("job_1"))
    await eventually(lambda: server.of("claim"))

    disk.fill()
    go = {"type": "claimed", "items": [{"jobId": "job_1", "token": job.token, "verdict": "go"}]}
    await server.send(go)
    await eventually(lambda: server.items("decline", "job_1"))
    disk.clear()
    await server.send(go)
    await eventually(lambda: len(server.items("decline", "job_1")) == 2)
    await runner.pull_battery()
    assert server.items("decline", "job_1")[0]["reason"] == "journal-failed"
    assert runner.journal_states() == {"job_1": "Claimed"}

    given_back, job.token = job.token, "of its next offer"
    await start(runner)
    await eventually(lambda: runner.journal_states() == {})
    assert server.of("hello")[-1]["open"] == [{"jobId": "job_1", "token": given_back, "state": "Claimed"}]
    assert runner.handed_over() == []


async def test_what_was_given_up_on_a_full_disk_leaves_the_journal_with_the_next_job(server, runner, disk):
    server.hooks["claim"] = lambda frame: []
    await start(runner)
    await server.offer(server.add("job_1"))
    await eventually(lambda: server.of("claim"))
    disk.fill()
    await server.send({"type": "config", "sims": [{"simSlot": 0, "isEnabled": False}]})
    await eventually(lambda: server.items("decline", "job_1"))
    disk.clear()
    await server.send({"type": "config", "sims": [{"simSlot": 0, "isEnabled": True}]})
    await server.offer(server.add("job_2"))

    await eventually(lambda: runner.journal_states() == {"job_2": "Claimed"})


async def test_the_radio_is_not_called_when_sending_cannot_be_journaled(server, runner, disk):
    radio = HandRadio(runner)
    await start(runner, radio)
    server.mute.add("report")
    await server.offer(*(server.add(name) for name in ("first", "second")))
    await eventually(lambda: list(runner.journal_states().values()) == ["Sending", "Cleared"])

    radio.fails_with = OSError("no room for the log")
    disk.fill()
    radio.let_pass(2)
    await eventually(lambda: server.items("decline", "second"))
    disk.clear()

    assert radio.begun == ["first"]
    assert server.items("decline", "second")[0]["reason"] == "journal-failed"
    await eventually(lambda: runner.journal_states().get("first") == "Unknown")


async def test_what_the_radio_said_on_a_full_disk_is_reported_when_there_is_room_again(server, runner, disk):
    radio = HandRadio(runner)
    radio.writes_no_log = True
    await start(runner, radio)
    await server.offer(job := server.add("job_1"))
    await eventually(lambda: radio.begun)

    disk.fill()
    radio.let_pass()
    await eventually(lambda: len(runner.named("journal_failed")) >= 3)
    assert runner.journal_states() == {"job_1": "Sending"}
    disk.clear()
    await eventually(lambda: job.status == "Delivered")

    assert server.states("job_1") == ["Sent", "Delivered"]


async def test_an_ack_that_cannot_be_journaled_is_asked_for_again(server, runner, disk):
    server.mute.add("report")
    await start(runner)
    await server.offer(server.add("job_1"))
    await eventually(lambda: server.of("report"))
    disk.fill()
    server.mute.clear()
    await eventually(lambda: runner.named("journal_failed"))
    disk.clear()
    await eventually(lambda: runner.acknowledged() == 1)

    assert {frame["seq"] for frame in server.of("report")} == {1}
    assert server.states("job_1") == ["Sent"]
    assert len(server.connections) == 1


async def test_an_sms_that_cannot_be_journaled_stays_with_the_radio(server, runner, disk):
    phone = await start(runner)
    phone.driver.inject(ALICE, "patient")
    disk.fill()
    await eventually(lambda: runner.named("radio_deaf"))
    assert len(files(runner)) == 1
    assert server.inbound == {}
    disk.clear()

    await eventually(lambda: contents(server) == ["patient"] and files(runner) == [])


async def test_received_sms_that_cannot_be_numbered_wait(server, runner, disk):
    server.refuse_upgrade = True
    await runner.start(wait=False, journal_again=0.02)
    runner.phone.driver.inject(ALICE, "patient")
    await eventually(lambda: runner.named("received"))
    disk.fill()
    server.refuse_upgrade = False
    await eventually(lambda: runner.named("journal_failed"))
    assert server.of("received") == []
    disk.clear()

    await eventually(lambda: contents(server) == ["patient"])
    assert len(server.connections) == 1


def test_a_commit_that_fails_leaves_the_journal_as_it_was_and_usable(tmp_path, disk):
    journal = Journal(tmp_path / "journal.sqlite3", "dvc_1")
    journal.hold([offer("before")])
    disk.fill()
    with pytest.raises(JournalError, match="SQLITE_IOERR"):
        journal.hold([offer("lost")])
    disk.clear()

    assert [job.key.job_id for job in journal.held()] == ["before"]
    assert at_the_radio(journal, offer("after"))
    journal.close()


def test_other_errors_of_the_database_are_not_taken_for_a_full_disk_and_leave_it_usable(tmp_path):
    journal = Journal(tmp_path / "journal.sqlite3", "dvc_1")
    journal._database.rows("DROP TABLE counters")
    at_the_radio(journal, offer())
    journal.finish("job_1", "Sent", AT)

    with pytest.raises(sqlite3.OperationalError, match="counters"):
        journal.outbox.next_batch()
    assert journal.hold([offer("after")])
    journal.close()
