"""SMS that come in and can't be used, by the server or by the phone, and radios that fail: the others go on."""

import json

from smskit_phone import Faults, InboundMessage, Phone, PhoneConfig, SimDriver, Timings
from smskit_phone.faults_file import FaultSource
from tests.phone.inbound import ALICE, contents, files, waiting
from tests.phone.server_double import eventually


def unusable(frame):
    return {"type": "error", "code": "invalid-frame", "message": "?", "ref": frame["seq"]}


def refuse_those_with(server, content):
    """The server can't use a frame that has such a message."""

    def on_received(frame):
        bad = any(message["content"] == content for message in frame["messages"])
        return unusable(frame) if bad else server._on_received(frame)

    server.hooks["received"] = on_received


async def test_a_message_that_no_frame_can_carry_is_set_aside_and_the_others_go_on(server, runner):
    phone = await runner.start()
    # Astral characters take four bytes each in UTF-8.
    too_large = phone.driver.inject(ALICE, "🤷" * 9000)
    phone.driver.inject(ALICE, "next")

    await eventually(lambda: contents(server) == ["next"])
    await eventually(lambda: waiting(runner) == [(too_large, "too-large")])

    (event,) = runner.named("received_set_aside")
    assert event.fields == {"phoneMessageId": too_large, "reason": "too-large"}
    await runner.stop()


async def test_a_message_that_the_server_cannot_use_is_found_and_set_aside_and_the_order_stays(server, runner):
    refuse_those_with(server, "bad")
    driver = SimDriver(FaultSource(), runner.state_dir / "radio.log")
    texts = [f"text {number}" for number in range(25)]
    for text in [*texts[:13], "bad", *texts[13:]]:
        driver.inject(ALICE, text)
    await runner.start(report_resend=5)

    await eventually(lambda: len(server.inbound) == 25 and len(waiting(runner)) == 1)

    assert contents(server) == texts
    ((_, refusal),) = waiting(runner)
    assert refusal == "refused"
    assert runner.named("received_set_aside")[0].fields["reason"] == "refused"
    errors = [event.fields["ref"] for event in runner.named("server_error")]
    assert len(errors) == len(set(errors)) < 12
    await runner.stop()


async def test_an_error_that_comes_twice_counts_once(server, runner):
    refusals = []

    def on_received(frame):
        refusals.append(frame["seq"])
        return [unusable(frame)] * 5 if len(refusals) < 3 else server._on_received(frame)

    server.hooks["received"] = on_received
    phone = await runner.start()
    phone.driver.inject(ALICE, "good in the end")

    await eventually(lambda: server.inbound)

    assert runner.named("received_set_aside") == []


async def test_a_frame_that_is_never_answered_does_not_hold_back_the_others_nor_is_it_given_up(server, runner):
    answered = server._on_received

    def on_received(frame):
        ignored = any(message["content"] == "mute" for message in frame["messages"])
        return [] if ignored else answered(frame)

    server.hooks["received"] = on_received
    driver = SimDriver(FaultSource(), runner.state_dir / "radio.log")
    for text in ("a", "mute", "b", "c"):
        driver.inject(ALICE, text)
    await runner.start(report_resend=0.02)

    await eventually(lambda: contents(server) == ["a", "b", "c"])
    server.hooks.clear()
    await eventually(lambda: contents(server)[-1] == "mute")


async def test_reports_go_on_while_received_frames_are_refused(server, runner):
    refuse_those_with(server, "bad")
    phone = await runner.start(Faults(delivery_reports=False), error_spacing=5)
    phone.driver.inject(ALICE, "bad")
    await eventually(lambda: server.of("received"))

    await server.offer(job := server.add("job_1"))
    await eventually(lambda: job.status == "Sent")

    assert runner.named("report_given_up") == []


