"""From an offer to an acknowledged report."""

import asyncio
import json
import sqlite3
from datetime import timedelta

import pytest
from server_double import eventually
from smskit_phone import ErrorRule, Faults, FaultSource, PhoneConfig, RadioMessage, SimDriver
from smskit_phone.config import Timings
from smskit_phone.phone import Phone

SLOW_RADIO = Faults(send_latency=(0.3, 0.3))


def journal_states(runner) -> dict[str, str]:
    connection = sqlite3.connect(runner.state_dir / "journal.sqlite3")
    try:
        return dict(connection.execute("SELECT job_id, state FROM jobs").fetchall())
    finally:
        connection.close()


async def test_an_offer_is_claimed_sent_once_and_reported_sent_and_delivered(server, runner):
    await runner.start()
    job = server.add("job_1", segments=2, sim_slot=0)

    await server.offer(job)
    await eventually(lambda: job.status == "Delivered")
    await eventually(lambda: len(server.seqs) == 2 or server.states("job_1") == ["Sent", "Delivered"])

    assert server.states("job_1") == ["Sent", "Delivered"]
    assert {item["token"] for item in job.reports} == {job.token}
    assert [(line["jobId"], line["recipient"], line["simSlot"]) for line in runner.radio_log()] == [
        ("job_1", "+254700000001", 0)
    ]
    names = [event.name for event in runner.events]
    assert names == ["connected", "claimed", "handed_over", "sent", "delivered"]


async def test_no_log_and_no_journal_keeps_the_text_of_a_sent_message(server, runner):
    await runner.start()
    job = server.add("job_1", message="a very private text")

    await server.offer(job)
    await eventually(lambda: job.status == "Delivered")
    await runner.stop()

    assert not any("private" in event.as_json() for event in runner.events)
    for file in runner.state_dir.iterdir():
        assert b"private" not in file.read_bytes(), file.name


async def test_a_job_is_journaled_before_its_claim_and_as_sending_before_the_radio(server, runner):
    seen: list[tuple[str, dict[str, str]]] = []

    class Spy(SimDriver):
        async def send(self, message: RadioMessage, on_delivered) -> None:
            seen.append(("radio", journal_states(runner)))
            await super().send(message, on_delivered)

    def on_claim(frame):
        seen.append(("claim", journal_states(runner)))
        return server._on_claim(frame)

    server.hooks["claim"] = on_claim
    driver = Spy(FaultSource(), runner.state_dir / "radio.log")
    await runner.run(Phone(PhoneConfig(runner.state_dir, timings=Timings()), driver))
    job = server.add("job_1")

    await server.offer(job)
    await eventually(lambda: job.status == "Delivered")

    assert seen == [("claim", {"job_1": "Claimed"}), ("radio", {"job_1": "Sending"})]


async def test_jobs_offered_together_are_claimed_in_one_frame(server, runner):
    await runner.start()
    jobs = [server.add(f"job_{number}") for number in range(3)]

    await server.offer(*jobs)
    await eventually(lambda: all(job.status == "Delivered" for job in jobs))

    assert [len(frame["items"]) for frame in server.of("claim")] == [3]


async def test_offers_in_quick_succession_share_claims_and_reports(server, runner):
    await runner.start()
    jobs = [server.add(f"job_{number}") for number in range(60)]

    for job in jobs:
        await server.offer(job)
    await eventually(lambda: all(job.status == "Delivered" for job in jobs))

    assert len(server.of("claim")) < 30
    assert len(server.of("report")) < 60
    assert max(len(frame["items"]) for frame in server.of("report")) <= 50
    assert sorted(runner.handed_over()) == sorted(job.job_id for job in jobs)


async def test_the_highest_priority_goes_first_on_each_sim_and_one_at_a_time(server, runner):
    source = FaultSource(SLOW_RADIO)
    await runner.start(source)
    first = server.add("first", priority=0)
    await server.offer(first)
    await eventually(lambda: journal_states(runner).get("first") == "Sending")
    later = [server.add(f"p{priority}", priority=priority) for priority in (0, 5, 10, 1)]

    await server.offer(*later)
    await eventually(lambda: all(job.status == "Assigned" for job in later))
    assert list(journal_states(runner).values()).count("Sending") == 1
    source.set(Faults())
    await eventually(lambda: all(job.status == "Delivered" for job in later))

    assert runner.handed_over() == ["first", "p10", "p5", "p1", "p0"]


async def test_a_claim_without_an_answer_is_made_again_with_the_same_token(server, runner):
    server.mute.add("claim")
    await runner.start()
    job = server.add("job_1")
    await server.offer(job)
    await eventually(lambda: len(server.of("claim")) >= 3)

    server.mute.clear()
    await eventually(lambda: job.status == "Delivered")

    assert {item["token"] for item in server.items("claim", "job_1")} == {job.token}
    assert runner.handed_over() == ["job_1"]


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


