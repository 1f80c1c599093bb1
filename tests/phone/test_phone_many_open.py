"""More jobs than `hello` can name: what the server may hold the phone to is always among those that it names."""

import pytest

from smskit.entrypoints.phone_frames import Hello
from smskit_phone import Faults, FaultSource, Phone, PhoneConfig, SimDriver, frames
from tests.phone.conftest import QUICK
from tests.phone.server_double import eventually

LIMIT = 6


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(frames, "OPEN_ITEMS", LIMIT)


def test_hello_names_as_many_jobs_as_the_server_reads():
    (limit,) = [rule.max_length for rule in Hello.model_fields["open"].metadata if hasattr(rule, "max_length")]

    assert limit == frames.OPEN_ITEMS


async def test_no_more_is_claimed_than_hello_can_name_and_the_most_urgent_of_it(server, runner, few):
    server.mute.add("report")
    await runner.start(Faults(delivery_reports=False), report_resend=30)
    jobs = [server.add(f"p{priority}", priority=priority) for priority in range(9)]
    await server.offer(*jobs[:4])
    await server.offer(*jobs[4:])
    await eventually(lambda: len(runner.handed_over()) == LIMIT and len(runner.named("declined")) == 3)
    assert [event.fields["jobId"] for event in runner.named("declined")] == ["p6", "p5", "p4"]
    await server.drop_connection()
    await eventually(lambda: len(server.of("hello")) == 2)

    assert {item["jobId"] for item in server.of("hello")[1]["open"]} == set(runner.handed_over())

    server.mute.clear()
    server.reoffer = False
    await server.drop_connection()
    await eventually(lambda: runner.acknowledged() == LIMIT)
    await server.offer(*(job for job in jobs if job.status == "Pending"))
    await eventually(lambda: all(job.status == "Sent" for job in jobs))
    assert sorted(runner.handed_over()) == sorted(job.job_id for job in jobs)


async def test_deliveries_confirmed_while_offline_are_all_told_and_hide_nothing_that_is_held(server, runner, few):
    class LateNews(SimDriver):
        """Confirms deliveries when it is told to."""

        def __init__(self) -> None:
            super().__init__(FaultSource(), runner.state_dir / "radio.log")
            self.confirmations = []

        def watch(self, message, on_delivered) -> None:
            self.confirmations.append(on_delivered)

    radio = LateNews()
    await runner.run(Phone(PhoneConfig(runner.state_dir, timings=QUICK), radio, on_event=runner.events.append))
    sent = [server.add(f"job_{number}") for number in range(LIMIT * 2)]
    for job in sent:
        await server.offer(job)
        await eventually(lambda job=job: job.status == "Sent")
    server.mute.add("claim")
    await server.offer(server.add("held"))
    await eventually(lambda: server.items("claim", "held"))
    server.refuse_upgrade = True
    await server.drop_connection()
    await eventually(lambda: runner.named("connect_failed"))
    for confirm in radio.confirmations:
        confirm(0)
    server.mute.clear()
    server.refuse_upgrade = False
    await eventually(lambda: all(job.status == "Delivered" for job in sent))

    named = server.of("hello")[-1]["open"]
    assert len(named) == LIMIT
    assert named[0]["jobId"] == "held"
    assert runner.handed_over()[-1] == "held"
