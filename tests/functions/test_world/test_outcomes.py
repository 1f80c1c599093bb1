"""Every magic number from the send to its end, on a clock that is moved second by second."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.models.magic_numbers import NUMBERS
from tests.support.client_api import ClientApi
from tests.support.world import World

Stage = tuple[World, ClientApi]
_USUAL = [("Assigned", 1), ("Sent", 2), ("Delivered", 4)]
_IN_VAIN = [("Assigned", 2), ("Pending", 3), ("Assigned", 5), ("Pending", 6), ("Assigned", 8), ("DeadLetter", 9)]
# What a client sees when it looks once a second: each new state, with the second in which it is there; and the code.
OUTCOMES: dict[str, tuple[list[tuple[str, int]], str | None]] = {
    "+254712345678": (_USUAL, None),
    "+254700000001": ([("Assigned", 1), ("Sent", 21), ("Delivered", 81)], None),
    "+254700000002": ([("Assigned", 1), ("Sent", 2)], None),
    "+254700000010": ([("Assigned", 1), ("Failed", 2)], "invalid_number"),
    "+254700000011": ([("Assigned", 1), ("Failed", 2)], "short_code_refused"),
    "+254700000012": ([("Assigned", 1), ("Failed", 2)], "fdn_blocked"),
    "+254700000013": ([("Assigned", 1), ("Failed", 2)], "permission_denied"),
    "+254700000014": ([("Assigned", 1), ("Sent", 2), ("Failed", 5)], "generic_failure"),
    "+254700000015": ([("Assigned", 1), ("Failed", 5)], "outcome_unknown"),
    "+254700000016": ([("Assigned", 1), ("Failed", 5), ("Delivered", 15)], None),
    "+254700000020": ([("Assigned", 2), ("Pending", 3), ("Assigned", 8), ("Sent", 9), ("Delivered", 11)], None),
    **{f"+2547000000{number}": (_IN_VAIN, "attempts-exhausted") for number in range(21, 28)},
    "+254700000030": ([("DeadLetter", 60)], "expired"),
    "+254700000031": ([("DeadLetter", 2)], "opted-out"),
    "+254700000032": ([("DeadLetter", 2)], "sim-disabled"),
    "+254700000033": ([("DeadLetter", 2)], "device-disabled"),
    "+254700000034": ([("DeadLetter", 2)], "device-revoked"),
    "+254700000035": ([("DeadLetter", 2)], "dispatch-error"),
    "+254700000050": (_USUAL, None),
    "+254700000051": (_USUAL, None),
}
REFUSED = {"+254700000040": "no-eligible-device", "+254700000041": "recipient-opted-out"}


def watched(stage: Stage, number: str, seconds: int, **changes: Any) -> tuple[list[tuple[str, int]], Any]:
    """The states that a client sees that asks once a second, and the job at the end."""
    world, live = stage
    test = live.test_client()
    answer = test.send(recipient=number, validitySeconds=60, **changes)
    assert answer.status == 202, answer.body
    job_id, seen = answer.body["jobId"], [("Pending", 0)]
    for second in range(seconds):
        world.pump()
        status = test.status(job_id).body["status"]
        if status != seen[-1][0]:
            seen.append((status, second))
        world.clock.shift(1)
    return seen[1:], test.status(job_id).body


def test_all_numbers_are_here() -> None:
    assert {magic.number for magic in NUMBERS} == (OUTCOMES.keys() | REFUSED.keys()) - {"+254712345678"}


@pytest.mark.parametrize("number", OUTCOMES)
def test_a_number_plays_its_outcome_in_its_time(sent_world: Stage, number: str) -> None:
    states, code = OUTCOMES[number]
    seen, job = watched(sent_world, number, seconds=states[-1][1] + 8)
    assert seen == states
    assert job.get("error", {}).get("code") == code
    assert sent_world[0].cloud.messages("test") == []


@pytest.mark.parametrize("number", REFUSED)
def test_a_number_that_is_refused_leaves_nothing(sent_world: Stage, number: str) -> None:
    world, live = sent_world
    answer = live.test_client().send(recipient=number)
    assert (answer.status, answer.body["type"].rpartition("/")[2]) == (422, REFUSED[number])
    assert world.cloud.items("jobs") == []
    assert world.cloud.messages("test") == []
