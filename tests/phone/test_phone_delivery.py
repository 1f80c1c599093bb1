"""From an offer to an acknowledged report."""

import json

import pytest

from smskit_phone import ErrorRule, Faults, FaultSource
from tests.phone.server_double import eventually

SLOW_RADIO = Faults(send_latency=(0.3, 0.3))


async def test_no_log_and_no_journal_keeps_the_text_of_a_sent_message(server, runner):
    await runner.start()
    job = server.add("job_1", message="a very private text")

    await server.offer(job)
    await eventually(lambda: job.status == "Delivered")
    await runner.stop()

    assert not any("private" in event.as_json() for event in runner.events)
    for file in runner.state_dir.iterdir():
        assert b"private" not in file.read_bytes(), file.name


async def test_the_highest_priority_goes_first_on_each_sim_and_one_at_a_time(server, runner):
    source = FaultSource(SLOW_RADIO)
    await runner.start(source)
    first = server.add("first", priority=0)
    await server.offer(first)
    await eventually(lambda: runner.journal_states().get("first") == "Sending")
    later = [server.add(f"p{priority}", priority=priority) for priority in (0, 5, 10, 1)]

    await server.offer(*later)
    await eventually(lambda: all(job.status == "Assigned" for job in later))
    assert list(runner.journal_states().values()).count("Sending") == 1
    source.set(Faults())
    await eventually(lambda: all(job.status == "Delivered" for job in later))

    assert runner.handed_over() == ["first", "p10", "p5", "p1", "p0"]


async def test_a_report_without_an_ack_is_sent_again_under_its_seq_and_the_next_one_waits(server, runner):
    server.mute.add("report")
    await runner.start(Faults(delivery_reports=False))
    first, second = server.add("first"), server.add("second")
    await server.offer(first)
    await eventually(lambda: len(server.of("report")) >= 2)
    await server.offer(second)
    await eventually(lambda: "second" in runner.handed_over())
    await eventually(lambda: len(server.of("report")) >= 3)

    frames = server.of("report")
    server.mute.clear()
    await eventually(lambda: second.status == "Sent")

    assert {frame["seq"] for frame in frames} == {1}
    assert [item["jobId"] for frame in frames for item in frame["items"]] == ["first"] * len(frames)
    assert server.of("report")[-1]["seq"] == 2


@pytest.mark.parametrize("code", ["no_service", "invalid_number"])
async def test_a_refusal_by_the_radio_is_reported_as_failed(server, runner, code):
    await runner.start(Faults(errors=(ErrorRule(code, number="+254700000001"),)))
    job = server.add("job_1")

    await server.offer(job)
    await eventually(lambda: job.reports)

    assert (job.reports[0]["state"], job.reports[0]["error"]["code"]) == ("Failed", code)
    assert runner.handed_over() == []


async def test_a_message_of_which_a_part_is_out_is_unknown_not_failed(server, runner):
    await runner.start(Faults(errors=(ErrorRule("no_service", after_parts=1),)))
    job = server.add("job_1", segments=3)

    await server.offer(job)
    await eventually(lambda: job.reports)

    assert (job.reports[0]["state"], job.reports[0]["error"]["code"]) == ("Unknown", "unknown_outcome")


async def test_delivered_waits_for_every_part_and_a_lost_confirmation_leaves_it_sent(server, runner):
    await runner.start(Faults(lost_delivery_numbers=("+254711111111",)))
    lost, delivered = server.add("lost", recipient="+254711111111"), server.add("delivered", segments=3)

    await server.offer(lost, delivered)
    await eventually(lambda: delivered.status == "Delivered" and lost.reports)

    assert server.states("lost") == ["Sent"]
    assert server.of("hello")[0]["capabilities"] == {"deliveryReports": True}


async def test_a_report_that_the_server_cannot_use_does_not_hold_back_the_others(server, runner):
    def on_report(frame):
        if any(item["jobId"] == "bad" for item in frame["items"]):
            return {"type": "error", "code": "bad-report", "message": "?", "ref": frame["seq"]}
        return server._on_report(frame)

    server.hooks["report"] = on_report
    server.mute.add("report")
    await runner.start(Faults(delivery_reports=False))
    jobs = [server.add(name) for name in ("a", "b", "bad", "c", "d")]
    await server.offer(*jobs)
    await eventually(lambda: len(runner.handed_over()) == 5)

    server.mute.clear()
    await eventually(lambda: all(job.status == "Sent" for job in jobs if job.job_id != "bad"))
    await eventually(lambda: runner.named("report_given_up"))

    assert [event.fields["jobId"] for event in runner.named("report_given_up")] == ["bad"]


async def test_every_report_is_in_the_protocols_words(server, runner):
    await runner.start()
    job = server.add("job_1")
    await server.offer(job)
    await eventually(lambda: job.status == "Delivered")

    report = server.of("report")[0]
    assert isinstance(report["seq"], int)
    assert set(report["items"][0]) == {"jobId", "token", "state", "at"}
    assert report["items"][0]["at"].endswith("Z")
    assert "text" not in json.dumps(server.of("report"))
