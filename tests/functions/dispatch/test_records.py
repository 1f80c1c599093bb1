"""Batches of queue records."""

from __future__ import annotations

from smskit.platform import batches


class Clock:
    """A Lambda context whose time runs out."""

    def __init__(self, *left: int) -> None:
        self.left = iter(left)

    def get_remaining_time_in_millis(self) -> int:
        return next(self.left)


def batch(*groups: str) -> list[batches.Record]:
    return [
        {"messageId": f"m{number}", "body": "{}", "attributes": {"MessageGroupId": group}}
        for number, group in enumerate(groups)
    ]


def failed(answer: batches.Failures) -> list[str]:
    return [entry["itemIdentifier"] for entry in answer["batchItemFailures"]]


def test_a_failure_holds_back_only_its_own_group() -> None:
    handled: list[str] = []

    def handle(record: batches.Record) -> None:
        if record["messageId"] == "m0":
            raise ValueError("no")
        handled.append(record["messageId"])

    answer = batches.each(batch("a", "b", "a", "b"), handle, batches.fifo_group, None)
    assert failed(answer) == ["m0", "m2"] and handled == ["m1", "m3"]


def test_what_there_is_no_time_left_for_comes_back() -> None:
    handled: list[str] = []
    clock = Clock(4_000, 2_000, 1_000, 500)
    answer = batches.each(
        batch("a", "b", "c", "d"), lambda record: handled.append(record["messageId"]), batches.alone, clock
    )
    assert handled == ["m0", "m1"] and failed(answer) == ["m2", "m3"]
