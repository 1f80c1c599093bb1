"""What the simulation measures with: lateness, inversions, limits of partitions and functions, and those on figures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from smskit.platform.codec import encode_item
from tests.simulation import report
from tests.simulation.capacity import Capacity
from tests.simulation.cases import Case, Figures, Otp, run
from tests.simulation.clock import START_MS, Clock
from tests.simulation.handlers import LIMIT_MS, Functions, Invocation
from tests.simulation.order import Move, WatchedTables, lateness

SCOPE = "pool#acc_1"
PUT, TAKEN, REMOVED = Move.PUT, Move.TAKEN, Move.REMOVED


def tables_at(clock: Clock) -> WatchedTables:
    return WatchedTables(Capacity(clock), lambda: None, SCOPE, lambda: clock.now)


@pytest.mark.parametrize(
    ("moves", "late"),
    [
        pytest.param([(1, "a", TAKEN), (2, "b", TAKEN), (4, "c", TAKEN)], [0, 0, 0], id="strict"),
        pytest.param([(1, "b", TAKEN), (2, "a", TAKEN), (4, "c", TAKEN)], [0, 1, 0], id="one late"),
        pytest.param([(1, "b", TAKEN), (2, "c", TAKEN)], [0, 0, 8], id="one still waits at the end"),
        pytest.param(
            [(1, "a", TAKEN), (6, "a", PUT), (7, "b", TAKEN), (8, "a", TAKEN)],
            [0, 0, 1],
            id="back, and late from then on",
        ),
        pytest.param(
            [(1, "b", TAKEN), (2, "b", PUT), (6, "a", TAKEN), (7, "b", TAKEN)], [0, 0, 0], id="back: nobody was late"
        ),
        pytest.param([(1, "d", REMOVED), (2, "a", TAKEN), (3, "b", TAKEN)], [0, 0], id="one left by another way"),
        pytest.param(
            [(1, "b", TAKEN), (2, "a", REMOVED), (3, "c", TAKEN)], [0, 0], id="the due one left by another way"
        ),
    ],
)
def test_late_is_behind_strict_order(moves: list[tuple[float, str, Move]], late: list[float]) -> None:
    changes = [(0.0, order, PUT) for order in "abcd"] + [(1_000 * at, order, move) for at, order, move in moves]
    assert lateness(changes, 9_000) == late


def test_a_lower_priority_before_a_higher_one_that_was_seen_is_an_inversion() -> None:
    clock = Clock()
    tables, functions = tables_at(clock), Functions(clock)
    for order in ("00#1#urgent", "10#1#bulk", "10#2#bulk"):
        tables.put_item(TableName="pool", Item=encode_item({"pk": SCOPE, "sk": order}))

    def look_and_take(invocation: Invocation) -> None:
        values = encode_item({":pk": SCOPE})
        tables.query(TableName="pool", KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values)
        for order in ("10#1#bulk", "00#1#urgent", "10#2#bulk"):
            tables.delete_item(TableName="pool", Key=encode_item({"pk": SCOPE, "sk": order}))

    functions.run("gateway", look_and_take)
    clock.run(1)
    assert [order for _, order, move in tables.changes if move is TAKEN] == ["10#1#bulk", "00#1#urgent", "10#2#bulk"]
    assert tables.inversions == 1


def test_a_partition_key_takes_its_burst_and_then_its_rate() -> None:
    clock = Clock()
    tables = tables_at(clock)

    def write(count: int) -> None:
        for number in range(count):
            tables.put_item(TableName="accounts", Item=encode_item({"pk": "one", "sk": f"{number}"}))

    write(1_000)
    with pytest.raises(ClientError, match="ThrottlingException"):
        write(1)
    tables.put_item(TableName="accounts", Item=encode_item({"pk": "another", "sk": "0"}))
    clock.at(START_MS + 500, lambda: write(500))
    clock.run(1)
    with pytest.raises(ClientError, match="ThrottlingException"):
        clock.now = START_MS + 500
        write(1)


def test_a_function_ends_at_its_limit() -> None:
    clock, ended = Clock(), list[Invocation]()
    Functions(clock).run("gateway", lambda invocation: invocation.pause(LIMIT_MS + 1), ended.append)
    clock.run(60)
    assert [(one.failed, one.get_remaining_time_in_millis()) for one in ended] == [("timeout", 0)]


@pytest.fixture(scope="module")
def good() -> Figures:
    return run(Case("backlog", 1, 20))


@pytest.mark.parametrize(
    ("case", "change"),
    [
        ("inflow", {"share": 0.94}),
        ("backlog", {"transactions_per_message": 0.11}),
        ("reconnect", {"transactions_per_message": 1.01}),
        ("urgent", {"failed_hellos": 1}),
        ("targeted", {"failed_messages": 1, "messages": 500}),
        ("targeted", {"messages": 499}),
        ("inflow", {"dead_lettered": 1}),
        ("inflow", {"inversions": 1}),
        ("reconnect", {"late_p99": 2.01}),
        ("backlog", {"out_of_order": 1}),
        ("urgent", {"radio": 1, "otps": (Otp(0.1, 1, 2, 0),)}),
        ("urgent", {"otps": (Otp(0.1, 1, 1, 1),)}),
        ("urgent", {"otps": (Otp(0.6, 1, 1, 0),)}),
    ],
)
def test_a_limit_that_is_not_kept_is_named(good: Figures, case: str, change: dict) -> None:
    fine = {"case": case, "otps": (Otp(0.1, 1, 1, 0),), "messages": 500}
    assert report.broken(replace(good, **fine)) == []
    assert len(report.broken(replace(good, **(fine | change)))) == 1
