"""This agent under the conformance suite: paired by a link, on a played radio, with shortened waits."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from smskit_phone import credentials, pairing
from smskit_phone.config import PhoneConfig, Timings
from smskit_phone.drivers.base import Sim
from smskit_phone.drivers.http_radio import HttpRadio
from smskit_phone.errors import PairingError
from smskit_phone.events import OnEvent
from smskit_phone.phone import Phone

SIMS = (Sim(0), Sim(1))
# Waits for an answer: a server that takes a second to give it isn't gone, however much the others are shortened.
_LEAST = {"hello_timeout": 2.0, "answer_timeout": 2.0, "open_timeout": 10.0, "stop_grace": 5.0}


def shortened(scale: float) -> Timings:
    """The phone's own waits, divided by `scale`."""
    timings = Timings()
    plain = {name: getattr(timings, name) for name in Timings.__dataclass_fields__ if name != "connection_lifetime"}
    low, high = timings.connection_lifetime
    waits = {name: max(seconds / scale, min(seconds, _LEAST.get(name, 0.0))) for name, seconds in plain.items()}
    return replace(timings, **waits, connection_lifetime=(low / scale, high / scale))


async def pair_once(link: str, state_dir: Path) -> None:
    """Pairs by a link of the form `smskit://pair?server=…&code=…`, unless the folder is paired. Raises PairingError."""
    if credentials.is_paired(state_dir):
        return
    parts = urlsplit(link)
    query = parse_qs(parts.query)
    if (parts.scheme, parts.netloc) != ("smskit", "pair") or not {"server", "code"} <= query.keys():
        raise PairingError("a pairing link is of the form smskit://pair?server=…&code=…")
    await pairing.pair(query["server"][0], query["code"][0], state_dir, "Under test", SIMS)


def phone(state_dir: Path, radio: str, scale: float, on_event: OnEvent | None = None) -> Phone:
    """The phone as it is, but for its radio and its waits."""
    config = PhoneConfig(state_dir, timings=shortened(scale))
    return Phone(config, HttpRadio(radio, SIMS), on_event=on_event)
