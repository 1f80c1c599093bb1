"""What the server may change: SIMs that are off, phones that are revoked."""

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.verdicts import BrokenError, Need, rule

_SECTION = "config-and-revoked"


@rule(
    "config.off",
    "A SIM that is switched off gives back what it has not begun, and takes nothing more.",
    _SECTION,
    Need.RADIO,
)
async def off(bench: Bench) -> None:
    await bench.start()
    bench.radio.hold()
    first, waiting, late = bench.job(6), bench.job(5), bench.job()
    await bench.offer(first)
    await bench.handed_over(first)
    await bench.offer(waiting)
    await bench.cleared(waiting)
    await _switch(bench, first.sim_slot, enabled=False)
    await bench.declined(waiting, "whose SIM is off")
    bench.radio.release()
    await bench.reported(first, "Sent")
    await bench.offer(late)
    await bench.declined(late, "whose SIM is off")
    if bench.items("claim", late):
        raise BrokenError("it claimed an offer for a SIM that is off")
    bench.expect_hand_overs(waiting, 0)


@rule("config.on", "A SIM that is switched on again takes offers again.", _SECTION, Need.RADIO)
async def on(bench: Bench) -> None:
    await bench.start()
    job = bench.job()
    await _switch(bench, job.sim_slot, enabled=False)
    await _switch(bench, job.sim_slot, enabled=True)
    await bench.settles()


async def _switch(bench: Bench, slot: int, *, enabled: bool) -> None:
    sims = [{"simSlot": one, "isEnabled": enabled or one != slot} for one in bench.slots()]
    await bench.say({"type": "config", "heartbeatSeconds": 300, "sims": sims})


@rule(
    "revoked.leaves",
    "After revoked it leaves, sends nothing more, and doesn't come back: after a restart neither.",
    _SECTION,
    Need.RADIO,
    Need.RESTART,
)
async def leaves(bench: Bench) -> None:
    await bench.start()
    bench.radio.hold()
    first, waiting = bench.job(6), bench.job(5)
    await bench.offer(first)
    await bench.handed_over(first)
    await bench.offer(waiting)
    await bench.cleared(waiting)
    bench.may_end = True
    await bench.say({"type": "revoked"})
    await bench.until(lambda: bench.connections[-1].closed, "it closes its connection")
    known = len(bench.attempts)
    bench.radio.release()
    await bench.quiet(bench.phone_seconds(10) + 1)
    await bench.kill()
    await bench.launch()
    await bench.quiet(bench.phone_seconds(10) + 2)
    if len(bench.attempts) > known:
        raise BrokenError("it connected again after it was revoked")
    bench.expect_hand_overs(waiting, 0)
