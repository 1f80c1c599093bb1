"""A modem as gammu sees it."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import gammu

from smskit_gammu.text import place_of, sender_of, split, text_of
from smskit_gammu.trace import Trace

Line = dict[str, Any]

# Message to be stored, delivery report to be passed on at once: gammu can't read the memory for reports. What the modem
# doesn't offer gammu replaces by what it does.
_CONFIG = """[gammu]
device = {device}
connection = {connection}
model = {model}
synctime = no
use_locking = no
atgen_setcnmi = 2,1,0,1
"""
_UNASKED = "HomeNetwork"
_REGISTERED = {_UNASKED, "RoamingNetwork"}
UNANSWERED = (
    gammu.ERR_TIMEOUT,
    gammu.ERR_DEVICEREADERROR,
    gammu.ERR_DEVICEWRITEERROR,
    gammu.ERR_DEVICENOTEXIST,
    gammu.ERR_DEVICEOPENERROR,
)
"""The modem is silent, or gone: a part that it was given may be out."""
_UNREADABLE = 100
_DELIVER, _REPORT = "Deliver", "Status_Report"


class Modem:
    """Raises gammu.GSMError, from the start on, when the modem doesn't answer, or another process has it: gammu locks
    the port, also while a worker whose agent has died still has its last word with the modem."""

    def __init__(self, connection: str, device: str) -> None:
        self._trace = Trace()
        self._machine = gammu.StateMachine()
        dummy = connection == "dummy"
        model, connection = ("dummy", "none") if dummy else ("", connection)
        config = os.memfd_create("config")
        os.write(config, _CONFIG.format(device=device, connection=connection, model=model).encode())
        self._machine.ReadConfig(0, 0, f"/proc/self/fd/{config}")
        self._machine.SetConfig(0, {**self._machine.GetConfig(0), "UseGlobalDebugFile": 1})
        self._machine.Init()
        self._machine.SetIncomingCallback(lambda *_: None)  # `arrived` reads it from the trace
        self._card = ""
        self._smsc: Line = {"Location": 1}
        self._listens = False

    def state(self) -> Line:
        """How SIM and network are doing; `card` tells one SIM from another and isn't its number."""
        sim = self._sim()
        if sim != "ready":
            self._card, self._listens = "", False
            return {"event": "state", "sim": sim, "network": "", "carrier": "", "signal": 0, "card": ""}
        self._meet_card()
        network = self._ask(self._machine.GetNetworkInfo) or {}
        signal = (self._ask(self._machine.GetSignalQuality) or {}).get("SignalPercent", 0)
        carrier = network.get("NetworkName") or network.get("NetworkCode", "").replace(" ", "")
        registered = network.get("State", _UNASKED) in _REGISTERED
        return {
            "event": "state",
            "sim": sim,
            "network": "registered" if registered else "searching",
            "carrier": carrier,
            "signal": max(0, min(100, signal)) if registered else 0,
            "card": self._card,
        }

    def _ask(self, question: Callable[[], Any]) -> Any:
        """None where the modem doesn't know a command that gammu asks with: it may well send all the same."""
        try:
            return question()
        except UNANSWERED:
            raise
        except gammu.GSMError:
            return None

    def _sim(self) -> str:
        try:
            lock = self._machine.GetSecurityStatus()
        except (gammu.ERR_NOSIM, gammu.ERR_SECURITYERROR):
            return "absent"
        except gammu.ERR_UNKNOWN:  # so gammu passes on what the modem says of a SIM that is just being taken out
            return "absent"
        return "ready" if lock is None else str(lock).lower()

    def _meet_card(self) -> None:
        if not self._card:
            imsi, smsc = self._ask(self._machine.GetSIMIMSI) or "", self._ask(self._machine.GetSMSC)
            self._card = hashlib.sha256(imsi.encode()).hexdigest()[:16]
            self._smsc = {"Number": smsc["Number"]} if smsc else {"Location": 1}
        if not self._listens:
            self._ask(lambda: self._machine.SetIncomingSMS(True))  # `stored` is asked every so often in any case
            self._listens = True

    def stored(self) -> Iterator[Line]:
        """What the SIM and the modem have stored of parts that came in, and of delivery reports. One that gammu can't
        read stays where it is, and doesn't keep it from the others."""
        place: dict[str, Any] = {"Start": True}
        location, unread = 0, 0
        while unread < _UNREADABLE:
            self._trace.clear()
            try:
                found = self._machine.GetNextSMS(Folder=0, **place)
            except gammu.ERR_EMPTY:
                return
            except UNANSWERED:
                raise
            except gammu.GSMError:
                location, unread = location + 1, unread + 1
            else:
                location = found[0]["Location"]
                yield from (line for one in found if (line := _line(one, self._trace.pdus())))
            place = {"Location": location}

    def delete(self, location: int) -> None:
        """Frees the place of a stored message."""
        with suppress(gammu.ERR_EMPTY, gammu.ERR_INVALIDLOCATION):  # it is free
            self._machine.DeleteSMS(0, location)

    def parts(self, text: str) -> Sequence[Line]:
        """Splits a text. Raises UnsendableTextError."""
        return split(text)

    def send(self, part: Line, recipient: str) -> int:
        """Hands one part over, and asks for its delivery report; returns the network's reference."""
        self._trace.clear()
        submit = {**part, "Number": recipient, "SMSC": self._smsc, "Type": _REPORT}
        return int(self._machine.SendSMS(submit))

    def refusal(self) -> tuple[str, int] | None:
        """The modem's own number for what `send` has raised."""
        return self._trace.refusal()

    def listen(self) -> None:
        """Reads what the modem says unasked."""
        self._machine.ReadDevice(False)

    def arrived(self) -> list[Line]:
        """What came in unasked since the last call; an empty line stands for something that is stored."""
        return [line for one in self._trace.unasked() if (line := _passed_on(one.pdu) if one.pdu else {}) is not None]


def _passed_on(pdu: bytes) -> Line | None:
    """None of what gammu can't read: nobody has it any more."""
    try:
        return _line(gammu.DecodePDU(pdu, True), [pdu])
    except gammu.GSMError:
        return None


def _line(message: Line, pdus: Iterable[bytes]) -> Line | None:
    """None of what this modem has sent itself."""
    if message["Type"] == _REPORT:
        return {
            "event": "report",
            "location": message["Location"] or None,
            "reference": message["MessageReference"],
            "recipient": message["Number"],
            "status": message["DeliveryStatus"],
            "at": message["DateTime"].timestamp(),
        }
    if message["Type"] != _DELIVER:
        return None
    reference, part, parts = place_of(message)
    line = {
        "sender": sender_of(message),
        "reference": reference,
        "part": part,
        "parts": parts,
        "text": text_of(message, pdus),
        "at": message["DateTime"].timestamp(),
    }
    return {"event": "part", "location": message["Location"] or None, **line}
