"""The PDUs of 3GPP TS 23.040 from the network's side, written apart from any that the product uses."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = dict(zip(b"\n\x14()/<=>@e", "\f^{}\\[~]|€", strict=True))
_SMSC = "07915274000000F0"


@dataclass(frozen=True)
class Submit:
    """A part that a modem was given to send."""

    recipient: str
    text: str
    wants_report: bool
    header: bytes = field(default=b"")
    """The concatenation element: reference, parts, part."""


def read_submit(pdu: str) -> Submit:
    data = bytes.fromhex(pdu)
    data = data[1 + data[0] :]
    first, digits, kind = data[0], data[2], data[3]
    length = (digits + 1) // 2
    recipient = _number(kind, digits, data[4 : 4 + length])
    data = data[4 + length :]
    dcs, data = data[1], data[2 + {0: 0, 1: 7, 2: 1, 3: 7}[first >> 3 & 3] :]
    units, body = data[0], data[1:]
    header = body[1 : 1 + body[0]] if first & 0x40 else b""
    skipped = len(header) + 1 if header else 0
    text = (
        body[skipped:units].decode("utf-16-be", "surrogatepass")
        if dcs & 0x0C == 0x08
        else _unpack(body, -(-skipped * 8 // 7), units)
    )
    return Submit(recipient, text, bool(first & 0x20), header[2:] if header[:1] == b"\0" else b"")


def deliver(
    sender: str, text: str, at: datetime, *, reference: int = 0, part: int = 1, parts: int = 1, flash: bool = False
) -> str:
    """An SMS that comes in: UCS-2, so that every text is as it is. `flash` is class 0: telephones show it at once."""
    body = text.encode("utf-16-be", "surrogatepass")
    header = bytes([5, 0, 3, reference, parts, part]) if parts > 1 else b""
    body = header + body
    first, coding = "44" if header else "04", "18" if flash else "08"
    return f"{_SMSC}{first}{_address(sender)}00{coding}{_time(at)}{len(body):02X}{body.hex().upper()}"


def deliver_long(sender: str, text: str, at: datetime, *, reference: int) -> list[str]:
    """The parts of a long SMS, cut after 67 units wherever that is, also within a surrogate pair: many senders do."""
    units = text.encode("utf-16-be", "surrogatepass")
    parts = [units[start : start + 134].decode("utf-16-be", "surrogatepass") for start in range(0, len(units), 134)]
    return [
        deliver(sender, part, at, reference=reference, part=number, parts=len(parts))
        for number, part in enumerate(parts, 1)
    ]


def deliver_gsm(sender: str, text: str, at: datetime) -> str:
    """An SMS in the GSM alphabet."""
    back = {character: code for code, character in _EXTENSION.items()}
    septets = [unit for one in text for unit in ([0x1B, back[one]] if one in back else [_BASIC.index(one)])]
    bits = sum(septet << 7 * index for index, septet in enumerate(septets))
    packed = bits.to_bytes(-(-len(septets) * 7 // 8), "little")
    return f"{_SMSC}04{_address(sender)}0000{_time(at)}{len(septets):02X}{packed.hex().upper()}"


def report(reference: int, recipient: str, submitted: datetime, status: int = 0) -> str:
    """A delivery report."""
    return f"{_SMSC}06{reference:02X}{_address(recipient)}{_time(submitted)}{_time(submitted)}{status:02X}"


def tpdu_length(pdu: str) -> int:
    """The length that AT commands tell: without the service centre."""
    return len(pdu) // 2 - 1 - int(pdu[:2], 16)


def _unpack(body: bytes, skip: int, count: int) -> str:
    bits = int.from_bytes(body, "little")
    septets = [bits >> 7 * index & 0x7F for index in range(skip, count)]
    text, escaped = "", False
    for septet in septets:
        text += _EXTENSION[septet] if escaped else "" if septet == 0x1B else _BASIC[septet]
        escaped = septet == 0x1B and not escaped
    return text


def _number(kind: int, digits: int, swapped: bytes) -> str:
    text = "".join(f"{octet & 15:x}{octet >> 4:x}" for octet in swapped)[:digits]
    return ("+" if kind & 0x70 == 0x10 else "") + text


def _address(number: str) -> str:
    if not number.lstrip("+").isdigit():
        bits = sum(_BASIC.index(one) << 7 * index for index, one in enumerate(number))
        packed = bits.to_bytes(-(-len(number) * 7 // 8), "little")
        return f"{-(-len(number) * 7 // 4):02X}D0{packed.hex().upper()}"
    digits = number.lstrip("+")
    kind = "91" if number.startswith("+") else "81"
    return f"{len(digits):02X}{kind}{_swapped(digits + 'F' * (len(digits) % 2))}"


def _time(at: datetime) -> str:
    return _swapped(at.astimezone(UTC).strftime("%y%m%d%H%M%S")) + "00"


def _swapped(digits: str) -> str:
    return "".join(digits[index + 1] + digits[index] for index in range(0, len(digits), 2))
