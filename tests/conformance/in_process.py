"""The agent as a phone under test, within this process: quick to start, and a test can break it on purpose."""

import asyncio
from collections.abc import Awaitable, Callable

from smskit_phone import harness
from smskit_phone.conformance.launchers import Call
from smskit_phone.errors import RevokedError
from smskit_phone.phone import Phone

Make = Callable[[Call], Awaitable[Phone]]


async def make_agent(call: Call) -> Phone:
    await harness.pair_once(call.link, call.state)
    return harness.phone(call.state, call.radio, call.scale)


class RunningAgent:
    """Cancelling a phone is as hard as pulling the battery: nothing is written or said any more."""

    def __init__(self, call: Call) -> None:
        self._task = asyncio.create_task(self._run(call))

    @staticmethod
    async def _run(call: Call) -> None:
        try:
            phone = await make_agent(call)
            await phone.run()
        except RevokedError:
            pass

    async def kill(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    @property
    def ended(self) -> str | None:
        if not self._task.done() or self._task.cancelled():
            return None
        return repr(self._task.exception())


class InProcess:
    """A launcher of the suite."""

    can_restart = plays_radio = can_hurry = True
    start_seconds = 30.0

    async def start(self, call: Call) -> RunningAgent:
        return RunningAgent(call)
