"""Hello first, reconnecting, and what a phone lists as open."""

import asyncio
import json

import pytest

from smskit_phone import Faults, FaultSource
from smskit_phone.errors import NotPairedError, RevokedError, StateInUseError
from tests.phone.server_double import TOKEN, eventually, rfc3339

SLOW_RADIO = Faults(send_latency=(0.3, 0.3))


async def test_the_token_goes_in_the_header_and_hello_is_the_first_frame(server, runner):
    await runner.start()

    assert server.headers == [f"Bearer {TOKEN}"]
    hello = server.frames[0]
    assert (hello["type"], hello["protocol"], hello["open"]) == ("hello", 1, [])
    assert hello["sims"] == [{"simSlot": 0, "carrierName": "Simulated", "window": 3}]
    assert {"appVersion", "capabilities", "batteryLevel", "networkType", "signalStrength"} <= set(hello)


async def test_a_lost_connection_is_made_again(server, runner):
    await runner.start()
    await server.drop_connection()

    await eventually(lambda: len(server.of("hello")) == 2)
    await server.offer(job := server.add("job_1"))
    await eventually(lambda: job.status == "Delivered")


async def test_a_refused_upgrade_is_tried_again(server, runner):
    server.refuse_upgrade = True
    await runner.start(wait=False)
    await eventually(lambda: len(server.headers) >= 3)

    server.refuse_upgrade = False
    await eventually(lambda: server.of("hello"))


async def test_without_a_welcome_the_phone_connects_anew_and_says_hello_once_on_each_connection(server, runner):
    server.mute.add("hello")
    await runner.start(wait=False, hello_timeout=0.1)
    await eventually(lambda: len(server.of("hello")) >= 3)

    server.mute.clear()
    await eventually(lambda: runner.named("connected"))
    connections = [frame["connection"] for frame in server.of("hello")]
    assert len(connections) == len(set(connections))


async def test_a_long_lived_connection_is_replaced_before_the_gateway_ends_it(server, runner):
    await runner.start(connection_lifetime=(0.1, 0.15))

    await eventually(lambda: len(server.of("hello")) >= 3)

    assert {event.fields["reason"] for event in runner.named("disconnected")} == {"planned"}


async def test_heartbeats_come_at_the_servers_pace_and_config_changes_it(server, runner):
    await runner.start()
    await server.send({"type": "config", "heartbeatSeconds": 0.05, "sims": []})
    await eventually(lambda: len(server.of("heartbeat")) >= 3)

    beat = server.of("heartbeat")[0]
    assert beat["sims"] == [{"simSlot": 0, "isReady": True}]
    assert {"batteryLevel", "isCharging", "networkType", "signalStrength"} <= set(beat)


async def test_one_heartbeat_is_under_way_at_a_time(server, runner):
    """The server handles frames side by side: the older of two words about a SIM could be the one that stands."""
    server.heartbeat_seconds = 0.05
    server.mute.add("heartbeat")
    await runner.start(answer_timeout=60)
    await eventually(lambda: server.of("heartbeat"))
    await asyncio.sleep(0.5)
    assert len(server.of("heartbeat")) == 1

    server.mute.clear()
    await server.send({"type": "heartbeat.ack", "serverTime": rfc3339(server.now())})
    await eventually(lambda: len(server.of("heartbeat")) >= 3)


async def test_a_server_that_no_longer_answers_heartbeats_is_left(server, runner):
    server.heartbeat_seconds = 0.05
    server.mute.add("heartbeat")
    await runner.start(answer_timeout=0.1)

    await eventually(lambda: len(server.of("hello")) >= 2)

    assert runner.named("disconnected")[0].fields["reason"] == "no-answer"


async def test_after_a_restart_hello_lists_the_claim_and_the_go_in_welcome_sends_it(server, runner):
    server.mute.add("claim")
    await runner.start()
    job = server.add("job_1")
    await server.offer(job)
    await eventually(lambda: server.of("claim"))
    await runner.pull_battery()

    await runner.start()
    await eventually(lambda: job.status == "Delivered")

    assert server.of("hello")[1]["open"] == [{"jobId": "job_1", "token": job.token, "state": "Claimed"}]
    assert runner.handed_over() == ["job_1"]


async def test_after_a_restart_a_dropped_claim_is_never_sent(server, runner):
    server.reoffer = False
    server.mute.add("claim")
    await runner.start()
    job = server.add("job_1")
    await server.offer(job)
    await eventually(lambda: server.of("claim"))
    await runner.pull_battery()
    job.status = "Cancelled"

    await runner.start()
    await eventually(lambda: runner.named("gone"))
    await runner.stop()

    assert runner.handed_over() == []


