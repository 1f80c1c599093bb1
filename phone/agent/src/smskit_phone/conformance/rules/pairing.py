"""From a link to a phone."""

from typing import Any

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.verdicts import BrokenError, Need, rule

_SECTION = "pairing"


@rule("pair.code", "It pairs by the link: one POST with the code, its name and its SIMs.", _SECTION)
async def code(bench: Bench) -> None:
    await bench.start()
    body = bench.pairings[0]
    for field in ("code", "name", "sims"):
        if not body.get(field):
            raise BrokenError(f"the body of POST /phone/pair lacks {field}")
    if len(bench.pairings) > 1:
        raise BrokenError(f"it asked {len(bench.pairings)} times for one pairing")
    for sim in body["sims"]:
        _check_sim(sim)


def _check_sim(sim: Any) -> None:
    slot = sim.get("simSlot") if isinstance(sim, dict) else None
    if not isinstance(slot, int) or isinstance(slot, bool) or not 0 <= slot <= 7:
        raise BrokenError("sims of POST /phone/pair: each needs a simSlot from 0 to 7")


@rule(
    "pair.kept",
    "It keeps what pairing gave it: after a restart it connects without pairing again.",
    _SECTION,
    Need.RESTART,
)
async def kept(bench: Bench) -> None:
    await bench.start()
    await bench.restart()
    if len(bench.pairings) > 1:
        raise BrokenError("it paired again after a restart; a code is good once")


@rule("pair.refused", "A code that is refused it doesn't try again and again.", _SECTION, Need.RESTART)
async def refused(bench: Bench) -> None:
    bench.pairings.append({"code": "used up by another phone"})
    bench.may_end = True
    await bench.launch()
    await bench.until(lambda: len(bench.pairings) > 1, "it asks to be paired", bench.start_seconds)
    await bench.quiet(bench.phone_seconds(20) + 1)
    if (tries := len(bench.pairings) - 1) > 3:
        raise BrokenError(f"it tried a refused code {tries} times within 20 s: soon no code of its address is taken")
    if bench.attempts:
        raise BrokenError("it connected though it was not paired")
