"""What is said of several SIMs at once, for every reason to wait; and of phones of which no SIM is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import time_machine

from smskit.dispatch.store import jobs
from smskit.models.device import Device
from smskit.models.job import TimelineEntry
from smskit.models.lane import MAX_STRIKES, Hold
from smskit.phones.logic import settings as phone_settings
from smskit.phones.logic.settings import DeviceChange, SimChange
from smskit.sending.logic.wait_words import _OF_PHONES, _OF_SIMS
from smskit.sending.logic.waits import Reason
from tests.support import seeds
from tests.support.client_api import ClientApi

END = "It is given up at 24 June 10:00 UTC unless it was sent by then."
NOW = 1_782_208_800_000  # 23 June 2026, 10:00 UTC
SPENT = {"hour": NOW // 3_600_000, "limit": 200}
RESTS = {"setbacks": 3, "rested_at": NOW}

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def clock() -> Any:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as travelled:
        yield travelled


def waiting(api: ClientApi, **changes: Any) -> str:
    return str(api.send(waitForPhone=True, **changes).body["jobId"])


def said(api: ClientApi, job_id: str) -> str:
    return str(api.get(f"/api/sms/{job_id}/explain").body["explanation"])


def hold(job_id: str, claim_by: int) -> dict[str, Any]:
    return {"held": {job_id: Hold("t0", NOW, claim_by, 1, "+254712345678", 0)}, "credits": 2}


BUSY = hold("job_0", NOW + 5_000) | {"credits": 0}

# Of each reason that the state of two SIMs gives: that state of either, what is said of both, and the message.
BOTH: list[tuple[Reason, list[dict[str, Any]], str, dict[str, Any]]] = [
    (Reason.FREE, [{}, {}], "are free, and one gets it in a moment", {}),
    (Reason.BUSY, [BUSY, BUSY], "are busy with other messages", {}),
    (Reason.RESERVED, [SPENT | {"left": 20}] * 2,
     "have left until 11:00 UTC only what is kept for priority 9 and 10", {}),
    (Reason.LIMITED, [SPENT | {"left": 0}] * 2, "are at their hourly limit until 11:00 UTC", {}),
    (Reason.SHORT, [SPENT | {"left": 22}] * 2, "have too little left for its 3 segments until 11:00 UTC",
     {"message": "x" * 400}),
    (Reason.RESTING, [RESTS | {"rests_until": NOW + 600_000}, RESTS | {"rests_until": NOW + 300_000}],
     "rest, the first until 10:05 UTC, since their last messages failed there", {}),
    (Reason.UNANSWERED, [{"strikes": MAX_STRIKES}] * 2, "left their last offers unanswered", {}),
    (Reason.TOO_LONG, [SPENT | {"limit": 2, "left": 2}] * 2, "may never send its 3 segments by their hourly limit",
     {"message": "x" * 400}),
    (Reason.NOT_READY, [{"sim_ready": False}] * 2, "say that they can't send now", {}),
    (Reason.OFFLINE, [{"connection_id": None}] * 2, "are Offline", {}),
    (Reason.SIM_DISABLED, [{"is_enabled": False}] * 2, "are disabled", {}),
]  # fmt: skip


@pytest.mark.parametrize(("states", "verb", "message"), [row[1:] for row in BOTH], ids=[row[0] for row in BOTH])
def test_what_holds_for_several_is_said_once(
    api: ClientApi, states: list[dict[str, Any]], verb: str, message: dict[str, Any]
) -> None:
    desk = seeds.phone(api.account_id, name="Front desk", sims=2)
    job_id = waiting(api, **message)
    for slot, state in enumerate(states):
        seeds.change_lane(desk, slot, **state)
    assert said(api, job_id) == f"Waiting: both SIMs {verb}. {END}"


def test_two_that_gave_it_back(api: ClientApi) -> None:
    desk = seeds.phone(api.account_id, sims=2)
    job = jobs.get(waiting(api))
    assert job is not None
    away = {f"{desk.device_id}#{slot}": NOW + 30_000 + 5_000 * slot for slot in (0, 1)}
    assert jobs.keep_away(replace(job, avoid=away), TimelineEntry("declined", NOW, detail="busy"))
    back = "gave it back a moment ago, and the first is asked again after 10:00:30 UTC"
    assert said(api, job.job_id) == f"Waiting: both SIMs {back}. {END}"


@pytest.mark.parametrize(
    ("left_ms", "verb"),
    [
        (1, "was just offered it, and has until 10:00:00 UTC to take it"),
        (0, "was offered it and hasn't answered, so another gets it in a moment"),
    ],
)
def test_one_that_was_offered_it_is_all_that_is_told(api: ClientApi, left_ms: int, verb: str) -> None:
    desk = seeds.phone(api.account_id, name="Front desk", sims=3)
    job_id = waiting(api)
    seeds.change_lane(desk, 1, **hold(job_id, NOW + left_ms))
    assert said(api, job_id) == f"Waiting: SIM 2 of Front desk {verb}. {END}"


def test_sims_in_phones_that_people_barred(api: ClientApi) -> None:
    desk, shelf = (seeds.phone(api.account_id, name=name, sims=2) for name in ("Front desk", "Shelf"))
    job_id = waiting(api, devices=[{"deviceId": desk.device_id}, {"deviceId": shelf.device_id}])
    phone_settings.change(api.account_id, desk.device_id, DeviceChange(is_enabled=False))
    phone_settings.change_sim(api.account_id, shelf.device_id, 0, SimChange(is_enabled=False))
    assert said(api, job_id) == (
        "Waiting: of those that it may go out by, SIM 2 of Shelf is free, and gets it in a moment; "
        f"SIM 1 of Shelf is disabled; 2 of 4 SIMs are in phones that are disabled. {END}"
    )
    for device in (desk, shelf):
        phone_settings.revoke(api.account_id, device.device_id)
    assert said(api, job_id) == f"Waiting: all 4 SIMs were in phones that were removed. {END}"


def test_phones_of_which_no_sim_is_known(api: ClientApi) -> None:
    fleet = [seeds.phone(api.account_id, name=name, online=False, sims=0) for name in ("One", "Two", "Three")]
    named = [{"deviceId": device.device_id} for device in fleet]
    job_id, alone = waiting(api, devices=named), waiting(api, devices=named[:1])
    assert said(api, job_id) == f"Waiting: all 3 phones have never connected. {END}"
    assert said(api, alone) == f"Waiting: One, the only one that may send it, has never connected. {END}"
    phone_settings.change(api.account_id, fleet[0].device_id, DeviceChange(is_enabled=False))
    assert said(api, job_id) == (
        f"Waiting: of those that it may go out by, 2 phones have never connected; One is disabled. {END}"
    )
    phone_settings.change(api.account_id, fleet[1].device_id, DeviceChange(is_enabled=False))
    _revoke(api, fleet[2])
    assert said(api, job_id) == (
        f"Waiting: of those that it may go out by, 2 phones are disabled; Three was removed. {END}"
    )
    for device in fleet[:2]:
        _revoke(api, device)
    assert said(api, job_id) == f"Waiting: all 3 phones were removed. {END}"


def test_such_a_phone_is_no_sim(api: ClientApi) -> None:
    seeds.phone(api.account_id, name="Front desk", online=False, sims=2)
    seeds.phone(api.account_id, name="Cellar", online=False, sims=0)
    assert said(api, waiting(api)) == f"Waiting: both SIMs are Offline; Cellar has never connected. {END}"


def _revoke(api: ClientApi, device: Device) -> None:
    phone_settings.revoke(api.account_id, device.device_id)


def test_every_reason_has_its_words() -> None:
    assert {*_OF_SIMS, *_OF_PHONES} == set(Reason)