async def test_a_go_for_a_claim_that_the_phone_does_not_hold_is_declined_until_answered(server, runner):
    server.mute.add("decline")
    await runner.start()
    await server.send({"type": "claimed", "items": [{"jobId": "job_x", "token": "t", "verdict": "go"}]})
    await eventually(lambda: len(server.of("decline")) >= 3)

    server.mute.clear()
    answered = len(server.of("decline"))
    await eventually(lambda: len(server.of("decline")) > answered)
    seen = len(server.of("decline"))
    await asyncio.sleep(0.4)

    assert len(server.of("decline")) == seen
    assert server.items("decline", "job_x")[0] == {"jobId": "job_x", "token": "t", "reason": "unknown-claim"}
    assert runner.handed_over() == []


async def test_gone_is_forgotten_and_a_late_go_after_it_is_declined(server, runner):
    server.hooks["claim"] = lambda frame: {
        "type": "claimed",
        "items": [{**item, "verdict": "gone", "reason": "taken"} for item in frame["items"]],
    }
    await runner.start()
    job = server.add("job_1")
    await server.offer(job)
    await eventually(lambda: runner.named("gone"))

    await server.send({"type": "claimed", "items": [{"jobId": "job_1", "token": job.token, "verdict": "go"}]})
    await eventually(lambda: server.items("decline", "job_1"))

    assert runner.handed_over() == []


async def test_a_job_that_expires_before_the_radio_is_declined_and_never_sent(server, runner):
    await runner.start(Faults(send_latency=(0.6, 0.6)))
    first, late = server.add("first", priority=9), server.add("late", valid_for=0.4)

    await server.offer(first, late)
    await eventually(lambda: server.items("decline", "late"))
    await eventually(lambda: first.status == "Delivered")

    assert server.items("decline", "late")[0]["reason"] == "expired"
    assert runner.handed_over() == ["first"]


async def test_deadlines_follow_the_servers_clock_not_the_phones(server, runner):
    server.clock_ahead = timedelta(hours=3)
    await runner.start()
    job = server.add("job_1", valid_for=60)
    await server.offer(job)
    await eventually(lambda: job.status == "Delivered")

    server.clock_ahead = timedelta(hours=0)
    stale = server.add("stale", valid_for=3600)
    await server.offer(stale)
    await eventually(lambda: server.items("decline", "stale"))

    assert server.items("decline", "stale")[0]["reason"] == "expired"
    assert job.reports[0]["at"] > server.offer_frame(server.add("x", valid_for=7200))["jobs"][0]["expiresAt"]


async def test_an_offer_whose_claim_window_has_passed_is_left_alone(server, runner):
    await runner.start()
    await server.offer(server.add("late"), claim_in=-1)
    job = server.add("job_1")
    await server.offer(job)
    await eventually(lambda: job.status == "Delivered")

    assert server.items("claim", "late") == []
    assert server.of("decline") == []


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


async def test_a_transient_refusal_may_be_tried_again_under_a_new_token(server, runner):
    await runner.start(Faults(errors=(ErrorRule("no_service", prefix="+2547", times=1),)))
    job = server.add("job_1")
    await server.offer(job)
    await eventually(lambda: job.reports and job.status == "Pending")

    await server.offer(job)
    await eventually(lambda: job.status == "Delivered")

    assert runner.handed_over() == ["job_1"]


async def test_a_sent_job_that_comes_under_another_token_is_reported_not_sent(server, runner):
    await runner.start(Faults(delivery_reports=False))
    job = server.add("job_1")
    await server.offer(job)
    await eventually(lambda: job.status == "Sent")

    job.status, first = "Pending", job.token
    await server.offer(job)
    await eventually(lambda: job.status == "Sent")

    assert [item["token"] for item in job.reports] == [first, job.token]
    assert job.reports[0]["at"] == job.reports[1]["at"]
    assert runner.handed_over() == ["job_1"]


async def test_two_tokens_of_one_job_cleared_at_once_make_one_hand_over(server, runner):
    server.hooks["claim"] = lambda frame: {
        "type": "claimed",
        "items": [{**item, "verdict": "go"} for item in frame["items"]],
    }
    await runner.start(Faults(send_latency=(0.2, 0.2), delivery_reports=False))
    job = server.add("job_1")
    first, second = server.offer_frame(job), server.offer_frame(job)

    await server.send(first)
    await server.send(second)
    await eventually(lambda: len(job.reports) == 2)

    assert {item["token"] for item in job.reports} == {first["jobs"][0]["token"], second["jobs"][0]["token"]}
    assert runner.handed_over() == ["job_1"]


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
