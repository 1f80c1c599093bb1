"""How a phone comes back, and what it is told when it does."""

import asyncio

import pytest

from smskit_phone import phone as phone_module
from tests.phone.server_double import eventually


def without_waiting(monkeypatch) -> list[float]:
    """The longest that the phone might have waited before each new connection; it doesn't wait at all."""
    longest: list[float] = []

    class NoWaits:
        @staticmethod
        def uniform(least: float, most: float) -> float:
            longest.append(most)
            return least

    monkeypatch.setattr(phone_module, "random", NoWaits)
    return longest


async def test_a_phone_that_is_replaced_again_and_again_comes_back_ever_more_slowly_and_does_not_give_up(
    server, runner, monkeypatch
):
    longest = without_waiting(monkeypatch)

    def replaced(frame):
        welcome = server._on_hello(frame)
        closing.append(asyncio.get_running_loop().create_task(closed_after_answer(server.connections[-1])))
        return [*welcome, {"type": "error", "code": "replaced", "message": "another connection"}]

    async def closed_after_answer(connection) -> None:
        await eventually(lambda: len(runner.named("server_error")) == len(closing))
        await connection.close(1008)

    closing: list[asyncio.Task] = []
    server.hooks["hello"] = replaced
    await runner.start(wait=False, reconnect_base=0.5, reconnect_cap=60)
    await eventually(lambda: len(longest) >= 9)
    server.hooks.clear()
    job = server.add("job_1")
    await eventually(lambda: job.status == "Delivered")

    assert longest[:9] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert {event.fields["code"] for event in runner.named("server_error")} == {"replaced"}


async def test_a_connection_that_lasted_ends_the_row_of_failures(server, runner, monkeypatch):
    longest = without_waiting(monkeypatch)
    await runner.start(settled_after=0, reconnect_base=0.5, reconnect_cap=60)
    for count in (2, 3, 4):
        await server.drop_connection()
        await eventually(lambda count=count: len(server.of("hello")) == count)

    assert longest[:3] == [0.5] * 3


@pytest.mark.parametrize("overtakes", [False, True])
async def test_config_beside_the_welcome_says_which_sims_may_send(server, runner, overtakes):
    def greeting(enabled: bool, *names: str):
        def answer(frame):
            jobs = [server.add(name) for name in names]
            config = {"type": "config", "sims": [{"simSlot": 0, "isEnabled": enabled}]}
            welcome = server._on_hello(frame)[:1]
            first = [config, *welcome] if overtakes else [*welcome, config]
            return [*first, server.offer_frame(*jobs)]

        return answer

    server.hooks["hello"] = greeting(False, "while_off")
    await runner.start()
    await eventually(lambda: server.items("decline", "while_off"))
    server.hooks["hello"] = greeting(True, "while_on")
    await server.drop_connection()
    await eventually(lambda: server.jobs.get("while_on") and server.jobs["while_on"].status == "Delivered")

    assert server.items("decline", "while_off")[0]["reason"] == "sim-disabled"
    assert runner.handed_over() == ["while_on"]