async def test_a_radio_that_fails_while_listening_keeps_the_message_and_is_asked_again(server, runner):
    class Flaky(SimDriver):
        failures = 0

        async def listen(self, on_received) -> None:
            def take(messages) -> None:
                self.failures += 1
                if self.failures <= 2:
                    raise OSError("the disk is full")
                on_received(messages)

            await super().listen(take)

    driver = Flaky(FaultSource(), runner.state_dir / "radio.log")
    driver.inject(ALICE, "patient")
    timings = Timings(listen_again=0.02)
    await runner.run(Phone(PhoneConfig(runner.state_dir, timings=timings), driver, on_event=runner.events.append))

    await eventually(lambda: contents(server) == ["patient"])

    assert [event.fields["reason"] for event in runner.named("radio_deaf")] == ["OSError"] * 2


async def test_a_radio_that_cannot_receive_still_sends(server, runner):
    class SendOnly(SimDriver):
        async def listen(self, on_received) -> None:
            return

    await runner.run(Phone(PhoneConfig(runner.state_dir), SendOnly(FaultSource(), runner.state_dir / "radio.log")))
    await server.offer(job := server.add("job_1"))

    await eventually(lambda: job.status == "Delivered")


async def test_files_written_by_hand_are_taken_and_unusable_ones_kept_aside(server, runner, caplog):
    inbox = runner.state_dir / "inbox"
    inbox.mkdir()
    (inbox / "1.json").write_text(json.dumps({"from": "22141", "content": "by hand"}))
    for name, document in {
        "2.json": {"from": ALICE},
        "3.json": {"from": ALICE, "content": "private", "simSlot": 9},
        "4.json": {"from": ALICE, "content": "private", "receivedAt": "0001-01-01T00:00:00+23:00"},
        "5.json": {"from": ALICE, "content": "private", "fram": 1},
        "6.json": {"from": ALICE, "content": "private", "phoneMessageId": "\ud800"},
    }.items():
        (inbox / name).write_text(json.dumps(document))
    (inbox / "7.json").write_text("[" * 100_000)
    (inbox / "8.json").mkdir()
    (inbox / "9.json").write_text(json.dumps({"from": "", "content": "x"}))
    (inbox / "half.json.part").write_text("{")

    await runner.start()
    await eventually(lambda: server.inbound and len([name for name in files(runner) if "unusable" in name]) == 8)

    (message,) = server.inbound.values()
    assert (message["from"], message["content"], message["simSlot"]) == ("22141", "by hand", 0)
    assert message["receivedAt"].endswith("Z")
    assert "half.json.part" in files(runner)
    assert "simSlot" in caplog.text
    assert "private" not in caplog.text


async def test_a_file_without_ids_has_the_same_phone_id_however_often_the_radio_reads_it(server, runner):
    (runner.state_dir / "inbox").mkdir()
    (runner.state_dir / "inbox" / "x.json").write_text(json.dumps({"from": ALICE, "content": "by hand"}))
    taken: list[InboundMessage] = []

    class Forgetful(SimDriver):
        async def listen(self, on_received) -> None:
            def take(messages) -> None:
                taken.extend(messages)
                raise OSError

            await super().listen(take)

    driver = Forgetful(FaultSource(), runner.state_dir / "radio.log")
    await runner.run(Phone(PhoneConfig(runner.state_dir, timings=Timings(listen_again=0.01)), driver))
    await eventually(lambda: len(taken) >= 3)

    assert len(set(taken)) == 1
    assert ALICE not in repr(taken[0])
    assert "by hand" not in repr(taken[0])


async def test_set_aside_messages_are_removed_in_the_end(server, runner):
    phone = await runner.start()
    phone.driver.inject(ALICE, "🤷" * 9000)
    await eventually(lambda: runner.named("received_set_aside"))
    await runner.stop()

    driver = SimDriver(FaultSource(), runner.state_dir / "radio.log")
    await runner.run(Phone(PhoneConfig(runner.state_dir, set_aside_days=30), driver))
    assert len(waiting(runner)) == 1
    await runner.stop()
    await runner.run(Phone(PhoneConfig(runner.state_dir, set_aside_days=0), driver))
    assert waiting(runner) == []
