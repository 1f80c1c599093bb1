"""Runs one random schedule of the message's path from a seed, on the real handlers."""

from __future__ import annotations

import os
import random

import pytest

from smskit import aws, caches
from smskit.models.device import Device
from smskit.phones.store import devices
from smskit.platform import logs, patience, table, times
from tests.model import arrivals, invocations
from tests.model.events import ACCOUNT, TIMERS, Climate
from tests.model.mutations import MUTATIONS
from tests.model.phones import Phone
from tests.model.schedules import Schedule
from tests.support.functions import load

TABLES = ("clients", "devices", "jobs", "pool", "contacts", "accounts", "messages", "batches")
QUEUES = {"urgent": "urgent.fifo", "standard": "standard.fifo", "bulk": "bulk.fifo"} | {name: name for name in TIMERS}


TIGHT = Climate(is_rough=False, sluggish=0.1, steps_ms=(20, 100))


class Clock:
    """Stands in for the time module in smskit.platform.times."""

    schedule: Schedule

    @classmethod
    def time_ns(cls) -> int:
        return cls.schedule.now * 1_000_000


class Runner:
    """The functions with the schedule's time, clients and patience in place of the real ones."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        for name in TABLES:
            monkeypatch.setenv(f"TABLE_{name.upper()}", name)
        for name, queue in QUEUES.items():
            monkeypatch.setenv(f"QUEUE_{name.upper()}_URL", queue)
        monkeypatch.setenv("WEBSOCKET_CALLBACK_URL", "https://sockets")
        monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "model")
        monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "SMSKit")
        monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
        monkeypatch.setattr(times, "time", Clock)
        monkeypatch.setattr(patience, "pause", invocations.pause)
        # What a function catches it logs; the schedule wants to know it all the same.
        monkeypatch.setattr(logs, "failure", _note)
        self.functions = {
            "gateway": load("phone_gateway"), "dispatcher": load("dispatcher"), "timekeeper": load("timekeeper"),
            "janitor": load("janitor"),
        }  # fmt: skip
        for broken in filter(None, os.environ.get("SMSKIT_BREAK", "").split("+")):
            MUTATIONS[broken](monkeypatch)

    def run(self, seed: int) -> Schedule:
        """One schedule from weather to rest. Raises AssertionError when it comes to none."""
        schedule = Clock.schedule = Schedule(seed, self.functions, TIGHT if seed % 3 == 0 else Climate())
        random.seed(seed)
        self._monkeypatch.setattr(aws, "client", schedule.client)
        caches.forget()
        phones = _tight_phones(schedule) if seed % 3 == 0 else phones_of(schedule)
        for phone, device in phones:
            schedule.phones.append(phone)
            table.put("devices", devices.device_item(device))
        for phone in schedule.phones:
            schedule.connect(phone)
        for _ in range(schedule.random.randint(1, 7)):
            for _ in range(schedule.random.choice([0, 0, 20, 60])):
                schedule.one()
            arrivals.accept(schedule)
        schedule.run(schedule.random.choice([0, 10, 30, 100, 300, 600]))
        return schedule


def _note(error: BaseException) -> None:
    Clock.schedule.errors.append(error)


def phones_of(schedule: Schedule) -> list[tuple[Phone, Device]]:
    """Between one and three phones, with one or two SIMs each."""
    rng, made = schedule.random, []
    for number in range(rng.randint(1, 3)):
        phone = Phone(
            f"dvc_{number:020d}", rng.randint(1, 2), schedule.world, names_journal=rng.random() < 0.8,
            leaves_late_offers=rng.random() < 0.1, fails=rng.random() < 0.2,
        )  # fmt: skip
        made.append((phone, Device(ACCOUNT, phone.device_id, "Phone", "hash", limit=rng.choice([200, 200, 12]))))
    return made


def _tight_phones(schedule: Schedule) -> list[tuple[Phone, Device]]:
    """One or two lanes that have room for one job each: who comes too late waits for the next free credit."""
    phones = [
        Phone(f"dvc_{number:020d}", 1, schedule.world, window=1) for number in range(schedule.random.randint(1, 2))
    ]
    return [(phone, Device(ACCOUNT, phone.device_id, "Phone", "hash")) for phone in phones]
