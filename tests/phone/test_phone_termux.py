"""A phone in Termux; the commands of Termux:API are scripts on the PATH."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from smskit_phone import Phone
from smskit_phone.config import PhoneConfig
from smskit_phone.drivers.termux import TermuxDriver
from tests.phone.conftest import QUICK
from tests.phone.disks import FullFile
from tests.phone.inbound import contents
from tests.phone.server_double import eventually

ALICE = "+254712345678"
INFO = {"network_operator_name": "Safaricom", "network_type": "lte", "sim_state": "ready"}


class Termux:
    """What the fake commands do, told by files beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._script("termux-sms-send", 'text=$(cat); echo "$* $text" >> sent; cat answer; sleep "$(cat lasts)"')
        self._script("termux-sms-list", 'echo "$@" >> looks; exec jq_page "$4" "$6"')
        self._script("jq_page", PAGE)
        for name, said in (
            ("battery-status", {"percentage": 80, "status": "CHARGING"}),
            ("telephony-deviceinfo", INFO),
        ):
            self.say(name, json.dumps(said))
            self._script(f"termux-{name}", f"cat {name}")
        self.say("lasts", "0")
        self.say("answer", "")
        self.keep([])

    def say(self, name: str, text: str) -> None:
        draft = self.folder / f"{name}.new"
        draft.write_text(text)
        draft.replace(self.folder / name)

    def keep(self, messages: list[tuple[int, str, str]]) -> None:
        """The inbox: number, time of the clock on the wall, body."""
        rows = [{"_id": one, "received": at, "number": ALICE, "body": body} for one, at, body in messages]
        self.say("inbox", json.dumps(sorted(rows, key=lambda row: row["received"])))

    def sent(self) -> list[str]:
        file = self.folder / "sent"
        return file.read_text().splitlines() if file.exists() else []

    def looks(self) -> int:
        file = self.folder / "looks"
        return len(file.read_text().splitlines()) if file.exists() else 0

    def _script(self, name: str, body: str) -> None:
        file = self.folder / name
        file.write_text(body if body.startswith("#!") else f"#!/bin/sh\ncd {self.folder}\n{body}\n")
        file.chmod(0o755)


# As termux-sms-list does: a page counted from the latest, the oldest of the page first.
PAGE = """#!/usr/bin/env python3
import json, pathlib, sys
rows = json.loads((pathlib.Path(__file__).parent / "inbox").read_text())
limit, offset = map(int, sys.argv[1:])
print(json.dumps(rows[max(0, len(rows) - offset - limit) : len(rows) - offset]))
"""


def at(second: int) -> str:
    return f"2026-06-23 10:{second // 60:02}:{second % 60:02}"


