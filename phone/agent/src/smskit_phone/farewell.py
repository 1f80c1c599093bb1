"""Before a state folder is paired anew: what its phone still has to tell is told, or knowingly left behind."""

from asyncio import Event
from collections.abc import Sequence
from pathlib import Path

from smskit_phone import credentials
from smskit_phone.config import PhoneConfig, Timings
from smskit_phone.credentials import Credentials
from smskit_phone.drivers.base import OnDelivered, OnReceived, RadioMessage, Sim, Vitals
from smskit_phone.errors import NotPairedError, UntoldError
from smskit_phone.identity import Owed, owner_of
from smskit_phone.journal import Journal
from smskit_phone.phone import JOURNAL, Phone

NOBODY = "unpaired"


class _NoRadio:
    """Stands in for the radio of a phone that only tells what there is to tell."""

    delivery_reports = True

    def __init__(self, sims: int) -> None:
        self.sims: Sequence[Sim] = [Sim(slot) for slot in range(sims)]
        self.readiness = Event()

    def vitals(self) -> Vitals:
        return Vitals(100, False, "unknown", 0, frozenset())

    async def send(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        raise AssertionError("a phone that settles sends nothing")

    def watch(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        pass

    async def listen(self, on_received: OnReceived) -> None:
        pass

    async def close(self) -> None:
        pass


async def part(state_dir: Path, *, forget: bool, timings: Timings) -> None:
    """Tells the server of the earlier pairing what it is owed, as the phone of that pairing, if that connects still.

    Raises UntoldError if something is owed after that, unless `forget` says that it may stay untold. The caller holds
    the folder's lock. Whatever stays untold is left behind when the journal is opened for another phone.
    """
    if not (state_dir / JOURNAL).exists():
        return
    known = _known(state_dir)
    device_id = known.device_id if known else owner_of(state_dir / JOURNAL) or NOBODY
    owed, waiting = _look(state_dir, device_id)
    if not any(owed):
        return
    if known and not known.revoked:
        await Phone(PhoneConfig(state_dir, timings=timings), _NoRadio(known.sims)).settle()
        owed = _settled(state_dir, device_id, waiting)
    if any(owed) and not forget:
        raise UntoldError(
            f"{state_dir} still holds what only {device_id} can tell its server, which it could not: "
            f"{owed.reports} reports, {owed.claims} jobs not given back, {owed.received} received SMS. "
            "Pair with --forget to leave them behind, or pair into another folder"
        )


def _known(state_dir: Path) -> Credentials | None:
    try:
        return credentials.load(state_dir)
    except NotPairedError:
        return None


def _look(state_dir: Path, device_id: str) -> tuple[Owed, list[str]]:
    journal = Journal(state_dir / JOURNAL, device_id)
    try:
        return journal.owed(), journal.arrivals.waiting()
    finally:
        journal.close()


def _settled(state_dir: Path, device_id: str, waiting: list[str]) -> Owed:
    """A radio that wasn't told yet that a message was taken repeats it, to the phone that comes next: the ids of what
    the server has just stored stay known."""
    journal = Journal(state_dir / JOURNAL, device_id)
    try:
        journal.arrivals.remember(waiting)
        return journal.owed()
    finally:
        journal.close()
