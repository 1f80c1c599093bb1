"""Connections that break, servers that are away, and many phones that come back."""

import time
from itertools import pairwise

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.verdicts import BrokenError, Need, rule

_SECTION = "connections"
_HOUR_AND_50 = 110 * 60
_JITTERED_GAPS = 4
_STORM = 16


@rule("connect.again", "A connection that breaks it makes again, and goes on working.", _SECTION, Need.RADIO)
async def again(bench: Bench) -> None:
    await bench.start()
    await bench.settles()
    await bench.reconnect()
    await bench.settles()


@rule("connect.token", "It shows its token in the Authorization header, and nowhere else.", _SECTION)
async def token(bench: Bench) -> None:
    await bench.start()
    request = bench.connections[0].socket.request
    if request is None or bench.device_token in request.path:
        raise BrokenError("the token stands in the address, where proxies log it")


@rule("connect.backoff", "While the server refuses it, its tries get rarer: no storm.", _SECTION)
async def backoff(bench: Bench) -> None:
    await bench.start()
    bench.is_refusing = True
    await _expect_no_storm(bench, "at a server that refuses it")
    bench.is_refusing = False
    known = len(bench.of("hello"))
    await bench.greeted(known, bench.phone_seconds(90) + bench.patience)


@rule(
    "connect.replaced",
    "A connection that ends right after welcome is no success: its tries get rarer all the same.",
    _SECTION,
)
async def replaced(bench: Bench) -> None:
    await bench.start()
    bench.is_replacing = True
    await _expect_no_storm(bench, "while another phone has its token: they replace each other")
    bench.is_replacing = False


async def _expect_no_storm(bench: Bench, where: str) -> None:
    """With waits of up to 0.5 s · 2ⁿ a phone is at its 7th try after half a minute, and seldom at its 10th."""
    known, begun = len(bench.attempts), time.monotonic()
    await bench.leave()
    tries = await bench.count_of(lambda: len(bench.attempts) - known, _STORM, 30)
    if tries >= _STORM:
        waited = (time.monotonic() - begun) * bench.call.scale
        raise BrokenError(f"{tries} tries within {waited:.0f} s {where}")


@rule(
    "connect.jitter",
    "Two phones that lost the same server don't come back at the same moments.",
    _SECTION,
    Need.RESTART,
)
async def jitter(bench: Bench) -> None:
    first, second = await _gaps(bench), await _gaps(bench.another())
    if all(abs(one - other) < 0.1 * max(one, other) + 0.02 for one, other in zip(first, second, strict=True)):
        told = ", ".join(f"{gap * bench.call.scale:.1f}" for gap in first)
        raise BrokenError(f"both phones waited the same times between their tries: {told} s")


async def _gaps(phone: Bench) -> list[float]:
    """The waits between the first tries after the connection was lost, in seconds. Ends the phone: a host may have room
    for one at a time."""
    await phone.start()
    phone.is_refusing = True
    await phone.leave()
    needed = _JITTERED_GAPS + 2
    await phone.until(
        lambda: len(phone.attempts) >= needed, "it tries again and again", phone.phone_seconds(120) + phone.patience
    )
    await phone.kill()
    return [later - earlier for earlier, later in pairwise(phone.attempts[1:needed])]


@rule(
    "connect.lifetime",
    "It makes a new connection by itself before 110 minutes: API Gateway ends it after 120.",
    _SECTION,
    Need.HURRY,
    scale=1000,
)
async def lifetime(bench: Bench) -> None:
    await bench.start()
    await bench.until(
        lambda: len(bench.of("hello")) > 1, "it connects anew by itself", bench.phone_seconds(_HOUR_AND_50) + 5
    )
