"""A GSM modem on a pseudo terminal: what a USB modem is to a program, with the network behind it turned by hand."""

import asyncio
import os
import pty
import tty
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.phone import pdu
from tests.phone.pdu import Submit

PLACES = 30
"""For messages on the SIM."""
_ANSWERS = {
    "AT+CGMI": "Simulated",
    "AT+CGMM": "S1",
    "AT+CGMR": "1.0",
    "AT+CGSN": "356938035643809",
    "AT+CSCS?": '+CSCS: "GSM"',
    "AT+CSCS=?": '+CSCS: ("GSM","IRA","UCS2","HEX")',
    "AT+CGATT?": "+CGATT: 1",
    "AT+CMGF?": "+CMGF: 0",
    "AT+CSCA?": '+CSCA: "+254700000000",145',
    "AT+CPMS=?": '+CPMS: ("SM"),("SM"),("SM")',
}
_SETTINGS = ("CMEE", "CMGF", "CREG", "CGREG", "CSCS", "COPS", "CNMI", "CFUN")
_ACCEPTED = ("ATE", "ATZ", *(f"AT+{name}=" for name in _SETTINGS))


class AtModem:
    """`plug` makes `device` appear, as udev does for /dev/serial/by-id, and `unplug` makes it vanish."""

    def __init__(self, device: Path, *, report_mode: int = 1) -> None:
        self.device = device
        self.sent: list[Submit] = []
        """The parts that came in whole, also those that were refused or never answered."""
        self.commands: list[str] = []
        self.stored: dict[int, str] = {}
        self.waiting: deque[str] = deque()
        """At the network, which keeps what the SIM has no room for until there is some."""
        self.refusals: deque[str | None] = deque()
        """Answers to the next parts in place of +CMGS; None is none at all."""
        self.sim: str | None = "READY"
        self.imsi = "639020000000001"
        self.registration = 1
        self.carrier = "63902"
        self.signal = 20
        self.unknown: set[str] = set()
        """Commands that this modem doesn't have."""
        self.silent = False
        self.confirms = True
        """Whether each part that is taken is confirmed at once."""
        self.next_reference = 1
        self._report_mode = report_mode
        self._ports: tuple[int, int] | None = None
        self._line = b""
        self.is_writing = False
        """Whether the modem has asked for a part and doesn't have it whole."""

    def plug(self) -> None:
        master, slave = pty.openpty()
        tty.setraw(master)
        tty.setraw(slave)
        self._ports, self._line, self.is_writing = (master, slave), b"", False
        self.device.symlink_to(os.ttyname(slave))
        asyncio.get_running_loop().add_reader(master, self._read)

    def unplug(self) -> None:
        if self._ports is None:
            return
        self.device.unlink()
        asyncio.get_running_loop().remove_reader(self._ports[0])
        for port in self._ports:
            os.close(port)
        self._ports = None

    def receive(self, message: str) -> int:
        """An SMS comes in: the SIM stores it, and the modem says where."""
        location = self._store(message)
        self._say(f'+CMTI: "SM",{location}')
        return location

    def receive_all(self, messages: Iterable[str]) -> None:
        """SMS come in, the later ones as places on the SIM become free."""
        self.waiting.extend(messages)
        self._fill()

    def _fill(self) -> None:
        while self.waiting and len(self.stored) < PLACES:
            self.receive(self.waiting.popleft())

    def pass_on(self, message: str) -> None:
        """An SMS comes in that the modem hands on and doesn't store, as many do with class 0."""
        self._say(f"+CMT: ,{pdu.tpdu_length(message)}\r\n{message}")

    def report(self, reference: int, recipient: str, *, status: int = 0, submitted: datetime | None = None) -> None:
        """A delivery report comes in: passed on at once, or stored by a modem that can't do that."""
        message = pdu.report(reference, recipient, submitted or datetime.now(UTC), status)
        if self._report_mode == 1:
            self._say(f"+CDS: {pdu.tpdu_length(message)}\r\n{message}")
        else:
            self._say(f'+CDSI: "SM",{self._store(message)}')

    def _store(self, message: str) -> int:
        location = next(number for number in range(1, PLACES + 1) if number not in self.stored)
        self.stored[location] = message
        return location

    def _say(self, text: str) -> None:
        if self._ports and not self.silent:
            os.write(self._ports[0], f"\r\n{text}\r\n".encode())

    def _read(self) -> None:
        assert self._ports is not None
        for octet in os.read(self._ports[0], 4096):
            self._take(bytes([octet]))

    def _take(self, octet: bytes) -> None:
        if self.is_writing and octet == b"\x1a":
            message, self._line, self.is_writing = self._line, b"", False
            self._submit(message.decode())
        elif octet == b"\x1b":
            self._line, self.is_writing = b"", False
        elif octet == b"\r" and not self.is_writing:
            command, self._line = self._line.decode().strip(), b""
            if command:
                self._command(command)
        else:
            self._line += octet

    def _submit(self, message: str) -> None:
        part = pdu.read_submit(message)
        self.sent.append(part)
        answer = self.refusals.popleft() if self.refusals else ""
        if answer is None:
            return
        if answer:
            self._say(answer)
            return
        reference, self.next_reference = self.next_reference, (self.next_reference + 1) % 256
        self._say(f"+CMGS: {reference}\r\n\r\nOK")
        if self.confirms and part.wants_report:
            self.report(reference, part.recipient)

    def _command(self, command: str) -> None:
        self.commands.append(command)
        if self._ports and not self.silent:
            os.write(self._ports[0], f"{command}\r".encode())
        name, _, value = command.partition("=")
        match name:
            case "AT+CMGS":
                self.is_writing = True
                if self._ports and not self.silent:
                    os.write(self._ports[0], b"\r\n> ")
            case "AT+CMGL":
                lines = [f"+CMGL: {place},1,,{pdu.tpdu_length(one)}\r\n{one}" for place, one in self.stored.items()]
                self._say("\r\n".join([*lines, "\r\nOK" if lines else "OK"]))
            case "AT+CMGR":
                self._say(self._stored(int(value)))
            case "AT+CMGD":
                self.stored.pop(int(value.split(",")[0]), None)
                self._say("OK")
                self._fill()
            case "AT+CPMS" if value != "?":
                self._say(f"+CPMS: {','.join([f'{len(self.stored)},{PLACES}'] * 3)}\r\n\r\nOK")
            case _:
                self._say(self._answer(command))

    def _stored(self, location: int) -> str:
        if location not in self.stored:
            return "+CMS ERROR: 321"
        message = self.stored[location]
        return f"+CMGR: 1,,{pdu.tpdu_length(message)}\r\n{message}\r\n\r\nOK"

    def _answer(self, command: str) -> str:
        if command == "AT+CPIN?":
            return f"+CPIN: {self.sim}\r\n\r\nOK" if self.sim else "+CME ERROR: 10"
        states = {
            "AT+CIMI": self.imsi,
            "AT+CSQ": f"+CSQ: {self.signal},0",
            "AT+CREG?": f'+CREG: 2,{self.registration},"0001","0002"',
            "AT+CGREG?": f'+CGREG: 2,{self.registration},"0001","0002"',
            "AT+COPS?": f'+COPS: 0,2,"{self.carrier}"',
            "AT+CNMI=?": f"+CNMI: (0-2),(0-3),(0,2),(0,{self._report_mode}),(0,1)",
            "AT+CPMS?": "+CPMS: " + ",".join([f'"SM",{len(self.stored)},{PLACES}'] * 3),
        }
        known = _ANSWERS | states
        if command in known and command not in self.unknown:
            return f"{known[command]}\r\n\r\nOK"
        return "OK" if command == "AT" or command.startswith(_ACCEPTED) else "ERROR"
