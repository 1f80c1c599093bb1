"""The guarantee, over random schedules: at most one hand-over to the radio a job, every job ends, nothing leaks.

SMSKIT_SCHEDULES sets how many, SMSKIT_SEED where to begin.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from smskit import aws, settings
from smskit.gateways import queues
from smskit.models import times
from smskit.models.job import JobStatus
from smskit.store import devices, jobs, ready_lanes, table
from smskit.store.lane_items import lane_of, markers
from tests.model.schedules import Schedule, devices_of, random_job
from tests.support.functions import load

COUNT = int(os.environ.get("SMSKIT_SCHEDULES") or "300")
FIRST = int(os.environ.get("SMSKIT_SEED") or "1")


class Clock:
    """Stands in for the time module in smskit.models.times."""

    schedule: Schedule

    @classmethod
    def time_ns(cls) -> int:
        return cls.schedule.now * 1_000_000


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name in ("clients", "devices", "jobs", "pool", "contacts", "accounts", "messages"):
        monkeypatch.setenv(f"TABLE_{name.upper()}", name)
    for name in ("urgent.fifo", "standard.fifo", "bulk.fifo", "timers"):
        monkeypatch.setenv(f"QUEUE_{name.partition('.')[0].upper()}_URL", name)
    monkeypatch.setenv("WEBSOCKET_CALLBACK_URL", "https://sockets")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "model")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "SMSKit")
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
    settings.forget()
    monkeypatch.setattr(times, "time", Clock)
    return {
        "gateway": load("phone_gateway"),
        "dispatcher": load("dispatcher"),
        "timekeeper": load("timekeeper"),
        "janitor": load("janitor"),
    }


def run(seed: int, functions: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Schedule:
    """One schedule from weather to rest."""
    schedule = Schedule(seed, **functions)
    Clock.schedule = schedule
    random.seed(seed)
    monkeypatch.setattr(aws, "client", schedule.client)
    ready_lanes.forget()
    for device in devices_of(schedule):
        table.transact(devices.create_ops(device, []))
    for phone in schedule.phones:
        schedule._connect(phone)
    for number in range(schedule.random.randint(1, 7)):
        for _ in range(schedule.random.choice([0, 0, 20, 60])):
            schedule._one()
        job = random_job(schedule, number)
        assert jobs.create(job) is None
        queues.enqueue(job)
        schedule.jobs.append(job)
    schedule.run(schedule.random.choice([0, 10, 30, 100, 300, 600]))
    return schedule


def violations(schedule: Schedule) -> list[str]:
    """Everything that does not hold at rest."""
    found = [f"exception {error!r}" for error in schedule.errors]
    tables = schedule.dynamodb.tables
    for job in schedule.jobs:
        stored = jobs.get(job.job_id)
        assert stored is not None
        found += _job_violations(schedule, stored)
    for row in list(tables["devices"].values()):
        if "held" in row:
            lane = lane_of(row)
            if lane.held or lane.credits != lane.window:
                found.append(f"{row['sk']} still holds {sorted(lane.held)} with {lane.credits} credits")
            for sort_key in markers(lane):
                if (lane.key.account_id, sort_key) not in tables["devices"]:
                    found.append(f"marker {sort_key} is missing")
    wanted = {key for row in tables["devices"].values() if "held" in row for key in markers(lane_of(row))}
    stray = [sk for (_, sk) in tables["devices"] if not sk.startswith("device#") and sk not in wanted]
    found += [f"stray marker {sk}" for sk in stray]
    for (scope, order), row in tables["pool"].items():
        if row.get("entries", 1):
            found.append(f"pool {scope} {order} {row}")
    return found


def _job_violations(schedule: Schedule, stored: Any) -> list[str]:
    found = []
    hand_overs = schedule.radio[stored.job_id]
    told = {phone.journal[stored.job_id]["state"] for phone in schedule.phones if stored.job_id in phone.journal}
    if hand_overs > 1:
        found.append(f"{stored.job_id} was handed to the radio {hand_overs} times")
    if stored.status in (JobStatus.PENDING, JobStatus.ASSIGNED):
        found.append(f"{stored.job_id} is still {stored.status}: {stored.timeline}")
    if "Sent" in told and stored.status not in (JobStatus.SENT, JobStatus.DELIVERED):
        found.append(f"{stored.job_id} was sent and is {stored.status} {stored.error}")
    if stored.status is JobStatus.SENT and not hand_overs:
        found.append(f"{stored.job_id} is Sent without a hand-over")
    if stored.status is JobStatus.DEAD_LETTER and hand_overs:
        found.append(f"{stored.job_id} is DeadLetter after a hand-over: {stored.error}")
    return found


def test_the_guarantee_holds_over_random_schedules(functions: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(FIRST, FIRST + COUNT):
        schedule = run(seed, functions, monkeypatch)
        assert not violations(schedule), f"seed {seed}: {violations(schedule)}"
