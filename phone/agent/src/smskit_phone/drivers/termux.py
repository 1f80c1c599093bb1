"""An old phone with the apps Termux and Termux:API. They can't see what becomes of a message: its jobs end at Sent."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from smskit_phone.database import Database
from smskit_phone.drivers import termux_inbox
from smskit_phone.drivers.base import OnDelivered, OnReceived, RadioError, RadioMessage, Sim, Vitals
from smskit_phone.drivers.termux_api import (
    Battery,
    Telephony,
    TermuxApi,
    TermuxError,
    TermuxPermissionError,
    TermuxSilentError,
)
from smskit_phone.drivers.termux_inbox import TermuxInbox

STORE = "termux.sqlite3"
_NOT_READY = {"absent": "sim-absent", "pin_required": "sim-wants-pin", "puk_required": "sim-wants-puk"}


class TermuxDriver:
    """`slots` are Android's numbers of the SIMs, in the order of the phone's; None is the one that Android is set to.

    Android doesn't tell at which SIM a message came in: all are those of the first.
    """

    def __init__(
        self, state_dir: Path, slots: Sequence[int | None] = (None,), *, poll: float = 10.0, timeout: float = 60.0
    ) -> None:
        self._database = Database(state_dir / STORE, termux_inbox.SCHEMA)
        self._api = TermuxApi(timeout)
        self._slots = tuple(slots)
        self._poll = poll
        self._inbox = TermuxInbox(self._database, self._api, 0)
        self._battery = Battery(0, False)
        self._telephony = Telephony("", "unknown", "unknown")
        self._trouble: str | None = "termux-starting"
        self.readiness = asyncio.Event()

    @property
    def delivery_reports(self) -> bool:
        return False

    @property
    def sims(self) -> Sequence[Sim]:
        return [Sim(slot, self._telephony.carrier if slot == 0 else "") for slot in range(len(self._slots))]

    def vitals(self) -> Vitals:
        reason = self._trouble or _NOT_READY.get(self._telephony.sim_state)
        slots = range(len(self._slots))
        unready = dict.fromkeys(slots, reason) if reason else {}
        ready = frozenset(() if reason else slots)
        battery, network = self._battery, self._telephony.network_type
        return Vitals(battery.percent, battery.is_charging, network, None, ready, unready)

    async def send(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        try:
            await self._api.send(message.recipient, message.text, self._slots[message.sim_slot])
        except TermuxSilentError:
            raise
        except TermuxPermissionError as error:
            raise RadioError("permission_denied", str(error)) from None
        except TermuxError as error:
            raise RadioError("generic_failure", str(error)) from None

    def watch(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        """There is nothing to wait for."""

    async def settle(self) -> None:
        """Learns how the phone is: the first `hello` names the carrier then."""
        before = self.vitals().ready_sims
        try:
            self._battery, self._telephony = await self._api.battery(), await self._api.telephony()
            self._trouble = None
        except TermuxPermissionError:
            self._trouble = "permission-denied"
        except TermuxError:
            self._trouble = "termux-api-silent"
        if self.vitals().ready_sims != before:
            self.readiness.set()

    async def listen(self, on_received: OnReceived) -> None:
        while True:
            await self.settle()
            if not self._trouble:
                await self._inbox.look(on_received)
            await asyncio.sleep(self._poll)

    async def close(self) -> None:
        self._database.close()
