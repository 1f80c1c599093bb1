"""SMS that come in: from the radio over the journal to the server, in order, each once."""

import asyncio

import pytest

from smskit_phone import Faults, FrameRule, SimDriver
from smskit_phone.faults_file import FaultSource
from tests.phone.inbound import ALICE, contents, files, waiting
from tests.phone.server_double import eventually


async def test_an_sms_reaches_the_server_in_the_protocols_words_and_leaves_no_trace(server, runner):
    phone = await runner.start()

    known = phone.driver.inject(ALICE, "a very private text", recipient="+254700000000", received_at=1782209100.0)
    await eventually(lambda: waiting(runner) == [] and server.inbound)
    await runner.stop()

    (frame,) = server.of("received")
    assert set(frame) - {"connection", "token", "bytes"} == {"type", "seq", "messages"}
    assert frame["messages"] == [
        {
            "phoneMessageId": known, "from": ALICE, "to": "+254700000000", "simSlot": 0,
            "content": "a very private text", "receivedAt": "2026-06-23T10:05:00.000Z",
        }
    ]  # fmt: skip
    assert [event.name for event in runner.events if event.name.startswith(("received", "forw"))] == [
        "received", "forwarded",
    ]  # fmt: skip
    assert files(runner) == []
    kept = [file.read_bytes() for file in runner.state_dir.rglob("*") if file.is_file()]
    told = [event.as_json().encode() for event in runner.events]
    assert not any(secret in text for text in kept + told for secret in (b"private", ALICE.encode()))


async def test_without_a_recipient_there_is_no_to(server, runner):
    phone = await runner.start()
    phone.driver.inject("MPESA", "")

    await eventually(lambda: server.inbound)

    (message,) = server.inbound.values()
    assert (message["from"], message["content"], "to" in message) == ("MPESA", "", False)


async def test_a_burst_keeps_its_order_in_frames_of_twenty_each_after_the_ack_of_the_one_before(server, runner):
    unanswered = []

    def on_received(frame):
        assert unanswered == []
        unanswered.append(frame["seq"])
        asyncio.get_running_loop().call_later(0.01, unanswered.clear)
        return server._on_received(frame)

    server.hooks["received"] = on_received
    driver = SimDriver(FaultSource(), runner.state_dir / "radio.log")
    for number in range(50):
        driver.inject(ALICE, f"text {number}")
    await runner.start(Faults(frames=(FrameRule("delay", "ack", "in", seconds=(0.02, 0.02)),)))

    await eventually(lambda: len(server.inbound) == 50)

    assert contents(server) == [f"text {number}" for number in range(50)]
    assert [len(frame["messages"]) for frame in server.of("received")] == [20, 20, 10]
    seqs = [frame["seq"] for frame in server.of("received")]
    assert seqs == sorted(set(seqs))


async def test_frames_stay_within_24_kilobytes_and_a_larger_message_goes_alone(server, runner):
    driver = SimDriver(FaultSource(), runner.state_dir / "radio.log")
    texts = ["a" * 9000, "b" * 9000, "c" * 9000, "漢" * 10_000, "d", "e"]
    for text in texts:
        driver.inject(ALICE, text)
    await runner.start()

    await eventually(lambda: len(server.inbound) == len(texts))

    assert contents(server) == texts
    frames = server.of("received")
    assert [[message["content"][0] for message in frame["messages"]] for frame in frames] == [
        ["a", "b"], ["c"], ["漢"], ["d", "e"],
    ]  # fmt: skip
    for frame in frames:
        assert frame["bytes"] <= (24 if len(frame["messages"]) > 1 else 32) * 1024


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 a lone surrogate, and another \udfff",
        "NUL \x00 and \x01\x1f\x7f and a quote \" and a \\",
        "مرحبا \u202e שלום 🤷🏽‍♀️",
        "x" * 10_000,
        " \n",
    ],
    ids=["surrogates", "control", "right-to-left", "10000", "blank"],
)  # fmt: skip
async def test_every_text_arrives_as_it_is(server, runner, text):
    phone = await runner.start()

    phone.driver.inject(ALICE, text)
    await eventually(lambda: server.inbound)

    assert contents(server) == [text]


