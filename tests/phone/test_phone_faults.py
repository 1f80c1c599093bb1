"""Faults on demand: they must happen as scripted, and the protocol must hold in spite of them."""

import json

import pytest

from smskit_phone import ErrorRule, Faults, FaultSource, FrameRule
from smskit_phone.errors import FaultsError
from smskit_phone.faults_file import parse
from tests.phone.server_double import eventually


async def test_a_dropped_claim_is_made_again(server, runner):
    await runner.start(Faults(frames=(FrameRule("drop", "claim", "out", times=1),)))
    await server.offer(job := server.add("job_1"))

    await eventually(lambda: job.status == "Delivered")

    assert len(server.of("claim")) == 1


async def test_duplicated_frames_both_ways_make_one_hand_over(server, runner):
    await runner.start(Faults(frames=(FrameRule("duplicate", type="*"),), delivery_reports=False))
    jobs = [server.add(f"job_{number}") for number in range(5)]

    await server.offer(*jobs)
    await eventually(lambda: all(job.status == "Sent" for job in jobs))
    await eventually(lambda: len(server.of("report")) == 2 * len(server.seqs))

    assert len(server.of("claim")) == 2
    assert sorted(runner.handed_over()) == sorted(job.job_id for job in jobs)


async def test_a_delayed_frame_comes_later_than_those_after_it(server, runner):
    await runner.start(Faults(frames=(FrameRule("delay", "offer", "in", seconds=(0.2, 0.2), times=1),)))
    first, second = server.add("first"), server.add("second")

    await server.offer(first)
    await server.offer(second)
    await eventually(lambda: first.status == second.status == "Delivered")

    assert runner.handed_over() == ["second", "first"]


async def test_lossy_frames_both_ways_still_end_every_job_with_one_hand_over_at_most(server, runner):
    rules = (
        FrameRule("drop", "claim", probability=0.3),
        FrameRule("drop", "claimed", probability=0.3),
        FrameRule("drop", "report", probability=0.3),
        FrameRule("drop", "ack", probability=0.3),
        FrameRule("duplicate", probability=0.2),
        FrameRule("delay", "claimed", "in", probability=0.3, seconds=(0.0, 0.2)),
    )
    await runner.start(Faults(seed=11, frames=rules), claim_resend=0.05, report_resend=0.05)
    jobs = [server.add(f"job_{number}") for number in range(30)]

    for job in jobs:
        await server.offer(job, claim_in=60)
    await eventually(lambda: all(job.status == "Delivered" for job in jobs), 10)

    assert sorted(runner.handed_over()) == sorted(job.job_id for job in jobs)


async def test_a_silent_phone_stays_connected_and_answers_once_silence_is_switched_off(server, runner, faults_file):
    await runner.start(faults_file({"silence": True}))
    missed = server.add("missed")
    await server.offer(missed)
    await eventually(lambda: runner.named("frame_lost"))
    faults_file({"silence": False, "sendLatency": 0.0})
    await server.offer(job := server.add("job_1"))

    await eventually(lambda: job.status == "Delivered")

    assert server.items("claim", "missed") == []
    assert len(server.connections) == 1


async def test_a_phone_can_fall_silent_after_some_frames(server, runner):
    await runner.start(Faults(silent_after_frames=2, delivery_reports=False))
    await server.offer(server.add("job_1"))

    await eventually(lambda: server.of("claim"))

    assert [frame["type"] for frame in server.frames] == ["hello", "claim"]
    assert runner.handed_over() == []


async def test_silence_is_not_broken_by_heartbeats_or_their_missing_answers(server, runner):
    server.heartbeat_seconds = 0.05
    source = FaultSource()
    await runner.start(source, answer_timeout=0.1)
    await eventually(lambda: len(server.of("heartbeat")) >= 2)
    source.set(Faults(silence=True))
    beats = len(server.of("heartbeat"))

    # Four lost heartbeats take longer than the answer timeout.
    await eventually(lambda: len(runner.named("frame_lost")) >= 4)

    assert len(server.of("heartbeat")) <= beats + 1
    assert len(server.connections) == 1


async def test_an_error_rule_holds_for_its_prefix_and_its_count(server, runner):
    await runner.start(Faults(errors=(ErrorRule("radio_off", prefix="+25471", times=1),)))
    hit, other, again = (
        server.add("hit", recipient="+254710000001", priority=3),
        server.add("other", recipient="+254720000001", priority=2),
        server.add("again", recipient="+254710000002", priority=1),
    )

    await server.offer(hit, other, again)
    await eventually(lambda: other.status == again.status == "Delivered")

    assert [item["error"]["code"] for item in hit.reports] == ["radio_off"]


async def test_a_half_written_faults_file_leaves_the_faults_as_they_were(tmp_path):
    file = tmp_path / "faults.json"
    file.write_text(json.dumps({"silence": True}))
    source = FaultSource(file=file)
    file.write_text('{"silence": fal')
    assert source.current().silence is True

    file.write_text('{"silence": false}')
    assert source.current().silence is False


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"silense": True}, "silense"),
        ({"errors": [{"code": "oops"}]}, "errors.code"),
        ({"errors": [{"numbr": "+1"}]}, "errors.numbr"),
        ({"errors": [{}]}, "errors.code"),
        ({"errors": ["no_service"]}, "errors"),
        ({"frames": [{"action": "eat"}]}, "frames.action"),
        ({"frames": [{}]}, "frames.action"),
        ({"crashAt": "lunch"}, "crashAt"),
        ({"sendLatency": "long"}, "sendLatency"),
        ([], "object"),
    ],
)
def test_a_wrong_faults_file_is_refused_and_the_field_is_named(document, named):
    with pytest.raises(FaultsError, match=named):
        parse(document)


def test_the_whole_faults_file_is_understood():
    faults = parse(
        {
            "seed": 7,
            "sendLatency": [0.1, 0.2],
            "deliveryLatency": 1,
            "deliveryReports": True,
            "lostDeliveryReports": 0.5,
            "lostDeliveryNumbers": ["+254700000001"],
            "errors": [{"code": "no_service", "number": "+254700000002", "times": 2, "afterParts": 1}],
            "silence": False,
            "silentAfterFrames": 3,
            "frames": [{"action": "delay", "type": "ack", "direction": "in", "probability": 0.5, "seconds": 1}],
            "crashAt": "after_go",
        }
    )

    assert faults == Faults(
        seed=7,
        send_latency=(0.1, 0.2),
        delivery_latency=(1, 1),
        lost_delivery_reports=0.5,
        lost_delivery_numbers=("+254700000001",),
        errors=(ErrorRule("no_service", number="+254700000002", times=2, after_parts=1),),
        silent_after_frames=3,
        frames=(FrameRule("delay", "ack", "in", 0.5, (1, 1)),),
        crash_at="after_go",
    )
