"""What is claimed, what is given back, and what must never be sent."""

from datetime import timedelta

from smskit_phone import ErrorRule, Faults, FaultSource, PhoneConfig, RadioMessage, SimDriver
from smskit_phone.config import Timings
from smskit_phone.phone import Phone
from tests.phone.server_double import eventually

SLOW_RADIO = Faults(send_latency=(0.3, 0.3))


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


async def test_a_job_is_journaled_before_its_claim_and_as_sending_before_the_radio(server, runner):
    seen: list[tuple[str, dict[str, str]]] = []

    class Spy(SimDriver):
        async def send(self, message: RadioMessage, on_delivered) -> None:
            seen.append(("radio", runner.journal_states()))
            await super().send(message, on_delivered)

    def on_claim(frame):
        seen.append(("claim", runner.journal_states()))
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
    await eventually(lambda: all(job.status == "Delivered" for job in jobs), 20)

    assert len(server.of("claim")) < 30
    assert len(server.of("report")) < 60
    assert max(len(frame["items"]) for frame in server.of("report")) <= 50
    assert sorted(runner.handed_over()) == sorted(job.job_id for job in jobs)


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


async def test_a_go_for_a_claim_that_the_phone_does_not_hold_is_declined_until_answered(server, runner):
    answered = set()
    server.hooks["decline"] = lambda frame: {
        "type": "declined",
        "items": [item for item in frame["items"] if item["jobId"] in answered],
    }
    await runner.start()
    verdicts = [{"jobId": job_id, "token": "t", "verdict": "go"} for job_id in ("job_x", "job_y")]
    await server.send({"type": "claimed", "items": verdicts})
    await eventually(lambda: len(server.items("decline", "job_x")) >= 3)

    answered.add("job_x")
    seen = len(server.items("decline", "job_x"))
    others = len(server.items("decline", "job_y"))
    await eventually(lambda: len(server.items("decline", "job_y")) >= others + 3)

    assert len(server.items("decline", "job_x")) <= seen + 1
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


async def test_an_offer_whose_claim_window_has_passed_is_claimed_for_the_server_to_judge(server, runner):
    server.hooks["claim"] = lambda frame: {
        "type": "claimed",
        "items": [{**item, "verdict": "gone", "reason": "late"} for item in frame["items"]],
    }
    await runner.start()
    await server.offer(server.add("late"), claim_in=-1)
    await eventually(lambda: runner.named("gone"))

    assert len(server.items("claim", "late")) == 1
    assert server.of("decline") == []
    assert runner.journal_states() == {}


async def test_an_urgent_offer_that_came_late_holds_no_other_message_up(server, runner):
    server.mute.add("claim")
    await runner.start(urgent_patience=600)
    await server.offer(server.add("urgent", priority=10), claim_in=-1)
    await eventually(lambda: server.items("claim", "urgent"))
    server.mute.clear()
    server.hooks["claim"] = lambda frame: {
        "type": "claimed",
        "items": [{**item, "verdict": "go"} for item in frame["items"] if item["jobId"] != "urgent"],
    }

    await server.offer(server.add("job_1"))
    await eventually(lambda: runner.handed_over() == ["job_1"])


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


async def test_a_go_for_an_unknown_token_of_a_sent_job_is_answered_with_its_report_not_given_back(server, runner):
    await runner.start(Faults(delivery_reports=False))
    job = server.add("job_1")
    await server.offer(job)
    await eventually(lambda: job.status == "Sent")

    await server.send({"type": "claimed", "items": [{"jobId": "job_1", "token": "other", "verdict": "go"}]})
    await eventually(lambda: len(job.reports) == 2)

    assert (job.reports[1]["token"], job.reports[1]["state"]) == ("other", "Sent")
    assert server.of("decline") == []
    assert runner.handed_over() == ["job_1"]


async def test_a_repeated_offer_of_a_job_that_was_given_back_is_not_claimed(server, runner):
    await runner.start()
    await server.send({"type": "config", "sims": [{"simSlot": 0, "isEnabled": False}]})
    offer = server.offer_frame(server.add("given_back"))
    await server.send(offer)
    await eventually(lambda: server.items("decline", "given_back"))

    await server.send({"type": "config", "sims": [{"simSlot": 0, "isEnabled": True}]})
    await server.send(offer)
    await server.offer(job := server.add("job_1"))
    await eventually(lambda: job.status == "Delivered")

    assert server.items("claim", "given_back") == []