async def test_the_same_phone_id_is_one_message_and_new_ids_are_two(server, runner):
    driver = SimDriver(FaultSource(), runner.state_dir / "radio.log")
    for _ in range(5):
        driver.inject(ALICE, "once", phone_message_id="pm_1")
    for _ in range(2):
        driver.inject(ALICE, "twice")
    phone = await runner.start()
    await eventually(lambda: len(server.inbound) == 3)
    assert len(runner.named("received")) == 3
    phone.driver.inject(ALICE, "once", phone_message_id="pm_1")

    await eventually(lambda: waiting(runner) == [] and files(runner) == [])

    assert contents(server) == ["once", "twice", "twice"]


async def test_what_comes_in_offline_is_journaled_at_once_and_sent_after_the_connection(server, runner):
    server.refuse_upgrade = True
    phone = await runner.start(wait=False)
    await eventually(lambda: runner.named("connect_failed"))
    for number in range(3):
        phone.driver.inject(ALICE, f"offline {number}")
    await eventually(lambda: len(waiting(runner)) == 3 and files(runner) == [])

    server.refuse_upgrade = False
    await eventually(lambda: len(server.inbound) == 3)

    assert contents(server) == ["offline 0", "offline 1", "offline 2"]


async def test_a_frame_without_an_ack_is_sent_again_unchanged_also_on_the_next_connection(server, runner):
    server.mute.add("received")
    phone = await runner.start()
    phone.driver.inject(ALICE, "first")
    await eventually(lambda: len(server.of("received")) >= 2)
    phone.driver.inject(ALICE, "second")
    await server.drop_connection()
    await eventually(lambda: server.of("received")[-1]["connection"] == 2)

    sent = server.of("received")
    server.mute.clear()
    await eventually(lambda: waiting(runner) == [])

    assert {frame["seq"] for frame in sent} == {1}
    assert [message["content"] for frame in sent for message in frame["messages"]] == ["first"] * len(sent)
    assert contents(server) == ["first", "second"]


async def test_seq_is_shared_with_reports_and_counts_on_after_a_restart(server, runner):
    for number in range(2):
        phone = await runner.start(Faults(delivery_reports=False))
        phone.driver.inject(ALICE, f"text {number}")
        await eventually(lambda: len(server.of("received")) == number + 1)  # noqa: B023
        job = server.add(f"job_{number}")
        await server.offer(job)
        await eventually(lambda: job.status == "Sent")  # noqa: B023
        await runner.stop()

    seqs = [frame["seq"] for frame in server.frames if frame["type"] in ("received", "report")]
    assert seqs == [1, 2, 3, 4]


async def test_lossy_frames_still_bring_every_message_once_and_in_order(server, runner):
    rules = (
        FrameRule("drop", "received", probability=0.3),
        FrameRule("drop", "ack", probability=0.3),
        FrameRule("duplicate", probability=0.3),
    )
    phone = await runner.start(Faults(seed=5, frames=rules), report_resend=0.03)
    for number in range(60):
        phone.driver.inject(ALICE, f"text {number}")
        if number % 10 == 0:
            await asyncio.sleep(0.02)

    await eventually(lambda: len(server.inbound) == 60 and waiting(runner) == [], 10)

    assert contents(server) == [f"text {number}" for number in range(60)]


async def test_stopping_forwards_what_has_come_in(server, runner):
    phone = await runner.start(Faults(frames=(FrameRule("delay", "ack", "in", seconds=(0.2, 0.2)),)))
    phone.driver.inject(ALICE, "first")
    await eventually(lambda: server.of("received"))
    phone.driver.inject(ALICE, "second")
    await eventually(lambda: len(waiting(runner)) == 2)

    await runner.stop()

    assert contents(server) == ["first", "second"]
    assert waiting(runner) == []