@pytest.fixture
def termux(tmp_path, monkeypatch) -> Termux:
    termux = Termux(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{termux.folder}:{os.environ['PATH']}")
    return termux


async def start(runner, *, slots=(None,), patience=20.0) -> TermuxDriver:
    driver = TermuxDriver(runner.state_dir, slots, poll=0.05, timeout=patience)
    await driver.settle()
    timings = replace(QUICK, listen_again=0.05)
    await runner.run(Phone(PhoneConfig(runner.state_dir, timings=timings), driver, on_event=runner.events.append))
    return driver


async def test_a_message_ends_at_sent_and_the_phone_says_that_it_sees_no_more(server, runner, termux):
    await start(runner)
    job = server.add("job_1", recipient=ALICE, message="Habari 😀", segments=2)

    await server.offer(job)
    await eventually(lambda: job.status == "Sent")

    assert termux.sent() == [f"-n {ALICE} Habari 😀"]
    hello = server.of("hello")[0]
    assert hello["capabilities"] == {"deliveryReports": False}
    assert (hello["batteryLevel"], hello["networkType"], hello["signalStrength"]) == (80, "lte", None)
    assert hello["sims"] == [{"simSlot": 0, "carrierName": "Safaricom", "window": 3}]


async def test_each_sim_of_the_phone_is_one_of_androids_slots(server, runner, termux):
    await start(runner, slots=(1, 0))
    jobs = [server.add(f"job_{slot}", recipient=ALICE, message=f"by {slot}", sim_slot=slot) for slot in (0, 1)]

    await server.offer(*jobs)
    await eventually(lambda: all(job.status == "Sent" for job in jobs))

    assert sorted(termux.sent()) == [f"-s 0 -n {ALICE} by 1", f"-s 1 -n {ALICE} by 0"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [("Please grant the following permission: SEND_SMS", "permission_denied"), ("no such API", "generic_failure")],
)
async def test_what_termux_prints_is_a_refusal(server, runner, termux, answer, code):
    termux.say("answer", answer)
    await start(runner)
    server.reoffer = False
    job = server.add("job_1", recipient=ALICE)

    await server.offer(job)
    await eventually(lambda: job.reports)

    assert (job.reports[0]["state"], job.reports[0]["error"]["code"]) == ("Failed", code)


async def test_a_command_that_does_not_end_leaves_the_message_unknown(server, runner, termux):
    termux.say("lasts", "60")
    await start(runner, patience=4)  # in which the commands that do end must do so, on a busy machine too
    job = server.add("job_1", recipient=ALICE)

    await server.offer(job)
    await eventually(lambda: job.reports, 30)
    job.status = "Pending"
    await server.offer(job)
    await eventually(lambda: len(job.reports) == 2, 30)

    assert {report["state"] for report in job.reports} == {"Unknown"}
    assert len(termux.sent()) == 1


async def test_a_sim_or_an_app_that_is_not_there_is_told_and_so_is_its_return(server, runner, termux):
    await start(runner)
    server.reoffer = False
    job = server.add("job_1", recipient=ALICE)

    for name, text, reason in (
        ("telephony-deviceinfo", json.dumps({**INFO, "sim_state": "absent"}), "sim-absent"),
        ("battery-status", "", "termux-api-silent"),
        ("battery-status", "permission denied", "permission-denied"),
    ):
        before = (termux.folder / name).read_text()
        termux.say(name, text)
        await eventually(lambda: server.of("heartbeat") and not server.of("heartbeat")[-1]["sims"][0]["isReady"])
        await server.offer(job)
        await eventually(lambda: server.of("decline"))
        assert server.of("decline")[-1]["items"][0]["reason"] == reason
        assert server.of("claim") == []
        termux.say(name, before)
        await eventually(lambda: server.of("heartbeat")[-1]["sims"][0]["isReady"])
        server.frames.clear()
    assert termux.sent() == []


async def test_each_sms_comes_once_in_its_order_and_those_from_before_never(server, runner, termux):
    old = [(number, at(number), f"old {number}") for number in range(1, 121)]
    termux.keep(old)
    await start(runner)
    await eventually(lambda: termux.looks() > 4)
    new = [(number, at(number), f"new {number}") for number in range(121, 191)]
    termux.keep(old + new)
    await eventually(lambda: len(server.inbound) == 70)
    await runner.stop()
    termux.keep(old + new + [(191, at(200), "while it was off")])
    await start(runner)
    await eventually(lambda: len(server.inbound) == 71)
    looks = termux.looks()
    await eventually(lambda: termux.looks() > looks + 3)

    assert contents(server) == [f"new {number}" for number in range(121, 191)] + ["while it was off"]


async def test_an_sms_without_a_sender_or_a_text_does_not_hold_back_the_others(server, runner, termux):
    await start(runner)
    await eventually(lambda: termux.looks() > 1)

    rows = [
        {"_id": 1, "received": at(1), "address": None, "number": None, "body": None},
        {"_id": 2, "received": at(2), "address": "MPESA", "number": "MPESA", "sender": "My bank", "body": "paid"},
    ]
    termux.say("inbox", json.dumps(rows))
    await eventually(lambda: len(server.inbound) == 2)

    assert [(one["from"], one["content"]) for one in server.inbound.values()] == [("unknown", ""), ("MPESA", "paid")]


async def test_a_clock_that_is_set_back_hides_no_sms(server, runner, termux, monkeypatch):
    monkeypatch.setattr("smskit_phone.drivers.termux_inbox._LOOKS_BETWEEN_WHOLE_LOOKS", 3)
    old = [(number, at(100 + number), f"old {number}") for number in range(1, 121)]
    termux.keep(old)
    await start(runner)
    await eventually(lambda: termux.looks() > 4)

    termux.keep([*old, (121, at(1), "from yesterday")])
    await eventually(lambda: contents(server) == ["from yesterday"])


async def test_what_the_journal_cannot_take_is_taken_later(server, runner, termux, monkeypatch):
    disk = FullFile(monkeypatch)
    await start(runner)
    await eventually(lambda: termux.looks() > 1)
    disk.fill()

    termux.keep([(number, at(number), "x" * 1000) for number in range(1, 21)])
    await eventually(lambda: runner.named("radio_deaf"))
    disk.clear()
    await eventually(lambda: len(server.inbound) == 20)