async def test_a_job_at_the_radio_when_the_battery_goes_is_unknown(server, runner):
    await runner.start(FaultSource(Faults(send_latency=(30, 30))))
    job = server.add("job_1")
    await server.offer(job)
    await eventually(lambda: job.status == "Assigned" and "Sending" in runner.journal_states().values())
    await runner.pull_battery()

    await runner.start()
    await eventually(lambda: job.reports)

    assert server.of("hello")[1]["open"] == [{"jobId": "job_1", "token": job.token, "state": "Unknown"}]
    assert job.reports[0]["error"]["code"] == "unknown_outcome"
    assert runner.handed_over() == []


async def test_unacknowledged_reports_survive_a_restart_and_seq_counts_on(server, runner):
    server.mute.add("report")
    await runner.start(Faults(delivery_reports=False))
    first = server.add("first")
    await server.offer(first)
    await eventually(lambda: server.of("report"))
    await runner.pull_battery()
    server.mute.clear()

    await runner.start(Faults(delivery_reports=False))
    second = server.add("second")
    await server.offer(second)
    await eventually(lambda: second.status == "Sent")

    assert server.of("hello")[1]["open"] == [{"jobId": "first", "token": first.token, "state": "Sent"}]
    seqs = [frame["seq"] for frame in server.of("report")]
    assert seqs[0] == 1
    assert seqs[-1] == 2
    assert first.status == "Sent"


async def test_what_is_cleared_is_sent_while_the_phone_is_offline(server, runner):
    await runner.start(SLOW_RADIO)
    jobs = [server.add("a"), server.add("b")]
    await server.offer(*jobs)
    await eventually(lambda: all(job.status == "Assigned" for job in jobs))

    server.refuse_upgrade = True
    await server.drop_connection()
    await eventually(lambda: len(runner.handed_over()) == 2)
    server.refuse_upgrade = False
    await eventually(lambda: all(job.status == "Delivered" for job in jobs))

    assert sorted(runner.handed_over()) == ["a", "b"]


async def test_an_offer_that_overtakes_the_welcome_waits_for_it(server, runner):
    job = server.add("job_1")
    server.reoffer = False
    server.hooks["hello"] = lambda frame: [server.offer_frame(job), *server._on_hello(frame)]

    await runner.start()
    await eventually(lambda: job.status == "Delivered")

    assert runner.handed_over() == ["job_1"]


async def test_revoked_stops_the_phone_for_good(server, runner):
    await runner.start()
    await server.send({"type": "revoked"})

    with pytest.raises(RevokedError):
        await runner.task
    with pytest.raises(RevokedError):
        await runner.start()
    assert len(server.connections) == 1


async def test_stopping_gives_back_what_is_not_sent_and_reports_what_is(server, runner):
    server.reoffer = False
    await runner.start(SLOW_RADIO)
    first, waiting = server.add("first", priority=9), server.add("waiting")
    await server.offer(first, waiting)
    await eventually(lambda: "Sending" in runner.journal_states().values())

    await runner.stop()

    assert server.items("decline", "waiting")[0]["reason"] == "shutdown"
    assert waiting.status == "Pending"
    assert server.states("first")[0] == "Sent"
    assert runner.handed_over() == ["first"]


async def test_a_sim_that_is_switched_off_gives_its_jobs_back_and_takes_no_more(server, runner):
    await runner.start(SLOW_RADIO)
    first, waiting = server.add("first", priority=9), server.add("waiting")
    await server.offer(first, waiting)
    await eventually(lambda: "Sending" in runner.journal_states().values())

    await server.send({"type": "config", "sims": [{"simSlot": 0, "isEnabled": False}]})
    await eventually(lambda: server.items("decline", "waiting"))
    await server.offer(server.add("another"))
    await eventually(lambda: server.items("decline", "another"))

    assert {item["reason"] for frame in server.of("decline") for item in frame["items"]} == {"sim-disabled"}
    assert "waiting" not in runner.handed_over()


async def test_unknown_types_and_bad_frames_change_nothing(server, runner):
    await runner.start()
    await server.send({"type": "fireworks", "colour": "red"})
    await server.send({"type": "offer", "jobs": [{"jobId": "x", "message": "private"}]})
    await server.connections[-1].send("[not json")
    await server.connections[-1].send(json.dumps([1, 2]))
    job = server.add("job_1")
    await server.offer(job)

    await eventually(lambda: job.status == "Delivered")

    assert len(runner.named("bad_frame")) == 3
    assert not any("private" in event.as_json() for event in runner.events)


async def test_one_state_folder_serves_one_phone_at_a_time(server, runner):
    await runner.start()
    running = runner.task

    with pytest.raises(StateInUseError):
        await runner.start()

    runner.task = running


async def test_an_unpaired_folder_is_refused(server, runner):
    (runner.state_dir / "credentials.json").unlink()

    with pytest.raises(NotPairedError):
        await runner.start()
